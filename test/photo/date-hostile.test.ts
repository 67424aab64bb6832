/** Files that are broken, or made to break programs, dated by the real readers. */

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import { createExifTool } from "../../src/metadata/exiftool.ts";
import { createDater } from "../../src/photo/date.ts";
import { cpuMs } from "../cpu.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-hostile-"));
const exiftool = createExifTool();
const dater = createDater({ zone: "UTC", emit: () => undefined, exiftool });
afterAll(async () => {
  await dater.close();
  rmSync(folder, { recursive: true });
});

const picture = paintScene(16, 16, { scene: "sea", seed: "hostile", hour: 12 });
const dated = (dateTimeOriginal: string) => jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }) });
const good = dated("2012:06:28 14:03:22");
const clip = (created?: string) =>
  videoFile({
    container: "mp4",
    frames: [jpegImage(picture)],
    width: 16,
    height: 16,
    indexLast: true,
    ...(created === undefined ? {} : { created }),
  });

/** The date that a file of this name gets; null where it has none but that of its upload. */
async function dateOf(key: string, file: string, firstBytes: Uint8Array): Promise<string | null> {
  const modified = "2024-05-01T07:20:00.000Z";
  const { captured } = await dater.date(
    {
      object: { key, size: 0, etag: "", modified, storageClass: "" },
      head: { contentDisposition: "", metadata: {} },
      firstBytes: firstBytes.subarray(0, 128 * 1024),
      file,
    },
    new AbortController().signal,
  );
  return captured === null || captured.source === "modified" ? null : captured.local;
}

const XMP_BOMB = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${"<rdf:li>".repeat(100_000)}`;
const ENTITIES = `<!DOCTYPE x [<!ENTITY a "${"b".repeat(1000)}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "${n === 0 ? "&a;" : `&a${n - 1};`.repeat(10)}">`).join("")}]><x:xmpmeta>&a19;</x:xmpmeta>`;

test.each<[string, string, Uint8Array, string | null]>([
  ["nothing at all", "a.jpg", Buffer.alloc(0), null],
  ["one byte", "a.jpg", good.subarray(0, 1), null],
  ["cut in its tags", "a.jpg", good.subarray(0, 60), null],
  ["cut after its tags", "a.jpg", good.subarray(0, good.length - 20), "2012-06-28T14:03:22"],
  ["a video cut before its index", "a.mp4", clip("2018-06-16T17:05:12Z").subarray(0, 400), null],
  ["zeros", "a.heic", Buffer.alloc(100_000), null],
  ["a JPEG that is called a video", "a.mp4", good, "2012-06-28T14:03:22"],
  ["a video that is called a JPEG", "a.jpg", clip("2018-06-16T17:05:12Z"), "2018-06-16T17:05:12"],
  ["a PNG that is called a RAW", "20140704_213015.cr2", pngFile(picture, {}), "2014-07-04T21:30:15"],
  ["a page that is called a JPEG", "a.jpg", Buffer.from("<html>503 Slow Down</html>"), null],
  ["the year 0000", "a.jpg", dated("0000:00:00 00:00:00"), null],
  ["the year 0001", "a.jpg", dated("0001:01:01 00:00:00"), null],
  ["the month 13", "a.jpg", dated("2012:13:28 14:03:22"), null],
  ["the 30th of February", "a.jpg", dated("2012:02:30 14:03:22"), null],
  ["the hour 25, and a good name", "20140704_213015.jpg", dated("2012:06:28 25:03:22"), "2014-07-04T21:30:15"],
  ["the year 9999", "a.jpg", dated("9999:12:31 23:59:59"), null],
  [
    "tags of 60 kB",
    "a.jpg",
    jpegFile(picture, {
      exif: exifBlock({ make: "x".repeat(30_000), dateTimeOriginal: "9".repeat(30_000) }),
    }),
    null,
  ],
  ["XMP that never ends", "a.png", Buffer.concat([pngFile(picture, {}), Buffer.from(XMP_BOMB)]), null],
  ["XMP whose entities explode", "a.png", Buffer.concat([pngFile(picture, {}), Buffer.from(ENTITIES)]), null],
])("%s", async (what, key, bytes, date) => {
  const file = join(folder, `${what.replaceAll(/\W/g, "-")}.part`);
  writeFileSync(file, bytes);
  expect(await dateOf(key, file, bytes)).toBe(date);
});

test("of a video of 2 GB only its index is read, which is at its end", async () => {
  const small = clip("2018-06-16T17:05:12Z");
  const [data, index] = ["mdat", "moov"].map((name) => small.indexOf(name, 0, "latin1") - 4);
  const file = join(folder, "large.part");
  const handle = openSync(file, "w");
  const length = 2 ** 31 + 4096;
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write("mdat", 4, "latin1");
  head.writeBigUInt64BE(BigInt(length), 8);
  const start = Buffer.concat([small.subarray(0, data), head]);
  writeSync(handle, start);
  writeSync(handle, small.subarray(index), 0, undefined, (data ?? 0) + length);
  closeSync(handle);
  const before = process.memoryUsage().rss;
  const began = cpuMs();
  expect(await dateOf("large.mp4", file, start)).toBe("2018-06-16T17:05:12");
  expect(cpuMs() - began).toBeLessThan(10_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test("and none of them took ExifTool down", () => {
  expect(exiftool.faults).toBe(0);
});
