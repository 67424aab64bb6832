import { describe, expect, test } from "vitest";
import {
  DATE_RULES,
  dateOverride,
  isOfOlderRules,
  isSurelyOtherwise,
  reconsidered,
} from "../../src/dates/kept-date.ts";
import type { Captured, DateSource } from "../../src/model.ts";

const kept = (source: DateSource, local: string, more: Partial<Captured> = {}): Captured => ({
  local,
  offset: null,
  utc: `${local}.000Z`,
  source,
  precision: "s",
  ...more,
});
const NOON = "2012-06-28T12:00:00";
const LATER = "2012-06-28T23:00:00";

test("a date that this edition decided, or the user told, is of no older rules", () => {
  expect(isOfOlderRules(kept("exif", NOON, { rules: DATE_RULES }))).toBe(false);
  expect(isOfOlderRules(kept("user", NOON))).toBe(false);
  expect(isOfOlderRules(kept("exif", NOON))).toBe(true);
  expect(isOfOlderRules(null)).toBe(true);
});

describe("by its name alone", () => {
  const modified = "2024-05-01T10:00:00.000Z";
  test.each([
    ["a/Shot 2012-06-28 at 11.00.00 PM.png", kept("name", "2012-06-28T11:00:00"), true],
    ["a/Shot 2012-06-28 at 11.00.00 PM.png", kept("name", LATER), false],
    ["34330_1531425252044_1427142689_n.jpg", kept("name", "2018-07-12T19:54:12"), true],
    ["IMG_20120628_120000.jpg", kept("name", NOON), false],
    ["IMG_20120628_120000.jpg", kept("exif", LATER), false],
    ["IMG_20120628_120000.jpg", kept("name", LATER, { rules: DATE_RULES }), false],
    ["mmexport1340892202123.jpg", kept("modified", "2024-05-01T10:00:00"), true],
    ["a.jpg", kept("modified", "2024-05-01T10:00:00"), false],
    ["a.jpg", null, false],
  ])("%s, kept as %j: %s", (key, captured, otherwise) => {
    expect(isSurelyOtherwise({ key, etag: "", modified, captured }, "UTC")).toBe(otherwise);
  });
});

test("by its name and the time of its file, in a folder", () => {
  const captured = kept("key", "2012-06-01T00:00:00", { precision: "month" });
  const photo = { key: "2012/06/x.jpg", modified: "2012-06-15T10:11:12.000Z", captured };
  expect(isSurelyOtherwise({ ...photo, etag: "1500-1339755072000000000" }, "UTC")).toBe(true);
  expect(isSurelyOtherwise({ ...photo, etag: "9f20140822b1e7c4" }, "UTC")).toBe(false);
});

describe("a photo that was read again", () => {
  const modified = kept("modified", "2024-05-01T10:00:00");
  test.each([
    ["dates what nothing dated", null, kept("exif", NOON), kept("exif", NOON)],
    ["dates what its upload stood in for", modified, kept("exif", NOON), kept("exif", NOON)],
    ["gets another date", kept("name", NOON), kept("name", LATER), kept("name", LATER)],
    ["keeps the same date", kept("exif", NOON), kept("exif", NOON), null],
    ["keeps what the user told", kept("user", NOON), kept("exif", LATER), null],
    ["keeps what its store knew", kept("metadata", NOON), kept("name", LATER), null],
    ["keeps its date where it says nothing now", kept("exif", NOON), modified, null],
    ["loses the date of a name that says nothing", kept("name", NOON), modified, modified],
    [
      "keeps a zone that was lent to it",
      kept("exif", NOON, { offset: "+02:00", zoneFrom: "neighbour" }),
      kept("exif", NOON),
      null,
    ],
    [
      "gets the zone that its camera hid",
      kept("exif", NOON),
      kept("exif", NOON, { offset: "+02:00", zoneFrom: "camera" }),
      kept("exif", NOON, { offset: "+02:00", zoneFrom: "camera" }),
    ],
  ] as const)("%s", (_what, before, fresh, then) => {
    expect(reconsidered(before, fresh)).toEqual(then);
  });
});

const BEFORE: Captured = {
  local: "2012-06-28T14:03:22",
  offset: "+02:00",
  utc: "2012-06-28T12:03:22Z",
  source: "exif",
  precision: "s",
  zoneFrom: "value",
};
const CAMERA: Captured = { ...BEFORE, zoneFrom: "camera" };
const POSITION: Captured = { ...BEFORE, zoneFrom: "position", zone: "Europe/Berlin" };

/** [why, what is known, what is told, local, offset, utc, precision, zoneFrom] */
const TABLE: readonly [string, Captured | null, string, string, string | null, string, string, string?][] = [
  [
    "an offset in the words holds",
    POSITION,
    "2012-01-02 03:04 +05:30",
    "2012-01-02T03:04:00",
    "+05:30",
    "2012-01-01T21:34:00",
    "minute",
    "value",
  ],
  [
    "the camera's zone",
    CAMERA,
    "2012-01-02 03:04:05",
    "2012-01-02T03:04:05",
    "+02:00",
    "2012-01-02T01:04:05",
    "s",
    "camera",
  ],
  [
    "the zone of its position, as it was in winter",
    POSITION,
    "2012-01-02 03:04:05",
    "2012-01-02T03:04:05",
    "+01:00",
    "2012-01-02T02:04:05",
    "s",
    "position",
  ],
  ["and in summer", POSITION, "2012-07-02", "2012-07-02T00:00:00", "+02:00", "2012-07-01T22:00:00", "day", "position"],
  [
    "the offset of one value says nothing of another",
    BEFORE,
    "2012-01-02 03:04:05",
    "2012-01-02T03:04:05",
    null,
    "2012-01-01T18:04:05",
    "s",
  ],
  ["nothing is known", null, "1987", "1987-01-01T00:00:00", null, "1986-12-31T15:00:00", "year"],
  [
    "a date that is younger than the object: people may say so",
    BEFORE,
    "2025-01-01 00:00:00 +00:00",
    "2025-01-01T00:00:00",
    "+00:00",
    "2025-01-01T00:00:00",
    "s",
    "value",
  ],
];

test.each(TABLE)("%s", (_why, captured, written, local, offset, utc, precision, zoneFrom) => {
  const told = dateOverride({ captured, modified: "2020-01-01T00:00:00Z" }, written, "Asia/Tokyo");
  expect(told).toMatchObject({ local, offset, precision, source: "user", tag: "--dates" });
  expect(told?.utc.slice(0, 19)).toBe(utc);
  expect(told?.zoneFrom).toBe(zoneFrom);
  // Told again, it is known.
  const again = { captured: told, modified: "2020-01-01T00:00:00Z" };
  expect(dateOverride(again, written, "Asia/Tokyo")).toBeNull();
});

test.each(["no date", "", "2012-13-45"])("%j is no date, and changes nothing", (written) => {
  expect(dateOverride({ captured: BEFORE, modified: "2020-01-01T00:00:00Z" }, written, "Asia/Tokyo")).toBeNull();
});

test("the camera stays known", () => {
  const captured = { ...BEFORE, camera: "Canon EOS R6" };
  const told = dateOverride({ captured, modified: "2020-01-01T00:00:00Z" }, "2012", "UTC");
  expect(told?.camera).toBe("Canon EOS R6");
});
