/** The promise of docs/reliability.md for one fault, or for all of them together, at a share of the requests. */

import { expect } from "vitest";
import { ARCHIVE_FAULTS } from "../../../fixtures/s3/archive-faults.ts";
import { FAULTS, type FaultName } from "../../../fixtures/s3/fault-kinds.ts";
import type { Arming, Faults } from "../../../fixtures/s3/faults.ts";
import { expectNamed, type FaultBucket, openFaultBucket, PHOTOS, type Rate } from "./fault-bucket.ts";
import { type MirrorSettings, runMirror } from "./mirror-run.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const SEED = 7;
/** With which all are met though only so many requests are struck. */
const TOGETHER = { 0.01: 6000, 0.1: Math.max(PHOTOS, 700) };
/** These strike only where something lies in an archive (test/scripts/cold-source.test.ts). */
const OF_ARCHIVES: ReadonlySet<string> = new Set(Object.keys(ARCHIVE_FAULTS));
export const NAMES = Object.keys(FAULTS).filter(
  (name): name is FaultName => Object.hasOwn(FAULTS, name) && !OF_ARCHIVES.has(name),
);

/** These strike listings only: their bucket has a page for every few photos, so that there is something to strike. */
const OF_LISTINGS = new Set<FaultName>([
  "page-not-xml",
  "page-cut",
  "endless-entity",
  "error-in-200",
  "entry-unsized",
  "entry-undated",
  "entry-nameless",
  "out-of-order",
  "key-twice",
  "token-loop",
  "token-missing",
  "truncated-lies",
  "empty-page",
]);
/** These strike ranges, which are asked for only where a body broke off that no hand took: those begin anew. */
const OF_RANGES = new Set<FaultName>(["range-ignored", "other-range", "range-lies"]);
/** What is said of the whole bucket or account is believed when it is the first answer, and then the run ends with 4. */
const OF_ALL = new Set<FaultName>([
  "access-denied",
  "expired-token",
  "clock-skew",
  "no-such-bucket",
  "redirect",
  "quota-exceeded",
  "access-disabled",
  "no-room",
  "moved",
  "endless-refusal",
  "echoed-request",
]);
/** What is said of one photo, and is believed: the photo fails in this run. */
const BELIEVED = new Set<FaultName>(["access-denied", "echoed-request", "endless-refusal", "not-found", "archived"]);

/**
 * What is waited for each time takes minutes at 10 % and one after the other. Nobody is hurried so much that a busy computer
 * looks like a silent store.
 */
const SETTINGS: Readonly<Partial<Record<FaultName, MirrorSettings>>> = {
  "slow-down-retry-after": { concurrency: 16 },
  silence: { stallMs: 3000, concurrency: 64 },
  stall: { stallMs: 3000, concurrency: 64 },
  drip: { stallMs: 3000, concurrency: 64 },
  promises: { stallMs: 3000, concurrency: 64 },
};

const KEYS_A_PAGE = 4;

function arming(fault: FaultName): Arming {
  return { fault, times: ALWAYS, seed: SEED, ...(OF_ALL.has(fault) ? { skip: 1 } : {}) };
}

/** Arms one fault, and what it needs to have requests to strike. */
function armAlone(faults: Faults, fault: FaultName, probability: number): void {
  faults.arm({ ...arming(fault), probability });
  if (OF_RANGES.has(fault)) faults.arm({ ...arming("cut-body"), probability: 0.12 });
}

/** Arms them all, of which one strikes a struck request; the few requests for ranges meet theirs first. */
function armTogether(faults: Faults, probability: number, hands: number): void {
  const general = NAMES.filter((name) => !OF_RANGES.has(name) && !OF_LISTINGS.has(name));
  if (hands === 0) for (const fault of OF_RANGES) faults.arm({ fault });
  faults.armMix([...OF_LISTINGS, ...general].map(arming), { probability, seed: SEED });
}

/** Runs until all is right: with the faults, and if photos failed once more without them. */
async function expectPromise(
  bucket: FaultBucket,
  settings: MirrorSettings = {},
): Promise<{ failed: number; reasons: string }> {
  const first = await runMirror(bucket.at, settings);
  expect([0, 3], first.summary.error).toContain(first.exit);
  bucket.faults.assertAllFired();
  expectNamed(first);
  bucket.expectAllRight(first);
  const changed = bucket.changed();
  if (first.exit === 0 && !changed) return { failed: 0, reasons: "" };
  bucket.faults.clear();
  const second = await runMirror(bucket.at, settings);
  expect(second.summary.error).toBeUndefined();
  expect(second.exit).toBe(0);
  bucket.expectAllRight(second);
  const failed = first.photos.filter(({ outcome }) => outcome === "failed");
  const reasons = failed.map(({ reason }) => reason).slice(0, 5);
  return { failed: failed.length, reasons: reasons.join("\n") };
}

export async function alone(fault: FaultName, rate: Rate): Promise<void> {
  const pageSize = OF_LISTINGS.has(fault) ? KEYS_A_PAGE : Math.ceil(PHOTOS / 20);
  await using bucket = await openFaultBucket(PHOTOS, pageSize);
  armAlone(bucket.faults, fault, rate);
  const { failed, reasons } = await expectPromise(bucket, {
    ...SETTINGS[fault],
    ...(OF_RANGES.has(fault) ? { hands: 0 } : {}),
  });
  if (!BELIEVED.has(fault)) expect(failed, reasons).toBeLessThan(0.005 * PHOTOS + 1);
}

export async function together(rate: Rate, hands = 1): Promise<void> {
  await using bucket = await openFaultBucket(TOGETHER[rate], KEYS_A_PAGE);
  armTogether(bucket.faults, rate, hands);
  const { failed, reasons } = await expectPromise(bucket, { thread: true, hands, stallMs: 3000 });
  expect(failed, reasons).toBeLessThan(0.02 * TOGETHER[rate]);
}
