import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { useKeys } from "../contract/aws-keys.ts";
import { sealedRig } from "../contract/sealed-rig.ts";
import { targetContract } from "../contract/target.contract.ts";
import { entryFor, keeping, readAll, signal, TAKEN } from "../contract/target-rig.ts";
import { bucketRig } from "./bucket-rig.ts";
import { clientOf, makeBucket } from "./fill.ts";
import type { Running } from "./start.ts";

const BUCKET = "kept";

function suite(name: string, running: Running): void {
  const client = clientOf(running);
  const makeRig = () => bucketRig(client, BUCKET, running.endpoint);
  let giveBack: () => void;
  beforeAll(async () => {
    giveBack = useKeys({ accessKeyId: running.accessKey, secretAccessKey: running.secretKey });
    await makeBucket(client, BUCKET);
  });
  afterAll(() => {
    giveBack();
    client.destroy();
  });

  targetContract(`bucket in ${name}`, makeRig);
  // Those of the others hold as well, and take a minute each.
  if (name === "ceph") targetContract(`sealed bucket in ${name}`, () => sealedRig(makeRig, true));

  test("what the store can do was found out", async () => {
    const rig = await makeRig();
    const warnings: string[] = [];
    const target = await rig.open({ warn: (message) => warnings.push(message) });
    const marker = JSON.parse((await rig.read(".photohaul/target.json"))?.toString() ?? "{}");
    console.info(`${name}: ${JSON.stringify(marker.can)} ${warnings.join()}`);
    expect(Object.keys(marker.can)).toEqual(["onlyNew", "onlyNewInParts", "copies", "sha256"]);
    await target.close();
    await rig.close();
  });

  test("a large photo goes in parts, comes back the same, and is not sent twice", async () => {
    const rig = await makeRig();
    const target = await rig.open({ parts: { beyond: 1024 * 1024, size: 8 * 1024 * 1024 } });
    const body = Buffer.alloc(21 * 1024 * 1024 + 5, "in parts ");
    const draft = () => target.stage(once(body), body.length, signal);
    const entry = entryFor("2012/large.mp4", body);
    const keep = async () => [{ draft: await draft(), entry, mtime: TAKEN }];
    expect(await target.commit(await keep(), signal)).toEqual(["stored"]);
    expect((await readAll(target, "2012/large.mp4")).equals(body)).toBe(true);
    expect(await target.commit(await keep(), signal)).toEqual(["same"]);
    const other = await keeping(target, "2012/large.mp4", Buffer.alloc(2 * 1024 * 1024));
    expect(await target.commit([other], signal)).toEqual(["occupied"]);
    await other.draft.discard();
    expect(await rig.debris()).toEqual([]);
    await target.close();
    await rig.close();
  });
}

async function* once(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

for (const name of ["ceph", "swift", "moto"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`a target in ${name}`, () => suite(name, found.running));
  else test.skip(`a target in ${name} (${found.absent})`, () => undefined);
}
