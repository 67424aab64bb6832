/** Files of every format and rule, made here, dated by us and by ExifTool. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dngFile } from "../../fixtures/media/dng.ts";
import { type ExifTags, exifBlock } from "../../fixtures/media/exif.ts";
import { type HeifOptions, heifFile } from "../../fixtures/media/heif.ts";
import { iptcResources } from "../../fixtures/media/iptc.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { ascii } from "../../fixtures/media/tiff.ts";
import { type VideoOptions, videoFile } from "../../fixtures/media/video.ts";
import { xmpPacket } from "../../fixtures/media/xmp.ts";
import { redateFolder } from "../../src/dates.ts";
import type { Redated } from "../../src/events.ts";
import { createLimiter } from "../../src/limiter.ts";
import { createDater } from "../../src/photo/date.ts";
import { canonBlock, nikonBlock } from "../metadata/maker-notes.ts";
import { type Compared, compareFolder, isFailure } from "./compare-folder.ts";
import { avchdFile, aviFile, matroskaFile, psdFile, timedPackets, webpFile } from "./containers.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "generated", hour: 12 });
const exif = (tags: ExifTags) => exifBlock(tags);
const jpeg = (tags: ExifTags) => jpegFile(picture, { exif: exif(tags) });
const heif = (options: HeifOptions) => heifFile(jpegImage(picture), 16, 16, options);
const TAKEN = { dateTimeOriginal: "2012:06:28 14:03:22" };
const LATE = { createDate: "2013:06:28 14:03:22" };
const packet = xmpPacket({ "exif:DateTimeOriginal": "2012-06-28T14:03:22+02:00" });
const video = (options: Partial<VideoOptions>) =>
  videoFile({ container: "mp4", frames: [jpegImage(picture)], width: 16, height: 16, ...options });
const CREATED = { created: "2018-06-16T17:05:12Z" };
const KEYS = { keys: { "com.apple.quicktime.creationdate": "2018-06-16T19:05:12+0200" } };

/** A phone's: the brand is 3gp5, the rest is an MP4. */
function threeGp(): Buffer {
  const bytes = video(CREATED);
  bytes.write("3gp5", 8, "latin1");
  return bytes;
}

/** [file, bytes, what it comes to] */
const FILES: readonly [name: string, bytes: Buffer, verdict: string][] = [
  ["original.jpg", jpeg(TAKEN), "agree"],
  ["big-endian.jpg", jpeg({ ...TAKEN, order: "MM" }), "agree"],
  [
    "all-tags.jpg",
    jpeg({
      ...TAKEN,
      ...LATE,
      modifyDate: "2014:06:28 14:03:22",
      subSecTimeOriginal: "46",
      offsetTimeOriginal: "+05:45",
    }),
    "agree",
  ],
  ["digitised.jpg", jpeg(LATE), "agree"],
  ["modified.jpg", jpeg({ modifyDate: "2012:06:28 14:03:22", offsetTime: "+02:00" }), "agree"],
  ["separators.jpg", jpeg({ dateTimeOriginal: "2008.07.10  15:16:55" }), "agree"],
  ["iso.jpg", jpeg({ dateTimeOriginal: "2012-06-28T14:03:22" }), "agree"],
  ["day.jpg", jpeg({ dateTimeOriginal: "2016:06:28   :  :  " }), "agree"],
  ["before-1970.jpg", jpeg({ dateTimeOriginal: "1958:07:12 12:00:00" }), "agree"],
  ["zeros.jpg", jpeg({ dateTimeOriginal: "0000:00:00 00:00:00", ...LATE }), "refused"],
  ["blanks.jpg", jpeg({ dateTimeOriginal: "    :  :     :  :  " }), "refused"],
  ["month-13.jpg", jpeg({ dateTimeOriginal: "2012:13:28 14:03:22", ...LATE }), "refused"],
  ["fat-zero.jpg", jpeg({ dateTimeOriginal: "1980:01:01 00:00:00" }), "refused"],
  ["android-bug.jpg", jpeg({ dateTimeOriginal: "2002:12:08 12:00:00", ...LATE }), "refused"],
  ["future.jpg", jpeg({ dateTimeOriginal: "2216:01:01 12:00:00", ...LATE }), "refused"],
  ["gps-only.jpg", jpeg({ gps: { dateStamp: "2011:05:06", timeStamp: "07:59:48" } }), "other tag"],
  ["xmp.jpg", jpegFile(picture, { xmp: packet }), "agree"],
  [
    "iptc.jpg",
    jpegFile(picture, {
      iptc: iptcResources({ dateCreated: "20031109", timeCreated: "163000+0100" }),
    }),
    "agree",
  ],
  ["plain.jpg", jpegFile(picture, {}), "no date"],
  ["exif.heic", heif({ brand: "heic", exif: exif(TAKEN) }), "agree"],
  ["xmp.heic", heif({ brand: "heic", xmp: packet }), "agree"],
  ["exif.avif", heif({ brand: "avif", exif: exif(TAKEN) }), "agree"],
  ["exif.webp", webpFile({ exif: exif(TAKEN) }), "agree"],
  ["xmp.webp", webpFile({ xmp: packet }), "agree"],
  ["exif.png", pngFile(picture, { exif: exif(TAKEN) }), "agree"],
  ["time.png", pngFile(picture, { time: "2017-03-04T08:00:00" }), "agree"],
  ["text.png", pngFile(picture, { text: { "Creation Time": "2017:03:04 08:00:00" } }), "agree"],
  ["xmp.png", pngFile(picture, { xmp: packet }), "agree"],
  ["camera.dng", dngFile(picture, { ...TAKEN, make: "Canon", model: "Canon EOS R6" }), "agree"],
  ["scan.tif", dngFile(picture, LATE), "agree"],
  ["exif.psd", psdFile(exif(TAKEN)), "agree"],
  ["header.mp4", video(CREATED), "agree"],
  ["index-last.mp4", video({ ...CREATED, indexLast: true }), "agree"],
  ["wide.mp4", video({ ...CREATED, wideTimes: true }), "agree"],
  ["unix.mp4", video({ created: Date.parse(CREATED.created) / 1000 }), "agree"],
  ["track.mp4", video({ created: 0, trackCreated: "2018-06-16T17:05:12Z" }), "agree"],
  ["zero.mp4", video({ created: 0 }), "refused"],
  ["export.mov", video({ container: "mov", created: "2024-02-02T10:00:00Z", indexLast: true, ...KEYS }), "agree"],
  ["phone.3gp", threeGp(), "agree"],
  ["camera.avi", aviFile("MON SEP 10 20:52:00 2012"), "agree"],
  ["film.mkv", matroskaFile("2018-06-16T17:05:12Z"), "agree"],
  ["camcorder.mts", avchdFile("20120628140322", 120), "agree"],
  ["summer.mts", avchdFile("20120628140322", -240, true), "agree"],
  ["hour-24.jpg", jpeg({ dateTimeOriginal: "2015:08:22 24:08:19" }), "agree"],
  ["month.jpg", jpeg({ dateTimeOriginal: "2015:08:00 00:00:00" }), "agree"],
  ["main.jpg", jpeg({ more: { main: [ascii(0x9003, "2012:06:28 14:03:22")] } }), "agree"],
  ["nikon.jpg", jpegFile(picture, { exif: nikonBlock(TAKEN, { minutes: 60, summer: true }) }), "agree"],
  ["canon.jpg", jpegFile(picture, { exif: canonBlock(TAKEN, { minutes: 60 }) }), "agree"],
  ["camcorder.m2ts", timedPackets(avchdFile("20120628140322", -210)), "agree"],
  ["wrong-name.mp4", jpeg(TAKEN), "agree"],
  ["wrong-name.jpg", video(CREATED), "agree"],
];

const emit = () => undefined;
/** Heads that go on after the 32 KB that `dates` reads first, and tell the zone only there. */
const colours = Buffer.concat([Buffer.from("ICC_PROFILE\0"), Buffer.alloc(50_000)]);
const zoned = xmpPacket({ "exif:DateTimeOriginal": "2012-06-28T14:03:22+05:00" });
const LONG: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["long-head.jpg", longHead(jpegFile(picture, { exif: exif(TAKEN), xmp: zoned }))],
];

/** Puts a profile of 50 kB behind the EXIF. */
function longHead(photo: Buffer): Buffer {
  const at = 4 + photo.readUInt16BE(4);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(colours.length + 2);
  const profile = Buffer.concat([Buffer.from([0xff, 0xe2]), length, colours]);
  return Buffer.concat([photo.subarray(0, at), profile, photo.subarray(at)]);
}

describe("dated as ExifTool dates it", () => {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-generated-"));
  let compared: Compared;
  beforeAll(async () => {
    for (const [name, bytes] of [...FILES, ...LONG]) writeFileSync(join(folder, name), bytes);
    compared = await compareFolder(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(FILES)("%s", (name, _bytes, verdict) => {
    const found = compared.comparisons.find(({ file }) => file === name);
    expect(`${found?.verdict} ${found?.reason}`).toMatch(new RegExp(`^${verdict} `));
  });

  test("by dates as by mirror, which read heads of the same length", async () => {
    const zone = "Europe/Berlin";
    const [dater, other] = [createDater({ zone, emit }), createDater({ zone, emit, fileTimes: true })];
    const signal = new AbortController().signal;
    const byDates = new Map<string, unknown>();
    const onFile = ({ file, captured }: Redated) => byDates.set(file, captured);
    const limiter = createLimiter({ concurrency: 2, listConcurrency: 1 });
    const startedAt = new Date().toISOString();
    await redateFolder(folder, { dater: other, limiter, onFile, signal }, { dryRun: true, zone, startedAt });
    for (const [key, bytes] of [...FILES, ...LONG]) {
      const object = { key, size: 0, etag: "", modified: startedAt, storageClass: "" };
      const head = { contentDisposition: "", metadata: {} };
      const firstBytes = bytes.subarray(0, 128 * 1024);
      const photo = { object, head, firstBytes, file: join(folder, key) };
      const { captured } = await dater.date(photo, signal);
      const alone = captured?.source === "modified" ? null : captured;
      expect([key, byDates.get(key)]).toEqual([key, alone]);
    }
    expect(byDates.get("long-head.jpg")).toMatchObject({ offset: "+05:00" });
    await dater.close();
    await other.close();
  });

  test("and none otherwise, or not at all", () => {
    expect(compared.comparisons.filter(isFailure)).toEqual([]);
    expect(compared).toMatchObject({ unnamed: 0, faults: 0 });
    expect(compared.comparisons).toHaveLength(FILES.length + LONG.length);
  });
});
