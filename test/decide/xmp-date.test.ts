import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { datesInXmp } from "../../src/decide/xmp-date.ts";

const said = (xmp: string, where: "sidecar" | "embedded" = "embedded") =>
  datesInXmp(xmp, where).map(({ row, tag, written }) => `${row} ${tag} ${written}`);

const ALL = xmpPacket({
  "exif:DateTimeOriginal": "2012-06-28T14:03:22.12+02:00",
  "photoshop:DateCreated": "2012-06-28",
  "xmp:CreateDate": "2013-01-01T00:00:00Z",
  "xmp:ModifyDate": "2014-01-01T00:00:00Z",
  "xmp:MetadataDate": "2015-01-01T00:00:00Z",
}).toString();

describe("XMP", () => {
  test("inside a photo names Original, Created, digitised and changed, in this order", () => {
    expect(said(ALL)).toEqual([
      "embedded exif:DateTimeOriginal 2012-06-28T14:03:22.12+02:00",
      "embedded photoshop:DateCreated 2012-06-28",
      "embedded xmp:CreateDate 2013-01-01T00:00:00Z",
      "modify xmp:ModifyDate 2014-01-01T00:00:00Z",
    ]);
  });

  test("beside a photo names what people corrected, not when the sidecar was made", () => {
    expect(said(ALL, "sidecar")).toEqual([
      "sidecar exif:DateTimeOriginal 2012-06-28T14:03:22.12+02:00",
      "sidecar photoshop:DateCreated 2012-06-28",
    ]);
  });

  test.each([
    ["as attribute", `<rdf:Description exif:DateTimeOriginal="2012-06-28T14:03:22"/>`],
    ["in single quotes", `<rdf:Description exif:DateTimeOriginal = '2012-06-28T14:03:22'/>`],
    ["as element", "<exif:DateTimeOriginal>2012-06-28T14:03:22</exif:DateTimeOriginal>"],
    [
      "under another prefix",
      `<x xmlns:e="http://ns.adobe.com/exif/1.0/" e:DateTimeOriginal="2012-06-28T14:03:22"/>`,
    ],
  ])("is read %s", (_how, text) => {
    expect(said(text)).toEqual(["embedded exif:DateTimeOriginal 2012-06-28T14:03:22"]);
  });

  test.each([
    ["another namespace", `<x xmlns:q="urn:q" q:DateTimeOriginal="2012-06-28T14:03:22"/>`],
    [
      "a usual prefix for something else",
      `<x xmlns:exif="urn:q" exif:DateTimeOriginal="2012-06-28T14:03:22"/>`,
    ],
    ["an empty value", `<x exif:DateTimeOriginal=""/>`],
    ["nothing", ""],
  ])("of %s has no date", (_why, text) => {
    expect(said(text)).toEqual([]);
  });

  test("made to explode is read like any other, once", () => {
    const began = performance.now();
    const bombs = ["<a ".repeat(500_000), "exif:".repeat(300_000), `xmlns:a = "${" ".repeat(1e6)}`];
    const entity = `<!DOCTYPE x [<!ENTITY a "${"b".repeat(1000)}">]>${"&a;".repeat(300_000)}`;
    for (const bomb of [...bombs, entity]) expect(said(bomb)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(1000);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(said(text)).toEqual([]);
      }),
    );
  });
});
