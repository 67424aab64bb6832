import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatOffset, instantIn, isZone, nearestOffset, offsetAt, parseOffset, zoneAt } from "../../src/dates/zone.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a written offset", () => {
  test.each([
    ["+02:00", 120],
    ["-0330", -210],
    ["+2", 120],
    ["Z", 0],
    ["UTC", 0],
    ["GMT+1", 60],
    [" +05:45 ", 345],
    ["-04:30", -270],
    ["+14:00", 840],
  ])("%j is %i minutes", (written, minutes) => {
    expect(parseOffset(written)).toBe(minutes);
  });

  test.each(["", "-12:00", "+15:00", "+02:17", "+99:99", "02:00", "   :  ", "+1:2:3", "CEST", "\0"])(
    "%j is in use nowhere",
    (written) => {
      expect(parseOffset(written)).toBeNull();
    },
  );

  test.each([
    [0, "+00:00"],
    [120, "+02:00"],
    [-210, "-03:30"],
    [345, "+05:45"],
  ])("%i minutes are written %s", (minutes, written) => {
    expect(formatOffset(minutes)).toBe(written);
  });
});

test("a difference is the nearest offset in use, up to a tolerance", () => {
  expect(nearestOffset(2 * HOUR + 90_000, 2 * MINUTE)).toBe(120);
  expect(nearestOffset(2 * HOUR + 150_000, 2 * MINUTE)).toBeNull();
  expect(nearestOffset(5.75 * HOUR - 7 * MINUTE, 15 * MINUTE)).toBe(345);
  expect(nearestOffset(0, 1000)).toBe(0);
  expect(nearestOffset(-12 * HOUR, 2 * MINUTE)).toBeNull();
  expect(nearestOffset(27 * HOUR, 15 * MINUTE)).toBeNull();
});

describe("the clocks of a zone", () => {
  const instant = (zone: string, local: string) => new Date(instantIn(zone, Date.parse(`${local}Z`))).toISOString();

  test.each([
    ["Europe/Berlin", "2012-06-28T14:03:22", "2012-06-28T12:03:22.000Z", "summer"],
    ["Europe/Berlin", "2012-01-28T14:03:22", "2012-01-28T13:03:22.000Z", "winter"],
    ["Europe/Berlin", "2021-10-31T02:30:00", "2021-10-31T00:30:00.000Z", "twice: the first"],
    ["Europe/Berlin", "2021-10-31T01:59:59", "2021-10-30T23:59:59.000Z", "just before twice"],
    ["Europe/Berlin", "2021-10-31T03:00:00", "2021-10-31T02:00:00.000Z", "just after twice"],
    ["Europe/Berlin", "2021-03-28T02:30:00", "2021-03-28T01:30:00.000Z", "never: as far behind"],
    ["Europe/Berlin", "2021-03-28T03:00:00", "2021-03-28T01:00:00.000Z", "just after never"],
    ["America/New_York", "2021-11-07T01:30:00", "2021-11-07T05:30:00.000Z", "twice, west"],
    ["America/New_York", "2021-03-14T02:30:00", "2021-03-14T07:30:00.000Z", "never, west"],
    ["Australia/Lord_Howe", "2021-04-04T01:45:00", "2021-04-03T14:45:00.000Z", "half an hour"],
    ["Asia/Kolkata", "2012-06-28T14:03:22", "2012-06-28T08:33:22.000Z", "half-hour zone"],
    ["Asia/Kathmandu", "2012-06-28T14:03:22", "2012-06-28T08:18:22.000Z", "quarter-hour zone"],
    ["Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00.000Z", "a day left out"],
    ["Europe/Berlin", "1958-07-12T12:00:00", "1958-07-12T11:00:00.000Z", "before 1970, no summer"],
    ["+02:00", "2012-06-28T14:03:22", "2012-06-28T12:03:22.000Z", "an offset as zone"],
    ["Nowhere/Land", "2012-06-28T14:03:22", "2012-06-28T14:03:22.000Z", "unknown: UTC"],
  ])("%s %s is %s (%s)", (zone, local, utc) => {
    expect(instant(zone, local)).toBe(utc);
  });

  test("go back and forth for every instant outside of what they show twice", () => {
    const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC");
    const times = fc.integer({ min: -2e9, max: 4e9 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(zones, times, (zone, time) => {
        const clock = time + offsetAt(zone, time) * MINUTE;
        const back = instantIn(zone, clock);
        // What is shown twice may come back as the first time; it shows the same then.
        expect(back + offsetAt(zone, back) * MINUTE).toBe(clock);
        expect(back).toBeLessThanOrEqual(time);
      }),
    );
  });
});

test("zones are known by their name", () => {
  expect(isZone("Europe/Berlin")).toBe(true);
  expect(isZone("UTC")).toBe(true);
  expect(isZone("Mars/Olympus")).toBe(false);
  expect(isZone("")).toBe(false);
});

describe("a position", () => {
  test.each([
    [48.8584, 2.2945, "Europe/Paris"],
    [-33.86, 151.21, "Australia/Sydney"],
    [40.7128, -74.006, "America/New_York"],
  ])("%d, %d lies in %s", (latitude, longitude, zone) => {
    expect(zoneAt({ latitude, longitude })).toBe(zone);
  });

  test.each([
    [0, 0],
    [91, 10],
    [10, 181],
    [Number.NaN, 10],
    [10, Number.POSITIVE_INFINITY],
  ])("%d, %d was never set", (latitude, longitude) => {
    expect(zoneAt({ latitude, longitude })).toBeNull();
  });
});
