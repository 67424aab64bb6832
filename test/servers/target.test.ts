import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import { useKeys } from "../contract/aws-keys.ts";
import { targetContract } from "../contract/target.contract.ts";
import {
  entryFor,
  keeping,
  readAll,
  signal,
  TAKEN,
  type TargetRig,
} from "../contract/target-rig.ts";
import { clientOf, makeBucket, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const BUCKET = "kept";
const OURS = /^\.photohaul\/(target\.json|README\.txt|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

/** A prefix of its own for each rig: nothing is ever deleted from a target. */
let rigs = 0;

async function bucketRig(running: Running, client: S3Client): Promise<TargetRig> {
  rigs += 1;
  const prefix = `rig-${rigs}/`;
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const place = (path: string) => ({ Bucket: BUCKET, Key: prefix + path });
  return {
    open: (more: TargetOptions = {}) =>
      openTarget(`s3://${BUCKET}/${prefix}`, {
        spool,
        s3: { endpoint: running.endpoint, region: REGION },
        ...more,
      }),
    async read(path) {
      const found = await client.send(new GetObjectCommand(place(path))).catch(() => null);
      return found === null ? null : Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    },
    async mtime(path) {
      const found = await client.send(new HeadObjectCommand(place(path))).catch(() => null);
      const seconds = found?.Metadata?.mtime;
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    async plant(path, bytes) {
      await client.send(new PutObjectCommand({ ...place(path), Body: bytes }));
    },
    async debris() {
      const listed = await client.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${prefix}.photohaul/` }),
      );
      const home = (listed.Contents ?? [])
        .map(({ Key = "" }) => Key.slice(prefix.length))
        .filter((path) => !OURS.test(path));
      const uploads = await client.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
      );
      const begun = (uploads.Uploads ?? []).map(({ Key = "" }) => `an upload of ${Key}`);
      const files = await readdir(spool, { recursive: true });
      return [...home, ...begun, ...files.filter((file) => file.endsWith(".part"))];
    },
    close: () => rm(spool, { recursive: true, force: true }),
  };
}

function suite(name: string, running: Running): void {
  const client = clientOf(running);
  let giveBack: () => void;
  beforeAll(async () => {
    giveBack = useKeys({ accessKeyId: running.accessKey, secretAccessKey: running.secretKey });
    await makeBucket(client, BUCKET);
  });
  afterAll(() => {
    giveBack();
    client.destroy();
  });

  targetContract(`bucket in ${name}`, () => bucketRig(running, client));

  test("what the store can do was found out", async () => {
    const rig = await bucketRig(running, client);
    const warnings: string[] = [];
    const target = await rig.open({ warn: (message) => warnings.push(message) });
    const marker = JSON.parse((await rig.read(".photohaul/target.json"))?.toString() ?? "{}");
    console.info(`${name}: ${JSON.stringify(marker.can)} ${warnings.join()}`);
    expect(Object.keys(marker.can)).toEqual(["onlyNew", "onlyNewInParts", "sha256"]);
    await target.close();
    await rig.close();
  });

  test("a large photo goes in parts, comes back the same, and is not sent twice", async () => {
    const rig = await bucketRig(running, client);
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

for (const name of ["ceph", "swift"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`a target in ${name}`, () => suite(name, found.running));
  else test.skip(`a target in ${name} (${found.absent})`, () => undefined);
}
