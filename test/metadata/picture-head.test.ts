import { expect, test } from "vitest";
import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import { pictureIn } from "../../src/metadata/picture-head.ts";

const NOTHING = { width: 0, height: 0, thumbnail: null, isPicture: false };

test("pixels are those of the photo as it is looked at", () => {
  const photo = sampleBucket().find(({ key }) => key === "original/2012/06/IMG_0001.jpg");
  const { width, height, isPicture } = pictureIn(photo?.body.subarray(0, 131_072) ?? Buffer.alloc(0));
  expect([width > 0, height > 0, isPicture]).toEqual([true, true, true]);
});

test("a film, nothing at all and a cut head say nothing, and nothing is thrown", () => {
  expect(pictureIn(Buffer.alloc(0))).toEqual(NOTHING);
  expect(pictureIn(Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1"))).toEqual(NOTHING);
  expect(pictureIn(Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff]))).toEqual({ ...NOTHING, isPicture: true });
});

/** A JPEG with an EXIF block that is a thumbnail with words in it, for a photo of 40 × 30 pixels that lies on its side. */
function photoWithWords(): Buffer {
  const words = Buffer.from("\xff\xe1\0\x10Exif\0\0secrets!\xff\xfe\0\x08secret", "latin1");
  const small = Buffer.concat([Buffer.from([0xff, 0xd8]), words, Buffer.from([0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9])]);
  const tiff = Buffer.alloc(8 + 2 + 12 + 4 + 2 + 24 + 4);
  tiff.write("MM\0*\0\0\0\x08", "latin1");
  const entry = (at: number, tag: number, type: number, value: number) => {
    tiff.writeUInt16BE(tag, at);
    tiff.writeUInt16BE(type, at + 2);
    tiff.writeUInt32BE(1, at + 4);
    if (type === 3) tiff.writeUInt16BE(value, at + 8);
    else tiff.writeUInt32BE(value, at + 8);
  };
  tiff.writeUInt16BE(1, 8);
  entry(10, 0x112, 3, 6);
  tiff.writeUInt32BE(26, 22);
  tiff.writeUInt16BE(2, 26);
  entry(28, 0x201, 4, tiff.length);
  entry(40, 0x202, 4, small.length);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff, small]);
  const app1 = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0, 0xff, 0xda, 0, 2]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app1, body, frame]);
}

test("a thumbnail is turned as the photo is, and says nothing but the picture", () => {
  const { width, height, thumbnail } = pictureIn(photoWithWords());
  expect([width, height]).toEqual([30, 40]);
  expect(thumbnail?.toString("latin1")).not.toContain("secret");
  expect(thumbnail?.subarray(-8).equals(Buffer.from([0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9]))).toBe(true);
});
