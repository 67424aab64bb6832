/** The `.csv` report of `dates`: one row a file, written as it comes, so that its size is bounded by the disk only. */

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Redated } from "../events.ts";
import { translated } from "../local/whole-file.ts";
import { forCsv } from "./escape.ts";

/**
 * The first line. Times are ISO 8601 in UTC; `new` is empty where the time stays. `date` is left empty for people,
 * who write in there what they know better, and give the file back with `--dates`.
 */
export const DATES_COLUMNS = "file,outcome,old,new,source,precision,reason,date";

const LINE_END = "\r\n";
const ROWS_A_WRITE = 500;

/** @throws HaulError `usage`, `full` from each of its functions */
export interface DatesReport {
  add(file: Redated): void;
  /** Gives the report its name; an older one of that name is replaced. */
  finish(): void;
  /** Leaves no trace of it. Safe after `finish`. */
  discard(): void;
}

/** One row without its line end; the reason says which field was read, and what is doubtful about it. */
export function datesRow(row: Redated): string {
  const { file, outcome, old, new: set, captured, reason } = row;
  const { source = "", precision = "", tag, warnings = [] } = captured ?? {};
  const why = [reason, tag, ...warnings].filter((part) => part !== undefined).join("; ");
  const cells = [forCsv(file), outcome, old ?? "", set ?? "", source, precision, forCsv(why), ""];
  return cells.join(",");
}

/** Opens a report: whole under its name at the end, or not at all. Synchronous, as its rows come faster than promises. */
export function openDatesReport(file: string): DatesReport {
  const draft = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomBytes(4).toString("hex")}`);
  const { signal } = new AbortController();
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translated(error, file, signal);
    }
  };
  let rows = [DATES_COLUMNS];
  let handle: number | null = attempt(() => openSync(draft, "wx"));
  const write = () => {
    if (handle === null || rows.length === 0) return;
    writeSync(handle, `${rows.join(LINE_END)}${LINE_END}`);
    rows = [];
  };
  const close = () => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  return {
    add(row) {
      rows.push(datesRow(row));
      if (rows.length >= ROWS_A_WRITE) attempt(write);
    },
    finish: () =>
      attempt(() => {
        write();
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
