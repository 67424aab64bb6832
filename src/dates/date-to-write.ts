/**
 * Which tags `--write-exif` writes into a photo: a date that only its surroundings know, never one over another.
 *
 *   known to the minute or better   EXIF DateTimeOriginal, with OffsetTimeOriginal where the offset is known
 *   known to the day                XMP photoshop:DateCreated, which can hold a day without a time
 *   known to the month or year      nothing
 */

import type { Decision } from "./capture-date.ts";
import type { Row } from "./date-candidate.ts";

/** What the file itself says of when it was taken. */
const INSIDE = new Set<Row>([
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
  "vendor-utc",
]);
const OUTSIDE = new Set<Row>([
  "user",
  "sidecar",
  "service",
  "name-time",
  "object-mtime",
  "name-day",
  "key",
  // The time of a file, within a day that something else knows.
  "modified",
]);

/**
 * @returns tags by name, as ExifTool takes them; null where the file has a date of its own, be it a wrong one, or
 * nothing better is known
 */
export function dateToWrite({
  captured,
  candidates,
}: Pick<Decision, "captured" | "candidates">): Readonly<Record<string, string>> | null {
  const chosen = candidates.find(({ fate }) => fate === "chosen")?.candidate;
  if (captured === null || captured.source === "modified") return null;
  if (chosen === undefined || !OUTSIDE.has(chosen.row)) return null;
  // Zeros and blanks are what cameras write for "none".
  const has = candidates.some(({ candidate: { row, written } }) => INSIDE.has(row) && /[1-9]/.test(written));
  if (has) return null;
  const { local, offset, precision } = captured;
  const day = local.slice(0, 10).replaceAll("-", ":");
  if (precision === "day") return { "XMP-photoshop:DateCreated": day };
  if (precision === "month" || precision === "year") return null;
  const [time = "", fraction = ""] = local.slice(11).split(".");
  return {
    "EXIF:DateTimeOriginal": `${day} ${time}`,
    ...(fraction === "" ? {} : { "EXIF:SubSecTimeOriginal": fraction }),
    ...(offset === null ? {} : { "EXIF:OffsetTimeOriginal": offset }),
  };
}
