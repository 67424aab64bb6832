/** The digests of one object, taken while its bytes pass. */

import { createHash, type Hash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { FullDigests } from "../model.ts";

/** Bytes that go to the thread that digests at once. */
export const SLAB = 1024 * 1024;

/** Which digests are wanted besides SHA-256 and MD5. */
export interface Wanted {
  /** Multipart part sizes to try, in bytes. */
  readonly partSizes: readonly number[];
  readonly crc32: boolean;
}

/** Of bytes that came all at once: a fifth of the time that it takes to begin, fill and end a digest (small photos). */
export function digestsOf(bytes: Uint8Array, wanted: Wanted, md5 = hash("md5", bytes)): FullDigests {
  const multipart = wanted.partSizes.map((size) => {
    const parts = new PartsDigest(size);
    parts.update(bytes);
    return parts.etag();
  });
  return {
    size: bytes.length,
    sha256: hash("sha256", bytes),
    md5,
    crc32: wanted.crc32 ? crc32Base64(crc32(bytes)) : "",
    multipart,
  };
}

export class Sums {
  readonly #sha256 = createHash("sha256");
  /** Null where MD5 is digested elsewhere. */
  readonly #md5: Hash | null;
  readonly #parts: readonly PartsDigest[];
  readonly #crc32: boolean;
  #size = 0;
  #crc = 0;

  /** @param md5 false where that is digested elsewhere, and told in the end */
  constructor(wanted: Wanted, md5 = true) {
    this.#md5 = md5 ? createHash("md5") : null;
    this.#parts = wanted.partSizes.map((size) => new PartsDigest(size));
    this.#crc32 = wanted.crc32;
  }

  update(chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#sha256.update(chunk);
    this.#md5?.update(chunk);
    for (const part of this.#parts) part.update(chunk);
    if (this.#crc32) this.#crc = crc32(chunk, this.#crc);
  }

  /** To be called once, after the last byte. */
  result(md5 = this.#md5?.digest("hex") ?? ""): FullDigests {
    return {
      size: this.#size,
      sha256: this.#sha256.digest("hex"),
      md5,
      crc32: this.#crc32 ? crc32Base64(this.#crc) : "",
      multipart: this.#parts.map((part) => part.etag()),
    };
  }
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
