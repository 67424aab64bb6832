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

import { nameInDisposition } from "../keys/key-decoders.ts";
import type { DateCandidate } from "./date-candidate.ts";
import { datesInName } from "./name-date.ts";
import { MONTH_NAMES, unixSeconds } from "./written-time.ts";

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
