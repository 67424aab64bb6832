import { describe, expect, test } from "vitest";
import { HaulError } from "../src/errors.ts";
import { type Chance, retrying } from "../src/retry.ts";

const signal = new AbortController().signal;
const again = (afterMs?: number) =>
  new HaulError("server", "hiccup", { retry: true, ...(afterMs === undefined ? {} : { afterMs }) });

/** A clock that does not wait and dice that always fall the same. */
function chance(random: number) {
  const waits: number[] = [];
  const dice: Chance = {
    random: () => random,
    wait: async (ms) => {
      waits.push(ms);
    },
  };
  return { waits, dice };
}

/** Fails so often, then succeeds with the number of the attempt. */
const failing = (times: number, error: unknown) => (attempt: number) => {
  if (attempt <= times) throw error;
  return attempt;
};

test("asks again until it succeeds, and tells of each failure before the wait", async () => {
  const { waits, dice } = chance(0.5);
  const told: number[] = [];
  const onRetry = (_: HaulError, ms: number) => told.push(ms);
  expect(await retrying(failing(4, again()), { signal, chance: dice, onRetry })).toBe(5);
  expect(waits).toEqual([100, 200, 400, 800]);
  expect(told).toEqual(waits);
});

test("gives up after five attempts, or as many as it is told, with the last error", async () => {
  const { waits, dice } = chance(0);
  const error = again();
  await expect(retrying(failing(5, error), { signal, chance: dice })).rejects.toBe(error);
  expect(waits).toHaveLength(4);
  await expect(retrying(failing(1, error), { signal, attempts: 1 })).rejects.toBe(error);
});

test("never waits longer than 20 s by itself", async () => {
  const { waits, dice } = chance(0.999_999);
  await retrying(failing(11, again()), { signal, chance: dice, attempts: 12 });
  expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
  expect(waits.at(-1)).toBeGreaterThan(19_999);
});

describe("Retry-After", () => {
  test("is the least that is waited", async () => {
    const { waits, dice } = chance(0.5);
    await retrying(failing(2, again(3000)), { signal, chance: dice });
    expect(waits).toEqual([3100, 3200]);
  });

  test("of more than five minutes is not waited for", async () => {
    const { waits, dice } = chance(0);
    const error = again(3_600_000);
    await expect(retrying(failing(1, error), { signal, chance: dice })).rejects.toBe(error);
    expect(waits).toEqual([]);
  });
});

test.each([
  ["an error that would come again", new HaulError("missing", "gone")],
  ["an error of another kind", new TypeError("a bug")],
])("does not repeat %s", async (_, error) => {
  let attempts = 0;
  const work = () => {
    attempts += 1;
    throw error;
  };
  await expect(retrying(work, { signal })).rejects.toBe(error);
  expect(attempts).toBe(1);
});

describe("interrupted", () => {
  test("before the first attempt", async () => {
    const work = () => {
      throw new Error("not to be called");
    };
    const aborted = AbortSignal.abort();
    await expect(retrying(work, { signal: aborted })).rejects.toMatchObject({
      code: "interrupted",
    });
  });

  test("while waiting, at once", async () => {
    const stop = new AbortController();
    const onRetry = () => stop.abort();
    const work = retrying(failing(1, again(60_000)), { signal: stop.signal, onRetry });
    await expect(work).rejects.toMatchObject({ code: "interrupted", retry: false });
  });
});
