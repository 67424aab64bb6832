import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dngFile } from "../../fixtures/media/dng.ts";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { heifFile } from "../../fixtures/media/heif.ts";
import { iptcResources } from "../../fixtures/media/iptc.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { MOST_HEAD_BYTES, readHeadTags } from "../../src/metadata/head.ts";
import { cpuMs } from "../cpu.ts";
import { CAMERA_TAGS } from "./camera-tags.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "head", hour: 12 });
const exif = exifBlock(CAMERA_TAGS);
const xmp = xmpPacket({ "xmp:CreateDate": "2012-06-28T14:03:22+02:00" });
const video = videoFile({ container: "mp4", frames: [jpegImage(picture)], width: 16, height: 16 });

describe("the format", () => {
  const four = (text: string) => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(40)]);

  test.each([
    ["jpeg", jpegFile(picture, {})],
    ["heif", heifFile(jpegImage(picture), 16, 16, {})],
    ["heif", four("\0\0\0\x1cftypavif")],
    ["png", pngFile(picture, {})],
    ["tiff", dngFile(picture, CAMERA_TAGS)],
    ["webp", four("RIFF\x10\0\0\0WEBPVP8X")],
    ["video", video],
    ["video", four("RIFF\x10\0\0\0AVI LIST")],
    ["video", four("\0\0\0\x08wide")],
    ["video", four("\x1aE\xdf\xa3")],
    ["raw", four("\0\0\0\x18ftypcrx ")],
    ["raw", four("FUJIFILMCCD-RAW 0201")],
    ["raw", four("FOVb")],
    ["psd", four("8BPS")],
    ["gif", four("GIF89a")],
    ["jxl", four("\xff\x0a")],
    ["", four("<svg>")],
    ["", Buffer.alloc(0)],
  ])("%s is told by the first bytes", (format, bytes) => {
    expect(readHeadTags(bytes).format).toBe(format);
  });
});

describe("the tags", () => {
  const heif = (more: Parameters<typeof heifFile>[3]) => heifFile(jpegImage(picture), 16, 16, more);

  test.each([
    ["JPEG", jpegFile(picture, { exif })],
    [
      "JPEG with IPTC, which only exifreader reads",
      jpegFile(picture, { exif, iptc: iptcResources({ dateCreated: "20031109" }) }),
    ],
    ["HEIC", heif({ exif })],
    ["PNG", pngFile(picture, { exif })],
    ["DNG", dngFile(picture, CAMERA_TAGS)],
  ])("of a %s", (_format, bytes) => {
    const found = readHeadTags(bytes).tags;
    expect(found).toMatchObject({
      "IFD0:Make": "NIKON CORPORATION",
      "IFD0:Model": "NIKON D70",
      "ExifIFD:DateTimeOriginal": "2012:06:28 14:03:22",
      "ExifIFD:OffsetTimeOriginal": "+02:00",
      "GPS:GPSDateStamp": "2012:06:28",
      "GPS:GPSTimeStamp": "12:03:22",
    });
    expect(found["Composite:GPSLatitude"]).toBeCloseTo(48.85, 4);
    expect(found["Composite:GPSLongitude"]).toBeCloseTo(-2.29, 4);
  });

  test("IPTC's date and time", () => {
    const iptc = iptcResources({ dateCreated: "20031109", timeCreated: "163000+0100" });
    expect(readHeadTags(jpegFile(picture, { iptc })).tags).toMatchObject({
      "IPTC:DateCreated": expect.stringMatching(/2003.?11.?09/),
      "IPTC:TimeCreated": expect.stringMatching(/16.?30.?00\+01.?00/),
    });
  });

  test.each([
    ["JPEG", jpegFile(picture, { xmp })],
    ["JPEG with IPTC", jpegFile(picture, { xmp, iptc: iptcResources({}) })],
    ["HEIC", heif({ xmp })],
    ["PNG", pngFile(picture, { xmp })],
  ])("XMP of a %s comes as text", (_format, bytes) => {
    expect(readHeadTags(bytes).xmp).toContain("2012-06-28T14:03:22+02:00");
  });

  test("what follows the head is not read, and neither is video", () => {
    const far = Buffer.concat([jpegFile(picture, { exif }).subarray(0, 2), Buffer.alloc(MOST_HEAD_BYTES), xmp]);
    expect(readHeadTags(far)).toMatchObject({ tags: {}, xmp: "" });
    expect(readHeadTags(video)).toMatchObject({ tags: {}, exhausted: false });
  });
});

describe("bad input", () => {
  const photos = [
    jpegFile(picture, { exif, xmp, iptc: iptcResources({ dateCreated: "20031109" }) }),
    heifFile(jpegImage(picture), 16, 16, { exif, xmp }),
    pngFile(picture, { exif }),
    dngFile(picture, CAMERA_TAGS),
  ];

  test("no cut and no changed byte makes it throw or take long", () => {
    const began = cpuMs();
    fc.assert(
      fc.property(
        fc.constantFrom(...photos),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }),
        fc.nat(),
        (photo, changes, cut) => {
          const bytes = Buffer.from(photo.subarray(0, (cut % photo.length) + 1));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          for (const value of Object.values(readHeadTags(bytes).tags)) {
            expect(String(value).length).toBeLessThanOrEqual(200);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(cpuMs() - began).toBeLessThan(10_000);
  });

  test("a tag of 60 kB is cut", () => {
    const hostile = exifBlock({ ...CAMERA_TAGS, make: "x".repeat(60_000) });
    const found = readHeadTags(jpegFile(picture, { exif: hostile })).tags;
    expect(String(found["IFD0:Make"]).length).toBeLessThanOrEqual(200);
  });

  test("a megabyte of XMP is no packet", () => {
    const bomb = `<x:xmpmeta>${"<a>".repeat(60_000)}</x:xmpmeta>`;
    const file = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from(bomb)]);
    expect(readHeadTags(file).xmp).toBe("");
  });
});
