import { describe, expect, test } from "vitest";
import { decideCaptureDate } from "../../src/dates/capture-date.ts";
import type { DateCandidate, ZoneEvidence } from "../../src/dates/date-candidate.ts";
import { at, decideZone, MODIFIED, PARIS, says } from "./date-rows.ts";

const noon = "2012:06:28 12:00:00";
const gps = (written: string) => says("vendor-utc", written);

/** [why, candidates, evidence, offset, zoneFrom, guessed]; the rows stand in the order of the rule. */
const ZONES: readonly [
  why: string,
  candidates: DateCandidate[],
  evidence: ZoneEvidence,
  offset: string | null,
  zoneFrom: string,
  guessed?: true,
][] = [
  [
    "in the value, above its tag",
    [says("embedded", "2012-06-28T12:00:00+03:00", at("+04:00"))],
    { zones: [{ tag: "TimeZone", written: "+05:00" }], position: PARIS },
    "+03:00",
    "value",
  ],
  [
    "in its tag, above the camera's zone",
    [says("exif-original", noon, at("+04:00"))],
    { zones: [{ tag: "TimeZone", written: "+05:00" }], position: PARIS },
    "+04:00",
    "value",
  ],
  ["a tag of Z is an offset", [says("exif-original", noon, at("Z"))], { position: PARIS }, "+00:00", "value"],
  [
    "a tag with rubbish is none",
    [says("exif-original", noon, at("+02:17"))],
    { zones: [{ tag: "TimeZone", written: "+05:00" }] },
    "+05:00",
    "camera",
  ],
  ["a tag with blanks is none", [says("exif-original", noon, at("   :  "))], {}, null, "default"],
  [
    "of the camera, above a difference and a position",
    [says("exif-original", noon), gps("2012:06:28 10:00:00Z")],
    { zones: [{ tag: "TimeZone", written: "+05:00" }], position: PARIS },
    "+05:00",
    "camera",
  ],
  [
    "a difference up to 2 minutes, above the position",
    [says("exif-original", noon), gps("2012:06:28 08:58:10Z")],
    { position: PARIS },
    "+03:00",
    "difference",
  ],
  [
    "a difference of half hours",
    [says("exif-original", noon), gps("2012:06:28 06:30:00Z")],
    {},
    "+05:30",
    "difference",
  ],
  [
    "the position, above a rough difference (stale GPS: canon-r6.cr3)",
    [says("exif-original", noon), gps("2012:06:28 08:50:00Z")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "a difference up to 15 minutes is a guess",
    [says("exif-original", noon), gps("2012:06:28 08:50:00Z")],
    {},
    "+03:00",
    "difference",
    true,
  ],
  [
    "a GPS time of the photo's future is none",
    [says("exif-original", noon), gps("2012:06:28 09:10:00Z")],
    {},
    null,
    "default",
  ],
  [
    "a camera by the clock of another place: by the position's the satellites would be 7 hours ahead",
    [says("exif-original", noon), gps("2012:06:28 09:54:38Z")],
    { position: { latitude: 35.68, longitude: 139.68 } },
    "+02:00",
    "difference",
    true,
  ],
  [
    "a camera by the clock of a place in the east: by the position's the fix would be 7 hours old",
    [says("exif-original", noon), gps("2012:06:28 02:54:38Z")],
    { position: PARIS },
    "+09:00",
    "difference",
    true,
  ],
  [
    "the position, where the fix is hours old and not minutes old by any zone",
    [says("exif-original", noon), gps("2012:06:28 02:40:00Z")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "the position, where the satellites are minutes ahead of a clock that is slow",
    [says("exif-original", noon), gps("2012:06:28 10:10:00Z")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "the position, where the clock is a day behind the satellites (Nikon P6000)",
    [says("exif-original", noon), gps("2012:06:29 09:58:28Z")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "the position, where the clock is years behind the satellites",
    [says("exif-original", noon), gps("2019:06:28 10:10:00Z")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "beside the same clock in XMP or IPTC",
    [says("exif-original", noon), says("embedded", "2012-06-28T12:00:00+05:00")],
    {},
    "+05:00",
    "value",
  ],
  [
    "beside the same clock in ModifyDate",
    [says("exif-original", noon), says("modify", noon, at("+05:00"))],
    {},
    "+05:00",
    "value",
  ],
  [
    "not beside another clock",
    [says("exif-original", noon), says("modify", "2012:06:28 12:00:01", at("+05:00"))],
    {},
    null,
    "default",
  ],
  [
    "the position, above XMP, in which programs write the zone of their computer",
    [says("exif-original", noon), says("embedded", "2012-06-28T12:00:00+05:00")],
    { position: PARIS },
    "+02:00",
    "position",
  ],
  [
    "its tag, above a GPS time of an hour ago (canon-r6.cr3)",
    [says("exif-original", noon, at("-08:00")), gps("2012:06:28 18:54:30Z")],
    {},
    "-08:00",
    "value",
  ],
  [
    "without its tag such a GPS time misleads, so that is a guess",
    [says("exif-original", noon), gps("2012:06:28 18:54:30Z")],
    {},
    "-07:00",
    "difference",
    true,
  ],
  [
    "a difference of 25 minutes is none",
    [says("exif-original", noon), gps("2012:06:28 10:35:00Z")],
    {},
    null,
    "default",
  ],
  [
    "a GPS time of another day is none (photoprism: over 27 hours)",
    [says("exif-original", noon), gps("2012:06:26 10:00:00Z")],
    {},
    null,
    "default",
  ],
  [
    "position 0, 0 is none",
    [says("exif-original", noon)],
    { position: { latitude: 0, longitude: 0 } },
    null,
    "default",
  ],
  ["nothing", [says("exif-original", noon)], {}, null, "default"],
  [
    "a service's UTC",
    [says("exif-original", noon), says("service", "2012-06-28T10:00:00Z")],
    {},
    "+02:00",
    "difference",
  ],
];

describe("the zone of a wall clock", () => {
  test.each(ZONES)("%s", (_why, candidates, evidence, offset, zoneFrom, guessed) => {
    expect(decideZone(candidates, evidence)).toMatchObject({
      local: "2012-06-28T12:00:00",
      offset,
      zoneFrom,
      guessed: guessed ?? false,
    });
  });

  test("an IANA zone is named where the position has it and the offset agrees", () => {
    const original = says("exif-original", noon, at("+02:00"));
    expect(decideZone([original], { position: PARIS }).zone).toBe("Europe/Paris");
    const elsewhere = says("exif-original", noon, at("+03:00"));
    expect(decideZone([elsewhere], { position: PARIS }).zone).toBeUndefined();
  });

  test("satellites at midnight to the second tell none", () => {
    expect(decideZone([says("exif-original", noon), gps("2012:06:28 00:00:00Z")]).offset).toBeNull();
  });
  test("with none, the default zone makes the instant, summer and winter", () => {
    const utc = (written: string) =>
      decideCaptureDate([says("exif-original", written)], {
        modified: MODIFIED,
        defaultZone: "America/New_York",
      }).captured?.utc;
    expect(utc("2012:06:28 12:00:00")).toBe("2012-06-28T16:00:00.000Z");
    expect(utc("2012:01:28 12:00:00")).toBe("2012-01-28T17:00:00.000Z");
  });
});

describe("the wall clock of an instant", () => {
  const header = says("video-header", "2017:02:22 08:20:28");

  test.each([
    [
      "by QuickTime's zone (sony-a7-xavc.MP4)",
      { zones: [{ tag: "TimeZone", written: "+01:00" }] },
      "2017-02-22T09:20:28",
      "+01:00",
    ],
    ["by the position", { position: PARIS }, "2017-02-22T09:20:28", "+01:00"],
    ["by the default zone, which is no offset", {}, "2017-02-22T03:20:28", null],
  ])("%s", (_why, evidence, local, offset) => {
    expect(decideZone([header], evidence)).toMatchObject({ local, offset, guessed: false });
  });

  test("LastModified has nothing to do with the place", () => {
    expect(decideZone([], { position: PARIS })).toMatchObject({ offset: null, zoneFrom: "default" });
  });

  test("Z after a time that is no count means the clock as written", () => {
    expect(decideZone([says("embedded", "2017-02-22T08:20:28Z")])).toMatchObject({
      local: "2017-02-22T08:20:28",
      offset: "+00:00",
    });
    expect(decideZone([says("embedded", "2017-02-22T08:20:28Z")], { position: PARIS })).toMatchObject({
      local: "2017-02-22T09:20:28",
      offset: "+01:00",
    });
  });

  test("a camera that writes +00:00 means it", () => {
    const keys = says("video-keys", "2017-02-22T08:20:28+0000");
    expect(decideZone([keys], { position: PARIS })).toMatchObject({ offset: "+00:00" });
  });

  test("a time printed in some zone is an instant all the same (Samsung's TimeStamp)", () => {
    const stamp = says("vendor-utc", "2017:02:22 17:20:28.123+09:00");
    expect(decideZone([stamp], { position: PARIS })).toMatchObject({
      local: "2017-02-22T09:20:28.123",
    });
  });
});
