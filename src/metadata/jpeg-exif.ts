/**
 * Reads the date tags of a plain JPEG, which nine of ten photos are, in 10 µs where exifreader takes 75: a
 * bucket of them is dated as fast as it comes. Whatever is not plain is left to exifreader: this reader
 * answers only where every structure it met was whole and known, and a test holds both to the same answers.
 */

import { hiddenZone, TIME_ZONE_OFFSET } from "./hidden-zone.ts";
import { EXIF_MARK, EXIF_POINTER, LONG_TYPE, MAKER_NOTE, NotPlain, Tiff } from "./tiff.ts";
import { unicodeText } from "./unicode.ts";

export interface JpegExif {
  /** As head.ts names them. */
  readonly tags: Readonly<Record<string, string | number>>;
  /** The XMP packet; "" where there is none. */
  readonly xmp: string;
  /** True when no further segment is there that could hold a date. */
  readonly bare: boolean;
}

type TagNames = ReadonlyMap<number, string>;

const GPS_POINTER = 0x8825;
const MAIN_TAGS: TagNames = new Map([
  [0x010f, "IFD0:Make"],
  [0x0110, "IFD0:Model"],
  [0x0132, "IFD0:ModifyDate"],
  // Where some programs write what belongs into the Exif directory.
  [0x9003, "IFD0:DateTimeOriginal"],
  [0x9004, "IFD0:CreateDate"],
]);
const EXIF_TAGS: TagNames = new Map([
  [0x9003, "ExifIFD:DateTimeOriginal"],
  [0x9004, "ExifIFD:CreateDate"],
  [0x9010, "ExifIFD:OffsetTime"],
  [0x9011, "ExifIFD:OffsetTimeOriginal"],
  [0x9012, "ExifIFD:OffsetTimeDigitized"],
  [0x9290, "ExifIFD:SubSecTime"],
  [0x9291, "ExifIFD:SubSecTimeOriginal"],
  [0x9292, "ExifIFD:SubSecTimeDigitized"],
]);

/** @returns null where the photo is not plain, or its head ends before the picture begins */
export function readJpegExif(bytes: Buffer): JpegExif | null {
  try {
    return walkSegments(bytes);
  } catch (error) {
    // Buffer throws RangeError where an offset points outside.
    if (error instanceof NotPlain || error instanceof RangeError) return null;
    throw error;
  }
}

const XMP_MARK = "http://ns.adobe.com/xap/1.0/\0";

/** From segment to segment up to the picture (JPEG, ITU T.81, B.1). */
function walkSegments(bytes: Buffer): JpegExif {
  const tags: Record<string, string | number> = {};
  let xmp: string | null = null;
  let exif = false;
  let bare = true;
  for (let at = 2; ; ) {
    if (bytes.readUInt8(at) !== 0xff) throw new NotPlain();
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xda) return { tags, xmp: xmp ?? "", bare };
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, end);
    if (end > bytes.length) throw new NotPlain();
    if (marker === 0xe1 && begins(segment, EXIF_MARK)) {
      if (exif) throw new NotPlain();
      exif = true;
      const block = segment.subarray(EXIF_MARK.length);
      const { notes, zone } = readTiff(block, tags);
      if (notes) bare = false;
      const zoned = tags["ExifIFD:OffsetTimeOriginal"] !== undefined;
      if (!zoned && (notes || zone)) Object.assign(tags, hiddenZone(block));
    } else if (marker === 0xe1 && begins(segment, XMP_MARK)) {
      if (xmp !== null) throw new NotPlain();
      xmp = unicodeText(segment.subarray(XMP_MARK.length));
    } else if (!isHarmless(marker)) {
      bare = false;
    }
    // IPTC lies in APP13, and exifreader knows its way there.
    if (marker === 0xed) throw new NotPlain();
    at = end;
  }
}

/** True where the picture itself begins within these bytes: no tag of the file lies beyond them. */
export function isWholeJpegHead(bytes: Buffer): boolean {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    if (bytes[at + 1] === 0xda) return true;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

/** JFIF, ICC and MPF, Adobe's colours, tables and frames: none of them holds a date. */
function isHarmless(marker: number): boolean {
  const table = marker >= 0xc0 && marker < 0xe0 && marker !== 0xd8 && marker !== 0xd9;
  return table || marker === 0xe0 || marker === 0xe2 || marker === 0xee;
}

function begins(segment: Buffer, mark: string): boolean {
  return segment.length >= mark.length && segment.toString("latin1", 0, mark.length) === mark;
}

interface Beside {
  /** The maker's own notes, in which some hide a date that stands nowhere else. */
  readonly notes: boolean;
  /** TimeZoneOffset, which is rare, and of several kinds. */
  readonly zone: boolean;
}

function readTiff(bytes: Buffer, tags: Record<string, string | number>): Beside {
  const tiff = new Tiff(bytes);
  const pointers = new Map<number, number>();
  tiff.each(tiff.long(4), (tag, type, count, at) => {
    putText(tags, MAIN_TAGS.get(tag), () => tiff.text(type, count, at));
    if ((tag === EXIF_POINTER || tag === GPS_POINTER) && type === LONG_TYPE) {
      pointers.set(tag, tiff.long(at));
    }
  });
  const exif = pointers.get(EXIF_POINTER);
  let notes = false;
  let zone = false;
  if (exif !== undefined) {
    tiff.each(exif, (tag, type, count, at) => {
      if (tag === MAKER_NOTE) notes = true;
      if (tag === TIME_ZONE_OFFSET) zone = true;
      putText(tags, EXIF_TAGS.get(tag), () => tiff.text(type, count, at));
    });
  }
  const gps = pointers.get(GPS_POINTER);
  if (gps !== undefined) readGps(tiff, gps, tags);
  return { notes, zone };
}

function putText(tags: Record<string, string | number>, name: string | undefined, value: () => string): void {
  if (name === undefined) return;
  const text = value();
  if (text !== "") tags[name] = text;
}

/** Degrees, minutes and seconds; a time of day, and its day, in UTC (EXIF 2.32, 4.6.6). */
function readGps(tiff: Tiff, directory: number, tags: Record<string, string | number>): void {
  const sides = new Map<number, string>();
  const axes = new Map<number, number>();
  tiff.each(directory, (tag, type, count, at) => {
    if (tag === 1 || tag === 3) sides.set(tag, tiff.text(type, count, at));
    if (tag === 2 || tag === 4) {
      const [degrees = 0, minutes = 0, seconds = 0] = tiff.rationals(type, count, at);
      axes.set(tag, degrees + minutes / 60 + seconds / 3600);
    }
    if (tag === 7) tags["GPS:GPSTimeStamp"] = clock(tiff.rationals(type, count, at));
    if (tag === 0x1d) putText(tags, "GPS:GPSDateStamp", () => tiff.text(type, count, at));
  });
  for (const [tag, name, negative] of [
    [2, "GPSLatitude", "S"],
    [4, "GPSLongitude", "W"],
  ] as const) {
    const value = axes.get(tag);
    const side = sides.get(tag - 1) ?? "";
    if (value !== undefined) tags[`Composite:${name}`] = side.startsWith(negative) ? -value : value;
  }
}

function clock([hours = 0, minutes = 0, seconds = 0]: readonly number[]): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const whole = Math.floor(seconds);
  const fraction = String(Number((seconds - whole).toFixed(6))).slice(1);
  return `${two(hours)}:${two(minutes)}:${two(whole)}${fraction}`;
}
