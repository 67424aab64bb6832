import { expect, test } from "vitest";
import { mostOpenFiles, photosAtOnce, readLimit } from "../../src/local/open-files.ts";

test("the bound of open files is read as Linux tells it", () => {
  const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             100                  100                  processes
Max open files            64                   128                  files
`;
  expect(readLimit(limits)).toBe(64);
  expect(readLimit(limits.replace("64 ", "unlimited "))).toBeNull();
  expect(readLimit("")).toBeNull();
  const most = mostOpenFiles();
  if (process.platform === "linux") expect(most).toBeGreaterThan(0);
});

test("fewer files are fewer photos at once, and never none", () => {
  expect([20, 48, 64, 256].map(photosAtOnce)).toEqual([1, 1, 5, 53]);
  expect(photosAtOnce(null)).toBe(Number.POSITIVE_INFINITY);
});
