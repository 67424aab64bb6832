import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBandwidth, type RateAt } from "../../src/bandwidth.ts";
import { VirtualClock } from "./virtual-clock.ts";

const { signal } = new AbortController();

/** Streams of chunks, all at once. @returns when each chunk came, in order */
async function pass(rateAt: RateAt | null, streams: readonly (readonly number[])[]) {
  const clock = new VirtualClock();
  const came: { at: number; bytes: number }[] = [];
  const bandwidth = createBandwidth(rateAt, clock.now, (ms) => clock.sleep(ms));
  const one = async (sizes: readonly number[]) => {
    async function* source() {
      for (const size of sizes) yield new Uint8Array(size);
    }
    for await (const chunk of bandwidth.slow(source(), signal)) came.push({ at: clock.now(), bytes: chunk.length });
  };
  await clock.until(Promise.all(streams.map(one)));
  return came;
}
const bytesUntil = (came: readonly { at: number; bytes: number }[], at: number) =>
  came.filter((one) => one.at <= at).reduce((sum, { bytes }) => sum + bytes, 0);

describe("the budget", () => {
  test("no limit waits for nothing", async () => {
    expect((await pass(null, [[1000, 1000]])).map(({ at }) => at)).toEqual([0, 0]);
    expect((await pass(() => null, [[1000, 1000]])).map(({ at }) => at)).toEqual([0, 0]);
  });

  test("all streams share it", async () => {
    const came = await pass(() => 1000, [Array(10).fill(500), Array(10).fill(500)]);
    expect(came.at(-1)?.at).toBe(10_000);
  });

  test("over any stretch of time no more passes than the rate times it, and a second's worth", async () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 100, max: 3000 }), async (streams, rate) => {
        const came = await pass(() => rate, streams);
        for (const from of came) {
          for (const to of came.filter(({ at }) => at >= from.at)) {
            const passed = came.filter(({ at }) => at >= from.at && at <= to.at);
            const bytes = passed.reduce((sum, one) => sum + one.bytes, 0);
            // The chunk that ends the stretch was waited for before it.
            expect(bytes - from.bytes).toBeLessThanOrEqual(Math.ceil(((to.at - from.at) / 1000) * rate + rate + 1));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a rate that changes holds within a second, also for streams that wait", async () => {
    const rates: RateAt = (now) => (now < 5000 ? 100 : now < 8000 ? 10_000 : null);
    const came = await pass(rates, [Array(600).fill(100)]);
    expect(bytesUntil(came, 4999)).toBeLessThanOrEqual(600);
    expect(bytesUntil(came, 7000)).toBeGreaterThan(9_000);
    expect(bytesUntil(came, 7999)).toBeLessThanOrEqual(600 + 30_000 + 10_000);
    expect(came.at(-1)?.at).toBeLessThanOrEqual(9000);
    // One that waits for an hour at the old rate is let go by the new one.
    const long = await pass((now) => (now < 2500 ? 1 : null), [[100, 3600]]);
    expect(long.at(-1)?.at).toBeLessThanOrEqual(3500);
  });

  test("a clock that is set back makes nobody wait for it to catch up", async () => {
    const times = [0, 10_000, 0, 0, 1000, 2000, 3000];
    let asked = 0;
    const bandwidth = createBandwidth(
      () => 1000,
      () => times[Math.min(asked++, times.length - 1)] ?? 0,
      () => Promise.resolve(),
    );
    async function* source() {
      yield new Uint8Array(1500);
    }
    for await (const chunk of bandwidth.slow(source(), signal)) expect(chunk.length).toBe(1500);
    expect(asked).toBeLessThanOrEqual(times.length);
  });

  test("an interruption ends the waiting", async () => {
    const stop = new AbortController();
    const bandwidth = createBandwidth(() => 1, Date.now);
    async function* source() {
      yield new Uint8Array(1000);
    }
    const reading = (async () => {
      for await (const chunk of bandwidth.slow(source(), stop.signal)) expect(chunk).toBeUndefined();
    })();
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: "interrupted" });
  });
});
