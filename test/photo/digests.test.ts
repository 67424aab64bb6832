import { describe, expect, test } from "vitest";
import { digestsOf, Sums } from "../../src/photo/digests.ts";

describe("digests of bytes that came at once", () => {
  test.each([0, 1, 63, 64, 65, 45_000, 300_001])("are those of the same %i bytes in pieces", (size) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, n) => n * 7 + (n >> 8)));
    for (const wanted of [
      { partSizes: [], crc32: false },
      { partSizes: [10_000, 45_000], crc32: true },
    ]) {
      const sums = new Sums(wanted);
      for (let at = 0; at < size; at += 999) sums.update(bytes.subarray(at, at + 999));
      expect(digestsOf(bytes, wanted)).toEqual(sums.result());
    }
  });
});
