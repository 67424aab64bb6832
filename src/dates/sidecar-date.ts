/**
 * What a file beside a photo says of when it was taken; keys/sidecar-pairs.ts says which files those are.
 *
 *   XMP     what people corrected in a photo manager
 *   JSON    Google Takeout: photoTakenTime, in seconds since 1970; what Google knows, with corrections, but without
 *           the zone, so it ranks as a service and not above EXIF
 *   MOI, XML   what cameras write beside a film
 *   AAE     Apple's edits: when it was edited, which is not when it was taken
 */

import { jsonOf } from "../manifest-entry.ts";
import { unicodeText } from "../metadata/unicode.ts";
import type { DateCandidate, DateFindings, ZoneEvidence } from "./date-candidate.ts";
import { unixSeconds } from "./written-time.ts";
import { findingsInXmp } from "./xmp-date.ts";
import { readXml } from "./xmp-properties.ts";

/** A sidecar is a few kilobytes. Of XMP with painted masks, which may be longer, so much is read; others are none then. */
export const LONGEST_SIDECAR = 1 << 20;

/** True for a sidecar that says something though only its beginning is read. */
export function isReadInPart(name: string): boolean {
  return /\.xmp$/i.test(name);
}

/**
 * What a sidecar says; nothing where it is of another kind, or broken. Never throws.
 * @param name of the sidecar, whose extension tells what it is
 */
export function findingsInSidecar(name: string, bytes: Uint8Array): DateFindings {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (bytes.length > LONGEST_SIDECAR && !isReadInPart(name)) return NO_FINDINGS;
  const text = unicodeText(bytes.subarray(0, LONGEST_SIDECAR));
  switch (extension) {
    case "xmp":
      return findingsInXmp(text, "sidecar");
    case "json":
      return takeout(text);
    case "moi":
      return { candidates: datesInMoi(bytes), evidence: {} };
    case "xml":
      return { candidates: datesInFilmXml(text), evidence: {} };
    case "aae":
      return { candidates: adjusted(text), evidence: {} };
    default:
      return NO_FINDINGS;
  }
}

const NO_FINDINGS: DateFindings = { candidates: [], evidence: {} };

function takeout(text: string): DateFindings {
  const json = jsonOf(text);
  const stated = field(field(json, "photoTakenTime"), "timestamp");
  const count = typeof stated === "string" || typeof stated === "number" ? String(stated) : "";
  const written = unixSeconds(count);
  const tag = "photoTakenTime";
  const candidates: DateCandidate[] =
    written === null ? [] : [{ row: "service", source: "sidecar", tag, written, clock: "utc" }];
  return { candidates, evidence: position(json) };
}

/** What the camera wrote above what Google guessed; 0, 0 is Google's word for "unknown". */
function position(json: unknown): ZoneEvidence {
  for (const name of ["geoDataExif", "geoData"]) {
    const data = field(json, name);
    const latitude = field(data, "latitude");
    const longitude = field(data, "longitude");
    if (typeof latitude !== "number" || typeof longitude !== "number") continue;
    if (latitude !== 0 || longitude !== 0) return { position: { latitude, longitude } };
  }
  return {};
}

/** `<key>adjustmentTimestamp</key><date>2021-08-14T16:20:04Z</date>` */
function adjusted(text: string): DateCandidate[] {
  const written = /<key>adjustmentTimestamp<\/key>\s{0,40}<date>([^<]{1,40})<\/date>/.exec(text)?.[1];
  const tag = "adjustmentTimestamp";
  return written === undefined ? [] : [{ row: "modify", source: "sidecar", tag, written, clock: "utc" }];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * `MOV001.MOI`, of MOV001.MOD or .TOD (JVC, Canon, Panasonic): 14 bytes into it the year, month, day, hour, minute and
 * milliseconds have passed, by the camera's clock, big-endian, from the sixth on; none where it is no such file.
 */
export function datesInMoi(bytes: Uint8Array): DateCandidate[] {
  const moi = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (moi.length < 14 || moi.toString("latin1", 0, 2) !== "V6") return [];
  const two = (value: number) => String(value).padStart(2, "0");
  const [month = 0, day = 0, hour = 0, minute = 0] = moi.subarray(8, 12);
  const seconds = (moi.readUInt16BE(12) / 1000).toFixed(3).padStart(6, "0");
  const written = `${moi.readUInt16BE(6)}:${two(month)}:${two(day)} ${two(hour)}:${two(minute)}:${seconds}`;
  return [ofFilm("MOI", written)];
}

/** `C0001M01.XML`, of C0001.MP4 or .MXF (Sony): <CreationDate value="2024-03-15T14:23:45-05:00"/> of a NonRealTimeMeta. */
export function datesInFilmXml(text: string): DateCandidate[] {
  if (!text.includes("NonRealTimeMeta")) return [];
  let written: string | undefined;
  let root = "";
  readXml(text, {
    open({ local, attributes }) {
      root ||= local;
      if (root !== "NonRealTimeMeta" || local !== "CreationDate") return;
      written ??= Object.values(attributes).find((one) => one.local === "value")?.value;
    },
  });
  return written === undefined ? [] : [ofFilm("CreationDate", written)];
}

function ofFilm(tag: string, written: string): DateCandidate {
  return { row: "video-content", source: "video", tag, written, clock: "local" };
}
