import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readDatesFile, unusedDates } from "../../src/photo/dates-file.ts";
import { csvWriter, DATES_COLUMNS, datesCells } from "../../src/report/csv.ts";

const root = mkdtempSync(join(tmpdir(), "photohaul-dates-file-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files = 0;
async function read(text: string) {
  files += 1;
  const file = join(root, `${files}.csv`);
  writeFileSync(file, text);
  return Object.fromEntries(await readDatesFile(file));
}

describe("dates that people wrote", () => {
  test.each([
    ["commas", "file,date\na.jpg,2012-06-28 14:03:22\n", { "a.jpg": "2012-06-28 14:03:22" }],
    ["semicolons, as spreadsheets of half of Europe write", "\uFEFFdate;key\r\n1987;b.jpg\r\n", { "b.jpg": "1987" }],
    ["tabs, quotes and capitals", 'Date\tFile\n1987-07\t"a\tb.jpg"\n', { "a\tb.jpg": "1987-07" }],
    ["an inventory with a column more", "key,kind,date\nc.jpg,original,2012\n", { "c.jpg": "2012" }],
    ["blank dates and lines", "file,date\na.jpg,\n\nb.jpg, \nc.jpg,2012\n", { "c.jpg": "2012" }],
    ["a name of several lines", 'file,date\n"a\nb.jpg",2012\n', { "a\nb.jpg": "2012" }],
    ["the same said twice", "file,date\na.jpg,2012\na.jpg,2012\n", { "a.jpg": "2012" }],
    ["an apostrophe that is the file's", "file,date\n'tis.jpg,2012\n", { "'tis.jpg": "2012" }],
    ["commas, and the others in a name", "file,date\na; b\tc.jpg,2012\n", { "a; b\tc.jpg": "2012" }],
    [
      "semicolons, and commas in the names of columns",
      '"my, own, words";file;date\nx;a,b.jpg;2012',
      { "a,b.jpg": "2012" },
    ],
    ["blank lines before its head", "\n\nfile;date\na,b.jpg;2012", { "a,b.jpg": "2012" }],
    ["nothing", "file,date\n", {}],
  ])("in a table with %s", async (_what, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  test("in the report of `dates` itself, whatever the photos are called", async () => {
    const names = ["a.jpg", "Mum; Dad.jpg", "c\td.jpg", "=cmd.jpg", "'a.jpg", 'say "x", y.jpg', " b.jpg"];
    const csvText = await csvWriter();
    const rows = names.map((file) => {
      const row = { file, outcome: "unknown", old: null, new: null, captured: null } as const;
      return csvText([datesCells(row)]).replace(/\r\n$/, "2012");
    });
    const table = [DATES_COLUMNS, ...rows].join("\r\n");
    expect(await read(table)).toEqual(Object.fromEntries(names.map((name) => [name, "2012"])));
  });

  test("in that report with a reason in several parts, which dates nothing where nothing was filled in", async () => {
    const reason = "DateTimeOriginal; IPTC:DateCreated says 2002-06-20; XMP says 2002-06-21";
    const row = `a.jpg,set,2026-01-01T00:00:00.000Z,2002-07-13T14:58:28.000Z,exif,s,${reason},`;
    expect(await read(`${DATES_COLUMNS}\r\n${row}\r\n`)).toEqual({});
    expect(await read(`${DATES_COLUMNS}\r\n${row}2002-06-20\r\n`)).toEqual({ "a.jpg": "2002-06-20" });
  });

  test.each([
    ["", "is empty"],
    ["a.jpg,2012\n", 'the first line of FILE must name the columns, a "file" or "key" and a "date"'],
    ["file,date\na.jpg,28.06.2012\n", 'line 2 of FILE: "28.06.2012" is not a date; write 2012-06-28'],
    ["file,date\na.jpg,2012-02-30\n", 'line 2 of FILE: "2012-02-30" is no such day or time'],
    ["file,date\n,2012\n", "line 2 of FILE names no photo"],
    ["file,date\na.jpg,2012\na.jpg,2013\n", "line 3 of FILE dates a.jpg otherwise than a line above"],
  ])("%j is refused", async (text, words) => {
    const file = join(root, `${files + 1}.csv`);
    await expect(read(text)).rejects.toThrow(words.replace("FILE", file));
  });

  test("a file that is not there is wrong use, before anything is done", async () => {
    const missing = join(root, "none.csv");
    await expect(readDatesFile(missing)).rejects.toMatchObject({ code: "usage" });
  });

  test("that name no photo are told", () => {
    const told = new Map(["a", "b", "c", "d", "e"].map((key) => [key, "2012"]));
    expect(unusedDates(told, () => true)).toBeNull();
    expect(unusedDates(told, (key) => key === "e")).toBe("--dates names what is no photo here: a, b, c and 1 more");
  });
});
