/** Check: counts and digests the bytes on their way through, once, and keeps the first of them for the date. */

import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Digests } from "../decide/verdict.ts";

export interface Inspection {
  /** The same bytes, to be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What they were; call after the last of them. */
  digests(): Digests;
  /** The first of them, at most the number asked for. */
  head(): Buffer;
}

interface Wanted {
  /** Multipart part sizes to try, in bytes. */
  readonly partSizes: readonly number[];
  readonly crc32: boolean;
  /** How many bytes of the head to keep. */
  readonly headBytes: number;
  /** Told of each chunk, in bytes. */
  readonly onBytes?: (bytes: number) => void;
}

/** Wraps a stream; a chunk is digested before it is passed on, so what was written is what was digested. */
export function inspect(bytes: AsyncIterable<Uint8Array>, wanted: Wanted): Inspection {
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  const parts = wanted.partSizes.map((size) => new PartsDigest(size));
  const head: Uint8Array[] = [];
  let missing = wanted.headBytes;
  let size = 0;
  let sum = 0;
  async function* through() {
    for await (const chunk of bytes) {
      size += chunk.length;
      wanted.onBytes?.(chunk.length);
      sha256.update(chunk);
      md5.update(chunk);
      for (const part of parts) part.update(chunk);
      if (wanted.crc32) sum = crc32(chunk, sum);
      if (missing > 0) {
        head.push(chunk.subarray(0, missing));
        missing -= Math.min(missing, chunk.length);
      }
      yield chunk;
    }
  }
  let found: Digests | null = null;
  return {
    bytes: through(),
    digests: () => {
      found ??= {
        size,
        sha256: sha256.digest("hex"),
        md5: md5.digest("hex"),
        crc32: wanted.crc32 ? crc32Base64(sum) : "",
        multipart: parts.map((part) => part.etag()),
      };
      return found;
    },
    head: () => joined(head),
  };
}

/** A small photo comes in one piece, which is not copied. */
function joined(pieces: readonly Uint8Array[]): Buffer {
  const [only, ...more] = pieces;
  if (only === undefined || more.length > 0) return Buffer.concat(pieces);
  return Buffer.from(only.buffer, only.byteOffset, only.length);
}

function crc32Base64(sum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString("base64");
}

/** The ETag that a multipart upload with parts of one size would have. */
class PartsDigest {
  readonly #size: number;
  readonly #whole = createHash("md5");
  #part: Hash = createHash("md5");
  #filled = 0;
  #parts = 0;

  constructor(size: number) {
    this.#size = size;
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(chunk.length - at, this.#size - this.#filled);
      this.#part.update(chunk.subarray(at, at + take));
      this.#filled += take;
      at += take;
      if (this.#filled === this.#size) this.#close();
    }
  }

  etag(): string {
    if (this.#filled > 0 || this.#parts === 0) this.#close();
    return `${this.#whole.digest("hex")}-${this.#parts}`;
  }

  #close(): void {
    this.#whole.update(this.#part.digest());
    this.#part = createHash("md5");
    this.#filled = 0;
    this.#parts += 1;
  }
}
