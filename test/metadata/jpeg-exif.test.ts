import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExifTags, exifBlock } from "../../fixtures/media/exif.ts";
import { iptcResources } from "../../fixtures/media/iptc.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { opaque } from "../../fixtures/media/tiff.ts";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { readHeadTags } from "../../src/metadata/head.ts";
import { readJpegExif } from "../../src/metadata/jpeg-exif.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "exif", hour: 12 });

const FULL: ExifTags = {
  make: "Canon",
  model: "Canon EOS 5D",
  modifyDate: "2013:01:01 00:00:00",
  dateTimeOriginal: "2012:06:28 14:03:22",
  createDate: "2012:06:28 14:03:23",
  subSecTime: "01",
  subSecTimeOriginal: "46",
  subSecTimeDigitized: "47",
  offsetTime: "+01:00",
  offsetTimeOriginal: "+02:00",
  offsetTimeDigitized: "+03:00",
  gps: {
    latitude: -33.86,
    longitude: 151.21,
    dateStamp: "2012:06:28",
    timeStamp: "04:03:22.5",
  },
};

const NAMED = {
  "IFD0:Make": "Canon",
  "IFD0:Model": "Canon EOS 5D",
  "IFD0:ModifyDate": "2013:01:01 00:00:00",
  "ExifIFD:DateTimeOriginal": "2012:06:28 14:03:22",
  "ExifIFD:CreateDate": "2012:06:28 14:03:23",
  "ExifIFD:SubSecTime": "01",
  "ExifIFD:SubSecTimeOriginal": "46",
  "ExifIFD:SubSecTimeDigitized": "47",
  "ExifIFD:OffsetTime": "+01:00",
  "ExifIFD:OffsetTimeOriginal": "+02:00",
  "ExifIFD:OffsetTimeDigitized": "+03:00",
  "GPS:GPSDateStamp": "2012:06:28",
  "GPS:GPSTimeStamp": "04:03:22.5",
};

/** The same photo with an empty IPTC block, which sends it to exifreader. */
function slowly(tags: ExifTags) {
  const photo = jpegFile(picture, { exif: exifBlock(tags), iptc: iptcResources({}) });
  expect(readJpegExif(photo)).toBeNull();
  return readHeadTags(photo).tags;
}

function quickly(tags: ExifTags) {
  return readJpegExif(jpegFile(picture, { exif: exifBlock(tags) }))?.tags;
}

describe("a plain JPEG", () => {
  test.each(["II", "MM"] as const)("says what stands in it, in byte order %s", (order) => {
    const tags = quickly({ ...FULL, order });
    expect(tags).toMatchObject(NAMED);
    expect(tags?.["Composite:GPSLatitude"]).toBeCloseTo(-33.86, 4);
    expect(tags?.["Composite:GPSLongitude"]).toBeCloseTo(151.21, 4);
  });

  test("has its XMP packet with it", () => {
    const xmp = xmpPacket({ "xmp:CreateDate": "2012-06-28T14:03:22" });
    const found = readJpegExif(jpegFile(picture, { exif: exifBlock(FULL), xmp }));
    expect(found?.xmp).toContain("<xmp:CreateDate>2012-06-28T14:03:22</xmp:CreateDate>");
    expect(found?.bare).toBe(true);
  });

  test("without any tags is read through, and nothing is left to find in it", () => {
    expect(readHeadTags(jpegFile(picture, {}))).toEqual({
      format: "jpeg",
      tags: {},
      xmp: "",
      exhausted: true,
    });
  });

  test("with the maker's notes may hold more", () => {
    const notes = opaque(0x927c, Buffer.from("OLYMP\0"));
    const photo = jpegFile(picture, { exif: exifBlock({ ...FULL, more: { exif: [notes] } }) });
    expect(readHeadTags(photo)).toMatchObject({ exhausted: false, tags: NAMED });
  });

  test("with a segment that nobody knows may hold more", () => {
    const photo = jpegFile(picture, { exif: exifBlock(FULL) });
    const odd = Buffer.from([0xff, 0xe6, 0, 4, 1, 2]);
    const found = readHeadTags(Buffer.concat([photo.subarray(0, 2), odd, photo.subarray(2)]));
    expect(found.exhausted).toBe(false);
    expect(found.tags).toMatchObject(NAMED);
  });
});

describe("both readers", () => {
  const text = fc.option(
    fc.oneof(
      fc.constantFrom("2012:06:28 14:03:22", "0000:00:00 00:00:00", "    :  :     :  :  ", "46"),
      fc.stringMatching(/^[ -~]{0,40}$/),
    ),
    { nil: undefined },
  );
  const record: fc.Arbitrary<Record<string, string | undefined>> = fc.record({
    make: text,
    model: text,
    modifyDate: text,
    dateTimeOriginal: text,
    createDate: text,
    subSecTimeOriginal: text,
    offsetTimeOriginal: text,
  });

  test("say the same of any tags", () => {
    fc.assert(
      fc.property(record, fc.constantFrom("II", "MM"), (values, order) => {
        const given = Object.entries(values).filter(([, value]) => value !== undefined);
        const tags: ExifTags = { order, ...Object.fromEntries(given) };
        const quick = quickly(tags);
        if (quick !== undefined) expect(quick).toEqual(slowly(tags));
      }),
      { numRuns: 60 },
    );
  });

  test("say the same of a full set of tags", () => {
    expect(quickly(FULL)).toEqual(slowly(FULL));
  });
});

describe("what is not plain", () => {
  const photo = jpegFile(picture, { exif: exifBlock(FULL) });

  test.each([
    ["cut before the picture", photo.subarray(0, 100)],
    ["cut in a tag", photo.subarray(0, 300)],
    ["two EXIF blocks", Buffer.concat([photo.subarray(0, 2), exifSegment(), photo.subarray(2)])],
    ["no JPEG at all", Buffer.from("not a photo")],
    ["nothing", Buffer.alloc(0)],
    ["60 kB in a tag", jpegFile(picture, { exif: exifBlock({ make: "x".repeat(60_000) }) })],
    ["letters that are not ASCII", jpegFile(picture, { exif: exifBlock({ make: "Ü" }) })],
  ])("is left to exifreader: %s", (_why, bytes) => {
    expect(readJpegExif(bytes)).toBeNull();
  });

  function exifSegment(): Buffer {
    const block = Buffer.concat([Buffer.from("Exif\0\0"), exifBlock(FULL)]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(block.length + 2, 2);
    return Buffer.concat([head, block]);
  }

  test("no byte that is changed and no cut makes it throw", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(photo.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(photo.length),
        (changes, cut) => {
          const bytes = Buffer.from(photo.subarray(0, cut));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          expect(readJpegExif(bytes) ?? {}).toBeTypeOf("object");
        },
      ),
      { numRuns: 300 },
    );
  });
});
