/** Reads one object to its end, going on where a connection broke. */

import { HaulError } from "../errors.ts";
import { ATTEMPTS, retrying } from "../retry.ts";

/** The object whose beginning was read; "" and -1 where nothing was. */
export interface Known {
  readonly etag: string;
  readonly size: number;
}

export interface Part {
  readonly known: Known;
  /** From the offset to the end; none at the very end. */
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * @param openAt asks once for the rest of the object that is known, from an offset on
 * @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain
 */
export async function* readWhole(
  openAt: (known: Known, offset: number) => Promise<Part>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let known: Known = { etag: "", size: -1 };
  let offset = 0;
  for (let breaks = 0; ; ) {
    const start = offset;
    try {
      const part = await retrying(() => openAt(known, offset), { signal });
      known = part.known;
      for await (const chunk of part.bytes) {
        offset += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof HaulError) || !error.retry) throw error;
      breaks = offset > start ? 1 : breaks + 1;
      if (breaks >= ATTEMPTS) throw error;
    }
  }
}
