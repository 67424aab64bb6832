import { expect, test } from "vitest";
import { dateOverride } from "../../src/dates/kept-date.ts";
import type { Captured } from "../../src/model.ts";

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
