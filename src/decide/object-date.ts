/**
 * Dates that a store keeps beside the bytes: what upload tools note of the file they uploaded, what photo
 * services note of the photo, and the file name in Content-Disposition.
 *
 *   mtime                     rclone, s3fs: seconds since 1970, with a fraction (thirteen digits: milliseconds)
 *   s3cmd-attrs, mc-attrs     s3cmd, MinIO's mc: `…/mtime:1340892202/…`, mc with `#` and nanoseconds
 *   goog-reserved-file-mtime  gsutil: seconds since 1970
 *   taken-at, date-taken, …   photo services: ISO 8601, the form of EXIF, or seconds since 1970
 */

import type { DateCandidate } from "./date-candidate.ts";
import { datesInName } from "./name-date.ts";
import { unixSeconds } from "./written-time.ts";

/** What of an answer to a GET may hold a date. */
export interface ObjectNotes {
  readonly contentDisposition: string;
  /** User metadata, names in lower case without the `x-amz-meta-` before them. */
  readonly metadata: Readonly<Record<string, string>>;
}

const MTIMES = new Set(["mtime", "goog-reserved-file-mtime"]);
const ATTRIBUTES = new Set(["s3cmd-attrs", "mc-attrs"]);
/** Without what stands between the words. */
const TAKEN = new Set(
  "taken takenat takenon datetaken timetaken phototakentime captured capturedat capturedate datecaptured capturetime datetimeoriginal shotat".split(
    " ",
  ),
);

/** A store holds 2 KB of metadata; a value longer than this is no date. */
const LONGEST = 2048;

/** Candidates from the metadata of an object, none of which is its own time in the bucket. */
export function datesOfObject(notes: ObjectNotes): DateCandidate[] {
  const found: DateCandidate[] = [];
  for (const [name, value] of Object.entries(notes.metadata)) {
    if (value.length > LONGEST) continue;
    const tag = `x-amz-meta-${name}`;
    if (MTIMES.has(name)) found.push(mtime(tag, value));
    if (ATTRIBUTES.has(name)) {
      const stated = /(?:^|\/)mtime:([^/]*)/.exec(value)?.[1];
      if (stated !== undefined) found.push(mtime(tag, stated.replace("#", ".")));
    }
    if (TAKEN.has(name.replace(/[^a-z]/g, ""))) found.push(takenAt(tag, value));
  }
  const name = dispositionName(notes.contentDisposition);
  if (name !== null) found.push(...datesInName(name, "Content-Disposition"));
  return found;
}

/** The file name in a Content-Disposition (RFC 6266); null where there is none. */
export function dispositionName(header: string): string | null {
  if (header === "" || header.length > LONGEST) return null;
  const encoded = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(header);
  if (encoded?.[1] !== undefined) {
    try {
      return decodeURIComponent(encoded[1]);
    } catch {
      // not percent-encoded UTF-8: the plain name below may serve
    }
  }
  const plain = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  const name = plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2];
  return name === undefined || name === "" ? null : name;
}

function mtime(tag: string, value: string): DateCandidate {
  return { row: "object-mtime", source: "metadata", tag, written: counted(value), clock: "utc" };
}

function takenAt(tag: string, value: string): DateCandidate {
  const written = counted(value);
  return { row: "service", source: "service", tag, written, clock: "local" };
}

/** Counts of seconds or milliseconds as a date; anything else as it stands. */
function counted(value: string): string {
  const text = value.trim();
  if (/^\d{13}$/.test(text)) return unixSeconds(`${text.slice(0, 10)}.${text.slice(10)}`) ?? text;
  return /^-?\d{5,11}(\.\d+)?$/.test(text) ? (unixSeconds(text) ?? text) : text;
}
