/** Streams that let go of what they hold also where nobody reads them: `finally` in a generator that never began is not reached. */

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
