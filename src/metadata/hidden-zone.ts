/**
 * Zones of an EXIF block that stand in no offset tag, and often nowhere else:
 *
 *   EXIF    tag 0x882a, "TimeZoneOffset" (TIFF/EP): whole hours, of DateTimeOriginal and perhaps of ModifyDate
 *   Nikon   tag 0x0024, "WorldTime": minutes east of UTC in winter, and whether an hour of summer is added. The notes
 *           begin with `Nikon`, a version, and a TIFF header of their own from which their offsets count
 *   Canon   tag 0x0035, "TimeInfo": its own length, minutes east of UTC with the hour of summer, a city. The notes
 *           begin with their directory, and their offsets count from the header of the EXIF block as it was when the
 *           camera wrote it
 *
 * Named as ExifTool names them (Nikon.pm and Canon.pm of ExifTool 13), which other readers hand over likewise.
 */

import { EXIF_POINTER, LONG_TYPE, MAKER_NOTE, NotPlain, Tiff } from "./tiff.ts";

const MAKE = 0x010f;
export const TIME_ZONE_OFFSET = 0x882a;
/** By type of the TIFF: bytes, shorts and longs, signed or not, as writers confuse them. */
const BITS_OF_TYPE = new Map<number, 8 | 16 | 32>([
  [1, 8],
  [6, 8],
  [3, 16],
  [8, 16],
  [4, 32],
  [9, 32],
]);
/** How many bytes a value of a type of the TIFF has. */
const BYTES_OF_TYPE = new Map([
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 2],
  [9, 4],
  [10, 8],
  [12, 8],
]);
const WORLD_TIME = 0x0024;
const TIME_INFO = 0x0035;
const NIKON = Buffer.from("Nikon\0\x02", "latin1");
const NIKON_HEADER = 10;
/** Canon's length of TimeInfo in bytes, which it states itself. */
const TIME_INFO_BYTES = 16;
/** Cities that Canon writes where nobody set one. */
const NO_CITY = new Set([0, 32_766]);
const FARTHEST = 14 * 60;

/**
 * Never throws: what is not whole says nothing.
 * @param bytes an EXIF block or a TIFF file, as much of it as there is
 */
export function hiddenZone(bytes: Buffer): Readonly<Record<string, string>> {
  try {
    return zonesInBlock(bytes);
  } catch (error) {
    if (error instanceof NotPlain || error instanceof RangeError) return {};
    throw error;
  }
}

function zonesInBlock(bytes: Buffer): Record<string, string> {
  const tiff = new Tiff(bytes);
  let exif: number | null = null;
  let make = "";
  tiff.each(tiff.long(4), (tag, type, count, at) => {
    if (tag === EXIF_POINTER && type === LONG_TYPE) exif = tiff.long(at);
    if (tag === MAKE) make = tiff.text(type, count, at);
  });
  let notes: Notes | null = null;
  const tags: Record<string, string> = {};
  if (exif !== null) {
    tiff.each(exif, (tag, type, count, at) => {
      if (tag === MAKER_NOTE && count > NIKON_HEADER) notes = { at: tiff.long(at), length: count };
      const bits = tag === TIME_ZONE_OFFSET && count <= 2 ? BITS_OF_TYPE.get(type) : undefined;
      if (bits !== undefined) tags["ExifIFD:TimeZoneOffset"] = String(hoursAt(tiff, at, bits));
    });
  }
  return notes === null ? tags : { ...tags, ...inNotes(tiff, bytes, make, notes) };
}

/** Two longs do not fit into the entry, and no camera writes them. */
function hoursAt(tiff: Tiff, at: number, bits: 8 | 16 | 32): number {
  if (bits === 8) return signed(tiff.octet(at), 8);
  return signed(bits === 16 ? tiff.short(at) : tiff.long(at), bits);
}

/** Where the maker's notes lie in the block, and how many bytes they are. */
interface Notes {
  readonly at: number;
  readonly length: number;
}

function inNotes(tiff: Tiff, bytes: Buffer, make: string, { at, length }: Notes): Record<string, string> {
  const own = bytes.subarray(at, at + length);
  if (own.subarray(0, NIKON.length).equals(NIKON)) return nikon(own.subarray(NIKON_HEADER));
  return /^canon\b/i.test(make) ? canon(tiff, { at, length }) : {};
}

function nikon(bytes: Buffer): Record<string, string> {
  const tiff = new Tiff(bytes);
  const tags: Record<string, string> = {};
  tiff.each(tiff.long(4), (tag, _type, count, at) => {
    if (tag !== WORLD_TIME || count < 4) return;
    const place = count === 4 ? at : tiff.long(at);
    putZone(tags, "Nikon", signed(tiff.short(place), 16));
    if (tiff.octet(place + 2) === 1) tags["Nikon:DaylightSavings"] = "Yes";
  });
  return tags;
}

function canon(tiff: Tiff, notes: Notes): Record<string, string> {
  const tags: Record<string, string> = {};
  let first = Number.POSITIVE_INFINITY;
  let stated: number | null = null;
  let entries = 0;
  tiff.each(notes.at, (tag, type, count, at) => {
    entries += 1;
    if (count * (BYTES_OF_TYPE.get(type) ?? 1) > 4) first = Math.min(first, tiff.long(at));
    if (tag === TIME_INFO && count >= 4) stated = tiff.long(at);
  });
  if (stated === null) return tags;
  const [place, end] = [Number(stated), notes.at + notes.length];
  const behind = notes.at + 2 + entries * 12 + 4;
  for (const shift of [movedBy(tiff, notes), 0, behind - first]) {
    const at = place + shift;
    if (at < behind || at + TIME_INFO_BYTES > end || tiff.long(at) !== TIME_INFO_BYTES) continue;
    const minutes = signed(tiff.long(at + 4), 32);
    if (minutes !== 0 || !NO_CITY.has(tiff.long(at + 8))) putZone(tags, "Canon", minutes);
    break;
  }
  return tags;
}

/** How far a program moved the notes that wrote the photo again: they end with where they were, in a header of TIFF. */
function movedBy(tiff: Tiff, { at, length }: Notes): number {
  const footer = at + length - 8;
  const order = tiff.short(footer);
  const known = (order === 0x4949 || order === 0x4d4d) && tiff.short(footer + 2) === 42;
  return known ? at - tiff.long(footer + 4) : 0;
}

function putZone(tags: Record<string, string>, maker: string, minutes: number): void {
  if (Math.abs(minutes) > FARTHEST || minutes % 15 !== 0) return;
  const two = (value: number) => String(value).padStart(2, "0");
  const total = Math.abs(minutes);
  const sign = minutes < 0 ? "-" : "+";
  tags[`${maker}:TimeZone`] = `${sign}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}

function signed(value: number, bits: 8 | 16 | 32): number {
  const half = 2 ** (bits - 1);
  return value >= half ? value - 2 * half : value;
}
