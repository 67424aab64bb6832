import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { heifFile } from "../../fixtures/media/heif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { pictureSize } from "../../src/originals/picture-size.ts";

const jpeg = jpegFile(blankPicture(48, 32));

function bytes(hex: string, length = 32): Buffer {
  const head = Buffer.alloc(length);
  Buffer.from(hex.replaceAll(" ", ""), "hex").copy(head);
  return head;
}

const HEADS: readonly [format: string, head: Buffer, width: number, height: number][] = [
  ["JPEG", jpeg, 48, 32],
  ["JPEG with EXIF", jpegFile(blankPicture(48, 32), { exif: exifBlock({ make: "Canon" }) }), 48, 32],
  ["PNG", pngFile(blankPicture(20, 10)), 20, 10],
  ["HEIC", heifFile(jpeg, 4032, 3024, { brand: "heic" }), 4032, 3024],
  ["GIF", bytes("474946383961 4001 f000"), 320, 240],
  ["BMP, top row first", bytes("424d 00000000 00000000 36000000 28000000 40010000 10ffffff"), 320, 240],
  ["PSD", bytes("38425053 0001 000000000000 0003 000000f0 00000140"), 320, 240],
  ["WebP, extended", bytes("52494646 00000000 57454250 56503858 0a000000 00000000 3f0100 ef0000"), 320, 240],
  ["WebP, lossy", bytes("52494646 00000000 57454250 56503820 00000000 000000 9d012a 4001 f000"), 320, 240],
  ["WebP, lossless", bytes("52494646 00000000 57454250 5650384c 00000000 2f 3fc13b00"), 320, 240],
];

test.each(HEADS)("%s", (_, head, width, height) => {
  expect(pictureSize(head)).toEqual({ width, height });
});

test("a head that is cut says nothing, or the truth", () => {
  for (const [, head, width, height] of HEADS) {
    for (let length = 0; length < head.length; length += 7) {
      const size = pictureSize(head.subarray(0, length));
      if (size !== null) expect(size).toEqual({ width, height });
    }
  }
});

test("bytes that are no picture never throw", () => {
  const start = fc.constantFrom("", "\xff\xd8", "\xff\xd8\xff\xe1", "RIFF1234WEBPVP8 ", "1234ftypheicispe");
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (magic, rest) => {
      pictureSize(Buffer.concat([Buffer.from(magic, "latin1"), rest]));
    }),
  );
});
