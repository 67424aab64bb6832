import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datesInFilmXml, datesInMoi } from "../../src/dates/sidecar-date.ts";
import { moiFile } from "../steps/cinema-files.ts";

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
