/** Reads one object to its end, going on where a connection broke. */

import { cancel } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { ObjectHead } from "../../model.ts";
import { MOST_ATTEMPTS, retrying } from "../../retry.ts";
import { type ObjectIdentity, sameness } from "../same-object.ts";

/** Which object is meant; "" and -1 where nothing is known of it yet. */
export interface Meant {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

export interface OpenedObject {
  readonly head: ObjectHead;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The object whose beginning was read; "" and -1 where nothing was. */
export type Known = ObjectIdentity;

export interface Part {
  /** As this very answer says. */
  readonly known: Known;
  /** From the offset to the end; none at the very end. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * @param openAt asks once for the rest of the object that is known, from an offset on
 * @param name of the object, for messages
 * @throws HaulError `missing`, `archived`, …, `changed` where the rest is that of another object; a break only after it
 *   was mended in vain
 */
export async function* readWhole(
  openAt: (known: Known, offset: number) => Promise<Part>,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let known: Known = { etag: "", size: -1 };
  let offset = 0;
  for (let breaks = 0; ; ) {
    const start = offset;
    try {
      const part = await retrying(() => openAt(known, offset), { signal });
      if (offset > 0 && sameness(known, part.known) === "other") {
        await cancel(part.bytes);
        throw new HaulError("changed", `${name} was overwritten while it was read`);
      }
      if (offset === 0) known = part.known;
      for await (const chunk of part.bytes) {
        offset += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof HaulError) || !error.retry || error.code === "changed") throw error;
      breaks = offset > start ? 1 : breaks + 1;
      if (breaks >= MOST_ATTEMPTS) throw error;
    }
  }
}
