import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { CSV_COLUMNS, csvWriter, type InventoryRow, inventoryCells, writeCsv } from "../../src/report/csv.ts";

const row: InventoryRow = {
  key: "large/IMG_1.jpg",
  kind: "rendition",
  family: "large",
  original: "original/IMG_1.jpg",
  size: 1234,
  modified: "2012-06-28T14:03:22.000Z",
  storageClass: "STANDARD",
  etag: "9e107d9d372bb6826bd81d3542a419d6",
  outcome: null,
  path: null,
  captured: null,
  reason: "in the folder large/",
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photohaul-csv-"));
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;

async function* rows(number: number): AsyncGenerator<InventoryRow> {
  for (let at = 0; at < number; at += 1) yield { ...row, key: `large/${at}.jpg` };
}

test("a row has the columns that are promised, in their order", async () => {
  expect(inventoryCells(row)).toHaveLength(CSV_COLUMNS.split(",").length);
  const kept: InventoryRow = {
    ...row,
    key: "=cmd,1.jpg",
    kind: "original",
    original: null,
    outcome: "stored",
    path: "2012/a.jpg",
    captured: { local: "2012-06-28T14:03:22", offset: "+02:00" },
  };
  const csvText = await csvWriter();
  expect(csvText([inventoryCells(kept)])).toBe(
    `"'=cmd,1.jpg",original,large,,1234,2012-06-28T14:03:22.000Z,STANDARD,9e107d9d372bb6826bd81d3542a419d6,stored,2012/a.jpg,2012-06-28T14:03:22+02:00,in the folder large/\r\n`,
  );
});

test("rows stay in their order, whatever has to be quoted", async () => {
  const keys = ["a.jpg", "b,1.jpg", 'c"2.jpg', "d.jpg", " e.jpg", "f\r\n.jpg", "g.jpg"];
  const csvText = await csvWriter();
  const text = csvText(keys.map((key) => [key, 1, null]));
  expect(text).toBe(
    'a.jpg,1,\r\n"b,1.jpg",1,\r\n"c""2.jpg",1,\r\nd.jpg,1,\r\n" e.jpg",1,\r\n"f\r\n.jpg",1,\r\ng.jpg,1,\r\n',
  );
});

test("one line a key, whole, and nothing else in the folder", async () => {
  const file = join(folder, "inventory.csv");
  await writeFile(file, "older");
  await writeCsv(file, rows(2500), never);
  const lines = (await readFile(file, "utf8")).split("\r\n");
  expect(lines[0]).toBe(CSV_COLUMNS);
  expect(lines).toHaveLength(2502);
  expect(lines[2500]).toMatch(/^large\/2499.jpg,/);
  expect(lines[2501]).toBe("");
  expect(await readdir(folder)).toEqual(["inventory.csv"]);
});

test.each([0, 1, 999, 1000])("%d rows are as many lines, and the first names the columns", async (number) => {
  const file = join(folder, "inventory.csv");
  await writeCsv(file, rows(number), never);
  const text = await readFile(file, "utf8");
  expect(text.startsWith(`${CSV_COLUMNS}\r\n`)).toBe(true);
  expect(text.split("\r\n")).toHaveLength(number + 2);
});

test("when the rows break off, the older report stays and no draft is left", async () => {
  const file = join(folder, "inventory.csv");
  await writeFile(file, "older");
  async function* broken(): AsyncGenerator<InventoryRow> {
    yield* rows(1500);
    throw new HaulError("catalogue", "the catalogue broke");
  }
  await expect(writeCsv(file, broken(), never)).rejects.toThrow("the catalogue broke");
  expect(await readFile(file, "utf8")).toBe("older");
  expect(await readdir(folder)).toEqual(["inventory.csv"]);
});

test("an interrupt is an interrupt", async () => {
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<InventoryRow> {
    yield* rows(3000);
    stop.abort();
    yield* rows(100_000);
  }
  const writing = writeCsv(join(folder, "a.csv"), endless(), stop.signal);
  await expect(writing).rejects.toMatchObject({ code: "interrupted" });
  expect(await readdir(folder)).toEqual([]);
});

test("no such folder is wrong use, with the name of the report", async () => {
  const writing = writeCsv(join(folder, "none", "a.csv"), rows(1), never);
  await expect(writing).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/a\.csv cannot be written: its folder does not exist/),
  });
});
