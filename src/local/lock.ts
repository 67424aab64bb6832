/**
 * One run at a time. The lock is a SQLite file held in BEGIN EXCLUSIVE: the operating system frees it the
 * moment the process dies, however it dies (kill -9 included), so there is no stale lock to clean up.
 */

import { DatabaseSync } from "node:sqlite";
import { HaulError } from "../errors.ts";
import { makePrivate } from "./files.ts";

export interface Lock {
  /** Frees the lock. Safe to call twice. */
  release(): void;
}

const BUSY = 5;
const NOT_A_DATABASE = 26;

/**
 * @param file made if missing, in a folder that exists; only ever holds the lock
 * @param what named in the message when somebody else holds it: "the catalogue /…"
 * @throws HaulError `locked` when another process holds it; `usage` where something stands in the file, which is left as it is:
 * nothing is ever written into a lock, so that it is somebody's file, or rotted
 */
export function holdLock(file: string, what: string): Lock {
  makePrivate(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (sqliteCode(error) === BUSY) {
      throw new HaulError("locked", `another photohaul run is using ${what}`, { cause: error });
    }
    if (sqliteCode(error) === NOT_A_DATABASE) {
      const says = `${file} only ever locks ${what} and is empty, but something stands in it. Move it away, and run the same line again`;
      throw new HaulError("usage", says, { cause: error });
    }
    throw error;
  }
  return {
    release() {
      if (db.isOpen) db.close();
    },
  };
}

/** Whether somebody holds a lock, which is left as it is. */
export function isHeld(file: string): boolean {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    try {
      db.prepare("SELECT count(*) FROM sqlite_master").get();
      return false;
    } finally {
      db.close();
    }
  } catch (error) {
    return sqliteCode(error) === BUSY;
  }
}

/** The primary result code of an error from node:sqlite; 0 when it is not one. */
export function sqliteCode(error: unknown): number {
  if (error instanceof Error && "errcode" in error && typeof error.errcode === "number") {
    return error.errcode & 0xff;
  }
  return 0;
}
