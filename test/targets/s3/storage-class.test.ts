/** Which class each object of a target is put into. */

import { afterEach, expect, test } from "vitest";
import { mustBeClass } from "../../../src/stores/s3/storage-class.ts";
import type { Target } from "../../../src/targets/target.ts";
import { type S3TargetRig, s3TargetRig } from "../../contract/s3-target-rig.ts";
import { keeping, signal, troubleOf } from "../../contract/target-rig.ts";

let rig: S3TargetRig | undefined;
let target: Target | undefined;

afterEach(async () => {
  await target?.close();
  await rig?.close();
});

test("large photos are cold, also those in parts; small ones and the lists are not", async () => {
  rig = await s3TargetRig({ features: { minPartSize: 100_000 } });
  const parts = { beyond: 250_000, size: 100_000 };
  target = await rig.open({ storageClass: "DEEP_ARCHIVE", coldAbove: 131_072, parts });
  const bytes = { "a.jpg": 131_072, "b.jpg": 131_073, "c.mp4": 300_001, "d.jpg": 1 };
  const batch = await Promise.all(
    Object.entries(bytes).map(([path, size]) => keeping(target as Target, path, Buffer.alloc(size, path))),
  );
  expect(await target.commit(batch, signal)).toEqual(["stored", "stored", "stored", "stored"]);
  const bucket = rig.server.bucket("second");
  const classes = bucket.keys().map((key) => [key.slice("backup/photos/".length), bucket.get(key)?.storageClass]);
  expect(Object.fromEntries(classes)).toEqual({
    "a.jpg": "STANDARD",
    "b.jpg": "DEEP_ARCHIVE",
    "c.mp4": "DEEP_ARCHIVE",
    "d.jpg": "STANDARD",
    ".photohaul/SHA256SUMS-000001": "STANDARD",
    ".photohaul/manifest-000001.ndjson": "STANDARD",
    ".photohaul/README.txt": "STANDARD",
    ".photohaul/probe-é": "STANDARD",
    ".photohaul/target.json": "STANDARD",
  });
});

const bucketAt = (host: string) => ({ host: async () => host }) as unknown as Parameters<typeof mustBeClass>[0];

test.each([
  ["COLD", "photos.s3.eu-west-1.amazonaws.com", "usage"],
  ["GLACIER_DEEP_ARCHIVE", "s3.cn-north-1.amazonaws.com.cn", "usage"],
  ["DEEP_ARCHIVE", "photos.s3.eu-west-1.amazonaws.com", null],
  ["COLD", "s3.fr-par.scw.cloud", null],
  ["COLD", "127.0.0.1:9000", null],
])("class %s at %s is found out beforehand: %s", async (storageClass, host, code) => {
  const asked = mustBeClass(bucketAt(host), storageClass, signal);
  if (code === null) await asked;
  else expect(await troubleOf(asked)).toBe(code);
});
