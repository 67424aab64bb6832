/** The `.csv` inventory: one row a key, written as it comes, so that its size is bounded by the disk only. */

import { writeWhole } from "../local/whole-file.ts";
import type { Captured, Kind, Outcome } from "../model.ts";
import { forCsv } from "./escape.ts";

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

/** The first line; columns are fixed (design section 3). */
export const CSV_COLUMNS = "key,kind,family,original,size,modified,storage_class,etag,outcome,path,captured,reason";

/** RFC 4180. */
const LINE_END = "\r\n";
const LINES_A_WRITE = 1000;

/** One row without its line end; `forCsv` says how texts are kept from being formulas. */
export function csvRow(row: InventoryRow): string {
  const captured = row.captured ? `${row.captured.local}${row.captured.offset ?? ""}` : "";
  return [
    forCsv(row.key),
    row.kind,
    forCsv(row.family),
    forCsv(row.original ?? ""),
    String(row.size),
    row.modified,
    forCsv(row.storageClass),
    forCsv(row.etag),
    row.outcome ?? "",
    forCsv(row.path ?? ""),
    forCsv(captured),
    forCsv(row.reason),
  ].join(",");
}

/**
 * Writes the inventory to `file`, UTF-8 without a byte order mark: all of it under its name, or nothing.
 * @throws HaulError as `writeWhole`
 */
export async function writeCsv(file: string, rows: AsyncIterable<InventoryRow>, signal: AbortSignal): Promise<void> {
  await writeWhole(file, csvLines(rows), signal);
}

async function* csvLines(rows: AsyncIterable<InventoryRow>): AsyncIterable<string> {
  let lines = [CSV_COLUMNS];
  for await (const row of rows) {
    lines.push(csvRow(row));
    if (lines.length < LINES_A_WRITE) continue;
    yield `${lines.join(LINE_END)}${LINE_END}`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join(LINE_END)}${LINE_END}`;
}
