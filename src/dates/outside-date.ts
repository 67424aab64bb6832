/**
 * What is said beside a photo of when it was taken: by a file (keys/sidecar-pairs.ts says which files those are), and further
 * below by the metadata of its object.
 *
 *   XMP     what people corrected in a photo manager
 *   JSON    Google Takeout: photoTakenTime, in seconds since 1970; what Google knows, with corrections, but without
 *           the zone, so it ranks as a service and not above EXIF
 *   MOI, XML   what cameras write beside a film
 *   AAE     Apple's edits: when it was edited, which is not when it was taken
 */

import { nameInDisposition } from "../keys/key-decoders.ts";
import { jsonOf } from "../manifest-entry.ts";
import { unicodeText } from "../metadata/unicode.ts";
import type { DateCandidate, DateFindings, ZoneEvidence } from "./date-candidate.ts";
import { datesInName } from "./name-date.ts";
import { MONTH_NAMES, unixSeconds } from "./written-time.ts";
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

/**
 * Dates that a store keeps beside the bytes: what upload tools note of the file they uploaded, what photo
 * services note of the photo, and the file name in Content-Disposition.
 *
 *   mtime                     rclone, s3fs, Cyberduck, python-swiftclient: seconds since 1970, with a fraction
 *   s3cmd-attrs, mc-attrs     s3cmd, MinIO's mc: `…/mtime:1340892202/…`, mc with `#` and nanoseconds
 *   goog-reserved-file-mtime  gsutil: seconds since 1970
 *   gcsfuse_mtime             gcsfuse: ISO 8601
 *   s3b-last-modified         S3 Browser: 20120628T140322Z
 *   cb-modifiedtime           CloudBerry, MSP360: Thu, 28 Jun 2012 14:03:22 GMT
 *   src_last_modified_millis  Backblaze B2 and whatever uploads to it: milliseconds
 *   file-mtime                AWS FSx, DataSync, Storage Gateway: 1340892202000000000ns
 *   jets3t-original-file-date-iso8601
 *   last-modified, …          whoever calls the time of a file by another of its usual names
 *   taken-at, date-taken, …   photo services: ISO 8601, the form of EXIF, or seconds since 1970
 *
 * A count of 13 digits is of milliseconds, of 16 microseconds, of 19 nanoseconds.
 */

/** What of an answer to a GET may hold a date. */
export interface ObjectNotes {
  readonly contentDisposition: string;
  /** User metadata, names in lower case without the `x-amz-meta-` before them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** At the end of a name without what stands between its words: `mtime`, `s3b-last-modified`, `cb-modifiedtime`. */
const MTIME =
  /(?:mtime(?:s|ms|us|ns|millis|sec|seconds)?|^modtime|filemodified|^modified|(?:last|date)modified(?:time|date|at|on|millis|ms|utc)?|modifi(?:ed|cation)(?:time|date)|originalfiledateiso8601)$/;
const ATTRIBUTE_LISTS = new Set(["s3cmd-attrs", "mc-attrs"]);
/** Without what stands between the words. */
const TAKEN = new Set(
  "taken takenat takenon datetaken timetaken phototakentime captured capturedat capturedate datecaptured capturetime datetimeoriginal shotat".split(
    " ",
  ),
);

/** A store holds 2 KB of metadata; a value longer than this is no date. */
const LONGEST_NOTE = 2048;

/** Candidates from the metadata of an object, none of which is its own time in the bucket. */
export function datesOfObject(notes: ObjectNotes): DateCandidate[] {
  const found: DateCandidate[] = [];
  for (const [name, value] of Object.entries(notes.metadata)) {
    if (value.length > LONGEST_NOTE) continue;
    const tag = `x-amz-meta-${name}`;
    if (MTIME.test(name.replace(/[^a-z0-9]/g, ""))) found.push(mtime(tag, value));
    if (ATTRIBUTE_LISTS.has(name)) {
      const stated = /(?:^|\/)mtime:([^/]*)/.exec(value)?.[1];
      if (stated !== undefined) found.push(mtime(tag, stated.replace("#", ".")));
    }
    if (TAKEN.has(name.replace(/[^a-z]/g, ""))) found.push(takenAt(tag, value));
  }
  const name = nameInDisposition(notes.contentDisposition);
  if (name !== null) found.push(...datesInName(name, "Content-Disposition"));
  return found;
}

function mtime(tag: string, value: string): DateCandidate {
  return { row: "object-mtime", source: "metadata", tag, written: dateOfCount(value), clock: "utc" };
}

function takenAt(tag: string, value: string): DateCandidate {
  const written = dateOfCount(value);
  return { row: "service", source: "service", tag, written, clock: "local" };
}

const COUNT_SINCE_1970 = /^(-?\d{5,19})(\.\d+)?\s*(s|ms|us|µs|ns)?$/;
const COUNT_UNITS: Readonly<Record<string, number>> = { s: 0, ms: 3, us: 6, µs: 6, ns: 9 };
/** `Thu, 28 Jun 2012 14:03:22 GMT` (RFC 9110, 5.6.7), or with an offset (RFC 5322). */
const HTTP_DATE =
  /^[a-z]{3},\s+(?<day>\d{1,2})\s+(?<month>[a-z]{3})\s+(?<year>\d{4})\s+(?<time>\d{2}:\d{2}:\d{2})\s+(?:GMT|UTC|(?<offset>[+-]\d{4}))$/i;
/** `Thu Jun 28 2012 16:03:22 GMT+0200 (CEST)`, as browsers write the time of a file they upload. */
const SCRIPT_DATE =
  /^[a-z]{3}\s+(?<month>[a-z]{3})\s+(?<day>\d{1,2})\s+(?<year>\d{4})\s+(?<time>\d{2}:\d{2}:\d{2})\s+GMT(?<offset>[+-]\d{4})(?:\s+\(.*\))?$/i;

/** A count since 1970, in the unit it names or that its length tells, or an HTTP date, as a date; anything else as it stands. */
function dateOfCount(value: string): string {
  const text = value.trim();
  const [, digits = "", fraction = "", unit] = COUNT_SINCE_1970.exec(text) ?? [];
  if (digits !== "") return sinceEpoch(digits, fraction, unit) ?? text;
  const {
    day = "",
    month = "",
    year,
    time,
    offset = "Z",
  } = (HTTP_DATE.exec(text) ?? SCRIPT_DATE.exec(text))?.groups ?? {};
  const at = MONTH_NAMES.indexOf(month.toLowerCase()) + 1;
  if (at === 0) return text;
  return `${year}-${String(at).padStart(2, "0")}-${day.padStart(2, "0")}T${time}${offset}`;
}

function sinceEpoch(digits: string, fraction: string, unit: string | undefined): string | null {
  const length = digits.replace("-", "").length;
  const places = unit === undefined ? ({ 13: 3, 16: 6, 19: 9 }[length] ?? 0) : COUNT_UNITS[unit];
  if (places === undefined || places === 0) return unixSeconds(`${digits}${fraction}`);
  const [, sign = "", count = ""] =
    /^(-?)(.*)$/.exec(digits.replace(/\d+/, (all) => all.padStart(places + 1, "0"))) ?? [];
  const whole = count.slice(0, -places);
  return unixSeconds(`${sign}${whole}.${count.slice(-places)}`);
}
