import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { untilAborted } from "../../src/cancel.ts";

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
  await expect(all(untilAborted(numbers(seen), AbortSignal.abort()))).rejects.toThrow("interrupted");
  const abort = new AbortController();
  const stream = untilAborted(numbers(seen), abort.signal);
  expect((await stream.next()).value).toBe(1);
  abort.abort();
  await expect(stream.next()).rejects.toMatchObject({ code: "interrupted" });
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

test("what the reader has done with is let go of, however long the stream", async () => {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new TypeError("no garbage collector to call");
  const pieces: WeakRef<object>[] = [];
  const stream = async function* (): AsyncGenerator<object> {
    for (let at = 0; at < 10; at += 1) {
      const piece = { at };
      pieces.push(new WeakRef(piece));
      yield piece;
    }
  };
  const reading = untilAborted(stream(), new AbortController().signal);
  for (let at = 0; at < 10; at += 1) await reading.next();
  await setImmediate();
  collect();
  const held = pieces.slice(0, 8).filter((piece) => piece.deref() !== undefined);
  expect(held).toEqual([]);
});
