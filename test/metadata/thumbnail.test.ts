import { expect, test } from "vitest";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { longs, placeOf, shorts, tiffFile } from "../../fixtures/media/tiff.ts";
import { pictureIn } from "../../src/metadata/picture-head.ts";

const SMALL = jpegFile(blankPicture(16, 12));
const thumbnailIn = (head: Buffer) => pictureIn(head).thumbnail;

function photo(orientation: number): Buffer {
  const main = [shorts(0x0112, orientation)];
  const thumbnail = [shorts(0x0103, 6), placeOf(0x0201, SMALL), longs(0x0202, SMALL.length)];
  return jpegFile(blankPicture(96, 64), { exif: tiffFile("II", main, thumbnail) });
}

test("the small picture in the EXIF of a photo is found", () => {
  expect(thumbnailIn(photo(1))).toEqual(SMALL);
});

test("it is turned as the photo is, by a tag of its own", () => {
  const turned = thumbnailIn(photo(6));
  expect(turned?.subarray(0, 4).toString("hex")).toBe("ffd8ffe1");
  // MM, one entry: tag 0x0112, SHORT, one of them, 6.
  expect(turned?.toString("hex")).toContain("4d4d002a0000000800010112000300000001000600");
  const length = turned?.readUInt16BE(4) ?? 0;
  expect(turned?.subarray(4 + length)).toEqual(SMALL.subarray(2));
});

test.each([
  ["a photo without one", jpegFile(blankPicture(96, 64))],
  ["a photo that is cut inside it", photo(1).subarray(0, 200)],
  ["nothing", Buffer.alloc(0)],
  ["an error page", Buffer.from("<Error><Code>NoSuchKey</Code></Error>")],
])("%s has none", (_what, bytes) => {
  expect(thumbnailIn(bytes)).toBeNull();
});
