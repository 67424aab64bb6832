import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Candidate, Planned } from "../../src/catalogue/catalogue.ts";
import { HaulError } from "../../src/errors.ts";
import type { PhotoEvent } from "../../src/events.ts";
import type { ObjectHead } from "../../src/model.ts";
import { SINGLE } from "../../src/photo/commit.ts";
import { createDigester } from "../../src/photo/digester.ts";
import { TargetSet } from "../../src/photo/target-set.ts";
import { type TransferPorts, transfer } from "../../src/photo/transfer.ts";
import { Memory } from "../steps/memory-target.ts";

const signal = new AbortController().signal;
const BODY = "a photo";
const modified = "2020-01-01T00:00:00.000Z";
const etag = createHash("md5").update(BODY).digest("hex");
const object: Candidate = {
  key: "a.jpg",
  size: BODY.length,
  etag,
  modified,
  storageClass: "STANDARD",
  kind: "original",
  family: "original",
  stem: null,
  rank: 0,
  reason: "",
  fallback: false,
  replaces: false,
};
const head: ObjectHead = {
  size: BODY.length,
  etag,
  modified,
  contentType: "image/jpeg",
  contentDisposition: "",
  metadata: {},
  checksums: {},
};

/** Everything that `bring` touches, for two targets `a` and `b`; the source may fail. */
function rig(
  failure: HaulError | null = null,
  bodyOf: (time: number) => AsyncIterable<Uint8Array> = () => bytesOf(BODY),
  said: { readonly listed?: Partial<Candidate>; readonly answer?: Partial<ObjectHead> } = {},
) {
  const listed = { ...object, ...said.listed };
  const targets = { a: new Memory("a"), b: new Memory("b") };
  const told = {
    events: [] as PhotoEvent[],
    failed: [] as string[],
    moved: 0,
    paced: 0,
    opened: 0,
    done: 0,
  };
  const catalogue = {
    settings: { set: () => Promise.resolve() },
    kept: (target: string) => ({
      add: () => Promise.resolve(),
      fail: async () => void told.failed.push(target),
    }),
  };
  const emit: TransferPorts["emit"] = (event) => {
    if (event.type === "photo") told.events.push(event);
  };
  const namer = {
    name: () => Promise.reject(new Error("unasked")),
    leads: new Map(),
    lying: new Map(),
    settle: () => undefined,
  };
  const targetSet = new TargetSet(
    Object.values(targets).map((target) => ({ target, namer })),
    { catalogue, emit, signal, limits: SINGLE, now: Date.now, several: true },
  );
  const open = async () => {
    told.opened += 1;
    if (failure !== null) throw failure;
    return { head: { ...head, ...said.answer }, bytes: bodyOf(told.opened) };
  };
  const moved = (bytes: number) => {
    told.moved += bytes;
  };
  const done = () => {
    told.done += 1;
  };
  const ports: TransferPorts = Object.assign(Object.create(null), {
    source: { open, requests: { list: 0, get: 0, head: 0, retried: 0 } },
    limiter: {
      failed: () => undefined,
      moved: (bytes: number) => {
        told.paced += bytes;
      },
    },
    targetSet,
    catalogue,
    dater: { date: async () => ({ captured: null, camera: null, mtime: new Date(modified) }) },
    sidecars: { of: async () => [], company: async () => [] },
    meter: { start: () => undefined, moved, done },
    bandwidth: { slow: (bytes: unknown) => bytes },
    digester: createDigester(),
    emit,
    signal,
    onProof: () => undefined,
  });
  const photo: Planned = { object: listed, path: "a.jpg", turn: modified };
  const wanted = targetSet.destinations.map((place) => ({ place, photo }));
  return { targets, told, targetSet, go: () => transfer({ object: listed, wanted }, ports) };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test("a photo is opened once and kept on both", async () => {
  const { targets, told, go } = rig();
  await go();
  expect(told).toMatchObject({ opened: 1, done: 1, failed: [] });
  expect([targets.a.kept, targets.b.kept]).toEqual([["a.jpg"], ["a.jpg"]]);
  expect(told.events).toMatchObject([{ outcome: "stored", copies: [{}, {}] }]);
});

test("the pace is told of every byte that comes, once for both", async () => {
  const { told, go } = rig();
  await go();
  expect(told.paced).toBe(BODY.length);
});

test("where one cannot hold it, that copy failed, and is written down so", async () => {
  const { targets, told, go } = rig();
  targets.b.failure = { code: "too-large", after: 1 };
  await go();
  expect(targets.a.kept).toEqual(["a.jpg"]);
  expect(told.failed).toEqual(["b"]);
  expect(told.events).toMatchObject([{ outcome: "failed", path: "a.jpg", reason: "b: b says no" }]);
});

test("where one is full, the other has it, and the next photo is not offered to it", async () => {
  const { targets, told, go, targetSet } = rig();
  targets.a.failure = { code: "full", after: 0 };
  await go();
  await go();
  expect(targets.b.kept).toEqual(["a.jpg", "a.jpg"]);
  expect(targets.a.asked).toBe(1);
  expect(targetSet.lost()).toHaveLength(1);
  expect(told.failed).toEqual([]);
  expect(told.events.map(({ copies }) => copies?.length)).toEqual([1, 1]);
});

test.each([
  ["cannot hold it", "too-large"],
  ["are lost", "full"],
] as const)("where both %s before they read, the connection is given back", async (_, trouble) => {
  let given = 0;
  const giveBack = async () => {
    given += 1;
    return { done: true as const, value: undefined };
  };
  const unread = () => ({ next: () => Promise.reject(new Error("read")), return: giveBack });
  const { targets, go } = rig(null, () => ({ [Symbol.asyncIterator]: unread }));
  targets.a.failure = { code: trouble, after: 0 };
  targets.b.failure = { code: trouble, after: 0 };
  await go().catch((error: unknown) => expect(error).toMatchObject({ code: trouble }));
  expect([targets.a.asked, targets.b.asked]).toEqual([1, 1]);
  expect(given).toBeGreaterThan(0);
});

test("what cannot be fetched failed everywhere, and is one photo", async () => {
  const { told, go } = rig(new HaulError("missing", "a.jpg is gone"));
  await go();
  expect(told.failed).toEqual(["a", "b"]);
  expect(told.events).toMatchObject([{ outcome: "failed", copies: [{}, {}] }]);
  expect(told.done).toBe(1);
});

test("a photo that was overwritten while it came is counted once in the progress", async () => {
  const broken = async function* () {
    yield Buffer.from(BODY.slice(0, 3));
    throw new HaulError("broken", "the connection broke", { retry: true });
  };
  const { told, go } = rig(null, (time) => {
    if (time === 2) throw new HaulError("changed", "a.jpg was changed since it was listed");
    return time === 1 ? broken() : bytesOf(BODY);
  });
  await go();
  expect(told).toMatchObject({ opened: 3, moved: BODY.length, done: 1 });
  expect(told.events).toMatchObject([{ outcome: "stored" }]);
});

async function* breaking(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  throw new HaulError("broken", "the line broke", { retry: true });
}

describe("a body that broke, of a store that gives no ETag", () => {
  const mostly = () => breaking(BODY.slice(0, 3));
  /** What came is asked for again, and comes again before the rest. */
  const rest = (end: string) => (time: number) => (time === 1 ? mostly() : bytesOf(BODY.slice(0, 3) + end));
  const answer = { etag: "" };

  test("goes on where the MD5 of the listing proves the whole", async () => {
    const { targets, told, go } = rig(null, rest(BODY.slice(3)), { answer });
    await go();
    expect(told.opened).toBe(2);
    expect(targets.a.kept).toEqual(["a.jpg"]);
  });

  test("begins again where nothing can", async () => {
    const bodyOf = (time: number) => (time === 1 ? mostly() : bytesOf(time === 2 ? "else" : BODY));
    const { targets, told, go } = rig(null, bodyOf, { answer, listed: { etag: "" } });
    await go();
    expect(told.opened).toBe(3);
    expect(targets.a.kept).toEqual(["a.jpg"]);
  });

  test("is not kept where an ETag of parts could prove it and does not", async () => {
    let whole = false;
    const bodyOf = (time: number) => {
      whole = time > 2;
      return whole ? bytesOf(BODY) : rest("else")(time);
    };
    const { targets, go } = rig(null, bodyOf, { answer, listed: { etag: `${"f".repeat(32)}-1` } });
    await go();
    expect(whole).toBe(true);
    expect(targets.a.kept).toEqual(["a.jpg"]);
  });
});

test("what was overwritten since the listing and comes packed is no photo while nothing proves it", async () => {
  const packed = gzipSync(BODY);
  const answer = { etag: `${"f".repeat(32)}-7`, size: packed.length, contentEncoding: "gzip" };
  const { targets, told, go } = rig(null, () => one(packed), { answer });
  await go();
  expect(targets.a.kept).toEqual([]);
  expect(told.events).toMatchObject([{ outcome: "failed", reason: expect.stringMatching(/a\.jpg.*comes packed/) }]);
});

test.each<[string, string, boolean]>([
  ["a.jpg", "<!DOCTYPE html>\n<html><body>Please sign in", false],
  ["a.jpg", "\ufeff  <HTML><head>", false],
  ["a.html", "<!doctype html><html>", true],
  ["a.jpg", "<x:xmpmeta>", true],
])("where nothing proves the bytes, %s is kept with %j: %s", async (key, body, kept) => {
  const bytes = Buffer.from(body);
  const listed = { key, etag: "opaque", size: bytes.length };
  const { targets, told, go } = rig(null, () => one(bytes), { listed, answer: { etag: "opaque", size: bytes.length } });
  await go();
  expect(targets.a.kept.length).toBe(kept ? 1 : 0);
  if (!kept) expect(told.events).toMatchObject([{ outcome: "failed", reason: expect.stringMatching(/page of HTML/) }]);
});

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
