/**
 * Streams and work that end before their end: when nobody reads on, or a signal aborts. `finally` in a generator that never
 * began is not reached.
 */

import { HaulError } from "./errors.ts";

/**
 * The same pieces, to be read once.
 * @param close lets go of what the generator holds; called where the reader leaves, before `finally` if that is reached
 */
export function closedBy<T>(
  reading: AsyncGenerator<T, undefined>,
  close: () => Promise<void> | void,
): AsyncIterable<T> {
  const iterator: AsyncIterator<T> = {
    next: () => reading.next(),
    async return() {
      await close();
      return reading.return(undefined);
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Closes a stream of which nothing, or not all, is wanted. */
export async function cancel(stream: AsyncIterable<unknown>): Promise<void> {
  await stream[Symbol.asyncIterator]().return?.();
}

/** @throws HaulError `interrupted`, with these words, once the signal has aborted */
export function stopIf(signal: AbortSignal, says = "interrupted"): void {
  if (signal.aborted) throw new HaulError("interrupted", says);
}

/**
 * Passes a stream on until the signal aborts, even when the stream then never says anything again.
 * @throws HaulError `interrupted`; whatever the stream throws, unchanged
 */
export async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  let interrupt: () => void = () => undefined;
  const stop = (): void => interrupt();
  // Not Promise.race with one promise of the abort: that would keep every piece in memory to the end.
  const next = (): Promise<IteratorResult<T>> =>
    new Promise((resolve, reject) => {
      interrupt = () => reject(new HaulError("interrupted", "interrupted"));
      iterator.next().then(resolve, reject);
      if (signal.aborted) interrupt();
    });
  signal.addEventListener("abort", stop, { once: true });
  let ended = false;
  try {
    for (;;) {
      const piece = await next();
      if (piece.done === true) {
        ended = true;
        return;
      }
      yield piece.value;
    }
  } catch (error) {
    ended = !signal.aborted;
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    // Not waited for: a generator that hangs in next() would never answer.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/**
 * What a promise comes to, unless the signal aborts first; others may go on waiting for the same promise.
 * @throws HaulError `interrupted`; whatever the promise is rejected with
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new HaulError("interrupted", "interrupted"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
