import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeoutJson } from "../../fixtures/media/takeout.ts";
import { datesInFilmXml, datesInMoi, findingsInSidecar, LONGEST_SIDECAR } from "../../src/dates/outside-date.ts";
import { moiFile } from "../steps/cinema-files.ts";

describe("a sidecar", () => {
  const takeout = (tags: object) => findingsInSidecar("a.jpg.json", takeoutJson({ title: "a.jpg", ...tags }));

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
    expect(takeout({ photoTakenTime: "-362491200" }).candidates).toMatchObject([{ written: "1958-07-07T12:00:00Z" }]);
  });

  test("of Takeout knows the place, unless it is 0, 0", () => {
    const place = { latitude: 48.85, longitude: 2.29 };
    expect(takeout({ ...place }).evidence).toEqual({ position: place });
    expect(takeout({}).evidence).toEqual({});
  });

  test("of Apple knows when it was edited, which is not when it was taken", () => {
    const plist = "<plist><dict><key>adjustmentTimestamp</key>\n\t<date>2021-08-14T16:20:04Z</date></dict></plist>";
    expect(findingsInSidecar("IMG_1.AAE", Buffer.from(plist)).candidates).toMatchObject([
      { row: "modify", written: "2021-08-14T16:20:04Z" },
    ]);
  });

  test("of XMP says what stands in it", () => {
    const xmp = `<x exif:DateTimeOriginal="2012-06-28T14:03:22"/>`;
    expect(findingsInSidecar("a.xmp", Buffer.from(xmp)).candidates).toMatchObject([{ row: "sidecar" }]);
  });

  test("of XMP that goes on for long says what its beginning says", () => {
    const bytes = Buffer.from(`<x exif:DateTimeOriginal="2012">${"<m>1 2</m>".repeat(200_000)}</x>`);
    expect(bytes.length).toBeGreaterThan(LONGEST_SIDECAR);
    expect(findingsInSidecar("a.XMP", bytes).candidates).toMatchObject([{ written: "2012" }]);
  });

  test.each([
    ["JSON of something else", "a.json", `{"name":"package"}`],
    ["a list", "a.json", "[]"],
    ["null", "a.json", "null"],
    ["a broken one", "a.json", `{"photoTakenTime":`],
    ["a timestamp that is none", "a.json", `{"photoTakenTime":{"timestamp":"soon"}}`],
    ["a binary plist", "a.aae", "bplist00\u0000\u0001"],
    ["too long", "a.json", `{"photoTakenTime":{"timestamp":"1"}}${" ".repeat(LONGEST_SIDECAR)}`],
    ["another kind", "a.txt", "2012-06-28"],
  ])("of no use: %s", (_why, name, text) => {
    expect(findingsInSidecar(name, Buffer.from(text))).toEqual({ candidates: [], evidence: {} });
  });

  test.each(["utf16le", "utf16be"] as const)("in %s is read as any other", (form) => {
    const text = `\ufeff${takeoutJson({ title: "a.jpg", photoTakenTime: "1315070708" }).toString()}`;
    const little = Buffer.from(text, "utf16le");
    const bytes = form === "utf16le" ? little : Buffer.from(little).swap16();
    expect(findingsInSidecar("a.jpg.json", bytes).candidates).toMatchObject([{ written: "2011-09-03T17:25:08Z" }]);
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom("a.json", "a.xmp", "a.aae"), fc.json(), (name, text) => {
        expect(findingsInSidecar(name, Buffer.from(text)).candidates).toBeInstanceOf(Array);
      }),
    );
  });
});

const xml = (inner: string, root = "NonRealTimeMeta") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00" lastUpdate="2026-08-06T22:27:17-05:00">${inner}</${root}>`;

describe("what a camera writes beside a film", () => {
  test("MOI has its time, to the millisecond", () => {
    expect(datesInMoi(moiFile(2013, 6, 28, 16, 3, 22_500))).toEqual([
      {
        row: "video-content",
        source: "video",
        tag: "MOI",
        written: "2013:06:28 16:03:22.500",
        clock: "local",
      },
    ]);
  });

  test("Sony's XML has it with its offset", () => {
    const text = xml(`<Duration value="1"/><CreationDate value="2024-03-15T14:23:45-05:00"/>`);
    expect(datesInFilmXml(text)).toMatchObject([{ written: "2024-03-15T14:23:45-05:00" }]);
  });

  test.each([
    ["another root", xml(`<CreationDate value="2024-03-15T14:23:45"/>`, "Other")],
    ["no date", xml("<Duration value='1'/>")],
    ["a comment", xml(`<!-- <CreationDate value="2024"/> -->`)],
    ["nothing", ""],
  ])("XML with %s has none", (_what, text) => {
    expect(datesInFilmXml(text)).toEqual([]);
  });

  test("whatever else stands there is none, or one to be judged", () => {
    expect(datesInMoi(Buffer.from("V6"))).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, text) => {
        expect(datesInMoi(bytes).length).toBeLessThan(2);
        expect(datesInFilmXml(xml(text)).length).toBeLessThan(2);
      }),
    );
  });
});
