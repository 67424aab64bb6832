/**
 * The file of a database of ours: held for one process, of this version with all its tables, taken over from an
 * earlier version in place, or new. A damaged one makes room for a new one and is not lost: it may be all that somebody has.
 */

import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { HaulError } from "../errors.ts";
import { makeFolders, makePrivate, mustBeFile } from "../local/files.ts";
import { holdLock, type Lock } from "../local/lock.ts";
import { Database } from "./database.ts";
import { text, whole } from "./rows.ts";

/** How the tables of a file look. */
export interface Form {
  /** Of a new file. */
  readonly schema: string;
  /** From each version to the next, the first from 1 to 2. */
  readonly changes: readonly string[];
  /** What to do about a file that a newer version wrote. */
  readonly ifNewer: string;
  /** Bytes up to which a file is looked through before it is used. */
  readonly checkedUpTo: number;
  /** False where a database of another program may lie there, which is left as it is. */
  readonly isPrivate: boolean;
}

/**
 * WAL with synchronous=NORMAL: a power cut may take back the newest commits but never mixes them up; a
 * photo whose row was taken back is found on the target again as the same bytes. A page of 8 kB holds 40 objects:
 * to decide about them takes three quarters of the CPU that it takes with the usual 4 kB (measured). Of a new file
 * only, and to be said before all else. 64 MB go into the WAL before they are copied, with two waits for the disk,
 * into the file. What does not fit into the cache is sorted on the disk, in SQLite's own temporary files: to sort the stems of
 * ten million keys in memory took a run to 1.3 GB; so it takes 80 MB and 8 s (measured).
 */
const PRAGMAS = `
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
PRAGMA wal_autocheckpoint = 8000;
`;

/**
 * Holds a file for this process while it is open. Its folder is made if missing.
 * @param what it is, for whoever finds it held
 * @throws HaulError `locked` when another run uses it
 */
export function openHeld<T>(file: string, what: string, open: (lock: Lock) => T): T {
  makeFolders(dirname(file), 0o700);
  const lock = holdLock(`${file}.lock`, what);
  try {
    return open(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Opens a file, or sets it aside where it is damaged and begins a new one.
 * @param onAside told under which name it is kept; absent: damage is an error
 */
export function openOrBegin<T>(file: string, open: () => T, onAside: ((aside: string) => void) | undefined): T {
  try {
    return open();
  } catch (error) {
    const isDamage = error instanceof HaulError && error.code === "catalogue";
    if (!isDamage || onAside === undefined || file === "") throw error;
    onAside(setAside(file));
    return open();
  }
}

/**
 * Opens or makes a file, mode 0600.
 * @param file "" for one in memory and temporary files
 * @throws HaulError `catalogue` when it is damaged, `usage` when it is of a newer version or another program's, which is
 * left as it is; what SQLite says otherwise
 */
export function connect(file: string, form: Form): Database {
  if (file !== "") makePrivate(file);
  const db = new Database(file);
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    const there = tablesIn(db);
    const tables = [...form.schema.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = ""]) => name);
    if (!form.isPrivate && there.size > 0 && !tables.some((table) => there.has(table))) {
      const says = `${file} is the database of another program, and is left as it is: name another --catalogue`;
      throw new HaulError("usage", says);
    }
    db.exec(PRAGMAS);
    const added = form.changes.slice(versionOf(db) - 1).join(";");
    const missing = tables.filter(
      (table) => there.size > 0 && !there.has(table) && !added.includes(` TABLE ${table} `),
    );
    if (missing.length > 0) throw damage(file, `it has no ${missing.join(", ")} any more`);
    bringUp(db, file, form, there.size === 0);
    if (there.size > 0 && statSync(file).size <= form.checkedUpTo) mustBeWhole(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function bringUp(db: Database, file: string, form: Form, isNew: boolean): void {
  const newest = form.changes.length + 1;
  const version = versionOf(db);
  if (version > newest) throw new HaulError("usage", `${file} was written by a newer photohaul${form.ifNewer}`);
  if (!isNew && version <= 0) throw damage(file, "it does not say its version");
  const changes = isNew ? [form.schema] : form.changes.slice(version - 1);
  if (changes.length === 0) return;
  db.transaction(() => db.exec(`${changes.join(";\n")}; PRAGMA user_version = ${newest}`));
}

function versionOf(db: Database): number {
  return whole(db.prepare("PRAGMA user_version").get() ?? {}, "user_version");
}

/** @throws HaulError `catalogue` */
function mustBeWhole(db: Database, file: string): void {
  const said = text(db.prepare("PRAGMA quick_check(1)").get() ?? {}, "quick_check");
  if (said !== "ok") throw damage(file, said.replace(/\s+/g, " "));
}

function tablesIn(db: Database): ReadonlySet<string> {
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const names = rows.map((row) => text(row, "name"));
  return new Set(names.filter((name) => !name.startsWith("sqlite_")));
}

export function damage(file: string, how: string): HaulError {
  return new HaulError("catalogue", `the catalogue ${file} is damaged: ${how}`);
}

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

/** Puts a damaged file beside itself, under a name that is free. @returns that name */
export function setAside(file: string): string {
  const name = `${file}.damaged-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}`;
  let aside = name;
  for (let number = 2; existsSync(aside); number += 1) aside = `${name}-${number}`;
  renameDatabase(file, aside);
  return aside;
}

/** Renames a file, and what SQLite wrote beside it, so that both together can still be opened. Nothing where there is none. */
export function renameDatabase(file: string, to: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, to + suffix);
  }
}
