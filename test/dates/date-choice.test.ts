import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DateRules, decideCaptureDate } from "../../src/dates/capture-date.ts";
import type { DateCandidate } from "../../src/dates/date-candidate.ts";
import { noticingLateDates } from "../../src/dates/implausible.ts";
import { EACH, says } from "./date-rows.ts";

const RULES: DateRules = {
  modified: "2020-01-01T00:00:00.000Z",
  now: "2026-01-01T00:00:00.000Z",
  defaultZone: "Europe/Berlin",
};
const TAKEN = says("exif-original", "2012:06:28 14:03:22");
const decide = (said: DateCandidate[], rules: Partial<DateRules> = {}) =>
  decideCaptureDate(said, { ...RULES, ...rules });

describe("a time of upload that is none", () => {
  const PLACEHOLDERS = [
    "1970-01-01T00:00:00.000Z",
    "1969-12-31T23:00:00.000Z",
    "1980-01-01T00:00:00.000Z",
    "1979-12-31T14:00:00.000Z",
    "2000-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00.000Z",
    "1601-01-01T00:00:00.000Z",
    "nonsense",
    "",
  ];
  test.each(PLACEHOLDERS)("%j refuses nothing and makes nothing doubtful", (modified) => {
    for (const candidate of EACH) {
      if (candidate.row === "modified") continue;
      const { captured, warnings } = decide([candidate], { modified });
      expect(captured?.tag).toBe(candidate.row);
      expect(warnings).toEqual([]);
    }
  });

  test("that a store made up makes the date doubtful, and does not replace it", () => {
    const { captured, warnings } = decide([TAKEN], { modified: "2011-01-01T12:00:00.000Z" });
    expect(captured).toMatchObject({ tag: "exif-original", local: "2012-06-28T14:03:22" });
    expect(warnings).toEqual([{ code: "conflict", message: "it is later than its upload, 2011-01-01T12:00:00.000Z" }]);
  });

  test("but as the time of a file it says nothing at all", () => {
    const rules = { modified: "2011-01-01T12:00:00.000Z", fileTimes: true };
    expect(decide([TAKEN], rules)).toMatchObject({
      captured: { tag: "exif-original" },
      warnings: [],
    });
  });

  test("whatever it is, it dates nothing that dates itself", () => {
    const times = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(
      fc.property(times, fc.constantFrom(...EACH), fc.boolean(), (modified, one, fileTimes) => {
        fc.pre(one.row !== "object-mtime" && one.row !== "key" && one.row !== "name-day");
        const { captured } = decide([one], { modified, fileTimes });
        expect(captured?.tag?.split(",")[0]).toBe(one.row);
      }),
    );
  });

  test.each([
    ["mtime of the upload itself", "object-mtime", "2020-01-01T00:00:01Z", "LastModified"],
    ["mtime that is years later", "object-mtime", "2024-01-01T00:00:00Z", "object-mtime"],
    ["ModifyDate that is years later", "modify", "2024:01:01 00:00:00", "modify"],
  ] as const)("%s", (_why, row, written, tag) => {
    expect(decide([says(row, written)]).captured?.tag).toBe(tag);
  });
});

describe("a date later than its upload", () => {
  const late = says("exif-original", "2024:06:28 14:03:22");
  test.each([
    ["a name with its time", says("name-time", "2012-06-28T14:03:22"), "name-time"],
    ["a name with its day", says("name-day", "2012-06-28"), "name-day"],
    ["another that is late as well", says("name-day", "2024-06-28"), "exif-original"],
    ["a folder of a month", says("key", "2012-06"), "exif-original"],
    ["the mtime of a copy", says("object-mtime", "2012-06-28T12:03:22Z"), "exif-original"],
  ])("against %s", (_why, other, tag) => {
    expect(decide([late, other]).captured?.tag).toBe(tag);
  });

  test("is said once, where many are", () => {
    const notice = noticingLateDates();
    const { captured } = decide([TAKEN]);
    const object = { key: "a.jpg", modified: "2000-01-01T00:00:00.000Z" };
    const said = Array.from({ length: 10 }, () => notice(object, captured));
    expect(said.filter((one) => one !== null)).toEqual([
      expect.stringMatching(/^3 of 3 photos were taken later than they were uploaded.*2000-01-01 for a\.jpg/),
    ]);
    const few = noticingLateDates();
    const all = Array.from({ length: 99 }, (_, at) =>
      few(at < 2 ? object : { ...object, modified: "2020-01-01T00:00:00.000Z" }, captured),
    );
    expect(all.every((one) => one === null)).toBe(true);
  });
});

/** [what is known, what else is said, the tag of the date, the tag it lies in] */
const FINER: readonly [DateCandidate, DateCandidate, string, string | null][] = [
  [says("sidecar", "2012-06-28"), TAKEN, "exif-original", "sidecar"],
  [says("sidecar", "2012-06"), TAKEN, "exif-original", "sidecar"],
  [says("sidecar", "2012"), TAKEN, "exif-original", "sidecar"],
  [says("sidecar", "2012-06-28T14:03"), TAKEN, "exif-original", "sidecar"],
  [says("sidecar", "2012-06-27"), TAKEN, "sidecar", null],
  [says("sidecar", "2012-06-27"), says("exif-original", "2012:06:28 00:00:00"), "sidecar", null],
  [says("sidecar", "2012-05"), says("exif-original", "2012:06:01 00:00:00"), "sidecar", null],
  [says("sidecar", "2011"), says("exif-original", "2012:01:01 00:00:00"), "sidecar", null],
  [says("sidecar", "2013"), TAKEN, "sidecar", null],
  [says("sidecar", "2012"), says("name-day", "2012-06-28"), "name-day", "sidecar"],
  [says("sidecar", "2012"), says("exif-original", "2012:01:01 00:00:00"), "sidecar", null],
  [says("sidecar", "2012-06-28"), says("exif-original", "2012:06:28 00:00:00"), "sidecar", null],
  [says("video-content", "2012"), says("video-header", "2012:06:28 12:03:22"), "video-header", "video-content"],
  [says("video-content", "2012-06-28"), says("name-time", "2012-06-28T14:03:22"), "name-time", "video-content"],
  [
    says("embedded", "2012-06-28"),
    says("embedded", "2012-06-28T14:03:22+02:00", { tag: "other" }),
    "other",
    "embedded",
  ],
  [says("name-day", "2012-06-28"), says("modify", "2012:06:28 15:00:00"), "modify", "name-day"],
  [says("user", "2012"), TAKEN, "user", null],
];

describe("a vague date", () => {
  test.each(FINER)("%j and %j", (vague, other, tag, within) => {
    const decision = decide([vague, other]);
    expect(decision.captured?.tag).toBe(tag);
    expect(decision.within?.tag ?? null).toBe(within);
    const lost = decision.candidates.find(({ candidate }) => candidate === vague)?.lost;
    if (within !== null) expect(lost).toBe(`${tag} lies within it and says more`);
  });

  test("that an edit made finer is a guess: it may be of the same year only", () => {
    const told = [says("sidecar", "2012"), says("modify", "2012:11:05 10:11:12")];
    expect(decide(told).warnings).toEqual([{ code: "guess", message: "modify makes it finer, within what is known" }]);
    expect(decide([says("sidecar", "2012"), TAKEN]).warnings).toEqual([]);
  });

  test("is not made finer by when its object came to a store", () => {
    const [modified, told] = ["2012-06-28T12:03:22.000Z", [says("name-day", "2012-06-28")]];
    expect(decide(told, { modified }).captured).toMatchObject({
      tag: "name-day",
      precision: "day",
    });
    expect(decide(told, { modified, fileTimes: true })).toMatchObject({
      captured: { tag: "name-day, file time", source: "name", precision: "s", utc: modified },
      within: { tag: "name-day" },
    });
  });

  test.each([
    ["2012-06", "2012-06-15T10:11:12.345Z", "2012-06-15T10:11:12.345Z"],
    ["2012", "2012-08-09T10:11:12.000Z", "2012-08-09T10:11:12.000Z"],
    ["2012", "2013-08-09T10:11:12.000Z", "2011-12-31T23:00:00.000Z"],
    // What a vague date made of a file, here and in other zones.
    ["2012", "2011-12-31T23:00:00.000Z", "2011-12-31T23:00:00.000Z"],
    ["2012", "2012-01-01T00:00:00.000Z", "2011-12-31T23:00:00.000Z"],
    ["2012", "2012-01-01T05:00:00.000Z", "2011-12-31T23:00:00.000Z"],
  ])("of a folder, %s, and the time of its file, %s", (written, modified, utc) => {
    expect(decide([says("key", written)], { modified, fileTimes: true }).captured?.utc).toBe(utc);
  });

  test("of a camera that the file makes finer seeks no zone: the file's time is an instant", () => {
    const rules = { modified: "2012-06-28T12:03:22.000Z", fileTimes: true };
    const { captured } = decide([says("exif-original", "2012:06:28   :  :??")], rules);
    expect(captured).toMatchObject({ source: "metadata", tag: "exif-original, file time" });
  });

  test("is never left for one that contradicts it", () => {
    const anything = fc
      .date({ min: new Date("1990-01-01"), max: new Date("2019-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 19));
    fc.assert(
      fc.property(fc.constantFrom(4, 7, 10), anything, anything, (cut, one, other) => {
        const vague = says("sidecar", one.slice(0, cut));
        const { captured } = decide([vague, says("exif-original", other)]);
        expect(captured?.local.startsWith(one.slice(0, cut))).toBe(true);
      }),
    );
  });
});

describe("a clock that was never set", () => {
  const reset = says("exif-original", "2000:01:01 00:00:00");
  const name = says("name-time", "2012-06-28T14:03:22");
  const json = says("service", "2012-06-28T12:03:22Z", { source: "sidecar" });
  test.each([
    ["alone stands, as doubtful", [reset], "exif-original"],
    ["against a name stands, as doubtful", [reset, name], "exif-original"],
    ["against a name and a sidecar that agree does not", [reset, name, json], "service"],
    ["nor hours later", [says("exif-original", "2000:01:01 03:17:40"), name, json], "service"],
    ["nor in a digitized date besides", [reset, says("exif-digitized", "2000:01:01 00:00:00"), name, json], "service"],
    [
      "nor against a day in a name and an mtime",
      [reset, says("name-day", "2012-06-28"), says("object-mtime", "2012-06-28T12:03:22Z")],
      "object-mtime",
    ],
    ["stands against two that disagree", [reset, name, says("service", "2015-01-05T12:00:00Z")], "exif-original"],
    ["stands against two names", [reset, name, says("name-day", "2012-06-28")], "exif-original"],
  ] as const)("%s", (_why, said, tag) => {
    const decision = decide([...said]);
    expect(decision.captured?.tag).toBe(tag);
    if (tag === "exif-original") expect(decision.warnings.map(({ code }) => code)).toContain("odd");
  });

  test("is none where a name confirms the first minutes of the year", () => {
    const said = [says("exif-original", "2019:01:01 00:04:18"), says("name-time", "2019-01-01T00:04:18")];
    expect(decide(said).warnings).toEqual([]);
  });
});
