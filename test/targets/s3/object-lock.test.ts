/** Photos and lists that nobody can delete before their time. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { mustNotBeLocked } from "../../../fixtures/s3/object-lock.ts";
import { S3Error } from "../../../fixtures/s3/s3-error.ts";
import { retentionOf } from "../../../src/stores/s3/object-lock.ts";
import type { Target } from "../../../src/targets/target.ts";
import { type S3TargetRig, s3TargetRig } from "../../contract/s3-target-rig.ts";
import { keeping, signal, troubleOf } from "../../contract/target-rig.ts";

let rig: S3TargetRig;
let targets: Target[];

beforeEach(() => {
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(options: Parameters<S3TargetRig["open"]>[0] = {}): Promise<Target> {
  const target = await rig.open(options);
  targets.push(target);
  return target;
}

const UNTIL = new Date("2100-01-01T00:00:00.000Z");
const LOCK = { objectLock: { mode: "COMPLIANCE", until: UNTIL } } as const;
const PARTS = { beyond: 50_000, size: 100_000 };

/** What each object of the target is locked with. */
function locks(): Record<string, string | undefined> {
  const bucket = rig.server.bucket("second");
  return Object.fromEntries(
    bucket.keys().map((key) => {
      const lock = bucket.get(key)?.lock;
      const said = lock === undefined ? undefined : `${lock.mode} ${lock.until.toISOString()}`;
      return [key.slice("backup/photos/".length), said];
    }),
  );
}

test.each([{}, { forgetsLockOfParts: true }])(
  "photos, small and large, and their lists are locked; the marker is not (store: %j)",
  async (quirks) => {
    rig = await s3TargetRig({ features: { minPartSize: 100_000, ...quirks } }, { objectLock: true });
    const target = await opened({ ...LOCK, parts: PARTS, storageClass: "STANDARD_IA" });
    const large = Buffer.alloc(130_003, "large ");
    const batch = [await keeping(target, "a.jpg", "1"), await keeping(target, "b.mp4", large)];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    const locked = `COMPLIANCE ${UNTIL.toISOString()}`;
    expect(locks()).toEqual({
      "a.jpg": locked,
      "b.mp4": locked,
      ".photohaul/SHA256SUMS-000001": locked,
      ".photohaul/manifest-000001.ndjson": locked,
      ".photohaul/README.txt": undefined,
      ".photohaul/target.json": undefined,
    });
    const [version] = rig.server.bucket("second").versions("backup/photos/a.jpg");
    expect(() => mustNotBeLocked(version, new Date())).toThrow(S3Error);
  },
);

test("a bucket without Object Lock is refused before anything is written", async () => {
  rig = await s3TargetRig();
  expect(await troubleOf(rig.open(LOCK))).toBe("usage");
  expect(await troubleOf(rig.open({ ...LOCK, readOnly: true }))).toBe("usage");
  expect(rig.server.bucket("second").keys()).toEqual([]);
});

test("a bucket that is not there is the target's trouble", async () => {
  rig = await s3TargetRig();
  rig.server.faults.arm({ fault: "no-such-bucket", on: { op: "other" } });
  expect(await troubleOf(rig.open(LOCK))).toBe("no-target");
  rig.server.faults.assertAllFired();
});

test("so is one that may not be asked", async () => {
  rig = await s3TargetRig({}, { objectLock: true });
  rig.server.faults.arm({ fault: "access-denied", on: { op: "other" } });
  expect(await troubleOf(rig.open(LOCK))).toBe("read-only");
  rig.server.faults.assertAllFired();
});

test("days count from when a photo is written", () => {
  const now = new Date("2026-11-25T10:00:00.000Z");
  const { mode, until } = retentionOf({ mode: "GOVERNANCE", days: 30 }, now);
  expect([mode, until.toISOString()]).toEqual(["GOVERNANCE", "2026-12-25T10:00:00.000Z"]);
});
