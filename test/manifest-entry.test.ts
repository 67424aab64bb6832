import { describe, expect, test } from "vitest";
import { parseEntryLine } from "../src/manifest-entry.ts";
import type { Captured } from "../src/model.ts";
import { entryFor } from "./contract/target-rig.ts";

const captured: Captured = {
  local: "2012-06-28T14:03:22.5",
  offset: "+02:00",
  utc: "2012-06-28T12:03:22.500Z",
  source: "exif",
  precision: "ms",
  warnings: ["a"],
  doubts: ["odd"],
};
const good = { ...entryFor("a.jpg", "1"), captured };
const read = (value: unknown) => parseEntryLine(JSON.stringify(value));

describe("a line of a manifest", () => {
  test("comes back as it was written", () => {
    expect(read(good)).toEqual({ entry: good, flawed: false });
    const undated = { ...good, captured: null };
    expect(read(undated)).toEqual({ entry: undated, flawed: false });
  });

  test.each([
    ["utc", { ...captured, utc: "2012-06-28T12: 3:22Z" }],
    ["local", { ...captured, local: 5 }],
    ["local beyond the calendar", { ...captured, local: "2012-13-45T99:00:00" }],
    ["offset", { ...captured, offset: 120 }],
    ["warnings", { ...captured, warnings: "a" }],
    ["doubts", { ...captured, doubts: [1] }],
    ["all of it", {}],
    ["a list", []],
  ])("with a date that is none (%s) keeps its photo, without the date", (_, wrong) => {
    expect(read({ ...good, captured: wrong })).toEqual({
      entry: { ...good, captured: null },
      flawed: true,
    });
  });

  test("with times that are none takes another of its times", () => {
    const { storedAt, modified } = good;
    const both = { modified: "garbage", storedAt: "+287168-01-01T00:00:00Z" };
    expect(read({ ...good, modified: both.modified })?.entry.modified).toBe(storedAt);
    expect(read({ ...good, storedAt: both.storedAt })?.entry.storedAt).toBe(modified);
    expect(read({ ...good, ...both })?.entry.modified).toBe("1970-01-01T00:00:00.000Z");
  });

  test.each([
    ["no object", 5],
    ["no path", { ...good, path: "" }],
    ["half a byte", { ...good, size: 1.5 }],
    ["less than nothing", { ...good, size: -1 }],
    ["more than any photo has", { ...good, size: 2 ** 53 - 1 }],
    ["a digest that is none", { ...good, sha256: `${good.sha256.slice(1)}x` }],
    ["an MD5 that is none", { ...good, md5: "" }],
    ["a key that is none", { ...good, key: null }],
    ["a written photo whose original is none", { ...good, original: { size: 1 } }],
    ["a date that is a text", { ...good, captured: "2012" }],
  ])("that says %s is none", (_, wrong) => {
    expect(read(wrong)).toBeNull();
  });

  test("that is no JSON is none", () => {
    for (const line of ["", "{", "\0\0", JSON.stringify(good).slice(1)]) {
      expect(parseEntryLine(line)).toBeNull();
    }
  });
});
