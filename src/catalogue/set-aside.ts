/** A damaged catalogue makes room for a new one and is not lost: it may be all that somebody has. */

import { closeSync, existsSync, openSync, readSync, renameSync } from "node:fs";
import { mustBeFile } from "../local/regular-file.ts";

/** How every SQLite file begins (sqlite.org/fileformat.html). */
const MAGIC = "SQLite format 3\0";

/**
 * False for a file of another kind, which somebody may have named by mistake. True where there is none, and where it
 * cannot be read: whoever opens it then says why.
 * @throws HaulError `usage` where it is a pipe or a device
 */
export function beginsAsDatabase(file: string): boolean {
  mustBeFile(`the catalogue ${file}`, file, true);
  const start = Buffer.alloc(MAGIC.length);
  try {
    const handle = openSync(file, "r");
    try {
      return readSync(handle, start) === start.length && start.toString("latin1") === MAGIC;
    } finally {
      closeSync(handle);
    }
  } catch {
    return true;
  }
}

/**
 * Where a damaged file is to be put: beside itself, under a name that is free.
 * @param at the time to name it by
 */
export function placeAside(file: string, at: Date): string {
  const name = `${file}.damaged-${at.toISOString().slice(0, 19).replaceAll(":", "")}`;
  for (let number = 1; ; number += 1) {
    const aside = number === 1 ? name : `${name}-${number}`;
    if (!existsSync(aside)) return aside;
  }
}

/** Renames the file, and what SQLite wrote beside it, so that both together can still be opened. */
export function setAside(file: string, aside: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
}
