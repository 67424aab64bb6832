import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { findingsInXmp } from "../../src/dates/xmp-date.ts";
import { cpuMs } from "../cpu.ts";

const said = (xmp: string, where: "sidecar" | "embedded" = "embedded") =>
  findingsInXmp(xmp, where).candidates.map(({ row, tag, written }) => `${row} ${tag} ${written}`);

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
    ["under another prefix", `<x xmlns:e="http://ns.adobe.com/exif/1.0/" e:DateTimeOriginal="2012-06-28T14:03:22"/>`],
  ])("is read %s", (_how, text) => {
    expect(said(text)).toEqual(["embedded exif:DateTimeOriginal 2012-06-28T14:03:22"]);
  });

  test.each([
    ["another namespace", `<x xmlns:q="urn:q" q:DateTimeOriginal="2012-06-28T14:03:22"/>`],
    ["a usual prefix for something else", `<x xmlns:exif="urn:q" exif:DateTimeOriginal="2012-06-28T14:03:22"/>`],
    ["an empty value", `<x exif:DateTimeOriginal=""/>`],
    ["nothing", ""],
  ])("of %s has no date", (_why, text) => {
    expect(said(text)).toEqual([]);
  });

  const within = (inner: string, more = "") =>
    `<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#">${inner}</rdf:Description>${more}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
  const own = "<photoshop:DateCreated>2013-06-28</photoshop:DateCreated>";
  const others = `exif:DateTimeOriginal="2001-01-02T03:04:05" photoshop:DateCreated="2001-01-02"`;
  test.each([
    ["a pantry", `<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description ${others}/></rdf:li></rdf:Bag></xmpMM:Pantry>`],
    ["an ingredient", `<xmpMM:Ingredients><rdf:Bag><rdf:li ${others}/></rdf:Bag></xmpMM:Ingredients>`],
    ["what it is derived from", `<xmpMM:DerivedFrom ${others}/>`],
    [
      "its history, as elements",
      `<xmpMM:History><rdf:Seq><rdf:li rdf:parseType="Resource"><exif:DateTimeOriginal>2001-01-02T03:04:05</exif:DateTimeOriginal></rdf:li></rdf:Seq></xmpMM:History>`,
    ],
    [
      "a whole packet in a packet",
      `<xmpMM:Versions>${within(`<exif:DateTimeOriginal>2001</exif:DateTimeOriginal>`).replace(/<\?.*?\?>/g, "")}</xmpMM:Versions>`,
    ],
    ["a comment", `<!-- <exif:DateTimeOriginal>2001</exif:DateTimeOriginal> -->`],
  ])("in %s says nothing of the picture", (_where, inner) => {
    for (const both of [inner + own, own + inner])
      expect(said(within(both))).toEqual(["embedded photoshop:DateCreated 2013-06-28"]);
  });

  test("of the picture is read before what is said of another thing", () => {
    const another = `<rdf:Description rdf:about="b.jpg"><exif:DateTimeOriginal>2001</exif:DateTimeOriginal></rdf:Description>`;
    const mine = `<exif:DateTimeOriginal>2013</exif:DateTimeOriginal>`;
    expect(said(within(mine, another))).toEqual(["embedded exif:DateTimeOriginal 2013"]);
    const named = `<rdf:RDF>${another}<rdf:Description rdf:about="">${mine}</rdf:Description></rdf:RDF>`;
    expect(said(named)).toEqual(["embedded exif:DateTimeOriginal 2013"]);
  });

  test.each([
    [
      "in several descriptions",
      within(
        "<photoshop:DateCreated> </photoshop:DateCreated>",
        `<rdf:Description rdf:about="" exif:DateTimeOriginal="2012" xmlns:exif="http://ns.adobe.com/exif/1.0/"/>`,
      ),
    ],
    [
      "with qualifiers",
      within(
        `<exif:DateTimeOriginal><rdf:Description xml:lang="de"><rdf:value>2012</rdf:value><exif:By>2001</exif:By></rdf:Description></exif:DateTimeOriginal>`,
      ),
    ],
    ["as CDATA", within("<exif:DateTimeOriginal><![CDATA[2012]]></exif:DateTimeOriginal>")],
    ["by characters of numbers", within("<exif:DateTimeOriginal>&#x32;012</exif:DateTimeOriginal>")],
    ["in a packet that was cut", within("<exif:DateTimeOriginal>2012</exif:DateTimeOriginal>").slice(0, -40)],
    [
      "behind what is no XML",
      within(`<photoshop:Caption>a & b</photoshop:Caption><exif:DateTimeOriginal>2012</exif:DateTimeOriginal>`),
    ],
    ["without an envelope", `<rdf:Description exif:DateTimeOriginal="2012"/>`],
    [
      "in an older envelope",
      `<x:xapmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description about="uuid:1" exif:DateTimeOriginal="2012"/></rdf:RDF></x:xapmeta>`,
    ],
  ])("is read %s", (_how, xmp) => {
    expect(said(xmp)).toEqual(["embedded exif:DateTimeOriginal 2012"]);
  });

  test("by ACDSee and for films is read, too", () => {
    const xmp = `<rdf:Description xmlns:a="http://ns.acdsee.com/iptc/1.0/" a:datetime="2012-06-28T14:03:22.000" xmpDM:shotDate="2012-06-28T14:03:21"/>`;
    expect(said(xmp, "sidecar")).toEqual([
      "sidecar acdsee:datetime 2012-06-28T14:03:22.000",
      "sidecar xmpDM:shotDate 2012-06-28T14:03:21",
    ]);
  });

  test("has the offset and the fraction that were copied from EXIF one by one", () => {
    const xmp = `<rdf:Description exif:DateTimeOriginal="2012-06-28T14:03:22" exif:OffsetTimeOriginal="+02:00" exif:SubSecTimeOriginal="12"/>`;
    expect(findingsInXmp(xmp, "embedded").candidates).toMatchObject([
      { offset: { written: "+02:00" }, subSeconds: "12" },
    ]);
  });

  test.each([
    ["47,22.5N", "8,33.0E", { latitude: 47.375, longitude: 8.55 }],
    ["47,22,30N", "8,33,0E", { latitude: 47.375, longitude: 8.55 }],
    ["33,30.0S", "70,45.0W", { latitude: -33.5, longitude: -70.75 }],
    ["-33.5", "-70.75", { latitude: -33.5, longitude: -70.75 }],
  ])("places at %s %s, and has the time of the fix", (north, east, position) => {
    const xmp = `<rdf:Description exif:GPSLatitude="${north}" exif:GPSLongitude="${east}" exif:GPSTimeStamp="2012-06-28T12:03:22Z"/>`;
    const { candidates, evidence } = findingsInXmp(xmp, "sidecar");
    expect(evidence).toEqual({ position });
    expect(candidates).toMatchObject([{ row: "vendor-utc", written: "2012-06-28T12:03:22Z" }]);
  });

  test.each([
    ["0,0N", "0,0E"],
    ["97,22.5N", "8,33E"],
    ["47,22.5N", ""],
    ["north", "east"],
  ])("places nothing at %j %j", (north, east) => {
    const xmp = `<rdf:Description exif:GPSLatitude="${north}" exif:GPSLongitude="${east}" exif:GPSTimeStamp="12:03:22"/>`;
    expect(findingsInXmp(xmp, "sidecar")).toEqual({ candidates: [], evidence: {} });
  });

  test("that goes on too deep or too wrong is left, and what was read stands", () => {
    const date = "<exif:DateTimeOriginal>2012</exif:DateTimeOriginal>";
    for (const bomb of ["<a>".repeat(200_000), "\u0001".repeat(500_000), "<a b='1' b='1' ".repeat(60_000)])
      expect(said(within(date + bomb))).toEqual(["embedded exif:DateTimeOriginal 2012"]);
  });

  test("declares no entities of its own", () => {
    const xmp = `<!DOCTYPE x [<!ENTITY d "2012"><!ENTITY e SYSTEM "file:///etc/hostname">]>${within("<exif:DateTimeOriginal>&d;&e;</exif:DateTimeOriginal>")}`;
    expect(said(xmp)).toEqual(["embedded exif:DateTimeOriginal &d;&e;"]);
  });

  test("made to explode is read like any other, once", () => {
    const began = cpuMs();
    const bombs = ["<a ".repeat(500_000), "exif:".repeat(300_000), `xmlns:a = "${" ".repeat(1e6)}`];
    const entity = `<!DOCTYPE x [<!ENTITY a "${"b".repeat(1000)}">]>${"&a;".repeat(300_000)}`;
    for (const bomb of [...bombs, entity]) expect(said(bomb)).toEqual([]);
    expect(cpuMs() - began).toBeLessThan(5000);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(said(text)).toEqual([]);
      }),
    );
  });
});
