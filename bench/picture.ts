/**
 * Bodies that look like photos to every reader of dates and cost the server nothing: a JPEG whose EXIF
 * date is one of a few, whose middle all share and whose last bytes are its own. So the MD5 of each is
 * one small update on a copied state, and nothing is held per photo.
 */

import { createHash, type Hash } from "node:crypto";

const TAIL = 10;

/** All photos of one size in bytes. */
export class Photos {
  readonly size: number;
  readonly #fronts: readonly { bytes: Buffer; hash: Hash }[];

  constructor(size: number, dates = 365) {
    this.size = size;
    this.#fronts = Array.from({ length: dates }, (_, day) => {
      const bytes = frontOf(size - TAIL, new Date(Date.UTC(2012, 0, 1 + day, 12, 30, 15)));
      return { bytes, hash: createHash("md5").update(bytes) };
    });
  }

  /** Hex, as the ETag of an object put in one part. */
  md5(index: number): string {
    return this.#front(index).hash.copy().update(tail(index)).digest("hex");
  }

  /** The body as two pieces, the first of them shared: not to be changed. */
  pieces(index: number): readonly [Buffer, Buffer] {
    return [this.#front(index).bytes, tail(index)];
  }

  #front(index: number): { bytes: Buffer; hash: Hash } {
    const front = this.#fronts[index % this.#fronts.length];
    if (front === undefined) throw new Error("no dates");
    return front;
  }
}

/** The last bytes: eight that tell the photos apart, then the end-of-image marker. */
function tail(index: number): Buffer {
  return Buffer.from(`${index.toString(36).padStart(TAIL - 2, "0")}\xff\xd9`, "latin1");
}

function frontOf(length: number, date: Date): Buffer {
  const exif = segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff(date)]));
  const frame = segment(0xc0, Buffer.from([8, 0x03, 0x00, 0x04, 0x00, 1, 1, 0x11, 0]));
  const scan = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
  const head = Buffer.concat([Buffer.from([0xff, 0xd8]), exif, frame, scan]);
  return Buffer.concat([head, noise(length - head.length)]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** Bytes that do not compress and hold no marker. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 0x2545f491;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = (state >>> 8) % 255;
  }
  return bytes;
}

/** A little-endian TIFF with Make, Model, DateTime and the EXIF dates. */
function tiff(date: Date): Buffer {
  const text = date.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
  const first: Entry[] = [
    [0x010f, "Bench"],
    [0x0110, "Camera One"],
    [0x0132, text],
  ];
  const exif: Entry[] = [
    [0x9003, text],
    [0x9004, text],
    [0x9011, "+02:00"],
  ];
  const header = Buffer.from("II*\0\x08\0\0\0", "latin1");
  const pointerLength = directoryLength([...first, [0x8769, 0]]);
  const second = directory(exif, header.length + pointerLength);
  const main = directory([...first, [0x8769, header.length + pointerLength]], header.length);
  return Buffer.concat([header, main, second]);
}

type Entry = readonly [tag: number, value: string | number];

function directoryLength(entries: readonly Entry[]): number {
  return 2 + 12 * entries.length + 4 + entries.reduce((sum, entry) => sum + asciiLength(entry), 0);
}

function asciiLength([, value]: Entry): number {
  return typeof value === "string" ? value.length + 1 : 0;
}

/** One IFD at an offset from the TIFF header, its strings behind it (all longer than four bytes). */
function directory(entries: readonly Entry[], offset: number): Buffer {
  const bytes = Buffer.alloc(directoryLength(entries));
  bytes.writeUInt16LE(entries.length, 0);
  let strings = 2 + 12 * entries.length + 4;
  entries.forEach(([tag, value], index) => {
    const at = 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(typeof value === "string" ? 2 : 4, at + 2);
    bytes.writeUInt32LE(typeof value === "string" ? value.length + 1 : 1, at + 4);
    bytes.writeUInt32LE(typeof value === "string" ? offset + strings : value, at + 8);
    if (typeof value === "string") strings += bytes.write(`${value}\0`, strings, "latin1");
  });
  return bytes;
}
