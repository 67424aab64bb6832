import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Listed } from "../../src/model.ts";
import { Hands } from "../../src/photo/hands.ts";
import type { Opened, Source } from "../../src/stores/source.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type S3Rig, s3Rig } from "../stores/s3-rig.ts";

/** One small photo, the last that comes whole, the first in slabs, one of several slabs, one of many. */
const SIZES = [1, 45_000, 131_072, 131_073, 300_000, 3_000_000];
const DATE = { captured: { utc: "2012-06-28T14:03:22.000Z" }, mtime: new Date("2012-06-28T14:03:22.000Z") };

let rig: S3Rig;
let source: Source;
let folder: string;
let stop: AbortController;
let hands: Hands;

beforeEach(async () => {
  rig = await s3Rig();
  source = await rig.open();
  folder = mkdtempSync(join(tmpdir(), "photohaul-hands-"));
  stop = new AbortController();
  hands = handsOn([folder]);
});

afterEach(async () => {
  await hands.close();
  await source.close();
  await rig.close();
  rmSync(folder, { recursive: true });
});

function handsOn(folders: readonly string[], stallMs = 20_000): Hands {
  return new Hands(folders.map(placeAt), { rules: { zone: "UTC" }, stallMs, threads: 1 });
}

const placeAt = (at: string) => ({
  target: { draftsFolder: { folder: at, earliestTime: "1970-01-01T00:00:00.000Z" } },
});

async function listed(): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const { objects } of source.list({}, stop.signal)) found.push(...objects);
  return found;
}

function open(object: Listed, folders: readonly number[] = [0], dates = true): Promise<Opened> {
  const hand = hands.for(object, folders, dates);
  if (hand === null) throw new Error("no hand");
  return source.open(object, 0, stop.signal, { hand });
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return parts;
}

const bytesOf = (size: number, seed: number) =>
  Buffer.from(Array.from({ length: size }, (_, at) => at * seed + (at >> 9)));
const digest = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes).digest("hex");

test("what hands take lies among the drafts, byte for byte, with its digests, whatever its size and how many come at once", async () => {
  const bodies = new Map<string, Buffer>();
  for (const size of SIZES) for (let n = 0; n < 9; n += 1) bodies.set(`${size}-${n}.jpg`, bytesOf(size, n + 3));
  for (const [key, bytes] of bodies) await rig.put(key, bytes);
  const objects = await listed();
  expect(source.heedsHands).toBe(true);
  expect(objects).toHaveLength(bodies.size);
  await Promise.all(
    objects.map(async (object) => {
      const { taken, head } = await open(object);
      const bytes = bodies.get(object.key) ?? Buffer.alloc(0);
      expect(head).toMatchObject({ etag: object.etag, size: object.size });
      const sums = { size: bytes.length, md5: digest("md5", bytes), sha256: digest("sha256", bytes) };
      expect(taken?.digests).toMatchObject(sums);
      expect(readFileSync(taken?.drafts[0]?.file ?? "").equals(bytes)).toBe(true);
    }),
  );
  expect(source.requests.get).toBe(bodies.size);
});

test("its head dates a photo, and the draft has that time; where more is to be asked it has none", async () => {
  await rig.put("a.jpg", datedPhoto(2000, "a"));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  const dated = (await open(object)).taken;
  expect(dated?.date).toMatchObject(DATE);
  expect(statSync(dated?.drafts[0]?.file ?? "").mtimeMs).toBe(DATE.mtime.getTime());
  const undated = (await open(object, [0], false)).taken;
  expect(undated).toMatchObject({ date: null, drafts: [{ seconds: null }] });
});

test("of a large photo is told while it comes, and nothing of that is left when it is there", async () => {
  await rig.put("a.jpg", bytesOf(5_000_000, 3));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  const moved: number[] = [];
  const hand = hands.for(object, [0], true, (bytes) => moved.push(bytes));
  if (hand === null) throw new Error("no hand");
  await source.open(object, 0, stop.signal, { hand });
  expect(moved.length).toBeGreaterThan(2);
  expect(moved.reduce((sum, bytes) => sum + bytes, 0)).toBe(0);
});

test("a thread that does not answer is replaced, once; what it was asked is asked for here", async () => {
  await hands.close();
  await rig.put("a.jpg", bytesOf(45_000, 3));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  const told: string[] = [];
  const link = { file: new URL("./hung-hand.ts", import.meta.url), lookMs: 20 };
  const emit = (event: { type: string; code?: string }) => void told.push(`${event.type} ${event.code}`);
  hands = new Hands([placeAt(folder)], { rules: { zone: "UTC" }, threads: 1, emit, link });
  for (const times of [1, 2]) {
    const { taken, bytes } = await open(object);
    expect(taken).toBeUndefined();
    expect(Buffer.concat(await all(bytes)).equals(bytesOf(45_000, 3))).toBe(true);
    expect(told).toEqual(Array.from({ length: times }, () => "warning hung"));
  }
  expect(hands.for(object, [0], true)).toBeNull();
});

test("every target has a draft of its own, and one whose folder is gone says so", async () => {
  await hands.close();
  hands = handsOn([folder, join(folder, "gone", "drafts")]);
  for (const size of [45_000, 300_000]) await rig.put(`${size}.jpg`, bytesOf(size, 3));
  for (const object of await listed()) {
    const { taken } = await open(object, [0, 1]);
    expect(taken?.drafts).toMatchObject([{ size: object.size, failure: null }, { failure: { code: "ENOENT" } }]);
    const none = (await open(object, [1])).taken;
    expect(none?.drafts).toMatchObject([{ failure: { code: "ENOENT", message: expect.stringMatching(/^ENOENT: /) } }]);
  }
  expect(readdirSync(folder)).toHaveLength(2);
});

test("what no hand takes comes as it would without: refused, packed, changed, or gone", async () => {
  await rig.put("a.jpg", bytesOf(45_000, 3));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  await expect(open({ ...object, etag: "0".repeat(32) })).rejects.toMatchObject({ code: "changed" });
  await expect(open({ ...object, key: "b.jpg" })).rejects.toMatchObject({ code: "missing" });
  rig.server.faults.arm({ fault: "slow-down", on: { op: "get" }, times: 1 });
  await expect(open(object)).rejects.toMatchObject({ code: "throttled", retry: true });
  // Another length than was listed: it is for whoever knows what to make of that.
  const asked = source.requests.get;
  const { taken, bytes } = await open({ ...object, size: 44_000 });
  expect(taken).toBeUndefined();
  expect(source.requests.get).toBe(asked + 2);
  await expect(all(bytes)).resolves.not.toHaveLength(0);
});

test.each([45_000, 3_000_000])(
  "a body of %i bytes that breaks off leaves no draft, and breaks where it is read",
  async (size) => {
    await rig.put("a.jpg", bytesOf(size, 3));
    const [object] = await listed();
    if (object === undefined) throw new Error("nothing is listed");
    rig.server.faults.arm({ fault: "cut-body", on: { op: "get" }, times: 1 });
    const { taken, bytes } = await open(object);
    expect(taken).toBeUndefined();
    await expect(all(bytes)).rejects.toMatchObject({ code: "broken", retry: true });
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("a store that falls silent is broken off", async () => {
  await hands.close();
  hands = handsOn([folder], 300);
  await rig.put("a.jpg", bytesOf(300_000, 3));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  rig.server.faults.arm({ fault: "stall", on: { op: "get" }, times: 1 });
  const { bytes } = await open(object);
  await expect(all(bytes)).rejects.toMatchObject({ code: "broken", retry: true });
});

test("interrupted, nobody waits, and no draft is left", async () => {
  for (let n = 0; n < 20; n += 1) await rig.put(`${n}.jpg`, bytesOf(300_000, n + 3));
  const objects = await listed();
  const settled = Promise.allSettled(objects.map((object) => open(object)));
  stop.abort();
  for (const one of await settled) expect(one).toMatchObject({ reason: { code: "interrupted" } });
  await hands.close();
  expect(readdirSync(folder)).toEqual([]);
});

test("few photos are fetched without hands", async () => {
  const some = new Hands([placeAt(folder)], { rules: { zone: "UTC" } });
  await rig.put("a.jpg", bytesOf(10, 3));
  const [object] = await listed();
  if (object === undefined) throw new Error("nothing is listed");
  expect(some.for(object, [0], true)).toBeNull();
  await some.close();
});
