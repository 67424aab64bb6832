/** Candidates by row, as the tables of the tests beside this file write them. */

import { decideCaptureDate } from "../../src/dates/capture-date.ts";
import type { DateCandidate, DateRow, ZoneEvidence } from "../../src/dates/date-candidate.ts";
import type { DateSource } from "../../src/model.ts";

const SOURCES: Record<DateRow, DateSource> = {
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
  company: "sidecar",
  "object-mtime": "metadata",
  "name-day": "name",
  modify: "exif",
  key: "key",
  modified: "modified",
};
const IN_UTC = new Set<DateRow>(["video-header", "vendor-utc", "object-mtime", "modified"]);

/** A candidate of a row; its tag is the row's name. */
export function says(row: DateRow, written: string, more: Partial<DateCandidate> = {}): DateCandidate {
  const clock = IN_UTC.has(row) ? "utc" : "local";
  return { row, source: SOURCES[row], tag: row, written, clock, ...more };
}

/** The offset tag that belongs to a value. */
export function at(written: string): Pick<DateCandidate, "offset"> {
  return { offset: { tag: "OffsetTimeOriginal", written } };
}

/** What each row says where it is the only one that matters. */
export const EACH: readonly DateCandidate[] = [
  says("user", "2001-01-02"),
  says("sidecar", "2002-06-01T12:00:00+02:00"),
  says("exif-original", "2003:06:01 12:00:00"),
  says("exif-digitized", "2004:06:01 12:00:00"),
  says("embedded", "2005-06-01T12:00:00+02:00"),
  says("video-keys", "2006-06-01T12:00:00+0200"),
  says("video-content", "2007-06-01T12:00:00"),
  says("video-header", "2008:06:01 12:00:00"),
  says("vendor-utc", "2009:06:01 12:00:00Z"),
  says("service", "2010-06-01T12:00:00"),
  says("name-time", "2011-06-01T12:00:00"),
  says("company", "2011-12-01T12:00:00"),
  says("object-mtime", "2012-06-01T12:00:00Z"),
  says("name-day", "2014-06-01"),
  says("modify", "2015:06:01 12:00:00"),
  says("key", "2016-06"),
];

export const MODIFIED = "2024-05-01T00:00:00.000Z";
export const PARIS = { latitude: 48.8584, longitude: 2.2945 };

/** What is decided of a zone, with LastModified in 2024 and New York as the zone of whoever has none. */
export function decideZone(candidates: DateCandidate[], evidence: ZoneEvidence = {}) {
  const { captured, zoneFrom, warnings } = decideCaptureDate(candidates, {
    modified: MODIFIED,
    defaultZone: "America/New_York",
    evidence,
  });
  const guessed = warnings.some(({ code }) => code === "guess");
  return {
    local: captured?.local,
    offset: captured?.offset,
    zone: captured?.zone,
    zoneFrom,
    guessed,
  };
}
