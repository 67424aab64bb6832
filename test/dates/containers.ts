/** Containers that hold a date and no picture, for readers of dates: WebP, PSD, AVI, Matroska. */

import { u32 } from "../../fixtures/media/box.ts";

const latin = (text: string) => Buffer.from(text, "latin1");
const u32le = (value: number) => Buffer.from(u32(value)).swap32();

function chunk(name: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([latin(name), u32le(bytes.length), bytes, Buffer.alloc(bytes.length % 2)]);
}

/** VP8X announces EXIF (bit 3) and XMP (bit 2), as the specification asks. */
export function webpFile({ exif, xmp }: { readonly exif?: Buffer; readonly xmp?: Buffer }): Buffer {
  const flags = (exif === undefined ? 0 : 8) | (xmp === undefined ? 0 : 4);
  const chunks = [chunk("VP8X", Buffer.from([flags, 0, 0, 0, 15, 0, 0, 15, 0, 0]))];
  if (exif !== undefined) chunks.push(chunk("EXIF", exif));
  if (xmp !== undefined) chunks.push(chunk("XMP ", xmp));
  return chunk("RIFF", Buffer.concat([latin("WEBP"), ...chunks]));
}

/** Image resource 1058 holds EXIF. */
export function psdFile(exif: Buffer): Buffer {
  const header = Buffer.from(
    "38425053000100000000000000030000000100000001000800030000000000",
    "hex",
  );
  const resource = Buffer.concat([
    latin("8BIM"),
    Buffer.from([4, 34, 0, 0]),
    u32(exif.length),
    exif,
  ]);
  const padded = Buffer.concat([resource, Buffer.alloc(exif.length % 2)]);
  return Buffer.concat([
    header.subarray(0, 26),
    u32(0),
    u32(padded.length),
    padded,
    u32(0),
    Buffer.alloc(5),
  ]);
}

/** `IDIT` holds the words that C's `ctime` writes. */
export function aviFile(written: string): Buffer {
  const list = chunk(
    "LIST",
    Buffer.concat([latin("hdrl"), chunk("IDIT", latin(`${written}\n\0`))]),
  );
  return chunk("RIFF", Buffer.concat([latin("AVI "), list]));
}

/** `DateUTC` counts nanoseconds since 2001 (Matroska, RFC 9559). */
export function matroskaFile(utc: string): Buffer {
  const element = (id: string, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(id, "hex"), Buffer.from([0x80 | bytes.length]), bytes]);
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(Date.parse(utc) - Date.UTC(2001, 0, 1)) * 1_000_000n);
  const info = element("1549a966", element("4461", date));
  return Buffer.concat([
    element("1a45dfa3", element("4282", latin("matroska"))),
    element("18538067", info),
  ]);
}
