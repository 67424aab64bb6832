import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unicodeText } from "../../src/metadata/unicode.ts";

const TEXT = '<x:xmpmeta a="é😀"/>';
const little = Buffer.from(TEXT, "utf16le");
const wide = (big: boolean) => {
  const points = Array.from(TEXT, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [at, point] of points.entries())
    if (big) bytes.writeUInt32BE(point, at * 4);
    else bytes.writeUInt32LE(point, at * 4);
  return bytes;
};

describe("text", () => {
  test.each([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16, little", little],
    ["UTF-16, little, with a mark", Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ["UTF-16, big", Buffer.from(little).swap16()],
    ["UTF-16, big, with a mark", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()])],
    ["UTF-32, little", wide(false)],
    ["UTF-32, big", wide(true)],
  ])("of %s is read", (_form, bytes) => {
    expect(unicodeText(bytes)).toBe(TEXT);
  });

  test("of any bytes is some text", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(typeof unicodeText(bytes)).toBe("string");
      }),
    );
  });
});
