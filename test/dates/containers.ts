/** Containers that hold a date and no picture, for readers of dates: WebP, PSD, AVI, Matroska, AVCHD. */

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
  const header = Buffer.from("38425053000100000000000000030000000100000001000800030000000000", "hex");
  const resource = Buffer.concat([latin("8BIM"), Buffer.from([4, 34, 0, 0]), u32(exif.length), exif]);
  const padded = Buffer.concat([resource, Buffer.alloc(exif.length % 2)]);
  return Buffer.concat([header.subarray(0, 26), u32(0), u32(padded.length), padded, u32(0), Buffer.alloc(5)]);
}

/** `IDIT` holds the words that C's `ctime` writes. */
export function aviFile(written: string): Buffer {
  const list = chunk("LIST", Buffer.concat([latin("hdrl"), chunk("IDIT", latin(`${written}\n\0`))]));
  return chunk("RIFF", Buffer.concat([latin("AVI "), list]));
}

/** `DateUTC` counts nanoseconds since 2001 (Matroska, RFC 9559). */
export function matroskaFile(utc: string): Buffer {
  const element = (id: string, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(id, "hex"), Buffer.from([0x80 | bytes.length]), bytes]);
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(Date.parse(utc) - Date.UTC(2001, 0, 1)) * 1_000_000n);
  const info = element("1549a966", element("4461", date));
  return Buffer.concat([element("1a45dfa3", element("4282", latin("matroska"))), element("18538067", info)]);
}

const PACKET = 188;
const [PROGRAMS, PROGRAM, VIDEO] = [0, 0x100, 0x1011];

/** A packet of a transport stream (ISO 13818-1), filled up by an adaptation field. */
function transportPacket(stream: number, payload: Buffer): Buffer {
  const filling = PACKET - 4 - payload.length;
  const adaptation = Buffer.alloc(filling, 0xff);
  adaptation[0] = filling - 1;
  if (filling > 1) adaptation[1] = 0;
  return Buffer.concat([
    Buffer.from([0x47, 0x40 | (stream >> 8), stream & 0xff, filling > 0 ? 0x30 : 0x10]),
    adaptation,
    payload,
  ]);
}

/** A table of a transport stream in one section; nobody here checks its sum. */
function section(table: number, rows: Buffer): Buffer {
  const length = rows.length + 9;
  return Buffer.concat([Buffer.from([0, table, 0xb0, length, 0, 1, 0xc1, 0, 0]), rows, Buffer.alloc(4)]);
}

/**
 * AVCHD, as camcorders write it: H.264 in a transport stream, and the clock of the camera in its SEI (user data MDPM,
 * in decimal digits of four bits).
 * @param written `20120628140322`
 * @param zone minutes east of UTC, in steps of 30
 * @param summer whether an hour of summer is among them
 */
export function avchdFile(written: string, zone: number, summer = false): Buffer {
  const digits = Buffer.from(written, "hex");
  // Bit 6 is summer, bit 5 the sign, bits 4 to 1 are hours, bit 0 is half an hour.
  const noted =
    (summer ? 0x40 : 0) | (zone < 0 ? 0x20 : 0) | (Math.floor(Math.abs(zone) / 60) << 1) | (zone % 60 === 0 ? 0 : 1);
  const metadata = Buffer.concat([
    Buffer.from("17ee8c60f84d11d98cd60800200c9a66", "hex"),
    latin("MDPM"),
    Buffer.from([2, 0x18, noted]),
    digits.subarray(0, 3),
    Buffer.from([0x19]),
    digits.subarray(3),
  ]);
  const unit = Buffer.concat([
    Buffer.from([0, 0, 0, 1, 9, 0x10, 0, 0, 0, 1, 6, 5, metadata.length]),
    metadata,
    Buffer.from([0x80, 0, 0, 0, 1, 9, 0x10]),
  ]);
  const pes = Buffer.concat([Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0]), unit]);
  const programs = Buffer.from([0, 1, 0xe0 | (PROGRAM >> 8), PROGRAM & 0xff]);
  const streams = [0xff, 0xff, 0xf0, 0, 0x1b, 0xe0 | (VIDEO >> 8), VIDEO & 0xff, 0xf0, 0];
  const frames = Array.from({ length: 4 }, () => transportPacket(VIDEO, pes));
  return Buffer.concat([
    transportPacket(PROGRAMS, section(0, programs)),
    transportPacket(PROGRAM, section(2, Buffer.from(streams))),
    ...frames,
  ]);
}

/** The same with a time before each packet, as on the camcorder's own card. */
export function timedPackets(stream: Buffer): Buffer {
  const packets = Array.from({ length: stream.length / PACKET }, (_, nth) =>
    Buffer.concat([u32(nth), stream.subarray(nth * PACKET, (nth + 1) * PACKET)]),
  );
  return Buffer.concat(packets);
}
