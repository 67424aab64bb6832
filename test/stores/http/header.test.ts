import { expect, test } from "vitest";
import { isoDate, isoTime } from "../../../src/stores/http/header.ts";

test.each([
  ["Wed, 01 Jan 2014 10:00:00 GMT", "2014-01-01T10:00:00.000Z"],
  ["Wednesday, 01-Jan-14 10:00:00 GMT", "2014-01-01T10:00:00.000Z"],
  ["2014-01-01T10:00:00Z", "2014-01-01T10:00:00.000Z"],
  ["", ""],
  ["garbage", ""],
  ["garbage 5", ""],
  ["5", ""],
  ["1388570400", ""],
  ["Wed, 99 Jan 2014 10:00:00 GMT", ""],
])("the date %j is %j", (written, iso) => {
  expect(isoDate(written)).toBe(iso);
});

test.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
  // A file may carry a time that JavaScript cannot, and one that no text here can.
  [9e15, ""],
  [8.64e15, ""],
  [-8.64e15, ""],
  [Number.NaN, ""],
])("the time %s is %j", (ms, iso) => {
  expect(isoTime(ms)).toBe(iso);
});
