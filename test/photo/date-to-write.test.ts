import { expect, test } from "vitest";
import { decideCaptureDate } from "../../src/dates/capture-date.ts";
import type { DateCandidate } from "../../src/dates/date-candidate.ts";
import { dateToWrite } from "../../src/photo/write-date.ts";

const candidate = (row: DateCandidate["row"], written: string): DateCandidate => ({
  row,
  source: row.startsWith("exif") ? "exif" : "name",
  tag: row,
  written,
  clock: "local",
});
const name = candidate("name-time", "2014-07-04 21:30:15");
const original = { "EXIF:DateTimeOriginal": "2014:07:04 21:30:15" };

test.each<[string, DateCandidate[], Readonly<Record<string, string>> | null]>([
  ["a time of the name", [name], original],
  [
    "with its offset",
    [{ ...name, written: "2014-07-04 21:30:15+02:00" }],
    { ...original, "EXIF:OffsetTimeOriginal": "+02:00" },
  ],
  [
    "with its fraction",
    [{ ...name, written: "2014-07-04 21:30:15.042" }],
    { ...original, "EXIF:SubSecTimeOriginal": "042" },
  ],
  [
    "a day, without a time that nobody knows",
    [candidate("name-day", "2016-03-09")],
    { "XMP-photoshop:DateCreated": "2016:03:09" },
  ],
  ["a month is too little", [candidate("key", "2016-03")], null],
  ["the time of the upload is none", [], null],
  ["a photo with a date keeps it", [name, candidate("exif-original", "2012:06:28 14:03:22")], null],
  [
    "also where something more trusted says otherwise",
    [candidate("sidecar", "2014-07-04 21:30:15"), candidate("exif-original", "2012:06:28 14:03:22")],
    null,
  ],
  ["also where it cannot be right", [name, candidate("exif-original", "2038:01:01 10:00:00")], null],
  ["zeros are no date", [name, candidate("exif-original", "0000:00:00 00:00:00")], original],
  ["blanks are no date", [name, candidate("exif-digitized", "    :  :     :  :  ")], original],
])("%s", (_what, candidates, tags) => {
  const decision = decideCaptureDate(candidates, {
    modified: "2020-01-01T00:00:00.000Z",
    defaultZone: "UTC",
  });
  expect(dateToWrite(decision)).toEqual(tags);
});
