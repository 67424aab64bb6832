import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import type { Candidate } from "../../src/catalogue/catalogue.ts";
import { HaulError } from "../../src/errors.ts";
import { createLimiter } from "../../src/limiter.ts";
import type { HandDraft, Taken } from "../../src/model.ts";
import { ByHand, type ByHandPorts, type Single } from "../../src/photo/by-hand.ts";
import type { Pending } from "../../src/photo/commit.ts";
import type { Awaiting, FinalAnswer } from "../../src/photo/hand-link.ts";
import type { Transfer } from "../../src/photo/merge-plans.ts";
import type { Destination } from "../../src/photo/target-set.ts";

const MODIFIED = "2020-01-01T00:00:00.000Z";
const digest = (kind: string, text: string) => createHash(kind).update(text).digest("hex");

function objectOf(key: string): Candidate {
  const found = { kind: "original", family: "original", stem: null, rank: 0, reason: "" } as const;
  const said = { size: key.length, etag: digest("md5", key), modified: MODIFIED, storageClass: "STANDARD" };
  return { key, ...said, ...found, fallback: false, replaces: false };
}

/** What a hand makes of an object whose bytes are its key. */
function takenOf(key: string, more: Partial<Taken> = {}): FinalAnswer {
  const { size, etag } = objectOf(key);
  const head = { size, etag, modified: MODIFIED, contentType: "", contentDisposition: "", metadata: {}, checksums: {} };
  const digests = { size, md5: etag, sha256: digest("sha256", key), multipart: [], sum: "" };
  const date = { captured: null, mtime: new Date(MODIFIED), camera: null, fileName: null };
  const taken: Taken = { head, digests, date, drafts: [draftOf(key)], ...more };
  return { id: 0, kind: "taken", status: 200, taken };
}

const draftOf = (key: string, failure: HandDraft["failure"] = null): HandDraft => {
  return { file: key, size: key.length, seconds: null, undatable: false, failure };
};

const kept: string[] = [];
const discarded: string[] = [];
const dropped: FinalAnswer[] = [];
const told = { took: 0, moved: 0, done: 0, proofs: 0 };
/** Of the thread: what was asked and is not answered. */
let asked: { readonly key: string; readonly by: Awaiting }[] = [];
let mostAsked = 0;
let lost = false;
let keeping: () => Promise<void>;
let byHand: ByHand;
let on: ByHandPorts;
let place: Destination;

beforeEach(() => {
  for (const list of [kept, discarded, dropped]) list.length = 0;
  Object.assign(told, { took: 0, moved: 0, done: 0, proofs: 0 });
  [asked, mostAsked, lost, keeping] = [[], 0, false, async () => undefined];
  const takeDraft = ({ file, size }: HandDraft) => {
    return { size, discard: async () => void discarded.push(file) };
  };
  const addAll = async (ready: readonly Pending[]) => {
    await keeping();
    kept.push(...ready.map(({ entry }) => entry.key));
  };
  const target = { name: "a", traits: { largestFile: 0 }, takeDraft };
  place = Object.assign(Object.create(null), { target, namer: { lying: new Map() }, committer: { addAll } });
  on = ports();
  byHand = new ByHand(on);
});

function ports(): ByHandPorts {
  const thread = {
    asked: 0,
    ask: ({ object }: { object: { key: string } }, by: Awaiting) => {
      asked.push({ key: object.key, by });
      mostAsked = Math.max(mostAsked, asked.length);
    },
    drop: (answer: FinalAnswer) => dropped.push(answer),
  };
  return Object.assign(Object.create(null), {
    source: { plainGet: () => ({}), took: () => (told.took += 1) },
    hands: { threadFor: () => thread, heed: () => undefined },
    limiter: createLimiter({ concurrency: 2, listConcurrency: 1 }),
    targetSet: {
      destinations: [place],
      takers: ({ wanted }: { wanted: unknown[] }) => (lost ? [] : wanted),
      attempt: async (_: unknown, work: () => Promise<unknown>) => work().catch(() => null),
      fates: { expect: () => undefined },
    },
    dater: { isTold: () => false, found: (_: unknown, date: unknown) => date },
    sidecars: { any: async () => false },
    bandwidth: { limited: false },
    meter: { moved: (bytes: number) => (told.moved += bytes), done: () => (told.done += 1) },
    onProof: () => (told.proofs += 1),
    signal: new AbortController().signal,
  });
}

function photoOf(key: string, more: Partial<Candidate> = {}, path: string | null = key): Transfer<Destination> {
  const object = { ...objectOf(key), ...more };
  return { object, wanted: [{ place, photo: { object, path, turn: "" } }] };
}

/** Goes through a plan; whatever is asked is answered so. */
async function go(plan: readonly Transfer<Destination>[], answer: (key: string) => FinalAnswer): Promise<Single[]> {
  const answering = setInterval(() => {
    for (const { key, by } of asked.splice(0)) by.onAnswer(answer(key));
  }, 1);
  const singles: Single[] = [];
  async function* chunks() {
    yield plan;
  }
  try {
    for await (const single of byHand.singles(chunks(), () => true)) singles.push(single);
  } finally {
    clearInterval(answering);
  }
  return singles;
}

const KEYS = Array.from({ length: 9 }, (_, at) => `photo ${at}`);

test("what comes right is kept, each once, and no more are under way than may be", async () => {
  expect(
    await go(
      KEYS.map((key) => photoOf(key)),
      takenOf,
    ),
  ).toEqual([]);
  expect(kept.toSorted()).toEqual(KEYS);
  expect(mostAsked).toBe(2);
  const bytes = KEYS.join("").length;
  expect(told).toEqual({ took: 9, moved: bytes, done: 9, proofs: 9 });
});

test("what is not plain goes by itself, and no hand is asked for it", async () => {
  const plan = [
    photoOf("undated name", {}, null),
    photoOf("written anew", { replaces: true }),
    photoOf("empty", { size: 0 }),
    photoOf("a film", { size: 2 ** 30 }),
    photoOf("a version", { version: "1" }),
  ];
  const singles = await go(plan, takenOf);
  expect(singles).toEqual(plan.map((photo) => ({ photo, before: null })));
  expect(told.took).toBe(0);
});

test.each<[string, (key: string) => FinalAnswer]>([
  ["wrong bytes", (key) => takenOf(key, { digests: { ...digestsOf("other"), size: key.length } })],
  ["too few bytes", (key) => takenOf(key, { digests: digestsOf(key.slice(1)) })],
  ["another object", (key) => takenOf(key, { head: { ...headOf(key), etag: digest("md5", "other") } })],
  ["nothing that proves it", (key) => takenOf(key, { head: { ...headOf(key), opaqueEtag: true } })],
  ["no date", (key) => takenOf(key, { date: null })],
  ["packed", (key) => takenOf(key, { head: { ...headOf(key), contentEncoding: "gzip" } })],
  ["not written", (key) => takenOf(key, { drafts: [draftOf(key, { code: "ENOSPC", message: "full" })] })],
  ["refused", () => ({ id: 0, kind: "refused", status: 503, headers: {}, body: "" })],
  ["none for a hand", () => ({ id: 0, kind: "left" })],
])("%s goes by itself, with the answer that it got, and is kept by nobody here", async (_, answer) => {
  const photo = photoOf("photo");
  const singles = await go([photo], answer);
  expect(singles).toMatchObject([{ photo, before: { answer: { kind: answer("photo").kind }, folders: [0] } }]);
  expect(kept).toEqual([]);
  expect(told).toEqual({ took: 0, moved: 0, done: 0, proofs: 0 });
});

const digestsOf = (text: string) => {
  return { size: text.length, md5: digest("md5", text), sha256: digest("sha256", text), multipart: [], sum: "" };
};
const headOf = (key: string) => {
  const answer = takenOf(key);
  if (answer.kind !== "taken") throw new TypeError("taken");
  return answer.taken.head;
};

test("of a target that leaves the run while they are kept, drafts are given back", async () => {
  keeping = () => Promise.reject(new HaulError("no-target", "pulled out"));
  expect(await go([photoOf("photo")], takenOf)).toEqual([]);
  expect(discarded).toEqual(["photo"]);
  expect(kept).toEqual([]);
});

test("a photo that came for a target that has left goes by itself", async () => {
  const singles = await go([photoOf("photo")], (key) => {
    lost = true;
    return takenOf(key);
  });
  expect(singles).toHaveLength(1);
});

test("room that one by itself gives back is taken", async () => {
  const { limiter } = on;
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = [limiter.fetching, limiter.fetching].map((lane) => lane.run(() => promise, on.signal));
  const going = go([photoOf("photo")], takenOf);
  await new Promise((later) => setTimeout(later, 10));
  expect(kept).toEqual([]);
  resolve();
  await Promise.all(running);
  expect(await going).toEqual([]);
  expect(kept).toEqual(["photo"]);
});

/** Begun, and not answered. */
async function beginning(plan: readonly Transfer<Destination>[], many: number) {
  async function* chunks() {
    yield plan;
  }
  const next = byHand.singles(chunks(), () => true).next();
  await expect.poll(() => asked.length).toBe(many);
  return { next };
}

test("a thread that ended ends the run, and what ended it is told", async () => {
  const { next } = await beginning([photoOf("photo")], 1);
  asked[0]?.by.onFailure(new Error("a bug"));
  await expect(next).rejects.toThrow("a bug");
});

test("once the run is to end nothing more is asked for, and what still comes is given back", async () => {
  const { next } = await beginning(
    KEYS.map((key) => photoOf(key)),
    2,
  );
  byHand.stop();
  expect(await next).toEqual({ done: true, value: undefined });
  for (const { key, by } of asked) by.onAnswer(takenOf(key));
  expect(dropped).toHaveLength(2);
  expect(asked).toHaveLength(2);
  expect(kept).toEqual([]);
});
