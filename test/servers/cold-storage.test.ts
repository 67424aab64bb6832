/** Photos in classes of real stores: moto knows Amazon's, Ceph knows none but its own. */

import { GetObjectCommand, HeadObjectCommand, InvalidObjectState } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { useKeys } from "../contract/aws-keys.ts";
import { keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";
import { bucketRig } from "./bucket-rig.ts";
import { clientOf, makeBucket } from "./fill.ts";
import type { Running } from "./start.ts";

const BUCKET = "cold";

function withBucket(running: Running) {
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
  return { client, makeRig: () => bucketRig(client, BUCKET, running.endpoint) };
}

function amazonClasses(running: Running): void {
  const { client, makeRig } = withBucket(running);
  const classOf = async (place: { Bucket: string; Key: string }) =>
    (await client.send(new HeadObjectCommand(place))).StorageClass ?? "STANDARD";
  const refuses = (place: { Bucket: string; Key: string }) =>
    client.send(new GetObjectCommand(place)).then(
      () => false,
      (error: unknown) => error instanceof InvalidObjectState,
    );

  test.each(["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"])(
    "photos lie in %s, the lists in STANDARD",
    async (storageClass) => {
      const rig = await makeRig();
      const target = await rig.open({
        storageClass,
        parts: { beyond: 1024 * 1024, size: 8 * 1024 * 1024 },
      });
      const large = Buffer.alloc(9 * 1024 * 1024, "in parts ");
      const batch = [await keeping(target, "a.jpg", "1"), await keeping(target, "b.mp4", large)];
      expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
      const again = await keeping(target, "b.mp4", large);
      expect(await target.commit([again], signal)).toEqual(["same"]);
      for (const path of ["a.jpg", "b.mp4"]) {
        expect(await classOf(rig.place(path))).toBe(storageClass);
        // Amazon reads GLACIER_IR at once; moto up to 5.1.1 takes it for an archive too.
        const mistaken = storageClass === "GLACIER_IR" && (await refuses(rig.place(path)));
        const archived = ["GLACIER", "DEEP_ARCHIVE"].includes(storageClass);
        if (archived || mistaken) expect(await troubleOf(readAll(target, path))).toBe("archived");
        else expect((await readAll(target, path)).length).toBeGreaterThan(0);
      }
      for (const list of ["manifest-000001.ndjson", "SHA256SUMS-000001", "target.json"]) {
        expect(await classOf(rig.place(`.photohaul/${list}`))).toBe("STANDARD");
      }
      expect(new Set(await pathsOf(target))).toEqual(new Set(["a.jpg", "b.mp4"]));
      await target.close();
      await rig.close();
    },
  );
}

function smallStaysWarm(running: Running): void {
  const { client, makeRig } = withBucket(running);
  test("photos that are not above the size stay in STANDARD, and are read at once", async () => {
    const rig = await makeRig();
    const target = await rig.open({ storageClass: "DEEP_ARCHIVE", coldAbove: 131_072 });
    const batch = [
      await keeping(target, "small.jpg", Buffer.alloc(131_072, "s")),
      await keeping(target, "large.jpg", Buffer.alloc(131_073, "l")),
    ];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    const classOf = async (path: string) => (await client.send(new HeadObjectCommand(rig.place(path)))).StorageClass;
    expect([await classOf("small.jpg"), await classOf("large.jpg")]).toEqual([undefined, "DEEP_ARCHIVE"]);
    expect((await readAll(target, "small.jpg")).length).toBe(131_072);
    expect(await troubleOf(readAll(target, "large.jpg"))).toBe("archived");
    await target.close();
    await rig.close();
  });
}

function noSuchClass(running: Running): void {
  const { makeRig } = withBucket(running);
  test("a class that the store does not know ends the part of the target with the first photo", async () => {
    const rig = await makeRig();
    const target = await rig.open({ storageClass: "DEEP_ARCHIVE" });
    const keep = await keeping(target, "a.jpg", "1");
    const refused: unknown = await target.commit([keep], signal).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "no-target",
      message: expect.stringContaining("takes no photo in the class DEEP_ARCHIVE"),
    });
    await target.close();
    await rig.close();
  });
}

for (const [name, suite] of [
  ["moto", amazonClasses],
  ["moto", smallStaysWarm],
  ["ceph", noSuchClass],
] as const) {
  const found = inject(name);
  if ("running" in found) describe(`cold storage in ${name}`, () => suite(found.running));
  else test.skip(`cold storage in ${name} (${found.absent})`, () => undefined);
}
