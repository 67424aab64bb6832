/** Tee: one stream for several readers, which go on together; one that stops early is not waited for. */

export interface Branch {
  /** The same bytes, to be read once. A chunk is good until the next is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The reader has stopped, or never begun. Safe to call twice, and after the end. */
  leave(): void;
}

export interface Tee {
  readonly branches: readonly Branch[];
  /** True when the stream itself failed: every reader was thrown that same error. */
  failedWith(error: unknown): boolean;
}

/** @param readers how many; the stream is read at the pace of the slowest, and closed when all have left */
export function tee(bytes: AsyncIterable<Uint8Array>, readers: number): Tee {
  const iterator = bytes[Symbol.asyncIterator]();
  let turn = Promise.withResolvers<IteratorResult<Uint8Array>>();
  let asking = 0;
  let left = 0;
  let failure: { readonly error: unknown } | null = null;

  /** Goes on when every reader that is still there has asked. */
  const advance = () => {
    if (left === readers) void Promise.resolve(iterator.return?.()).catch(() => undefined);
    else if (asking === readers - left) {
      const now = turn;
      asking = 0;
      turn = Promise.withResolvers();
      iterator.next().then(now.resolve, (error: unknown) => {
        failure = { error };
        now.reject(error);
      });
    }
  };
  const branch = (): Branch => {
    let gone = false;
    const leave = () => {
      if (gone) return;
      gone = true;
      left += 1;
      advance();
    };
    async function* read() {
      for (;;) {
        asking += 1;
        const mine = turn.promise;
        advance();
        const next = await mine;
        if (next.done === true) return;
        yield next.value;
      }
    }
    return { bytes: read(), leave };
  };
  return {
    branches: Array.from({ length: readers }, branch),
    failedWith: (error) => failure !== null && failure.error === error,
  };
}
