import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dataFile, dataText, forScript, lookOf, looksIn, MARKS, placedEntry, rowOf } from "../../src/gallery/row.ts";
import type { Captured, ManifestEntry } from "../../src/model.ts";

const CAPTURED: Captured = {
  local: "2012-06-28T14:03:22.5",
  offset: "+02:00",
  utc: "2012-06-28T12:03:22.500Z",
  source: "exif",
  precision: "ms",
};

function entry(more: Partial<ManifestEntry> = {}): ManifestEntry {
  const digests = { size: 1234, sha256: "0123456789abcdef".repeat(4), md5: "0".repeat(32) };
  const times = { modified: "2020-01-01T00:00:00.000Z", storedAt: "2026-01-01T00:00:00.000Z" };
  return { path: "2012/a.jpg", key: "a.jpg", etag: "", captured: CAPTURED, ...digests, ...times, ...more };
}
const LOOK = { width: 4000, height: 3000, marks: MARKS.thumbnail };
const row = (more: Partial<ManifestEntry>, versions = 1): unknown =>
  JSON.parse(forScript(rowOf(placedEntry(entry(more)), LOOK, versions)));

test("a photo stands in the year it was taken, with what dated it", () => {
  expect(placedEntry(entry())).toMatchObject({ year: "2012", id: "0123456789abcdef" });
  expect(row({})).toEqual(["2012/a.jpg", "2012-06-28T14:03:22", 4000, 3000, 1234, "0123456789abcdef", 1, "exif"]);
});

test("the time of an upload is no date, and a date is told as far as it is known", () => {
  const uploaded = placedEntry(entry({ captured: { ...CAPTURED, source: "modified" } }));
  expect(uploaded.year).toBe("unknown");
  expect(row({ captured: null })).toEqual(["2012/a.jpg", "", 4000, 3000, 1234, "0123456789abcdef", 5, ""]);
  const month = row({ captured: { ...CAPTURED, precision: "month" } });
  expect(month).toMatchObject({ 1: "2012-06" });
});

test("what is doubtful, and what was kept in several versions, is marked", () => {
  const captured: Captured = { ...CAPTURED, warnings: ["the name says 2013"], doubts: ["conflict"] };
  expect(row({ captured }, 2)).toMatchObject({
    6: MARKS.thumbnail + MARKS.doubtful + MARKS.changed,
    8: "the name says 2013",
  });
});

test("a data file is one call, and says again what was looked at", () => {
  const rows = [rowOf(placedEntry(entry()), LOOK, 1), rowOf(placedEntry(entry()), { ...LOOK, marks: MARKS.unseen }, 1)];
  const text = dataText("2012", 1, rows);
  expect(text).toMatch(/^photohaul\("2012",1,\[\n\[.*\],\n\[.*\]\n\]\);\n$/);
  // What could not be read is looked at again.
  expect(looksIn(text).map(([id, look]) => [id, lookOf(look)])).toEqual([["0123456789abcdef", LOOK]]);
  expect([dataFile("2012", 1), dataFile("unknown", 3)]).toEqual(["data-2012.js", "data-unknown-3.js"]);
});

test.each([
  "",
  "alert(1)",
  'photohaul("2012",1,[[1,2]]);\n',
  'photohaul("2012",1,[["a","",1.5,2,3,"x",0,""]]);\n',
  "photohaul([)",
])("what is no data file of ours says nothing: %s", (text) => expect(looksIn(text)).toEqual([]));

test("no name ends a script, a line or a comment, and every one comes back as it was", () => {
  const hostile = [
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    "a\u2028b\u2029c",
    "\u202egpj.exe",
    "'\"`\\",
    "\0",
  ];
  for (const name of hostile) expect(forScript(name)).not.toMatch(/[<\u2028\u2029\u202e\0]/);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const text = forScript(name);
      return JSON.parse(text) === name && !/<|\n|\u2028|\u2029/.test(text);
    }),
  );
});
