/** Candidates by row, as the tables of the tests beside this file write them. */

import type { DateCandidate, Row } from "../../src/decide/date-candidate.ts";
import type { DateSource } from "../../src/model.ts";

const SOURCES: Record<Row, DateSource> = {
  user: "user",
  sidecar: "sidecar",
  "exif-original": "exif",
  "exif-digitized": "exif",
  embedded: "xmp",
  "video-keys": "video",
  "video-content": "video",
  "video-header": "video",
  "vendor-utc": "vendor",
  service: "service",
  "name-time": "name",
  "object-mtime": "metadata",
  "name-day": "name",
  modify: "exif",
  key: "key",
  modified: "modified",
};
const IN_UTC = new Set<Row>(["video-header", "vendor-utc", "object-mtime", "modified"]);

/** A candidate of a row; its tag is the row's name. */
export function says(row: Row, written: string, more: Partial<DateCandidate> = {}): DateCandidate {
  const clock = IN_UTC.has(row) ? "utc" : "local";
  return { row, source: SOURCES[row], tag: row, written, clock, ...more };
}

/** The offset tag that belongs to a value. */
export function at(written: string): Pick<DateCandidate, "offset"> {
  return { offset: { tag: "OffsetTimeOriginal", written } };
}
