/** Photos that are larger than the store takes in one piece. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { segmentSizeOf } from "../../../src/stores/swift/large-object.ts";
import { UploadJournal } from "../../../src/targets/store/upload-journal.ts";
import type { Keeping, Target } from "../../../src/targets/target.ts";
import { PREFIX } from "../../contract/store-rig.ts";
import { type SwiftTargetRig, swiftTargetRig } from "../../contract/swift-target-rig.ts";
import { entryFor, inReusedBuffer, readAll, signal, TAKEN, troubleOf } from "../../contract/target-rig.ts";

const LIMIT = 50_000;
const body = Buffer.alloc(130_003, "large ");
let rig: SwiftTargetRig;
let targets: Target[];

beforeEach(async () => {
  rig = await swiftTargetRig({ maxFileSize: LIMIT });
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(options: Parameters<SwiftTargetRig["open"]>[0] = {}): Promise<Target> {
  const target = await rig.open(options);
  targets.push(target);
  return target;
}

async function largeOne(target: Target, bytes: Buffer, path = "large.mp4"): Promise<Keeping> {
  const draft = await target.stage(inReusedBuffer(bytes, 100_000), bytes.length, signal);
  return { draft, entry: entryFor(path, bytes), mtime: TAKEN };
}

const stored = (path: string) => rig.server.container("second").get(PREFIX + path);
const journal = async () => (await readdir(rig.spool, { recursive: true })).filter((file) => file.endsWith(".upload"));

test.each([
  [1, 64, 1000, 64],
  [64_000, 64, 1000, 64],
  [64_001, 64, 1000, 1024 * 1024],
  [6_000_000_123, 64 * 1024 * 1024, 1000, 64 * 1024 * 1024],
  [100 * 2 ** 30, 64 * 1024 * 1024, 1000, 103 * 1024 * 1024],
])("%i bytes in segments of %i, at most %i of them: of %i each", (size, wanted, most, each) => {
  expect(segmentSizeOf(size, wanted, most)).toBe(each);
  expect(Math.ceil(size / each)).toBeLessThanOrEqual(most);
});

describe("a large photo", () => {
  test("becomes a static large object as soon as the store wants it, and says what others say", async () => {
    const target = await opened();
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["stored"]);
    expect(stored("large.mp4")?.segments?.map(({ size_bytes }) => size_bytes)).toEqual([LIMIT, LIMIT, 30_003]);
    expect(stored("large.mp4")?.headers["x-object-manifest"]).toBeUndefined();
    expect(await rig.mtime("large.mp4")).toEqual(TAKEN);
    expect((await readAll(target, "large.mp4")).equals(body)).toBe(true);
    const segments = rig.segments();
    expect(segments).toHaveLength(3);
    expect(segments.every((path) => path.startsWith(".photohaul/segments/"))).toBe(true);
    expect(await journal()).toEqual([]);
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["same"]);
    expect(rig.segments()).toEqual(segments);
    const just = Buffer.alloc(LIMIT, "as large as may be");
    expect(await target.commit([await largeOne(target, just, "just.jpg")], signal)).toEqual(["stored"]);
    expect(stored("just.jpg")?.segments).toBeUndefined();
  });

  test("is kept as well by a store that knows no heartbeat", async () => {
    await rig.close();
    rig = await swiftTargetRig({ maxFileSize: LIMIT, features: { noHeartbeat: true } });
    const target = await opened();
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["stored"]);
    expect((await readAll(target, "large.mp4")).equals(body)).toBe(true);
  });

  test("whose list may have arrived keeps its segments until that is known", async () => {
    const target = await opened();
    const list = { method: "PUT", path: /large\.mp4/ } as const;
    rig.server.faults.arm({ fault: "unavailable", ...list, times: 5 });
    const large = await largeOne(target, body);
    expect(await troubleOf(target.commit([large], signal))).toBe("throttled");
    expect(rig.segments()).toHaveLength(3);
    expect(await journal()).toHaveLength(1);
    await target.close();
    targets = [];
    await opened();
    expect(rig.segments()).toEqual([]);
    expect(await journal()).toEqual([]);
  });
});

describe("segments that a killed run left", () => {
  const folder = ".photohaul/segments/0123456789abcdef/";

  test("are deleted by what was written down, and others are not touched", async () => {
    await (await rig.open()).close();
    for (const number of [1, 2]) await rig.plant(`${folder}00000${number}`, "ours");
    await rig.plant(".photohaul/segments/fedcba9876543210/000001", "another computer's");
    const [spool = ""] = await readdir(rig.spool);
    const left = new UploadJournal(join(rig.spool, spool));
    await left.begun({ key: `${PREFIX}large.mp4`, id: `${PREFIX}${folder}3` });
    await opened();
    expect(rig.segments()).toEqual([".photohaul/segments/fedcba9876543210/000001"]);
    expect(await journal()).toEqual([]);
  });

  test("stay where they became an object after all", async () => {
    const target = await rig.open();
    await target.commit([await largeOne(target, body)], signal);
    await target.close();
    const segments = rig.segments();
    const [spool = ""] = await readdir(rig.spool);
    const left = new UploadJournal(join(rig.spool, spool));
    const id = `${PREFIX}${segments[0]?.replace(/\/\d+$/, "")}/3`;
    await left.begun({ key: `${PREFIX}large.mp4`, id });
    const again = await opened();
    expect(rig.segments()).toEqual(segments);
    expect((await readAll(again, "large.mp4")).equals(body)).toBe(true);
    expect(await journal()).toEqual([]);
  });
});
