/**
 * `--dates FILE`: what people say themselves of when photos were taken. A table as spreadsheets write it (CSV with
 * commas, semicolons or tabs), its first line with the names of the columns; two of them count, in any order:
 *
 *   file or key   the photo, as the `.csv` reports of `dates`, `mirror` and `inventory` name it
 *   date          2012-06-28 14:03:22, 2012-06-28 14:03 +02:00, 2012-06-28, 2012-06 or 2012; empty: nothing is said
 *
 * The report of `dates` has both, the second empty: fill in what is known better, and give the file back.
 */

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { readWritten } from "../dates/written-time.ts";
import { HaulError } from "../errors.ts";
import { isFile, mustBeFile } from "../local/files.ts";
import { unguarded } from "../report/escape.ts";

/** By photo, in its own words. */
export type DateOverrides = ReadonlyMap<string, string>;

const NAMES = ["file", "key"];
const DATE = "date";
const FORM = "write 2012-06-28 14:03:22, 2012-06-28 14:03 +02:00, 2012-06-28, 2012-06 or 2012";

/** @param file null for none, which says nothing. @throws HaulError `usage` naming the line that cannot be read */
export async function readDatesFile(file: string | null): Promise<DateOverrides> {
  const all = new Map<string, string>();
  if (file !== null) {
    mustBeFile(`--dates ${file}`, file);
    try {
      await readInto(all, file);
    } catch (cause) {
      if (cause instanceof HaulError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HaulError("usage", `--dates ${file} cannot be read: ${why}`, { cause });
    }
  }
  return all;
}

/**
 * What somebody typed into a report is not written down anywhere else.
 * @throws HaulError `usage` where the `date` of any line of a report is filled in
 */
export async function mustHoldNoTyped(file: string): Promise<void> {
  if (!isFile(file)) return;
  try {
    for await (const { name, date, line } of linesIn(file)) {
      if (date === "") continue;
      const says = `--report ${file} is not written: line ${line} has a date that somebody typed (${name}: ${date}), which would be lost. Give the file back with --dates, or name another file for the report`;
      throw new HaulError("usage", says);
    }
  } catch (error) {
    // What is no such table has no dates in it.
    if (error instanceof HaulError && error.message.startsWith("--report")) throw error;
  }
}

/** One sentence about lines that name no photo; null where each names one. */
export function unusedDates(told: DateOverrides, isPhoto: (key: string) => boolean): string | null {
  const unused = [...told.keys()].filter((key) => !isPhoto(key));
  if (unused.length === 0) return null;
  const shown = unused.slice(0, 3).join(", ");
  const more = unused.length > 3 ? ` and ${unused.length - 3} more` : "";
  return `--dates names what is no photo here: ${shown}${more}`;
}

async function readInto(all: Map<string, string>, file: string): Promise<void> {
  for await (const { name, date, line } of linesIn(file)) {
    if (date !== "") enter(all, name, date, `line ${line} of ${file}`);
  }
}

/** @throws HaulError `usage` where its first line does not name the columns, and what the parser throws */
async function* linesIn(file: string): AsyncGenerator<{ name: string; date: string; line: number }> {
  // Takes 30 ms of CPU to load (measured), and few runs are given such a file.
  const { parse } = await import("csv-parse");
  const rows = parse({
    bom: true,
    delimiter: await delimiterOf(file),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // An error of either comes out of the loop below.
  pipeline(createReadStream(file), rows, () => undefined);
  let columns: { readonly name: number; readonly date: number } | null = null;
  for await (const row of rows) {
    const { record, info } = row as { record: string[]; info: { lines: number } };
    if (columns === null) columns = columnsOf(record, file);
    else {
      const name = unguarded(record[columns.name] ?? "");
      yield { name, date: (record[columns.date] ?? "").trim(), line: info.lines };
    }
  }
  if (columns === null) throw new HaulError("usage", `--dates ${file} is empty`);
}

const DELIMITERS = [",", ";", "\t"];
const HEAD_BYTES = 4096;

/** The one that parts the names of the columns: the two others may stand in names of photos and in reasons. */
async function delimiterOf(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const [head = ""] = buffer
    .toString("utf8", 0, bytesRead)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  const bare = head.replaceAll(/"[^"]*"/g, "");
  const times = (delimiter: string) => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (times(one) > times(best) ? one : best));
}

function columnsOf(record: readonly string[], file: string) {
  const titles = record.map((title) => title.trim().toLowerCase());
  const name = titles.findIndex((title) => NAMES.includes(title));
  const date = titles.indexOf(DATE);
  if (name >= 0 && date >= 0) return { name, date };
  const message = `the first line of ${file} must name the columns, a "file" or "key" and a "date" among them`;
  throw new HaulError("usage", `--dates: ${message}`);
}

function enter(all: Map<string, string>, name: string, date: string, place: string): void {
  if (name === "") throw new HaulError("usage", `--dates: ${place} names no photo`);
  const read = readWritten(date);
  if (typeof read === "string") {
    throw new HaulError("usage", `--dates: ${place}: "${date}" is ${read}; ${FORM}`);
  }
  const before = all.get(name);
  if (before !== undefined && before !== date) {
    throw new HaulError("usage", `--dates: ${place} dates ${name} otherwise than a line above`);
  }
  all.set(name, date);
}
