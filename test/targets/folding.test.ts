/** Stores that take two names for one, as a gateway on a case-blind drive does: no photo is written over its twin. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Features } from "../../fixtures/s3/features.ts";
import { type S3TargetRig, s3TargetRig } from "../contract/s3-target-rig.ts";
import { keeping, signal } from "../contract/target-rig.ts";

const E_ACUTE = ["\u00e9.jpg", "e\u0301.jpg"] as const;
const TWINS = Array.from({ length: 20 }, (_, n) => [
  [`2012/IMG_${n}.JPG`, `2012/img_${n}.jpg`],
  [`2013/${n}${E_ACUTE[0]}`, `2013/${n}${E_ACUTE[1]}`],
]).flat();

describe.each<Features>([
  { foldsNames: true, ignoreIfNoneMatch: true },
  { foldsNames: true },
  { ignoreIfNoneMatch: true },
  {},
])("a store with %j", (features) => {
  let rig: S3TargetRig;
  beforeEach(async () => {
    rig = await s3TargetRig({ features });
  });
  afterEach(() => rig.close());

  test("says which names it takes for one, now and when it is opened again", async () => {
    const folds = features.foldsNames === true;
    for (const more of [{}, {}, { readOnly: true }]) {
      const target = await rig.open(more);
      expect(target.traits).toMatchObject({ foldsCase: folds, foldsUnicode: folds });
      await target.close();
    }
  });

  test("keeps both of twins that come in one batch, or says that the name is taken", async () => {
    const target = await rig.open();
    const batch = await Promise.all(TWINS.flat().map((path) => keeping(target, path, `of ${path}`)));
    const kept = await target.commit(batch, signal);
    for (const [at, path] of TWINS.flat().entries()) {
      if (kept[at] === "occupied") continue;
      expect(kept[at]).toBe("stored");
      expect(String(await rig.read(path))).toBe(`of ${path}`);
    }
    const occupied = kept.filter((one) => one === "occupied");
    expect(occupied).toHaveLength(features.foldsNames === true ? TWINS.length : 0);
    await target.close();
  });
});

test("a target of an earlier version is tried for it once", async () => {
  const rig = await s3TargetRig({ features: { foldsNames: true } });
  await (await rig.open()).close();
  const bucket = rig.server.bucket("second");
  const key = "backup/photos/.photohaul/target.json";
  const body = bucket.get(key)?.body;
  const { folds: _, ...marker } = JSON.parse(String(body?.read(0, body.size)));
  bucket.put(key, JSON.stringify(marker));
  const target = await rig.open();
  expect(target.traits).toMatchObject({ foldsCase: true, foldsUnicode: true });
  await target.close();
  await rig.close();
});

test("what another computer wrote between the look and the write is not taken for the photo", async () => {
  const rig = await s3TargetRig({ features: { ignoreIfNoneMatch: true } });
  const target = await rig.open();
  const batch = [await keeping(target, "a.jpg", "ours")];
  rig.server.faults.arm({ fault: "etag-changes", on: { op: "head", key: /a\.jpg/ }, skip: 1 });
  expect(await target.commit(batch, signal)).toEqual(["occupied"]);
  rig.server.faults.assertAllFired();
  await target.close();
  await rig.close();
});

test("a target that was copied to another service is tried there anew, and no twin is written over", async () => {
  const honest = await s3TargetRig();
  const first = await honest.open();
  await first.commit([await keeping(first, "IMG_1.JPG", "upper")], signal);
  await first.close();
  const rig = await s3TargetRig({ features: { foldsNames: true, ignoreIfNoneMatch: true } });
  const from = honest.server.bucket("second");
  for (const key of from.keys()) {
    const body = from.get(key)?.body;
    rig.server.bucket("second").put(key, Buffer.from(body?.read(0, body.size) ?? []));
  }
  for (const _ of ["as it came", "as it is known since"]) {
    const target = await rig.open();
    expect(target.traits).toMatchObject({ foldsCase: true, foldsUnicode: true });
    expect(await target.commit([await keeping(target, "img_1.jpg", "lower")], signal)).toEqual(["occupied"]);
    await target.close();
  }
  const puts = rig.server.counts.put;
  await (await rig.open()).close();
  expect(rig.server.counts.put).toBe(puts);
  await rig.close();
  await honest.close();
});
