import { expect, test } from "vitest";
import { untilAborted } from "../../../src/targets/folder/until-aborted.ts";

async function* numbers(seen: string[]): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    seen.push("closed");
  }
}

async function all(stream: AsyncIterable<number>): Promise<number[]> {
  const found: number[] = [];
  for await (const item of stream) found.push(item);
  return found;
}

test("passes a stream on, and closes it when the reader leaves", async () => {
  const seen: string[] = [];
  const { signal } = new AbortController();
  expect(await all(untilAborted(numbers(seen), signal))).toEqual([1, 2]);
  expect(seen).toEqual(["closed"]);
  for await (const item of untilAborted(numbers(seen), signal)) {
    expect(item).toBe(1);
    break;
  }
  expect(seen).toEqual(["closed", "closed"]);
});

test("an abort before or between items ends it, and closes it", async () => {
  const seen: string[] = [];
  await expect(all(untilAborted(numbers(seen), AbortSignal.abort()))).rejects.toThrow(
    "interrupted",
  );
  const abort = new AbortController();
  const stream = untilAborted(numbers(seen), abort.signal);
  expect((await stream.next()).value).toBe(1);
  abort.abort();
  await expect(stream.next()).rejects.toMatchObject({ trouble: "interrupted" });
  await expect.poll(() => seen).toEqual(["closed", "closed"]);
});

test("an error of the stream comes through as it is", async () => {
  const failure = new Error("reset");
  const failing = async function* (): AsyncGenerator<number> {
    yield 1;
    throw failure;
  };
  const { signal } = new AbortController();
  await expect(all(untilAborted(failing(), signal))).rejects.toBe(failure);
});
