import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { inParallel } from "../../src/in-parallel.ts";

test("does everything, never more at once than asked", async () => {
  let now = 0;
  let most = 0;
  const done: number[] = [];
  await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    now += 1;
    most = Math.max(most, now);
    await wait(item);
    now -= 1;
    done.push(item);
  });
  expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(done).toHaveLength(5);
  expect(most).toBe(2);
});

test("after an error begins nothing more, and waits for what it began", async () => {
  const ended: number[] = [];
  const work = inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    await wait(item * 10);
    if (item === 1) throw new Error("first");
    ended.push(item);
  });
  await expect(work).rejects.toThrow("first");
  expect(ended).toEqual([2]);
});
