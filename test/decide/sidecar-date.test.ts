import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeoutJson } from "../../fixtures/media/takeout.ts";
import { findingsInSidecar, LONGEST_SIDECAR, sidecarKeys } from "../../src/decide/sidecar-date.ts";

describe("the sidecars of a photo", () => {
  test("are looked for in its folder, XMP first", () => {
    expect(sidecarKeys("2012/06/IMG_1.jpg")).toEqual([
      "2012/06/IMG_1.jpg.xmp",
      "2012/06/IMG_1.xmp",
      "2012/06/IMG_1.jpg.XMP",
      "2012/06/IMG_1.XMP",
      "2012/06/IMG_1.jpg.json",
      "2012/06/IMG_1.jpg.supplemental-metadata.json",
      "2012/06/IMG_1.AAE",
      "2012/06/IMG_1.aae",
    ]);
  });

  const long = "Urlaub_auf_der_Insel_mit_der_ganzen_Familie_2012.jpg";
  test.each([
    ["a twin is counted after the name", "IMG_1(2).jpg", "IMG_1.jpg(2).json"],
    ["so since 2024", "IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"],
    ["an edited copy has its original's", "IMG_1-edited.jpg", "IMG_1.jpg.json"],
    ["in German too", "IMG_1-bearbeitet.jpg", "IMG_1.jpg.json"],
    ["a long name is cut to 46 characters", long, `${long.slice(0, 46)}.json`],
    [
      "what is added since 2024 is cut with it",
      "Screenshot_20170303-101500.png",
      "Screenshot_20170303-101500.png.supplemental-me.json",
    ],
    ["a name without extension", "IMG_1", "IMG_1.json"],
  ])("%s", (_why, photo, sidecar) => {
    expect(sidecarKeys(photo)).toContain(sidecar);
  });

  test("are never the photo itself, nor twice the same", () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const keys = sidecarKeys(key);
        expect(keys).not.toContain(key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
    expect(sidecarKeys("folder/")).toEqual([]);
  });
});

describe("a sidecar", () => {
  const takeout = (tags: object) =>
    findingsInSidecar("a.jpg.json", takeoutJson({ title: "a.jpg", ...tags }).toString());

  test("of Takeout knows the second, in UTC, and ranks as a service", () => {
    expect(takeout({ photoTakenTime: "1315070708" }).candidates).toEqual([
      {
        row: "service",
        source: "sidecar",
        tag: "photoTakenTime",
        written: "2011-09-03T17:25:08Z",
        clock: "utc",
      },
    ]);
    expect(takeout({ photoTakenTime: "-362491200" }).candidates).toMatchObject([
      { written: "1958-07-07T12:00:00Z" },
    ]);
  });

  test("of Takeout knows the place, unless it is 0, 0", () => {
    const place = { latitude: 48.85, longitude: 2.29 };
    expect(takeout({ ...place }).evidence).toEqual({ position: place });
    expect(takeout({}).evidence).toEqual({});
  });

  test("of Apple knows when it was edited, which is not when it was taken", () => {
    const plist =
      "<plist><dict><key>adjustmentTimestamp</key>\n\t<date>2021-08-14T16:20:04Z</date></dict></plist>";
    expect(findingsInSidecar("IMG_1.AAE", plist).candidates).toMatchObject([
      { row: "modify", written: "2021-08-14T16:20:04Z" },
    ]);
  });

  test("of XMP says what stands in it", () => {
    const xmp = `<x exif:DateTimeOriginal="2012-06-28T14:03:22"/>`;
    expect(findingsInSidecar("a.xmp", xmp).candidates).toMatchObject([{ row: "sidecar" }]);
  });

  test.each([
    ["JSON of something else", "a.json", `{"name":"package"}`],
    ["a list", "a.json", "[]"],
    ["null", "a.json", "null"],
    ["a broken one", "a.json", `{"photoTakenTime":`],
    ["a timestamp that is none", "a.json", `{"photoTakenTime":{"timestamp":"soon"}}`],
    ["a binary plist", "a.aae", "bplist00\u0000\u0001"],
    ["too long", "a.xmp", `<x exif:DateTimeOriginal="2012"/>${" ".repeat(LONGEST_SIDECAR)}`],
    ["another kind", "a.txt", "2012-06-28"],
  ])("of no use: %s", (_why, name, text) => {
    expect(findingsInSidecar(name, text)).toEqual({ candidates: [], evidence: {} });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom("a.json", "a.xmp", "a.aae"), fc.json(), (name, text) => {
        expect(findingsInSidecar(name, text).candidates).toBeInstanceOf(Array);
      }),
    );
  });
});
