/** Files that only ExifTool reads, as small as it takes them: MXF, R3D, and the notes of a maker. */

import { opaque } from "../../fixtures/media/tiff.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const be16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const be32 = (value: number) => Buffer.concat([be16(value >>> 16), be16(value & 0xffff)]);

/** Key, length, value (SMPTE 336). */
function packet(key: string, value: Buffer): Buffer {
  return Buffer.concat([hex(key), Buffer.from([0x82]), be16(value.length), value]);
}

/** A film whose material package was made then. @param made UTC, in the form of Date.parse */
export function mxfFile(made: string): Buffer {
  const at = new Date(made);
  const stamp = Buffer.concat([
    be16(at.getUTCFullYear()),
    Buffer.from([at.getUTCMonth() + 1, at.getUTCDate()]),
    Buffer.from([at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0]),
  ]);
  const partition = Buffer.concat([be16(1), be16(2), be32(1), Buffer.alloc(80)]);
  const names = [be32(1), be32(18), hex("4405"), hex("060e2b34 01010102 07020110 01030000")];
  return Buffer.concat([
    packet("060e2b34 02050101 0d010201 01020400", partition),
    packet("060e2b34 02050101 0d010201 01050100", Buffer.concat(names)),
    packet("060e2b34 02530101 0d010101 01013600", Buffer.concat([hex("4405"), be16(8), stamp])),
    Buffer.alloc(2000),
  ]);
}

/** A film by a RED camera. @param taken its own clock, `20130628160322` */
export function r3dFile(taken: string): Buffer {
  const entry = (tag: number, text: string) => {
    const value = Buffer.from(text);
    return Buffer.concat([be16(value.length + 4), be16(tag), value]);
  };
  const tags = Buffer.concat([
    entry(0x1000, "01:00:00:00"),
    entry(0x1005, `${taken}\0`),
    entry(0x1019, "EPIC".padEnd(300, "\0")),
  ]);
  const body = Buffer.concat([Buffer.alloc(0x44 - 8), be16(tags.length), tags, Buffer.alloc(1000)]);
  return Buffer.concat([be32(body.length + 8), Buffer.from("RED2"), body, Buffer.alloc(2000)]);
}

/** Pentax's notes with its date and time, as a field of the Exif directory. */
export function pentaxNotes(day: readonly [number, number, number], time: readonly number[]) {
  const entry = (tag: number, type: number, count: number, value: readonly number[]) =>
    Buffer.from([tag, 0, type, 0, count, 0, 0, 0, ...value, 0, 0, 0, 0]).subarray(0, 12);
  const [year, ...rest] = day;
  const notes = Buffer.concat([
    Buffer.from("AOC\0II"),
    Buffer.from([2, 0]),
    entry(6, 7, 4, [year >> 8, year & 255, ...rest]),
    entry(7, 7, 3, time),
    Buffer.alloc(4),
  ]);
  return opaque(0x927c, notes);
}

/** What a camcorder puts beside its MOD file. @param milliseconds within the minute */
export function moiFile(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  milliseconds: number,
): Buffer {
  const time = Buffer.concat([be16(year), Buffer.from([month, day, hour, minute]), be16(milliseconds)]);
  return Buffer.concat([Buffer.from("V6"), be32(300), time, Buffer.alloc(286)]);
}
