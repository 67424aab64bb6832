/** What `each` and `run` promise, whatever the limit is. */

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { createLimiter, type Limiter } from "../../src/limiter.ts";

const signal = new AbortController().signal;
const paceOf = (concurrency: number): Limiter => createLimiter({ concurrency, listConcurrency: 1 });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test("does everything once, in order, and never more at once than it may", async () => {
  let underWay = 0;
  let highest = 0;
  const begun: number[] = [];
  await paceOf(4).each(
    numbers(50),
    async (n) => {
      begun.push(n);
      underWay += 1;
      highest = Math.max(highest, underWay);
      await sleep(n % 3);
      underWay -= 1;
    },
    signal,
  );
  expect(begun).toEqual(numbers(50));
  expect(highest).toBe(4);
});

test("takes items only as there is room for them, and a few ahead", async () => {
  let taken = 0;
  let done = 0;
  let farthest = 0;
  async function* items() {
    for (const n of numbers(100)) {
      taken += 1;
      farthest = Math.max(farthest, taken - done);
      yield n;
    }
  }
  await paceOf(3).each(
    items(),
    async () => {
      await sleep(0);
      done += 1;
    },
    signal,
  );
  expect(done).toBe(100);
  expect(farthest).toBeLessThanOrEqual(3 + 8 + 1);
});

describe("the first error", () => {
  test("stops it, aborts the others, waits for them, and is thrown", async () => {
    const full = new HaulError("full", "no space left");
    const begun: number[] = [];
    let ended = 0;
    const work = paceOf(4).each(
      numbers(100),
      async (n, inner) => {
        begun.push(n);
        try {
          if (n === 5) throw full;
          await sleep(20, undefined, { signal: inner });
        } finally {
          await sleep(5);
          ended += 1;
        }
      },
      signal,
    );
    await expect(work).rejects.toBe(full);
    expect(ended).toBe(begun.length);
    expect(begun.length).toBeLessThan(14);
  });

  test("may be of the items", async () => {
    const broken = new HaulError("catalogue", "cannot be read");
    const done: number[] = [];
    async function* items() {
      yield* numbers(3);
      throw broken;
    }
    const work = paceOf(2).each(items(), async (n) => void done.push(n), signal);
    await expect(work).rejects.toBe(broken);
    expect(done).toEqual([0, 1, 2]);
  });

  test("closes the items", async () => {
    let closed = false;
    function* items() {
      try {
        for (;;) yield 0;
      } finally {
        closed = true;
      }
    }
    const work = paceOf(2).each(
      items(),
      async () => {
        await sleep(1);
        throw new HaulError("full", "no space left");
      },
      signal,
    );
    await expect(work).rejects.toMatchObject({ code: "full" });
    expect(closed).toBe(true);
  });
});

describe("interrupted", () => {
  test("takes nothing more, and waits for what is under way", async () => {
    const stop = new AbortController();
    let ended = 0;
    let begun = 0;
    const work = paceOf(4).each(
      numbers(100),
      async (n) => {
        begun += 1;
        if (n === 7) stop.abort();
        await sleep(5);
        ended += 1;
      },
      stop.signal,
    );
    await expect(work).rejects.toMatchObject({ code: "interrupted" });
    expect(ended).toBe(begun);
    expect(begun).toBeLessThanOrEqual(12);
  });

  test("before it began, does nothing", async () => {
    const work = paceOf(2).each(
      numbers(3),
      async () => {
        throw new Error("not to be called");
      },
      AbortSignal.abort(),
    );
    await expect(work).rejects.toMatchObject({ code: "interrupted" });
  });
});

test("run hands through what the work returns or throws", async () => {
  const { listing } = paceOf(1);
  expect(await listing.run(async () => 7, signal)).toBe(7);
  const error = new TypeError("a bug");
  await expect(listing.run(() => Promise.reject(error), signal)).rejects.toBe(error);
  await expect(listing.run(async () => 7, AbortSignal.abort())).rejects.toMatchObject({
    code: "interrupted",
  });
});
