/** The directories that EXIF, TIFF and maker notes are made of (TIFF 6.0, section 2), in either byte order. */

const ASCII_TYPE = 2;
export const LONG_TYPE = 4;
const RATIONAL_TYPE = 5;
/** More entries than any camera writes into a directory. */
const MOST_ENTRIES = 300;
/** No date, make or model is longer; a tag of 60 kB is cut, not copied about. */
export const LONGEST_TEXT = 200;

/** What an EXIF block in a JPEG begins with, and the tags under which its parts lie (EXIF 2.32, 4.6.3). */
export const EXIF_MARK = "Exif\0\0";
export const EXIF_POINTER = 0x8769;
export const MAKER_NOTE = 0x927c;

/** Thrown where a structure is not whole, or not as cameras write it: this photo is for another reader. */
export class NotPlain extends Error {}

/** Throws NotPlain, or RangeError for what lies outside. */
export class Tiff {
  readonly #bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const order = bytes.toString("latin1", 0, 2);
    if (order !== "II" && order !== "MM") throw new NotPlain();
    this.#little = order === "II";
    if (this.short(2) !== 42) throw new NotPlain();
  }

  octet(at: number): number {
    return this.#bytes.readUInt8(at);
  }

  short(at: number): number {
    return this.#little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  long(at: number): number {
    return this.#little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  /** Calls back with tag, type, count and the place of the value of each entry. */
  each(directory: number, entry: (tag: number, type: number, count: number, at: number) => void) {
    const entries = this.short(directory);
    if (entries > MOST_ENTRIES) throw new NotPlain();
    for (let at = directory + 2; at < directory + 2 + entries * 12; at += 12) {
      entry(this.short(at), this.short(at + 2), this.long(at + 4), at + 8);
    }
  }

  /** The text of an entry, without the NULs behind it. */
  text(type: number, count: number, at: number): string {
    if (type !== ASCII_TYPE || count > LONGEST_TEXT) throw new NotPlain();
    const start = count <= 4 ? at : this.long(at);
    if (start + count > this.#bytes.length) throw new NotPlain();
    const text = this.#bytes.toString("latin1", start, start + count);
    if (!/^[\x20-\x7e]*\0*$/.test(text)) throw new NotPlain();
    return text.replace(/\0+$/, "");
  }

  rationals(type: number, count: number, at: number): number[] {
    if (type !== RATIONAL_TYPE || count !== 3) throw new NotPlain();
    const start = this.long(at);
    return [0, 8, 16].map((step) => {
      const below = this.long(start + step + 4);
      if (below === 0) throw new NotPlain();
      return this.long(start + step) / below;
    });
  }
}
