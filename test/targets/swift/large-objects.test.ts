/** Photos that are larger than the store takes in one piece. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { segmentSizeOf } from "../../../src/stores/swift/large-object.ts";
import { UploadJournal } from "../../../src/targets/store/upload-journal.ts";
import type { Keeping, Target } from "../../../src/targets/target.ts";
import { PREFIX } from "../../contract/store-rig.ts";
import { swiftTargetRig } from "../../contract/swift-target-rig.ts";
import { eachIn, entryFor, inReusedBuffer, readAll, signal, TAKEN, troubleOf } from "../../contract/target-rig.ts";

const LIMIT = 50_000;
const body = Buffer.alloc(130_003, "large ");
const on = eachIn(() => swiftTargetRig({ maxFileSize: LIMIT }));
const opened = on.open;

async function largeOne(target: Target, bytes: Buffer, path = "large.mp4"): Promise<Keeping> {
  const draft = await target.stage(inReusedBuffer(bytes, 100_000), bytes.length, signal);
  return { draft, entry: entryFor(path, bytes), mtime: TAKEN };
}

const stored = (path: string) => on.rig.server.container("second").get(PREFIX + path);
const journal = async () =>
  (await readdir(on.rig.spool, { recursive: true })).filter((file) => file.endsWith(".upload"));

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
    expect(await on.rig.mtime("large.mp4")).toEqual(TAKEN);
    expect((await readAll(target, "large.mp4")).equals(body)).toBe(true);
    const segments = on.rig.segments();
    expect(segments).toHaveLength(3);
    expect(segments.every((path) => path.startsWith(".photohaul/segments/"))).toBe(true);
    expect(await journal()).toEqual([]);
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["same"]);
    expect(on.rig.segments()).toEqual(segments);
    const just = Buffer.alloc(LIMIT, "as large as may be");
    expect(await target.commit([await largeOne(target, just, "just.jpg")], signal)).toEqual(["stored"]);
    expect(stored("just.jpg")?.segments).toBeUndefined();
  });

  test("is kept as well by a store that knows no heartbeat", async () => {
    await on.instead(swiftTargetRig({ maxFileSize: LIMIT, features: { noHeartbeat: true } }));
    const target = await opened();
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["stored"]);
    expect((await readAll(target, "large.mp4")).equals(body)).toBe(true);
  });

  test("whose list may have arrived keeps its segments until that is known", async () => {
    const target = await opened();
    const list = { method: "PUT", path: /large\.mp4/ } as const;
    on.rig.server.faults.arm({ fault: "unavailable", ...list, times: 5 });
    const large = await largeOne(target, body);
    expect(await troubleOf(target.commit([large], signal))).toBe("throttled");
    expect(on.rig.segments()).toHaveLength(3);
    expect(await journal()).toHaveLength(1);
    await target.close();
    await opened();
    expect(on.rig.segments()).toEqual([]);
    expect(await journal()).toEqual([]);
  });
});

describe("segments that a killed run left", () => {
  const folder = ".photohaul/segments/0123456789abcdef/";

  test("are deleted by what was written down, and others are not touched", async () => {
    await (await on.rig.open()).close();
    for (const number of [1, 2]) await on.rig.plant(`${folder}00000${number}`, "ours");
    await on.rig.plant(".photohaul/segments/fedcba9876543210/000001", "another computer's");
    const [spool = ""] = await readdir(on.rig.spool);
    const left = new UploadJournal(join(on.rig.spool, spool));
    await left.begun({ key: `${PREFIX}large.mp4`, id: `${PREFIX}${folder}3` });
    await opened();
    expect(on.rig.segments()).toEqual([".photohaul/segments/fedcba9876543210/000001"]);
    expect(await journal()).toEqual([]);
  });

  test("stay where they became an object after all", async () => {
    const target = await on.rig.open();
    await target.commit([await largeOne(target, body)], signal);
    await target.close();
    const segments = on.rig.segments();
    const [spool = ""] = await readdir(on.rig.spool);
    const left = new UploadJournal(join(on.rig.spool, spool));
    const id = `${PREFIX}${segments[0]?.replace(/\/\d+$/, "")}/3`;
    await left.begun({ key: `${PREFIX}large.mp4`, id });
    const again = await opened();
    expect(on.rig.segments()).toEqual(segments);
    expect((await readAll(again, "large.mp4")).equals(body)).toBe(true);
    expect(await journal()).toEqual([]);
  });
});
