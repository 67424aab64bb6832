/** Photos locked in a real store: what it says of them afterwards, and whether it lets them be deleted. */

import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { useKeys } from "../contract/aws-keys.ts";
import { keeping, signal, troubleOf } from "../contract/target-rig.ts";
import { bucketRig } from "./bucket-rig.ts";
import { clientOf, makeBucket } from "./fill.ts";
import type { Running } from "./start.ts";

const LOCKED = "locked";
const PLAIN = "unlocked";
const PARTS = { beyond: 1024 * 1024, size: 8 * 1024 * 1024 };

async function lockOf(client: S3Client, place: { Bucket: string; Key: string }) {
  const head = await client.send(new HeadObjectCommand(place));
  return { mode: head.ObjectLockMode, until: head.ObjectLockRetainUntilDate, id: head.VersionId };
}

function suite(running: Running): void {
  const client = clientOf(running);
  let giveBack: () => void;
  beforeAll(() => {
    giveBack = useKeys({ accessKeyId: running.accessKey, secretAccessKey: running.secretKey });
  });
  afterAll(() => {
    giveBack();
    client.destroy();
  });

  test("a bucket without Object Lock is refused", async () => {
    await makeBucket(client, PLAIN);
    const rig = await bucketRig(client, PLAIN, running.endpoint);
    expect(await troubleOf(rig.open({ objectLock: { mode: "GOVERNANCE", days: 1 } }))).toBe("usage");
    await rig.close();
  });

  test("small and large photos and their lists cannot be deleted", async () => {
    await client.send(new CreateBucketCommand({ Bucket: LOCKED, ObjectLockEnabledForBucket: true }));
    const rig = await bucketRig(client, LOCKED, running.endpoint);
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
    const target = await rig.open({ objectLock: { mode: "GOVERNANCE", until }, parts: PARTS });
    const large = Buffer.alloc(9 * 1024 * 1024, "in parts ");
    const batch = [await keeping(target, "a.jpg", "1"), await keeping(target, "b.mp4", large)];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    await target.close();
    for (const path of ["a.jpg", "b.mp4", ".photohaul/manifest-000001.ndjson"]) {
      const place = rig.place(path);
      const { mode, until: held, id } = await lockOf(client, place);
      expect([path, mode, held]).toEqual([path, "GOVERNANCE", until]);
      const deleting = client.send(new DeleteObjectCommand({ ...place, VersionId: id }));
      // With 403, but for moto up to 5.1.1, which says 400.
      await expect(deleting).rejects.toMatchObject({ name: "AccessDenied" });
      expect(await lockOf(client, place)).toMatchObject({ until: held, id });
    }
    expect(await lockOf(client, rig.place(".photohaul/target.json"))).toMatchObject({
      mode: undefined,
    });
    await rig.close();
  });
}

for (const name of ["ceph", "moto"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`Object Lock in ${name}`, () => suite(found.running));
  else test.skip(`Object Lock in ${name} (${found.absent})`, () => undefined);
}
