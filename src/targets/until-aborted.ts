/** Work that ends when a signal aborts. */

import { HaulError } from "../errors.ts";

/** @throws HaulError `interrupted` once the signal has aborted */
export function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted");
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
