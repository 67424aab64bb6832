import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FAULTS, type FaultName } from "../../fixtures/s3/fault-kinds.ts";
import { type S3Server, startS3 } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type MirrorPlace, type MirrorRun, runMirror } from "./mirror-run.ts";

/** PHOTOHAUL_FAULT_PHOTOS=2000 (`npm run test:faults`) makes it the test of the promise, in minutes instead of seconds. */
const PHOTOS = Number(process.env.PHOTOHAUL_FAULT_PHOTOS ?? 150);
const STALL_MS = 400;
const SLOW = { timeout: 60_000 + PHOTOS * 600 };
const NAMES = Object.keys(FAULTS).filter((name): name is FaultName => Object.hasOwn(FAULTS, name));
/** These strike listings, of which a run makes few: they strike the second page, surely. */
const OF_LISTINGS = new Set<FaultName>([
  "page-not-xml",
  "page-cut",
  "error-in-200",
  "out-of-order",
  "key-twice",
  "token-loop",
  "token-missing",
  "truncated-lies",
  "empty-page",
]);
/** These strike ranges, which are asked for only where a body broke off. */
const OF_RANGES = new Set<FaultName>(["range-ignored", "other-range"]);

/** What another attempt mends: the same run ends with all photos, and nobody's help. */
const MENDED = new Set<FaultName>([
  "slow-down",
  "slow-down-retry-after",
  "internal-error",
  "service-unavailable",
  "request-timeout",
  "bad-gateway",
  "reset",
  "lost-answer",
  "silence",
  "cut-body",
  "short-body",
  "stall",
]);

let server: S3Server;
let folder: string;
let at: MirrorPlace;
beforeAll(async () => {
  server = await startS3({ credentials: "anonymous", pageSize: Math.ceil(PHOTOS / 4) });
});
afterAll(() => server.close());
beforeEach(() => {
  const bucket = server.bucket("photos");
  for (let number = 0; number < PHOTOS; number += 1) {
    const body = datedPhoto(2000 + number, `photo ${number} `);
    bucket.put(key(number), body, { modified: "2016-01-01T00:00:00.000Z" });
  }
  folder = mkdtempSync(join(tmpdir(), "photohaul-faults-"));
  const target = join(folder, "photos");
  at = { endpoint: server.endpoint, folder: target, catalogue: join(folder, "catalogue.sqlite") };
});
afterEach(() => {
  server.faults.clear();
  rmSync(folder, { recursive: true });
});

const key = (number: number) => `2016/IMG_${String(number).padStart(5, "0")}.jpg`;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What lies on the target is what the manifest says, and nothing else lies there. @returns digests by key */
function shelf(): Map<string, Set<string>> {
  const manifest = readFileSync(join(at.folder, ".photohaul", "manifest.ndjson"), "utf8");
  const kept = new Map<string, Set<string>>();
  const paths = new Set<string>();
  for (const line of manifest.split("\n").filter(Boolean)) {
    const entry: { path: string; key: string; sha256: string } = JSON.parse(line);
    expect(sha256(readFileSync(join(at.folder, entry.path))), entry.path).toBe(entry.sha256);
    paths.add(entry.path);
    kept.set(entry.key, (kept.get(entry.key) ?? new Set()).add(entry.sha256));
  }
  const lying = readdirSync(at.folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith(".photohaul") && statSync(join(at.folder, path)).isFile(),
  );
  expect(lying.toSorted()).toEqual([...paths].toSorted());
  expect(readdirSync(join(at.folder, ".photohaul", "tmp"))).toEqual([]);
  return kept;
}

/** Every photo of the bucket, as it is now, is kept. */
function expectAllRight(): void {
  const kept = shelf();
  const bucket = server.bucket("photos");
  const lost = bucket.keys().filter((name) => {
    const body = bucket.get(name)?.body;
    return body === undefined || kept.get(name)?.has(sha256(body.read(0, body.size))) !== true;
  });
  expect(lost).toEqual([]);
}

/** Whatever went wrong was said of a photo, or of the run; and what was kept meanwhile is right. */
function expectHonest({ error, photos, events }: MirrorRun, name: string): void {
  shelf();
  const failed = photos.filter(({ outcome }) => outcome === "failed");
  for (const { reason } of failed) expect(reason?.length, name).toBeGreaterThan(10);
  if (error !== null) {
    expect(error.endsRun, `${name}: ${error.message}`).toBe(true);
    return;
  }
  const plan = events.find((event) => event.type === "plan");
  expect(photos, name).toHaveLength(plan?.photos ?? 0);
}

test.each(NAMES)("%s is survived, or named and mended by the next run", SLOW, async (fault) => {
  if (OF_LISTINGS.has(fault)) server.faults.arm({ fault, on: { op: "list" }, skip: 1 });
  else server.faults.arm({ fault, probability: 0.06, times: Number.POSITIVE_INFINITY, seed: 7 });
  if (OF_RANGES.has(fault)) {
    server.faults.clear();
    server.faults.arm({ fault, on: { op: "get" }, times: Number.POSITIVE_INFINITY });
    server.faults.arm({
      fault: "cut-body",
      probability: 0.06,
      times: Number.POSITIVE_INFINITY,
      seed: 7,
    });
  }
  const first = await runMirror(at, STALL_MS);
  server.faults.assertAllFired();
  expectHonest(first, fault);
  if (MENDED.has(fault)) {
    expect(first.error).toBeNull();
    expect(first.photos.filter(({ outcome }) => outcome !== "stored")).toEqual([]);
  }
  server.faults.clear();
  const second = await runMirror(at, STALL_MS);
  expect(second.error).toBeNull();
  expect(second.photos.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expectAllRight();
});

test.each([0.003, 0.01])(
  "all of them together, each at %d, are survived by running again",
  SLOW,
  async (probability) => {
    for (const [seed, fault] of NAMES.entries())
      server.faults.arm({ fault, probability, times: Number.POSITIVE_INFINITY, seed });
    for (let run = 0; run < 4; run += 1) expectHonest(await runMirror(at, STALL_MS), `run ${run}`);
    const fired = server.faults.fired().reduce((sum, armed) => sum + armed.fired, 0);
    expect(fired).toBeGreaterThan(10);
    server.faults.clear();
    expect((await runMirror(at, STALL_MS)).error).toBeNull();
    expectAllRight();
  },
);
