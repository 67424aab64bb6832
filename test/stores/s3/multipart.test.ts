import { expect, test } from "vitest";
import { partSizeOf } from "../../../src/stores/s3/multipart.ts";

const MIB = 1024 * 1024;

test.each([
  ["a photo", 65 * MIB, 16 * MIB],
  ["a film", 6 * 1024 * MIB, 16 * MIB],
  ["what 10,000 parts just hold", 160_000 * MIB, 16 * MIB],
  ["one byte more", 160_000 * MIB + 1, 17 * MIB],
  ["the largest object there is", 5 * 1024 * 1024 * MIB, 525 * MIB],
])("%s goes in at most 10,000 parts", (_what, size, expected) => {
  expect(partSizeOf({ size })).toBe(expected);
  expect(Math.ceil(size / partSizeOf({ size }))).toBeLessThanOrEqual(10_000);
});
