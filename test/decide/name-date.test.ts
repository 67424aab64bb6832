import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datesInKey, datesInName } from "../../src/decide/name-date.ts";

/** [key, row, date, clock]; the better candidate of the key. */
const NAMES: readonly [key: string, row: string, written: string, clock?: "utc"][] = [
  ["IMG_20120628_140322.jpg", "name-time", "2012-06-28T14:03:22"],
  ["2012-06-28 14.03.22.jpg", "name-time", "2012-06-28T14:03:22"],
  ["Screenshot_2017-03-03-10-15-00.png", "name-time", "2017-03-03T10:15:00"],
  ["Screenshot_20170303-101500.png", "name-time", "2017-03-03T10:15:00"],
  ["WhatsApp Image 2018-04-12 at 17.05.33.jpeg", "name-time", "2018-04-12T17:05:33"],
  ["signal-2019-05-21-134211.jpg", "name-time", "2019-05-21T13:42:11"],
  ["VID_20151011_183500.mp4", "name-time", "2015-10-11T18:35:00"],
  ["P1000123_20080817_144500.jpg", "name-time", "2008-08-17T14:45:00"],
  ["20130518_142022_3D657EBD.jpg", "name-time", "2013-05-18T14:20:22"],
  ["20180616_190512.mp4", "name-time", "2018-06-16T19:05:12"],
  ["PXL_20220831_003137144.mp4", "name-time", "2022-08-31T00:31:37.144", "utc"],
  ["PXL_20220724_210650210.NIGHT.mp4", "name-time", "2022-07-24T21:06:50.210", "utc"],
  ["20180727_093012000_iOS.jpg", "name-time", "2018-07-27T09:30:12.000", "utc"],
  ["FB_IMG_1340892202123.jpg", "name-time", "2012-06-28T14:03:22.123Z", "utc"],
  ["00001IMG_00001_BURST1340892202123.jpg", "name-time", "2012-06-28T14:03:22.123Z", "utc"],
  ["IMG-20120628-WA0007.jpg", "name-day", "2012-06-28"],
  ["Screenshot_2012.06.28.png", "name-day", "2012-06-28"],
  ["2012-06-28.jpg", "name-day", "2012-06-28"],
  ["20120628_256199.jpg", "name-day", "2012-06-28"],
  ["2012/06/28/IMG_1234.jpg", "key", "2012-06-28"],
  ["2012/6/8/IMG_1234.jpg", "key", "2012-06-08"],
  ["2012/06/IMG_1234.jpg", "key", "2012-06"],
  ["2012-06/IMG_1234.jpg", "key", "2012-06"],
  ["original/201206/5f0c.jpg", "key", "2012-06"],
  ["Takeout/Photos from 2012/IMG_1234.jpg", "key", "2012"],
  ["2012-06-28 Birthday/IMG_1234.jpg", "key", "2012-06-28"],
  ["2012/06/IMG_20130704_213015.jpg", "name-time", "2013-07-04T21:30:15"],
  ["2022/04/22-04-06 15-21-03.jpg", "key", "2022-04"],
];

/** Names that look like dates and are none. */
const NONE = [
  "IMG_1234.jpg",
  "unsorted/9f20140822b1e7c4a05d3e6f81920c47.jpg",
  "9b20140822.jpg",
  "c0ffee5a1e5f00dbadc0de0ddba11000.jpg",
  "20140822-1b1e-47c4-a05d-3e6f81920c47.jpg",
  "20140822101500-1a2b3c4d.jpg",
  "123420140822.jpg",
  "20140230_101500.jpg",
  "20141322.jpg",
  "18690510_120000.jpg",
  "DSC_20140822123456789012345.jpg",
  "",
  "/",
  "....",
];

describe("the date in a key", () => {
  test.each(NAMES)("%s: %s %s", (key, row, written, clock) => {
    expect(datesInKey(key)[0]).toMatchObject({ row, written, clock: clock ?? "local" });
  });

  test.each(NONE)("%j has none", (key) => {
    expect(datesInKey(key)).toEqual([]);
  });

  test("the name comes before the folders, which stay as a candidate", () => {
    expect(datesInKey("2012/06/IMG_20130704_213015.jpg").map(({ row }) => row)).toEqual([
      "name-time",
      "key",
    ]);
  });

  test("a name is judged without its folders, with the tag it is given", () => {
    expect(datesInName("IMG_20130309_101112.jpg", "Content-Disposition")).toMatchObject([
      { tag: "Content-Disposition", written: "2013-03-09T10:11:12" },
    ]);
  });

  test("is looked for in any key, quickly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (key) => {
        for (const { written } of datesInKey(key)) expect(written).toMatch(/^\d{4}/);
      }),
    );
    const began = performance.now();
    datesInKey("2012-".repeat(200_000));
    datesInKey(`${"2012/".repeat(200_000)}x`);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
