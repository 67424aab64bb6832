/** Digests of services that have one of their own: what they say of a file's bytes can be held against what came. */

import { createHash } from "node:crypto";
import { MIB } from "../measures.ts";

const BLOCK = 4 * MIB;

/** Of Dropbox: the SHA-256 of the SHA-256 of each 4 MiB (dropbox.com/developers/reference/content-hash). */
export class DropboxDigest {
  readonly #whole = createHash("sha256");
  #block = createHash("sha256");
  #filled = 0;

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(BLOCK - this.#filled, chunk.length - at);
      this.#block.update(chunk.subarray(at, at + take));
      at += take;
      this.#filled += take;
      if (this.#filled === BLOCK) this.#close();
    }
  }

  digest(): Buffer {
    if (this.#filled > 0) this.#close();
    return this.#whole.digest();
  }

  #close(): void {
    this.#whole.update(this.#block.digest());
    this.#block = createHash("sha256");
    this.#filled = 0;
  }
}

const BITS = 160;

/**
 * QuickXorHash, of OneDrive and SharePoint: each byte is xored into 160 bits, each 11 further than the last, and the length
 * into the end (learn.microsoft.com, "Code Snippets: QuickXorHash Algorithm").
 */
export class QuickXorDigest {
  /** One byte more for what reaches over the end. */
  readonly #cells = new Uint8Array(BITS / 8 + 1);
  #bit = 0;
  #size = 0;

  update(chunk: Uint8Array): void {
    const cells = this.#cells;
    let bit = this.#bit;
    for (let at = 0; at < chunk.length; at += 1) {
      const word = (chunk[at] ?? 0) << (bit & 7);
      const cell = bit >> 3;
      cells[cell] = (cells[cell] ?? 0) ^ (word & 0xff);
      cells[cell + 1] = (cells[cell + 1] ?? 0) ^ (word >> 8);
      bit += 11;
      if (bit >= BITS) bit -= BITS;
    }
    this.#bit = bit;
    this.#size += chunk.length;
  }

  digest(): Buffer {
    const out = Buffer.from(this.#cells.subarray(0, BITS / 8));
    out[0] = (out[0] ?? 0) ^ (this.#cells[BITS / 8] ?? 0);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(this.#size));
    for (const [at, byte] of size.entries()) out[BITS / 8 - 8 + at] = (out[BITS / 8 - 8 + at] ?? 0) ^ byte;
    return out;
  }
}
