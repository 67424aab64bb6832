import { describe, expect, test } from "vitest";
import { type DateRules, decideCaptureDate } from "../../src/dates/capture-date.ts";
import { DATE_ROWS, type DateCandidate } from "../../src/dates/date-candidate.ts";
import { at, EACH, says } from "./date-rows.ts";

const RULES: DateRules = {
  modified: "2020-01-01T00:00:00.000Z",
  now: "2021-01-01T00:00:00.000Z",
  defaultZone: "Europe/Berlin",
};

describe("the order of trust", () => {
  test.each(EACH.map((candidate, row) => [candidate.row, row] as const))(
    "%s wins over everything below it",
    (row, from) => {
      const decision = decideCaptureDate(EACH.slice(from).toReversed(), RULES);
      expect(decision.captured).toMatchObject({ tag: row });
      const [winner, ...losers] = decision.candidates;
      expect(winner).toMatchObject({ candidate: { row }, fate: "chosen", lost: null });
      expect(losers.map(({ candidate }) => candidate.row)).toEqual(DATE_ROWS.slice(from + 1));
      for (const { candidate, fate, lost } of losers) {
        expect(fate).toBe("outranked");
        const upload = "it says when the photo was uploaded, not when it was taken";
        expect(lost).toBe(candidate.row === "modified" ? upload : `${row} is more trusted`);
      }
    },
  );

  test("LastModified is left, and says when it came, not when it was taken", () => {
    expect(decideCaptureDate([], RULES).captured).toEqual({
      local: "2020-01-01T01:00:00",
      offset: null,
      utc: "2020-01-01T00:00:00.000Z",
      source: "modified",
      precision: "s",
      tag: "LastModified",
    });
  });

  test("the earliest of all is not preferred", () => {
    const candidates = [says("exif-original", "2010:01:05 10:00:00"), says("key", "1999")];
    expect(decideCaptureDate(candidates, RULES).captured?.local).toBe("2010-01-05T10:00:00");
  });

  test("ModifyDate does not come before Original, nor its OffsetTime to Original's aid", () => {
    const modify = says("modify", "2009:01:01 10:00:00", at("-08:00"));
    const { captured } = decideCaptureDate([modify, says("exif-original", "2010:06:05 10:00:00")], RULES);
    expect(captured).toMatchObject({ local: "2010-06-05T10:00:00", offset: null });
  });

  test("preferService lifts the service above the file, and not above a sidecar", () => {
    const rules = { ...RULES, preferService: true };
    const rows = decideCaptureDate(EACH, rules).candidates.map(({ candidate }) => candidate.row);
    expect(rows.slice(0, 4)).toEqual(["user", "sidecar", "service", "exif-original"]);
  });
});

/** [why, candidate that is passed over, reason]; the key's month is what is left. */
const PASSED_OVER: readonly [why: string, candidate: DateCandidate, reason: string][] = [
  ["zeros", says("exif-original", "0000:00:00 00:00:00"), "never set"],
  ["blanks", says("exif-original", "    :  :     :  :  "), "never set"],
  ["a sub-second as date", says("embedded", "00"), "never set"],
  ["month 13", says("exif-original", "2012:13:01 10:00:00"), "no such day or time"],
  ["month 103", says("exif-original", "2012:103:01 10:00:00"), "no such day or time"],
  ["29 February", says("exif-original", "2013:02:29 10:00:00"), "no such day or time"],
  ["rubbish", says("exif-original", "2005:0?:03 10:00:00"), "not a date"],
  ["60 kB", says("exif-original", "2".repeat(60_000)), "too long for a date"],
  ["year 1", says("exif-original", "0001:01:01 00:00:00"), "before the first photograph"],
  ["year 1825", says("exif-original", "1825:12:31 23:59:59"), "before the first photograph"],
  ["1904", says("video-header", "1904:01:01 00:00:00"), "the zero of QuickTime clocks"],
  ["1970", says("exif-original", "1970:01:01 00:00:00"), "the zero of Unix clocks"],
  ["1970, shifted", says("embedded", "1970-01-01T01:00:00+01:00"), "the zero of Unix clocks"],
  ["1980", says("exif-original", "1980:01:01 00:00:00"), "the zero of FAT clocks"],
  ["Android's bug", says("exif-original", "2002:12:08 12:00:00"), "what a bug of Android writes for no date"],
  ["Takeout's marker", says("sidecar", "2036-01-01T23:59:59Z"), "what Takeout tools write for dates before 1970"],
  ["Outlook", says("embedded", "4501-01-01T00:00:00"), "what Outlook writes for no date"],
  ["2038", says("exif-original", "2038:01:01 00:00:00"), "later than now"],
  ["2041 (Fuji X100)", says("exif-original", "2041:06:01 10:00:00"), "later than now"],
  ["2099 (Nikon)", says("exif-original", "2099:01:01 00:00:00"), "later than now"],
  ["2216 (Kodak)", says("exif-original", "2216:01:01 10:00:00"), "later than now"],
  ["27 hours from now", says("exif-original", "2021:01:02 03:00:00", at("+00:00")), "later than now"],
  [
    "mtime of the upload",
    says("object-mtime", "2020-01-01T00:00:00Z"),
    "not earlier than LastModified, so it is of the upload",
  ],
];

describe("passed over", () => {
  test.each(PASSED_OVER)("%s", (_why, candidate, reason) => {
    const decision = decideCaptureDate([candidate, says("key", "2012-06")], RULES);
    expect(decision.candidates).toContainEqual({ candidate, fate: "refused", lost: reason });
    expect(decision.captured).toMatchObject({
      local: "2012-06-01T00:00:00",
      source: "key",
      precision: "month",
    });
  });

  test.each([
    ["a second after the zero of Unix", "1970:01:01 00:00:01"],
    ["noon of the zero of FAT", "1980:01:01 12:00:00"],
    ["before 1970", "1958:07:12 12:00:00"],
    ["1826", "1826:06:01 12:00:00"],
    ["a clock 26 hours ahead of now", "2021:01:02 02:00:00"],
  ])("not %s", (_why, written) => {
    const rules = { ...RULES, defaultZone: "UTC" };
    const { captured } = decideCaptureDate([says("exif-original", written)], rules);
    expect(captured?.tag).toBe("exif-original");
  });

  test("whatever the user says, he is right", () => {
    expect(decideCaptureDate([says("user", "1904-01-01")], RULES).captured?.source).toBe("user");
    expect(decideCaptureDate([says("user", "2036-01-01")], RULES).captured?.source).toBe("user");
  });

  test("nothing is later than no time at all, and nothing is left without a LastModified", () => {
    const { now: _, ...rules } = { ...RULES, modified: "nonsense" };
    expect(decideCaptureDate([says("key", "2030")], rules).captured?.source).toBe("key");
    expect(decideCaptureDate([], rules).captured).toBeNull();
  });
});

describe("a sidecar", () => {
  const local = says("exif-original", "2012:06:28 14:03:22");
  const exact = says("exif-original", "2012:06:28 14:03:22", at("+02:00"));

  test.each([
    ["in bare UTC is DateTimeOriginal again", "2012-06-28T12:03:22Z", local, "exif-original"],
    ["so with an offset beside it", "2012-06-28T12:03:22Z", exact, "exif-original"],
    ["with +00:00 likewise", "2012-06-28T12:03:22+00:00", local, "exif-original"],
    ["in UTC at another time is a correction", "2012-06-28T12:10:22Z", local, "sidecar"],
    ["in UTC, not at that offset, too", "2012-06-28T11:03:22Z", exact, "sidecar"],
    ["with an offset of its own wins", "2012-06-28T14:03:22+02:00", local, "sidecar"],
    ["with a wall clock wins", "2012-06-28T14:03:22", local, "sidecar"],
  ])("%s", (_why, written, original, tag) => {
    const { captured } = decideCaptureDate([says("sidecar", written), original], RULES);
    expect(captured?.tag).toBe(tag);
  });

  test("that is DateTimeOriginal in UTC tells the zone", () => {
    const { captured, zoneFrom } = decideCaptureDate([says("sidecar", "2012-06-28T09:03:22Z"), local], RULES);
    expect(captured).toMatchObject({ local: "2012-06-28T14:03:22", offset: "+05:00" });
    expect(zoneFrom).toBe("difference");
  });
});

describe("a day in the name and the mtime that an upload tool noted", () => {
  test.each([
    ["the same day", "2018-04-12T16:05:33Z", "object-mtime"],
    ["the next day", "2018-04-13T22:00:00Z", "object-mtime"],
    ["the day before", "2018-04-11T10:00:00Z", "object-mtime"],
    ["a year before: the name is of a copy", "2017-04-11T10:00:00Z", "object-mtime"],
    ["a year later: the mtime is of a copy", "2019-04-11T10:00:00Z", "name-day"],
    ["three days later", "2018-04-15T13:00:00Z", "name-day"],
    ["later than the upload", "2021-01-01T00:00:00Z", "name-day"],
  ])("%s", (_why, mtime, tag) => {
    const candidates = [says("name-day", "2018-04-12"), says("object-mtime", mtime)];
    expect(decideCaptureDate(candidates, RULES).captured?.tag).toBe(tag);
  });
});

describe("pointed out", () => {
  const codes = (candidates: DateCandidate[], make?: string) =>
    decideCaptureDate(candidates, {
      ...RULES,
      ...(make === undefined ? {} : { evidence: { make } }),
    }).warnings.map(({ code, message }) => `${code}: ${message}`);

  test.each([
    [
      "a clock that was never set (Sanyo VPC-G250)",
      [says("exif-original", "1998:01:01 00:00:00")],
      "odd: a clock that was never set shows such a time",
    ],
    [
      "the zero of Excel clocks, which scans of old prints may honestly have",
      [says("exif-original", "1900:01:01 00:00:00")],
      "odd: a clock that was never set shows such a time",
    ],
    [
      "a photo older than digital cameras",
      [says("exif-original", "1958:07:12 12:00:00")],
      "odd: no digital camera is as old as 1958",
    ],
    [
      "a service that says something else",
      [says("exif-original", "2012:06:28 14:03:22"), says("service", "2013-06-28T14:03:22")],
      "conflict: service says 2013-06-28 14:03:22",
    ],
    [
      "the same clock nine minutes later",
      [says("exif-original", "1998:01:01 00:09:59")],
      "odd: a clock that was never set shows such a time",
    ],
    [
      "a name that is more than 15 hours off",
      [says("exif-original", "2012:06:28 14:00:00"), says("name-time", "2012-06-29T05:00:01")],
      "conflict: name-time says 2012-06-29 05:00:01",
    ],
    [
      "a name that says another day",
      [says("exif-original", "2012:06:28 14:03:22"), says("name-day", "2012-06-30")],
      "conflict: name-day says 2012-06-30",
    ],
  ])("%s", (_why, candidates, warning) => {
    const decision = decideCaptureDate(candidates, RULES);
    expect(codes(candidates)).toEqual([warning]);
    expect(decision.captured?.tag).toBe("exif-original");
    expect(decision.captured?.warnings).toEqual([warning.replace(/^\w+: /, "")]);
  });

  test.each([
    ["a scan of 1958", [says("exif-original", "1958:07:12 12:00:00")], "EPSON"],
    ["ten minutes into New Year", [says("exif-original", "2012:01:01 00:10:00")], undefined],
    ["a name of New Year's midnight", [says("name-time", "2012-01-01T00:00:00")], undefined],
    [
      "a name that is 15 hours off",
      [says("exif-original", "2012:06:28 14:00:00"), says("name-time", "2012-06-29T05:00:00")],
      undefined,
    ],
    ["the day in the name", [says("exif-original", "2012:06:28 23:59:59"), says("name-day", "2012-06-28")], undefined],
    [
      "a day scanned years later",
      [says("exif-original", "1999:06:28 14:00:00"), says("exif-digitized", "2012:06:28 14:00:00")],
      undefined,
    ],
    [
      "a photo edited and copied years later",
      [
        says("exif-original", "2012:06:28 14:00:00"),
        says("modify", "2018:06:28 14:00:00"),
        says("object-mtime", "2019-06-28T14:00:00Z"),
      ],
      undefined,
    ],
  ])("not %s", (_why, candidates, make) => {
    expect(codes(candidates, make)).toEqual([]);
  });
});

describe("precision", () => {
  test.each([
    ["2012:06:28 14:03:22", "46", "2012-06-28T14:03:22.46", "ms"],
    ["2012:06:28 14:03:22", "00", "2012-06-28T14:03:22", "s"],
    ["2012:06:28 14:03", "46", "2012-06-28T14:03:00", "minute"],
    ["2016:06:28   :  :??", "", "2016-06-28T00:00:00", "day"],
  ])("%s and sub-seconds %j are %s", (written, subSeconds, local, precision) => {
    const candidate = says("exif-original", written, { subSeconds });
    expect(decideCaptureDate([candidate], RULES).captured).toMatchObject({ local, precision });
  });

  test("nanoseconds are kept", () => {
    const mtime = says("object-mtime", "2012-07-04T14:30:15.123456789Z");
    expect(decideCaptureDate([mtime], RULES).captured).toMatchObject({
      local: "2012-07-04T16:30:15.123456789",
      utc: "2012-07-04T14:30:15.123456789Z",
    });
  });
});
