/** Files of every format that is read in memory, cut at every byte: a date is the right one, or there is none. */

import { describe, expect, test } from "vitest";
import { dngFile } from "../../fixtures/media/dng.ts";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { heifFile } from "../../fixtures/media/heif.ts";
import { iptcResources } from "../../fixtures/media/iptc.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { readHeadTags } from "../../src/metadata/head.ts";
import { createDater } from "../../src/photo/date.ts";
import { avchdFile, aviFile, matroskaFile, psdFile, webpFile } from "../dates/containers.ts";
import { CAMERA_TAGS } from "./camera-tags.ts";

const picture = blankPicture(8, 8);
const exif = exifBlock(CAMERA_TAGS);
const xmp = xmpPacket({ "exif:DateTimeOriginal": "2012-06-28T14:03:22+02:00" });
const iptc = iptcResources({ dateCreated: "20120628", timeCreated: "140322+0200" });

const FILES: readonly [format: string, bytes: Buffer][] = [
  ["JPEG with EXIF", jpegFile(picture, { exif })],
  ["JPEG with XMP", jpegFile(picture, { xmp })],
  ["JPEG with IPTC", jpegFile(picture, { iptc })],
  ["HEIC", heifFile(jpegImage(picture), 8, 8, { exif })],
  ["PNG", pngFile(picture, { exif })],
  ["PNG with XMP", pngFile(picture, { xmp })],
  ["DNG", dngFile(picture, CAMERA_TAGS)],
  ["WebP", webpFile({ exif, xmp })],
  ["PSD", psdFile(exif)],
  ["AVI", aviFile("Thu Jun 28 14:03:22 2012")],
  ["AVCHD", avchdFile("20120628140322", 120)],
  ["Matroska", matroskaFile("2012-06-28T12:03:22Z")],
  ["MP4", videoFile({ container: "mp4", frames: [jpegImage(picture)], width: 8, height: 8 })],
];
/** What a tag may hold, by what its name ends in. */
const RIGHT: readonly (readonly [RegExp, string | RegExp])[] = [
  [/DateTimeOriginal$|CreateDate$/, CAMERA_TAGS.dateTimeOriginal],
  [/OffsetTime/, "+02:00"],
  [/IPTC:DateCreated$/, /^2012[:-]?06[:-]?28$/],
  [/GPSDateStamp$/, "2012:06:28"],
];
const ASKS_EXIFTOOL = new Set(["PSD", "AVI", "AVCHD", "Matroska", "MP4"]);
const UPLOADED = "2024-03-10T12:00:00.000Z";

describe("cut at every byte", () => {
  test.each(FILES)("%s says the right time or none", async (format, whole) => {
    let found = false;
    const dater = createDater({ zone: "Europe/Berlin", emit: () => expect.unreachable() });
    for (let length = 0; length <= whole.length; length += 1) {
      const firstBytes = whole.subarray(0, length);
      const { tags: read } = readHeadTags(firstBytes);
      for (const [name, value] of Object.entries(read)) {
        for (const [form, right] of RIGHT) {
          if (!form.test(name)) continue;
          if (typeof right === "string") expect(value, `${name} of ${length} bytes`).toBe(right);
          else expect(String(value), `${name} of ${length} bytes`).toMatch(right);
        }
      }
      const object = { key: "x", size: 0, etag: "", modified: UPLOADED, storageClass: "" };
      const head = { contentDisposition: "", metadata: {} };
      const dated = dater.quickly({ object, head, firstBytes });
      const captured = dated?.captured ?? null;
      if (captured === null || captured.source === "modified") continue;
      found = true;
      const { local, precision } = captured;
      const right = precision === "day" ? "2012-06-28T00:00:00" : "2012-06-28T14:03:22";
      expect(local.slice(0, 19), `of ${length} bytes`).toBe(right);
    }
    await dater.close();
    expect(found).toBe(!ASKS_EXIFTOOL.has(format));
  });
});
