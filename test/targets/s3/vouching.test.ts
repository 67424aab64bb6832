/** What a store says of the photos in it, so that they need not be read; and what it cannot say. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ManifestEntry, ObjectHead } from "../../../src/model.ts";
import { provesPhoto } from "../../../src/targets/store/object-facts.ts";
import type { Target } from "../../../src/targets/target.ts";
import { type S3TargetRig, s3TargetRig } from "../../contract/s3-target-rig.ts";
import { entryFor, keeping, signal } from "../../contract/target-rig.ts";

const PARTS = { beyond: 50_000, size: 100_000 };
const LARGE = Buffer.alloc(130_003, "large ");

let rig: S3TargetRig;
let target: Target;

beforeEach(async () => {
  rig = await s3TargetRig({ features: { minPartSize: 100_000 } });
  target = await rig.open({ parts: PARTS });
  const batch = [await keeping(target, "a.jpg", "photo"), await keeping(target, "b.mp4", LARGE)];
  expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
});
afterEach(async () => {
  await target.close();
  await rig.close();
});

/** By the manifest, as `verify` asks. */
async function vouched(path: string): Promise<boolean | undefined> {
  let found: ManifestEntry | undefined;
  for await (const entry of target.entries(signal)) if (entry.path === path) found = entry;
  if (found === undefined) throw new Error(`no ${path}`);
  return target.vouchesFor?.({ ...found, etag: found.targetEtag ?? found.md5 }, signal);
}

test("small photos by their MD5, large ones by what the store called their parts; nothing is read", async () => {
  rig.server.resetCounts();
  expect([await vouched("a.jpg"), await vouched("b.mp4")]).toEqual([true, true]);
  // The manifest was read twice.
  expect(rig.server.counts).toMatchObject({ head: 2, get: 2 });
});

test("a store that leaves the ETag out of its answer, as Ceph does, is asked for it, and vouches all the same", async () => {
  await target.close();
  await rig.close();
  rig = await s3TargetRig({ features: { minPartSize: 100_000, completesWithoutEtag: true } });
  target = await rig.open({ parts: PARTS });
  expect(await target.commit([await keeping(target, "b.mp4", LARGE)], signal)).toEqual(["stored"]);
  expect(await vouched("b.mp4")).toBe(true);
});

test("other bytes of the same length, fewer of them, and none are not vouched for", async () => {
  const bucket = rig.server.bucket("second");
  bucket.put("backup/photos/a.jpg", "phot0");
  bucket.put("backup/photos/b.mp4", LARGE.subarray(1), {
    metadata: { sha256: entryFor("b", LARGE).sha256 },
  });
  expect([await vouched("a.jpg"), await vouched("b.mp4")]).toEqual([false, false]);
  bucket.delete("backup/photos/a.jpg");
  expect(await vouched("a.jpg")).toBe(false);
});

describe("what proves", () => {
  const entry = entryFor("a.jpg", "photo");
  const photo = { ...entry, etag: entry.md5 };
  const sha256 = Buffer.from(entry.sha256, "hex").toString("base64");
  const head: ObjectHead = {
    size: 5,
    etag: entry.md5,
    modified: "",
    contentType: "",
    contentDisposition: "",
    metadata: {},
    checksums: {},
  };
  test.each([
    ["its MD5", {}, true],
    ["another MD5", { etag: "0".repeat(32) }, false],
    ["another length", { size: 6 }, false],
    ["an ETag that is no digest", { opaqueEtag: true }, false],
    ["a checksum of the store", { opaqueEtag: true, checksums: { sha256 } }, true],
    ["another checksum", { checksums: { sha256: "AAAA" } }, false],
    ["only what photohaul wrote beside it", { etag: "x-2", metadata: { sha256: entry.sha256 } }, false],
  ])("%s", (_, said, proven) => {
    expect(provesPhoto({ ...head, ...said }, photo)).toBe(proven);
  });
});
