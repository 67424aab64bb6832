/**
 * What `dates` changed, kept beside the photos so that it can be taken back: a file per run in `.photohaul/`,
 * a line per photo. A line is written before its photo is touched.
 */

import {
  closeSync,
  createReadStream,
  type Dirent,
  fdatasyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { HaulError } from "../errors.ts";
import { makeFolders } from "../local/files.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { linesOf } from "../targets/list-lines.ts";

/** The modification time of one file before and after; nanoseconds since 1970 as text. */
export interface TimeChange {
  readonly file: string;
  readonly old: string;
  readonly new: string;
}

export interface UndoRecord {
  /** Null before the first change. */
  readonly path: string | null;
  /**
   * Durable when it returns.
   * @throws HaulError `read-only`, `full`
   */
  append(changes: readonly TimeChange[]): void;
  close(): void;
  /** Closes it and leaves no trace: what it names was not changed after all. */
  forget(): void;
}

const NAME = /^dates-[0-9TZ-]+\.ndjson$/;

/** Opens the record of a run; the file is made with the first change. @param startedAt ISO 8601 */
export function createUndoRecord(root: string, startedAt: string): UndoRecord {
  const folder = join(root, OWN_FOLDER);
  const path = join(folder, `dates-${startedAt.replaceAll(/[:.]/g, "-")}.ndjson`);
  let file: number | null = null;
  let begun = false;
  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    get path() {
      return begun ? path : null;
    },
    append(changes) {
      try {
        if (file === null) {
          makeFolders(folder);
          file = openSync(path, "a");
          begun = true;
        }
        writeSync(file, changes.map((change) => `${JSON.stringify(change)}\n`).join(""));
        fdatasyncSync(file);
      } catch (cause) {
        const full = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
        const message = `${path} cannot be written, so no date was changed that could not be taken back`;
        throw new HaulError(full ? "full" : "read-only", message, { cause });
      }
    },
    close,
    forget() {
      close();
      if (begun) rmSync(path, { force: true });
      begun = false;
    },
  };
}

/** A line that says no change: the time that its file had is not known. */
export interface DamagedLine {
  /** From 1. */
  readonly line: number;
  /** The file that it is about, as far as that can be read; "" where it cannot. */
  readonly about: string;
}

export interface PastRun {
  /** The record, for people. */
  readonly path: string;
  /** In the order in which they were made; the last line, where it was cut, is left out, as its photo was not touched. */
  readonly changes: AsyncIterable<TimeChange | DamagedLine>;
  /** Marks the run as taken back. */
  finish(): void;
}

/** The last run in a folder that was not taken back; null where there is none. */
export function lastRun(root: string): PastRun | null {
  const folder = join(root, OWN_FOLDER);
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
  const name = entries
    .filter((entry) => entry.isFile() && NAME.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .at(-1);
  if (name === undefined) return null;
  const path = join(folder, name);
  return {
    path,
    changes: readChanges(path),
    finish: () => renameSync(path, path.replace(/\.ndjson$/, ".undone")),
  };
}

async function* readChanges(path: string): AsyncGenerator<TimeChange | DamagedLine> {
  const untold = { onRest: () => undefined, onForm: () => undefined };
  let number = 0;
  for await (const line of linesOf(createReadStream(path), untold)) {
    number += 1;
    if (line.trim() !== "")
      yield parseChange(line) ?? { line: number, about: /"file":"([^"\\]+)"/.exec(line)?.[1] ?? "" };
  }
}

function parseChange(line: string): TimeChange | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const field = (name: string) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined);
  const [file, before, after] = [field("file"), field("old"), field("new")];
  const inside = typeof file === "string" && !file.split("/").includes("..");
  if (!inside || !isNanoseconds(before) || !isNanoseconds(after)) return null;
  return { file, old: before, new: after };
}

function isNanoseconds(value: unknown): value is string {
  // A time of the year 9999 has 21 digits.
  return typeof value === "string" && /^-?\d{1,24}$/.test(value);
}
