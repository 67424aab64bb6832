import { HaulError } from "../../errors.ts";

/**
 * Passes a stream on until the signal aborts, even when the stream then never says anything again.
 * @throws HaulError `interrupted`; whatever the stream throws, unchanged
 */
export async function* untilAborted<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new HaulError("interrupted", "interrupted"));
  aborted.catch(() => undefined);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await Promise.race([aborted, iterator.next()]);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
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
