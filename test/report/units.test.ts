import { expect, test } from "vitest";
import { bytes, count, counted, duration, moment, rate, share } from "../../src/report/units.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [1_400_000_000, "1.4 GB"],
  [9_960_000, "10 MB"],
  [73_400_000_000, "73 GB"],
  [999_600_000, "1.0 GB"],
  [2.5e12, "2.5 TB"],
])("%d bytes are %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([
  [0, "0 s"],
  [0.44, "0.4 s"],
  [14.2, "14 s"],
  [59.7, "1 min"],
  [125, "2 min 5 s"],
  [1_520, "25 min"],
  [7_800, "2 h 10 min"],
  [3_600, "1 h"],
  [86_400, "1 day"],
  [273_600, "3 days 4 h"],
  [Number.POSITIVE_INFINITY, "unknown"],
])("%d seconds are %s", (value, text) => {
  expect(duration(value)).toBe(text);
});

test.each([
  [0, 10, "0 %"],
  [1, 1000, "< 1 %"],
  [45, 100, "45 %"],
  [999, 1000, "> 99 %"],
  [10, 10, "100 %"],
  [0, 0, "0 %"],
])("%d of %d are %s", (part, whole, text) => {
  expect(share(part, whole)).toBe(text);
});

test("counts, rates and moments", () => {
  expect([0, 999, 1000, 100_002, 1_234_567.5, -1000].map(count)).toEqual([
    "0",
    "999",
    "1,000",
    "100,002",
    "1,234,568",
    "-1,000",
  ]);
  expect(counted(1, "photo")).toBe("1 photo");
  expect(counted(0, "family", "families")).toBe("0 families");
  expect(rate(70_000_000, 2)).toBe("35 MB/s");
  expect(rate(70_000_000, 0)).toBe("");
  expect(moment({ local: "2012-06-28T14:03:22", offset: "+02:00" })).toBe("2012-06-28 14:03:22 +02:00");
  expect(moment({ local: "2012-06-28T14:03:22", offset: null })).toBe("2012-06-28 14:03:22");
  const june = { local: "2012-06-01T00:00:00", offset: "+02:00" };
  expect(moment({ ...june, precision: "month" })).toBe("2012-06");
  expect(moment({ ...june, precision: "minute" })).toBe("2012-06-01 00:00 +02:00");
});
