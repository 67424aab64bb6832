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

/** An object to be written in one request. */
export interface SmallPut {
  readonly key: string;
  readonly body: RequestBody;
  /** Lower-case hex; the store is told, and refuses other bytes. */
  readonly md5: string;
  /** Content-Type, metadata, … */
  readonly headers: Readonly<Record<string, string>>;
  /** True to write only where nothing lies yet (`If-None-Match: *`). */
  readonly onlyNew: boolean;
}

/** An upload in parts that was begun, as it is written down. */
export interface Begun {
  /** The whole key. */
  readonly key: string;
  /** What the store, or we, know its parts by; "" where the store was asked for one and its answer is awaited. */
  readonly id: string;
  /** Of such a one: since when it was asked, ISO 8601, and how often at most. */
  readonly lost?: { readonly since: string; readonly most: number } | undefined;
}

/** A large object to be written in parts. */
export interface FileWriting extends Omit<SmallPut, "body" | "md5"> {
  /** A local file that nothing writes to any more. The headers are those of the object; its parts need none. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Asked before the object is made, which may be long after it was begun; for stores that know no onlyNew. */
  readonly isTaken?: () => Promise<boolean>;
  /** Told of the upload before its first part is sent, and when nothing of it is left. */
  readonly journal?: {
    begun(upload: Begun): Promise<void>;
    ended(upload: Begun): Promise<void>;
  };
}

/** Bytes in memory, or a local file that nothing writes to any more, as a body. */
export function bodyOf(bytes: Uint8Array | { readonly file: string }, size: number, sha256: string): RequestBody {
  if (bytes instanceof Uint8Array) return { size, sha256, open: () => bytes };
  const { file } = bytes;
  const open = () => {
    const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
    // Where nobody answers the request is over before the file is open, and the file may be gone then: nobody listens any more.
    stream.on("error", () => undefined);
    return stream;
  };
  return { size, sha256, open };
}
