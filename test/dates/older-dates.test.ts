import { describe, expect, test } from "vitest";
import { DATE_RULES, isOfOlderRules, isSurelyOtherwise, reconsidered } from "../../src/dates/kept-date.ts";
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
