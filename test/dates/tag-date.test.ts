import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findingsIn, makerDates } from "../../src/dates/tag-date.ts";
import type { FileTags } from "../../src/metadata/head.ts";

const rows = (tags: FileTags) => findingsIn(tags).candidates.map(({ row, clock, tag }) => `${row} ${clock} ${tag}`);

/** [tag, row, clock, name of the tag] */
const TAGS: readonly [tag: string, row: string, clock: string, name?: string][] = [
  ["ExifIFD:DateTimeOriginal", "exif-original", "local", "DateTimeOriginal"],
  ["IFD0:DateTimeOriginal", "exif-original", "local", "DateTimeOriginal"],
  ["ExifIFD:CreateDate", "exif-digitized", "local", "CreateDate"],
  ["XMP-exif:DateTimeOriginal", "embedded", "local"],
  ["XMP-photoshop:DateCreated", "embedded", "local"],
  ["XMP-xmp:CreateDate", "embedded", "local"],
  ["PNG:CreationTime", "embedded", "local", "CreationTime"],
  ["PostScript:CreateDate", "embedded", "local", "CreateDate"],
  ["Keys:CreationDate", "video-keys", "local"],
  ["XML:CreationDateValue", "video-keys", "local"],
  ["ItemList:ContentCreateDate", "video-content", "local"],
  ["RIFF:DateTimeOriginal", "video-content", "local"],
  ["H264:DateTimeOriginal", "video-content", "local"],
  ["QuickTime:CreateDate", "video-header", "utc"],
  ["Track1:MediaCreateDate", "video-header", "utc"],
  ["Track2:TrackCreateDate", "video-header", "utc"],
  ["Matroska:DateTimeOriginal", "video-header", "utc"],
  ["Composite:GPSDateTime", "vendor-utc", "utc", "GPSDateTime"],
  ["Sony:SonyDateTime2", "vendor-utc", "utc", "SonyDateTime2"],
  ["Samsung:TimeStamp", "vendor-utc", "utc", "TimeStamp"],
  ["IFD0:ModifyDate", "modify", "local", "ModifyDate"],
  ["PNG:ModifyDate", "modify", "utc", "ModifyDate"],
  ["XMP-xmp:ModifyDate", "modify", "local"],
];

/** FileTags that look like dates of the photo and are not. */
const OTHERS: readonly string[] = [
  "IFD1:ModifyDate",
  "QuickTime:ModifyDate",
  "Track1:TrackModifyDate",
  "Composite:DateTimeOriginal",
  "System:FileModifyDate",
  "ICC-header:ProfileDateTime",
  "Olympus:TimeStamp",
  "IPTC:TimeCreated",
  "GPS:GPSTimeStamp",
  "GPS:GPSDateStamp",
  "ExifIFD:SubSecTimeOriginal",
];

describe("a tag", () => {
  test.each(TAGS)("%s is %s, in %s time", (tag, row, clock, name) => {
    expect(rows({ [tag]: "2012:06:28 14:03:22" })).toEqual([`${row} ${clock} ${name ?? tag}`]);
  });

  test.each(OTHERS)("%s alone is no date of the photo", (tag) => {
    expect(rows({ [tag]: "2012:06:28 14:03:22" })).toEqual([]);
  });

  test("has its own offset and sub-seconds, and no other's", () => {
    const { candidates } = findingsIn({
      "ExifIFD:DateTimeOriginal": "2012:06:28 14:03:22",
      "ExifIFD:CreateDate": "2012:06:28 14:03:23",
      "IFD0:ModifyDate": "2012:06:28 14:03:24",
      "ExifIFD:OffsetTimeOriginal": "+02:00",
      "ExifIFD:OffsetTimeDigitized": "+03:00",
      "ExifIFD:OffsetTime": "+01:00",
      "ExifIFD:SubSecTimeOriginal": 46,
    });
    expect(candidates).toMatchObject([
      { offset: { tag: "OffsetTimeOriginal", written: "+02:00" }, subSeconds: "46" },
      { offset: { tag: "OffsetTimeDigitized", written: "+03:00" } },
      { offset: { tag: "OffsetTime", written: "+01:00" } },
    ]);
    expect(candidates[1]).not.toHaveProperty("subSeconds");
  });

  test("of IPTC needs its day, and takes its time along", () => {
    expect(
      findingsIn({ "IPTC:DateCreated": "2003:11:09", "IPTC:TimeCreated": "16:30:00+01:00" }).candidates,
    ).toMatchObject([{ row: "embedded", source: "iptc", written: "2003:11:09 16:30:00+01:00" }]);
  });

  test("of GPS needs day and time", () => {
    expect(findingsIn({ "GPS:GPSDateStamp": "2011:05:06", "GPS:GPSTimeStamp": "07:59:48" }).candidates).toMatchObject([
      { row: "vendor-utc", written: "2011:05:06 07:59:48Z" },
    ]);
  });
});

/** [why, tags, zones] */
const ZONES: readonly [why: string, tags: FileTags, zones: string[] | undefined][] = [
  ["Canon's", { "Canon:TimeZone": "+09:00" }, ["+09:00"]],
  ["Nikon's", { "Nikon:TimeZone": "+01:00", "Nikon:DaylightSavings": "No" }, ["+01:00"]],
  ["Nikon's in summer", { "Nikon:TimeZone": "+01:00", "Nikon:DaylightSavings": "Yes" }, ["+02:00"]],
  ["Nikon's west", { "Nikon:TimeZone": "-03:30", "Nikon:DaylightSavings": "Yes" }, ["-02:30"]],
  ["others know of summer", { "Canon:TimeZone": "+01:00", "Canon:DaylightSavings": "Yes" }, ["+01:00"]],
  ["Sony's XAVC", { "QuickTime:TimeZone": "+01:00" }, ["+01:00"]],
  ["Android's", { "QuickTime:AndroidTimeZone": "+0200" }, ["+0200"]],
  ["tag 0x882a", { "ExifIFD:TimeZoneOffset": "-8 -8" }, ["-8"]],
  ["tag 0x882a, one number", { "ExifIFD:TimeZoneOffset": 2 }, ["+2"]],
  [
    "the digitised one's, where that is the same moment",
    {
      "ExifIFD:DateTimeOriginal": "2012:06:28 14:03:22",
      "ExifIFD:CreateDate": "2012:06:28 14:03:22",
      "ExifIFD:OffsetTimeDigitized": "+02:00",
    },
    ["+02:00"],
  ],
  [
    "not the scan's",
    {
      "ExifIFD:DateTimeOriginal": "1958:07:12 12:00:00",
      "ExifIFD:CreateDate": "2012:06:28 14:03:22",
      "ExifIFD:OffsetTimeDigitized": "+02:00",
    },
    undefined,
  ],
  ["not ModifyDate's (exiftool-vendored #220)", { "ExifIFD:OffsetTime": "+02:00" }, undefined],
];

describe("evidence", () => {
  test.each(ZONES)("zone: %s", (_why, tags, zones) => {
    expect(findingsIn(tags).evidence.zones?.map(({ written }) => written)).toEqual(zones);
  });

  test("place, device and length", () => {
    expect(
      findingsIn({
        "Composite:GPSLatitude": -33.86,
        "Composite:GPSLongitude": 151.21,
        "IFD0:Make": "NIKON",
        "IFD0:Model": "NIKON D70",
        "QuickTime:Duration": 4.5,
      }).evidence,
    ).toEqual({
      position: { latitude: -33.86, longitude: 151.21 },
      make: "NIKON",
      model: "NIKON D70",
      duration: 4.5,
    });
    expect(findingsIn({ "Composite:GPSLatitude": 1 }).evidence).toEqual({});
  });

  test("never throws", () => {
    const values = fc.oneof(fc.string(), fc.double());
    const names = fc.oneof(fc.string(), fc.constantFrom(...TAGS.map(([tag]) => tag), ...OTHERS, "Nikon:TimeZone"));
    fc.assert(
      fc.property(fc.dictionary(names, values), (tags) => {
        expect(findingsIn(tags).candidates).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("a maker's own date", () => {
  test.each([
    [{ "Ricoh:RicohDate": "2013:06:28 16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Sony:SonyDateTime": "2013:06:28 16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Panasonic:PanasonicDateTime": "2013:06:28 16:03:22.50" }, "2013:06:28 16:03:22.50"],
    [{ "Pentax:Date": "2013:06:28", "Pentax:Time": "16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Pentax:Date": "2013:06:28" }, "2013:06:28"],
    [{ "Minolta:MinoltaDate": "2013:06:28", "Minolta:MinoltaTime": "16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Composite:DateCreated": "2013:06:28", "Kodak:TimeCreated": "16:03:22.00" }, "2013:06:28 16:03:22.00"],
  ])("%j", (tags, written) => {
    expect(makerDates(tags)).toMatchObject([{ row: "embedded", clock: "local", written }]);
  });

  test("is none without a day, or under another's name", () => {
    expect(makerDates({ "Pentax:Time": "16:03:22", "Canon:Date": "2013:06:28" })).toEqual([]);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (tags) => {
        expect(makerDates(tags)).toEqual([]);
      }),
    );
  });
});
