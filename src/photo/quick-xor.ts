/** The digest of a service that has one of its own: what it says of a file's bytes can be held against what came. */

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
