/** What is sent with a request, and what a store answers to a write. */

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

export interface RequestBody {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex; stores that are told refuse anything else. */
  readonly sha256: string;
  /** The same bytes each time: a request may be sent more than once. */
  open(): Uint8Array | Readable;
}

/** What the store answered: the ETag it gave, and whether that is no digest of the bytes; or that the name is taken. */
export type Put = { readonly etag: string; readonly opaque: boolean } | "taken";

/** Makes one request again where that may help. */
export type Again = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Bytes in memory, as a body. */
export function bodyOfBytes(bytes: Uint8Array, sha256: string): RequestBody {
  return { size: bytes.length, sha256, open: () => bytes };
}

/** A local file that nothing writes to any more, as a body. */
export function bodyOfFile(file: string, size: number, sha256: string): RequestBody {
  return { size, sha256, open: () => createReadStream(file, { highWaterMark: 256 * 1024 }) };
}
