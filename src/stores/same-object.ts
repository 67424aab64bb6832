/** Whether an answer that goes on where another broke is of the same object: a store may not heed If-Match, or forget it. */

import { cancel, closedBy } from "../cancel.ts";
import { HaulError } from "../errors.ts";

/** What an answer says of its object; "" and -1 where it says nothing. */
export interface ObjectIdentity {
  readonly etag: string;
  /** Of the whole object, in bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly modified?: string;
  /** Of the object, in a bucket that keeps several. */
  readonly version?: string | undefined;
}

/** `unknown`: nothing tells them apart, and nothing says that they are one. */
export type Sameness = "same" | "other" | "unknown";

/**
 * Two answers that differ in ETag, version or whole size are of two objects, and so they count where only one of them has an
 * ETag. An equal ETag or version says that they are of one; an equal time of the last write does not: two writes may share
 * a second.
 */
export function sameness(known: ObjectIdentity, now: ObjectIdentity): Sameness {
  if (known.size >= 0 && now.size >= 0 && known.size !== now.size) return "other";
  const [version = "", versionNow = ""] = [known.version, now.version];
  if (version !== "" && versionNow !== "" && version !== versionNow) return "other";
  if (known.etag !== "" || now.etag !== "") return known.etag === now.etag ? "same" : "other";
  if (version !== versionNow) return "other";
  const [before = "", after = ""] = [known.modified, now.modified];
  if (before !== "" && after !== "" && before !== after) return "other";
  return version === "" ? "unknown" : "same";
}

/** Bytes that are asked for again where a body goes on: other bytes with the right headers show there. */
const OVERLAP = 4096;

/** The last bytes of an object that came, which have to come again, and first, where it goes on. */
export class LastBytes {
  #bytes = Buffer.alloc(0);

  get length(): number {
    return this.#bytes.length;
  }

  /** Takes a copy. */
  note(chunk: Uint8Array): void {
    const last = Buffer.from(chunk.subarray(-OVERLAP));
    this.#bytes = last.length === OVERLAP ? last : Buffer.concat([this.#bytes, last]).subarray(-OVERLAP);
  }

  /**
   * What follows them.
   * @param name of the object, for messages
   * @throws HaulError `changed`, with `retry`, where other bytes come; whatever the bytes throw
   */
  followedBy(bytes: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
    if (this.length === 0) return bytes;
    return closedBy(restOf(this.#bytes, bytes, name), () => cancel(bytes));
  }
}

async function* restOf(
  known: Buffer,
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  let at = 0;
  for await (const chunk of bytes) {
    const again = chunk.subarray(0, known.length - at);
    if (!known.subarray(at, at + again.length).equals(again)) {
      const says = `${name}: the connection broke, and what came after it does not go on where it broke`;
      throw new HaulError("changed", says, { retry: true });
    }
    at += again.length;
    if (again.length < chunk.length) yield again.length === 0 ? chunk : chunk.subarray(again.length);
  }
}
