/** The `.csv` reports: one row a key, or a file, written as it comes, so that its size is bounded by the disk only. */

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Redated } from "../events.ts";
import { translated, writeWhole } from "../local/files.ts";
import type { Captured, Kind, Outcome } from "../model.ts";
import { guarded } from "./escape.ts";

/**
 * One key of the inventory. Keys are written as everywhere in photohaul (key.ts): bytes that are not UTF-8 stand
 * as the characters that carry them, so that every key can be told from every other and be taken back.
 */
export interface InventoryRow {
  readonly key: string;
  readonly kind: Kind;
  readonly family: string;
  /** Key of the original that a rendition belongs to; null where there is none or it is one itself. */
  readonly original: string | null;
  readonly size: number;
  readonly modified: string;
  readonly storageClass: string;
  readonly etag: string;
  /** Null where no run has come to it, or it is none of the photos. */
  readonly outcome: Outcome | null;
  /** On the target. */
  readonly path: string | null;
  readonly captured: Pick<Captured, "local" | "offset"> | null;
  /** Why it is of this kind, or why it was skipped or failed. */
  readonly reason: string;
}

/** The first line of the inventory; columns are fixed (design section 3). */
export const CSV_COLUMNS = "key,kind,family,original,size,modified,storage_class,etag,outcome,path,captured,reason";

/**
 * The first line of the report of `dates`. Times are ISO 8601 in UTC; `new` is empty where the time stays. `date` is
 * left empty for people, who write in there what they know better, and give the file back with `--dates`.
 */
export const DATES_COLUMNS = "file,outcome,old,new,source,precision,reason,date";

/** RFC 4180. */
const LINE_END = "\r\n";
const ROWS_A_WRITE = 1000;

/** A cell: null is empty. */
type Cell = string | number | null;

/** Rows as RFC 4180 has them, each with its line end. Cells of text are `guarded`, so that no spreadsheet runs one. */
type CsvText = (rows: readonly (readonly Cell[])[]) => string;

/** Loaded by those only who write a table. */
export async function csvWriter(): Promise<CsvText> {
  const { stringify } = await import("csv-stringify/sync");
  // Quoted by the library itself: what holds a comma, a quote or the end of a row. Blanks at the ends are lost without quotes.
  const options = { record_delimiter: LINE_END, quoted_match: /[\r\n]|^\s|\s$/ };
  return (rows) => {
    let text = "";
    let special: Cell[][] = [];
    const flush = () => {
      if (special.length > 0) text += stringify(special, options);
      special = [];
    };
    for (const row of rows) {
      const cells = row.map((cell) => (typeof cell === "string" ? guarded(cell) : cell));
      // Most rows are plain, and the library takes five times as long as joining them (a million: 1.9 s and 0.4 s).
      const plain = cells.every((cell) => typeof cell !== "string" || !SPECIAL.test(cell));
      if (!plain) special.push(cells);
      else {
        flush();
        text += `${cells.join(",")}${LINE_END}`;
      }
    }
    flush();
    return text;
  };
}

/** What the library may have to quote. */
const SPECIAL = /[",\r\n]|^\s|\s$/;

/**
 * Writes the inventory to `file`, UTF-8 without a byte order mark: all of it under its name, or nothing.
 * @throws HaulError as `writeWhole`
 */
export async function writeCsv(file: string, rows: AsyncIterable<InventoryRow>, signal: AbortSignal): Promise<void> {
  await writeWhole(file, inventoryText(rows), signal);
}

async function* inventoryText(rows: AsyncIterable<InventoryRow>): AsyncIterable<string> {
  const csvText = await csvWriter();
  yield `${CSV_COLUMNS}${LINE_END}`;
  let cells: Cell[][] = [];
  for await (const row of rows) {
    cells.push(inventoryCells(row));
    if (cells.length < ROWS_A_WRITE) continue;
    yield csvText(cells);
    cells = [];
  }
  if (cells.length > 0) yield csvText(cells);
}

/** In the order of `CSV_COLUMNS`. */
export function inventoryCells(row: InventoryRow): Cell[] {
  const captured = row.captured ? `${row.captured.local}${row.captured.offset ?? ""}` : null;
  const { key, kind, family, original, size, modified, storageClass, etag, outcome, path, reason } = row;
  return [key, kind, family, original, size, modified, storageClass, etag, outcome, path, captured, reason];
}

/** In the order of `DATES_COLUMNS`; the reason says which field was read, and what is doubtful about it. */
export function datesCells({ file, outcome, old, new: set, captured, reason }: Redated): Cell[] {
  const { source = null, precision = null, tag, warnings = [] } = captured ?? {};
  const why = [reason, tag, ...warnings].filter((part) => part !== undefined).join("; ");
  return [file, outcome, old, set, source, precision, why, null];
}

/** @throws HaulError `usage`, `full` from each of its functions */
export interface DatesReport {
  add(file: Redated): void;
  /** Gives the report its name; an older one of that name is replaced. */
  finish(): void;
  /** Leaves no trace of it. Safe after `finish`. */
  discard(): void;
}

/** Opens a report: whole under its name at the end, or not at all. Rows are synchronous, as they come faster than promises. */
export async function openDatesReport(file: string): Promise<DatesReport> {
  const csvText = await csvWriter();
  const draft = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomBytes(4).toString("hex")}`);
  const { signal } = new AbortController();
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translated(error, file, signal);
    }
  };
  let rows: Cell[][] = [];
  let handle: number | null = attempt(() => openSync(draft, "wx"));
  const write = (text: string) => {
    if (handle !== null) writeSync(handle, text);
  };
  const flush = () => {
    if (rows.length > 0) write(csvText(rows));
    rows = [];
  };
  const close = () => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  attempt(() => write(`${DATES_COLUMNS}${LINE_END}`));
  return {
    add(row) {
      rows.push(datesCells(row));
      if (rows.length >= ROWS_A_WRITE) attempt(flush);
    },
    finish: () =>
      attempt(() => {
        flush();
        if (handle !== null) fsyncSync(handle);
        close();
        renameSync(draft, file);
      }),
    discard() {
      close();
      rmSync(draft, { force: true });
    },
  };
}
