import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatClock, formatInstant, readWritten, unixSeconds } from "../../src/dates/written-time.ts";

const READ: readonly [written: string, local: string, precision: string, offset?: string][] = [
  ["2012:06:28 14:03:22", "2012-06-28T14:03:22", "s"],
  ["2012:06:28 14:03:22\0\0", "2012-06-28T14:03:22", "s"],
  ["2008.07.10  15:16:55", "2008-07-10T15:16:55", "s"],
  ["2012-06-28T14:03:22.12+02:00", "2012-06-28T14:03:22.12", "ms", "+02:00"],
  ["1997:08:25:13:12:50", "1997-08-25T13:12:50", "s"],
  ["2012-06-28T14:03:22Z", "2012-06-28T14:03:22", "s", "Z"],
  ["2021-08-14T18:20:05+0200", "2021-08-14T18:20:05", "s", "+0200"],
  ["2012/06/28 14:03:22", "2012-06-28T14:03:22", "s"],
  ["2012-06-28T14:03+02:00", "2012-06-28T14:03:00", "minute", "+02:00"],
  ["20120628T140322Z", "2012-06-28T14:03:22", "s", "Z"],
  ["20031109 163000+0100", "2003-11-09T16:30:00", "s", "+0100"],
  ["20031109", "2003-11-09T00:00:00", "day"],
  ["MON SEP 10 20:52:00 2012", "2012-09-10T20:52:00", "s"],
  ["Tue Dec 14 09:54:11 2004", "2004-12-14T09:54:11", "s"],
  ["2016:06:28   :  :??", "2016-06-28T00:00:00", "day"],
  ["2016:06:28   :  :  ", "2016-06-28T00:00:00", "day"],
  ["2016-06-28", "2016-06-28T00:00:00", "day"],
  ["2016-06", "2016-06-01T00:00:00", "month"],
  ["2016", "2016-01-01T00:00:00", "year"],
  ["1869:05:10 12:00:00", "1869-05-10T12:00:00", "s"],
  ["2012:06:28 14:03:22+02:00 DST", "2012-06-28T14:03:22", "s", "+02:00"],
  ["2012:06:28 14:03:22-04:00 DST", "2012-06-28T14:03:22", "s", "-04:00"],
  ["2015:08:22 24:08:19", "2015-08-22T00:08:19", "s"],
  ["2015-12-31T24:00:00", "2015-12-31T00:00:00", "s"],
  ["2012:06:00 00:00:00", "2012-06-01T00:00:00", "month"],
  ["2012:06:00 14:03:22", "2012-06-01T00:00:00", "month"],
  ["2012:00:00 00:00:00", "2012-01-01T00:00:00", "year"],
  ["2012:00:28 14:03:22", "2012-01-01T00:00:00", "year"],
  ["20120600", "2012-06-01T00:00:00", "month"],
  ["20120000 140322+0200", "2012-01-01T00:00:00", "year", "+0200"],
  ["2012-06-00", "2012-06-01T00:00:00", "month"],
  ["02-Aug-99", "1999-08-02T00:00:00", "day"],
  ["2 Aug 2012", "2012-08-02T00:00:00", "day"],
  ["12/29/93 13:51:58", "1993-12-29T13:51:58", "s"],
  ["29/12/2012", "2012-12-29T00:00:00", "day"],
  ["2012-02-29", "2012-02-29T00:00:00", "day"],
  ["2000-02-29", "2000-02-29T00:00:00", "day"],
  ["0096-02-29", "0096-02-29T00:00:00", "day"],
];

const REFUSED: readonly [written: string, reason: string][] = [
  ["", "never set"],
  ["0000:00:00 00:00:00", "never set"],
  ["    :  :     :  :  ", "never set"],
  ["0", "never set"],
  ["00", "never set"],
  ["2005:0?:03 10:00:00", "not a date"],
  ["2005:103:03 10:00:00", "no such day or time"],
  ["2005:13:03 10:00:00", "no such day or time"],
  ["2005:02:30 10:00:00", "no such day or time"],
  ["2011-02-29", "no such day or time"],
  ["1900-02-29", "no such day or time"],
  ["2012-04-31", "no such day or time"],
  ["2005:02:03 24:60:00", "no such day or time"],
  ["2005:02:03 25:00:00", "no such day or time"],
  ["3/4/2012 13:51:58", "not a date"],
  ["13/13/2012", "no such day or time"],
  ["2005:02:03 10:60:00", "no such day or time"],
  ["2005:02:03 10:59:60", "no such day or time"],
  ["2005:02:03 10", "not a date"],
  ["WED FOO 10 20:52:00 2012", "no such day or time"],
  ["yesterday, 2 o'clock", "not a date"],
  ["2012:06:28 14:03:22 and much more", "not a date"],
  ["9".repeat(60_000), "too long for a date"],
];

describe("a written date", () => {
  test.each(READ)("%j is %s, known to the %s", (written, local, precision, offset) => {
    const time = readWritten(written);
    if (typeof time === "string") throw new Error(time);
    expect(formatClock(time.clock, time.fraction)).toBe(local);
    expect(time.precision).toBe(precision);
    expect(time.offset).toBe(offset ?? null);
  });

  test.each(REFUSED)("%j is refused: %s", (written, reason) => {
    expect(readWritten(written)).toBe(reason);
  });

  test.each([
    ["46", "2012-06-28T14:03:22.46", "ms"],
    ["046", "2012-06-28T14:03:22.046", "ms"],
    [" 7 ", "2012-06-28T14:03:22.7", "ms"],
    ["123456789012", "2012-06-28T14:03:22.123456789", "ms"],
    ["00", "2012-06-28T14:03:22", "s"],
    ["0", "2012-06-28T14:03:22", "s"],
    ["?!", "2012-06-28T14:03:22", "s"],
    ["-5", "2012-06-28T14:03:22", "s"],
  ])("sub-seconds %j make it %s", (subSeconds, local, precision) => {
    const time = readWritten("2012:06:28 14:03:22", subSeconds);
    expect(time).toMatchObject({ precision });
    expect(typeof time === "string" ? time : formatClock(time.clock, time.fraction)).toBe(local);
  });

  test("sub-seconds make no time of a day", () => {
    expect(readWritten("2012:06:28", "46")).toMatchObject({ precision: "day", fraction: "" });
  });

  test("no text makes it throw, and what it reads it writes again", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (written, subSeconds) => {
        const time = readWritten(written, subSeconds);
        expect(["string", "object"]).toContain(typeof time);
      }),
    );
    const dates = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const clock = Math.floor(date.getTime() / 1000) * 1000;
        expect(readWritten(formatClock(clock, ""))).toMatchObject({ clock, precision: "s" });
      }),
    );
  });
});

describe("seconds since 1970", () => {
  test.each([
    ["1341412215.250000000", "2012-07-04T14:30:15.25Z"],
    ["1341412215.123456789", "2012-07-04T14:30:15.123456789Z"],
    ["0", "1970-01-01T00:00:00Z"],
    ["-1.25", "1969-12-31T23:59:58.75Z"],
    ["-362491200", "1958-07-07T12:00:00Z"],
  ])("%s are %s", (text, written) => {
    expect(unixSeconds(text)).toBe(written);
  });

  test.each(["", "x", "1e9", "1.2.3", "99999999999999", "0x10", "1341412215,5"])("%j are none", (text) => {
    expect(unixSeconds(text)).toBeNull();
  });
});

test("an instant has three digits after the second, or as many as were recorded", () => {
  expect(formatInstant(0, "")).toBe("1970-01-01T00:00:00.000Z");
  expect(formatInstant(0, "5")).toBe("1970-01-01T00:00:00.500Z");
  expect(formatInstant(0, "123456789")).toBe("1970-01-01T00:00:00.123456789Z");
});
