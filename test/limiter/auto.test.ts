/** What "auto" finds, in stores and on lines that are made of arithmetic. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { createLimiter, type LimiterChange } from "../../src/limiter.ts";
import { VirtualClock } from "./virtual-clock.ts";

const signal = new AbortController().signal;

interface World {
  /** Milliseconds until an answer begins. */
  readonly latency: number;
  /** Milliseconds that one piece after the other takes: of this computer, or of the line. */
  readonly each: number;
  /** How many requests the store takes at once before it says SlowDown; no end when absent. */
  readonly most?: number;
  /** One request in so many breaks; none when absent. */
  readonly loses?: number;
  /** Again and again this computer is busy with something else, as a drive or its own memory: so many milliseconds. */
  readonly busy?: { readonly every: number; readonly ms: number; readonly first: number };
}

/** Fetches so many pieces. @returns pieces a second over the second half, and every decision */
async function fetchIn(world: World, concurrency: number | "auto", pieces: number) {
  const clock = new VirtualClock();
  const changes: LimiterChange[] = [];
  const limiter = createLimiter({
    concurrency,
    listConcurrency: 1,
    now: clock.now,
    emit: (change) => changes.push(change),
  });
  let underWay = 0;
  let free = 0;
  let half = 0;
  let highest = 0;
  let busyAt = world.busy?.first ?? Number.POSITIVE_INFINITY;
  let asked = 0;
  const once = async () => {
    asked += 1;
    const lost = asked % (world.loses ?? Number.POSITIVE_INFINITY) === 0;
    underWay += 1;
    highest = Math.max(highest, underWay);
    await clock.sleep(world.latency);
    const crowded = underWay > (world.most ?? Number.POSITIVE_INFINITY);
    underWay -= 1;
    if (!crowded && !lost) return true;
    const error = new HaulError(lost ? "broken" : "throttled", lost ? "reset" : "SlowDown");
    limiter.failed(error);
    await clock.sleep(100);
    return false;
  };
  const piece = async (item: number) => {
    while (!(await once()));
    free = Math.max(free, clock.now());
    for (; free >= busyAt; busyAt += world.busy?.every ?? 0) free += world.busy?.ms ?? 0;
    free += world.each;
    await clock.sleep(free - clock.now());
    limiter.moved(45_000);
    if (item === pieces / 2) half = clock.now();
  };
  await clock.until(
    limiter.each(
      Array.from({ length: pieces }, (_, n) => n),
      piece,
      signal,
    ),
  );
  const rate = (pieces / 2 / (clock.now() - half)) * 1000;
  return { rate, seconds: clock.now() / 1000, changes, highest, limit: limiter.fetching.limit };
}

describe("auto", () => {
  test.each<[string, World]>([
    ["50 ms to the first byte, 2,500 a second at most", { latency: 50, each: 0.4 }],
    ["50 ms, 1,000 a second", { latency: 50, each: 1 }],
    ["20 ms, 2,000 a second", { latency: 20, each: 0.5 }],
    ["200 ms, far from what this computer can do", { latency: 200, each: 0.1 }],
    ["no latency", { latency: 0.5, each: 0.5 }],
  ])("comes within a tenth of the best fixed number: %s", async (_, world) => {
    const auto = await fetchIn(world, "auto", 8000);
    const fixed = await Promise.all([4, 16, 32, 64, 128].map((n) => fetchIn(world, n, 2000)));
    expect(auto.rate).toBeGreaterThan(0.9 * Math.max(...fixed.map(({ rate }) => rate)));
  });

  test("a computer that is busy now and then is not taken for one that can do no more", async () => {
    const world = (first: number) => ({
      latency: 50,
      each: 0.7,
      busy: { every: 900, ms: 200, first },
    });
    const fixed = await Promise.all([32, 64, 128].map((n) => fetchIn(world(0), n, 4000)));
    const best = Math.max(...fixed.map(({ rate }) => rate));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2000 }), async (first) => {
        expect((await fetchIn(world(first), "auto", 12_000)).rate).toBeGreaterThan(0.9 * best);
      }),
      { numRuns: 12 },
    );
  });

  test("gets there within seconds, and says how", async () => {
    const { changes, seconds } = await fetchIn({ latency: 50, each: 0.1 }, "auto", 8000);
    expect(changes.slice(0, 3).map(({ limit }) => limit)).toEqual([32, 64, 128]);
    expect(changes[0]).toEqual({
      type: "pace",
      work: "fetching",
      limit: 32,
      reason: "trying whether more at once gains something",
    });
    expect(seconds).toBeLessThan(1.15 * 8000 * (0.05 / 128) + 1);
  });

  test("does not rise where more at once gains nothing", async () => {
    const { highest } = await fetchIn({ latency: 1, each: 1 }, "auto", 4000);
    expect(highest).toBeLessThanOrEqual(32);
  });

  test("keeps to what a store allows, and near it", async () => {
    const world = { latency: 50, each: 0.1, most: 40 };
    const { rate, changes, limit } = await fetchIn(world, "auto", 20_000);
    const complaints = changes.filter(({ reason }) => reason === "SlowDown");
    expect(complaints.length).toBeGreaterThan(0);
    expect(limit).toBeLessThanOrEqual(50);
    expect(rate).toBeGreaterThan(0.6 * (40 / 0.05));
  });

  test("halves both lanes once for a burst of complaints, and not below one", async () => {
    const clock = new VirtualClock();
    const limiter = createLimiter({ concurrency: "auto", listConcurrency: "auto", now: clock.now });
    const slow = new HaulError("throttled", "SlowDown", { retry: true });
    const limits = () => [limiter.listing.limit, limiter.fetching.limit];
    for (let n = 0; n < 20; n += 1) limiter.failed(slow);
    expect(limits()).toEqual([16, 8]);
    for (const fetching of [4, 2, 1, 1]) {
      await clock.until(clock.sleep(1001));
      limiter.failed(slow);
      expect(limiter.fetching.limit).toBe(fetching);
    }
    expect(limiter.listing.limit).toBe(1);
  });

  test.each(["broken", "unreachable", "server"] as const)(
    "takes one request that is %s for an accident, and many for too much",
    async (trouble) => {
      const limiter = createLimiter({ concurrency: "auto", listConcurrency: "auto", now: () => 0 });
      const broken = new HaulError(trouble, "reset", { retry: true });
      await limiter.fetching.run(async () => {
        for (let n = 0; n < 5; n += 1) limiter.failed(broken);
        limiter.failed(new HaulError("missing", "gone"));
        expect(limiter.fetching.limit).toBe(16);
        limiter.failed(broken);
        expect(limiter.fetching.limit).toBe(8);
        expect(limiter.listing.limit).toBe(32);
      }, signal);
    },
  );

  test("does not take a line that loses one request in ten for one that has too many", async () => {
    const world = { latency: 50, each: 0.1, loses: 10 };
    const { rate, limit } = await fetchIn(world, "auto", 20_000);
    expect(limit).toBeGreaterThan(32);
    expect(rate).toBeGreaterThan(0.5 * (128 / 0.05));
  });
});

test("a number that the user named is kept, whatever happens", async () => {
  const world = { latency: 50, each: 0.1, most: 5 };
  const { highest, changes } = await fetchIn(world, 8, 500);
  expect(highest).toBe(8);
  expect(changes).toEqual([]);
});
