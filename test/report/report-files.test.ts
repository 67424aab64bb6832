import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StartEvent, VerifySummary } from "../../src/events.ts";
import type { InventoryRow } from "../../src/report/csv.ts";
import { checkReportFile, pageReports, writeReport } from "../../src/report/report-files.ts";
import { markdown, mirrorPage, type Report } from "../../src/report/report-page.ts";
import { emptyReport } from "../../src/steps/verify-photo.ts";
import { exampleInventory } from "./example-inventory.ts";
import { run, summary, troubles } from "./example-run.ts";

const report: Report = { run, summary, troubles, ...exampleInventory(600), pairs: [] };
const never = new AbortController().signal;

async function* rows(): AsyncGenerator<InventoryRow> {
  yield {
    key: "a.jpg",
    kind: "original",
    family: "original",
    original: null,
    size: 1,
    modified: "2012-06-28T14:03:22.000Z",
    storageClass: "STANDARD",
    etag: "e",
    outcome: "stored",
    path: "a.jpg",
    captured: null,
    reason: "",
  };
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photohaul-report-"));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ["r.html", /^<!doctype html>[\s\S]*<\/html>\n$/],
  ["r.HTML", /^<!doctype html>/],
  ["r.csv", /^key,kind,family,.*\r\na\.jpg,original,/],
  ["r.md", /^# s3:\/\/photos → \/media\/usb\n/],
  ["r.json", /^\{\n {2}"version": "0\.1\.0"/],
])("%s is written in the format of its name", async (name, content) => {
  const file = join(folder, name);
  await checkReportFile(file);
  await writeReport(file, report, rows, never);
  expect(await readFile(file, "utf8")).toMatch(content);
  expect(await readdir(folder)).toEqual([name]);
});

test("the .json report is the summary and the inventory", async () => {
  const file = join(folder, "r.json");
  await writeReport(file, report, rows, never);
  const read = JSON.parse(await readFile(file, "utf8"));
  expect(read.summary).toEqual(summary);
  expect(read.inventory).toEqual(report.inventory);
  expect(read.estimate).toEqual(report.estimate);
  expect(read.failures).toEqual([{ key: "f\x1b[2J.jpg", reason: "3 bytes\nmissing" }]);
});

test.each(["r.pdf", "r", ".html", "html"])("%s is wrong use", async (name) => {
  await expect(checkReportFile(join(folder, name))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("must end in one of .html, .json, .csv, .md"),
  });
  await expect(writeReport(join(folder, name), report, rows, never)).rejects.toMatchObject({
    code: "usage",
  });
  expect(await readdir(folder)).toEqual([]);
});

test("a folder that is not there is told before the run, not after it", async () => {
  await expect(checkReportFile(join(folder, "none", "r.html"))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("its folder does not exist"),
  });
});

test("a folder of the report's own name is not replaced", async () => {
  const file = join(folder, "r.md");
  await mkdir(file);
  await expect(writeReport(file, report, rows, never)).rejects.toMatchObject({ code: "usage" });
  expect(await readdir(folder)).toEqual(["r.md"]);
});

test("the .md report has a table for each thing it tells", () => {
  const text = markdown(mirrorPage(report));
  expect(text).toContain("| original | original |");
  expect(text).toContain("| f\\\\x1b\\[2J.jpg | 3 bytes\\\\nmissing |");
  for (const table of text
    .trim()
    .split("\n\n")
    .filter((part) => part.startsWith("|"))) {
    const widths = table.split("\n").map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(widths).size).toBe(1);
  }
});

const verified: VerifySummary = {
  type: "summary",
  command: "verify",
  targets: ["/media/usb"],
  conditions: { whole: 8, rotten: 1, unreadable: 0, missing: 0, archived: 0 },
  checked: { photos: 9, bytes: 9_000 },
  repaired: 0,
  each: [
    {
      ...emptyReport({ name: "/media/usb", id: "t" }),
      photos: 9,
      bytes: 9_000,
      checked: { photos: 9, bytes: 9_000 },
      conditions: { whole: 8, rotten: 1, unreadable: 0, missing: 0, archived: 0 },
      unsteady: 1,
      extra: 2,
      cutLines: 1,
      oldestCheck: "2026-10-05T08:00:00.000Z",
    },
  ],
  seconds: 2,
  exit: 3,
};
const verifying: StartEvent = { ...run, command: "verify", source: "" };

test.each([
  [
    "v.html",
    /^<!doctype html>[\s\S]*<h1>\/media\/usb<\/h1>[\s\S]*some photos failed[\s\S]*1 photo right on the second[\s\S]*a\.jpg[\s\S]*rotten: other bytes/,
  ],
  [
    "v.md",
    /^# \/media\/usb\n\nverify, started [\s\S]*## \/media\/usb\n\n- read: 9 photos, 9.0 kB\n- whole: 8 photos\n- rotten: 1 photo\n[\s\S]*\| a\.jpg \| rotten: other bytes \|\n$/,
  ],
  [
    "v.json",
    /^\{\n {2}"version": "0\.1\.0",\n {2}"startedAt": "[^"]+",\n {2}"summary": \{\n {4}"type": "summary",\n {4}"command": "verify"[\s\S]*"reason": "rotten: other bytes"/,
  ],
])("the page of another command is a report too: %s", async (name, content) => {
  const file = join(folder, name);
  const { count, write } = pageReports([file], never);
  count({ type: "check", target: "t", path: "a.jpg", condition: "rotten", reason: "other bytes", bytes: 1 });
  await write(verified, verifying);
  expect(await readFile(file, "utf8")).toMatch(content);
  // It is known again as ours, and may be written anew.
  await write(verified, verifying);
});

test("another command has no table of keys", async () => {
  await expect(pageReports([join(folder, "v.csv")], never).write(verified, verifying)).rejects.toMatchObject({
    code: "usage",
  });
  expect(await readdir(folder)).toEqual([]);
});
