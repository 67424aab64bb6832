/**
 * Every entry of the fault list, alone and together, at 1 % and at 10 % of the requests that it concerns: the run
 * ends with all photos right and exit 0, or with exit 3 and each failure named, and then the next run mends it.
 * Each fault is shown to have struck. `npm test` has few photos, and so the higher rate only.
 */

import { describe, expect, test } from "vitest";
import { FAULTS, type FaultName } from "../../fixtures/s3/fault-kinds.ts";
import type { Arming, Faults } from "../../fixtures/s3/faults.ts";
import {
  expectNamed,
  type FaultBucket,
  openFaultBucket,
  PATIENCE,
  PHOTOS,
  RATES,
} from "./fault-bucket.ts";
import { type MirrorSettings, runMirror } from "./mirror-run.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const SEED = 7;
/** With which all are met though only so many requests are struck. */
const TOGETHER = { 0.01: 6000, 0.1: Math.max(PHOTOS, 700) };
const NAMES = Object.keys(FAULTS).filter((name): name is FaultName => Object.hasOwn(FAULTS, name));

/** These strike listings only: their bucket has a page for every few photos, so that there is something to strike. */
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
const OF_RANGES = new Set<FaultName>(["range-ignored", "other-range", "range-lies"]);
/** What is said of the whole bucket or account is believed when it is the first answer, and then the run ends with 4. */
const OF_ALL = new Set<FaultName>([
  "access-denied",
  "expired-token",
  "clock-skew",
  "no-such-bucket",
  "redirect",
]);
/** What is said of one photo, and is believed: the photo fails in this run. */
const BELIEVED = new Set<FaultName>(["access-denied", "not-found", "archived"]);

const KEYS_A_PAGE = 4;

function arming(fault: FaultName): Arming {
  return { fault, times: ALWAYS, seed: SEED, ...(OF_ALL.has(fault) ? { skip: 1 } : {}) };
}

/** Arms one fault, and what it needs to have requests to strike. */
function armAlone(faults: Faults, fault: FaultName, probability: number): void {
  faults.arm({ ...arming(fault), probability });
  if (OF_RANGES.has(fault)) faults.arm({ ...arming("cut-body"), probability: 0.2 });
}

/** Arms them all, of which one strikes a struck request; the few requests for ranges meet theirs first. */
function armTogether(faults: Faults, probability: number): void {
  const general = NAMES.filter((name) => !OF_RANGES.has(name) && !OF_LISTINGS.has(name));
  for (const fault of OF_RANGES) faults.arm({ fault });
  faults.armMix([...OF_LISTINGS, ...general].map(arming), { probability, seed: SEED });
}

/** Runs until all is right: with the faults, and if photos failed once more without them. */
async function expectPromise(
  bucket: FaultBucket,
  settings: MirrorSettings = {},
): Promise<{ failed: number }> {
  const first = await runMirror(bucket.at, settings);
  bucket.faults.assertAllFired();
  expectNamed(first);
  expect([0, 3], first.summary.error).toContain(first.exit);
  if (first.exit === 0) {
    bucket.expectAllRight();
    return { failed: 0 };
  }
  bucket.shelf();
  bucket.faults.clear();
  const second = await runMirror(bucket.at, settings);
  expect(second.summary.error).toBeUndefined();
  expect(second.exit).toBe(0);
  bucket.expectAllRight();
  return { failed: first.summary.outcomes.failed };
}

test.each([
  ["slow-down", true],
  ["reset", false],
] as const)(
  "requests that meet %s are made again and counted, and fewer made at once: %s",
  async (fault, fewer) => {
    await using bucket = await openFaultBucket(100, 1000);
    bucket.faults.arm({ fault, on: { op: "get" }, skip: 30, times: 5 });
    const { events, summary } = await runMirror(bucket.at);
    bucket.faults.assertAllFired();
    expect(summary).toMatchObject({ exit: 0, requests: { list: 1, get: 105, retried: 5 } });
    const halved = events.some(
      (event) => event.type === "pace" && event.reason.includes("SlowDown"),
    );
    expect(halved).toBe(fewer);
  },
);

describe.concurrent.each(RATES)("at %d", (rate) => {
  test.each(NAMES)(
    "%s alone is survived, or named and mended by the next run",
    PATIENCE,
    async (fault) => {
      const pageSize = OF_LISTINGS.has(fault) ? KEYS_A_PAGE : Math.ceil(PHOTOS / 20);
      await using bucket = await openFaultBucket(PHOTOS, pageSize);
      armAlone(bucket.faults, fault, rate);
      // A store that asks for a second each time takes minutes one after the other.
      const settings = fault === "slow-down-retry-after" ? { concurrency: 16 } : {};
      const { failed } = await expectPromise(bucket, settings);
      if (!BELIEVED.has(fault)) expect(failed).toBeLessThan(0.005 * PHOTOS + 1);
    },
  );

  test("all together are survived, or named and mended by the next run", PATIENCE, async () => {
    await using bucket = await openFaultBucket(TOGETHER[rate], KEYS_A_PAGE);
    armTogether(bucket.faults, rate);
    const { failed } = await expectPromise(bucket, { thread: true });
    expect(failed).toBeLessThan(0.02 * TOGETHER[rate]);
  });
});
