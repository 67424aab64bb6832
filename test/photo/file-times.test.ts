import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isDrivesFirst, isoTime, nanoseconds, sameTime, setModificationTime } from "../../src/photo/file-times.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-times-"));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, "file");
writeFileSync(path, "");

test.each([
  "2012-06-28T12:03:22.000Z",
  "2012-06-28T12:03:22.123Z",
  "2012-06-28T12:03:22.123456789Z",
  "1969-12-31T23:59:58.500Z",
  "1958-07-12T11:00:00.000Z",
])("a file can be of %s, to the microsecond", (utc) => {
  const wanted = nanoseconds(utc);
  setModificationTime(path, nanoseconds("2020-01-01T00:00:00.000Z"), wanted);
  const { mtimeNs, atime } = statSync(path, { bigint: true });
  expect(Math.abs(Number(mtimeNs - wanted))).toBeLessThan(1000);
  expect(atime.toISOString()).toBe("2020-01-01T00:00:00.000Z");
});

test("times of ISO 8601 are nanoseconds and back", () => {
  expect(nanoseconds("1970-01-01T00:00:01.000000002Z")).toBe(1_000_000_002n);
  expect(nanoseconds("1969-12-31T23:59:59.500Z")).toBe(-500_000_000n);
  expect(isoTime(1_500_000_000n)).toBe("1970-01-01T00:00:01.500Z");
});

test.each([
  ["1980-01-01T00:00:00.000Z", true],
  ["1979-12-31T10:00:00.000Z", true],
  ["1980-01-01T14:00:00.000Z", true],
  ["1979-12-31T09:59:59.000Z", false],
  ["1980-01-01T14:00:01.000Z", false],
  ["1970-01-01T00:00:00.000Z", true],
  ["1901-12-13T20:45:52.000Z", true],
  ["1958-07-12T11:00:00.000Z", false],
])("%s may be the first time of a drive: %s", (utc, first) => {
  expect(isDrivesFirst(nanoseconds(utc))).toBe(first);
});

test.each([
  [0n, 999_999n, true, "less than a millisecond"],
  [1n, 1_000_001n, false, "a millisecond"],
  [3_000_000_000n, 4_000_000_000n, true, "a second, one of them even, as FAT rounds"],
  [3_000_000_000n, 5_000_000_000n, false, "two odd seconds"],
  [3_000_000_000n, 6_000_000_000n, false, "three seconds"],
])("%s and %s are the same: %s (%s)", (a, b, same) => {
  expect(sameTime(a, b)).toBe(same);
  expect(sameTime(b, a)).toBe(same);
});

test("a time that no calendar here holds is said as none, and breaks nothing", () => {
  expect(isoTime(9_000_000_000_000n * 1_000_000_000n)).toBe("");
  expect(isoTime(-9_000_000_000_000n * 1_000_000_000n)).toBe("");
});
