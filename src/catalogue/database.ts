/** A database file that speaks our errors: the one table of SQLite's result codes (sqlite.org/rescode.html). */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { HaulError, type RunErrorCode } from "../errors.ts";
import { sqliteCode } from "../local/lock.ts";

const TROUBLES: ReadonlyMap<number, RunErrorCode> = new Map<number, RunErrorCode>([
  [5, "locked"], // BUSY, after five seconds
  [6, "locked"], // LOCKED
  [8, "catalogue-unwritable"], // READONLY
  [10, "catalogue-unwritable"], // IOERR
  [11, "catalogue"], // CORRUPT
  [13, "catalogue-full"], // FULL
  [14, "catalogue-unwritable"], // CANTOPEN
  [15, "locked"], // PROTOCOL, of locking
  [26, "catalogue"], // NOTADB
]);

const FULL_DISK = new Set(["ENOSPC", "EDQUOT"]);

/**
 * What SQLite or the system says about the file of a catalogue, as HaulError; anything else is a bug and comes
 * back unchanged.
 */
export function fileTrouble(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof HaulError) return error;
  const cause = error;
  const { code, syscall } = Object.assign({ code: "", syscall: "" }, error);
  // A number that no program of ours wrote: node:sqlite refuses those that JavaScript cannot hold.
  const rotten = code === "ERR_OUT_OF_RANGE";
  const ofSystem = FULL_DISK.has(code) ? "catalogue-full" : "catalogue-unwritable";
  const said = rotten ? "catalogue" : TROUBLES.get(sqliteCode(error));
  const trouble = syscall === "" ? said : ofSystem;
  if (trouble === undefined) return error;
  if (trouble === "catalogue") {
    return new HaulError(trouble, `the catalogue ${file} is damaged (${cause.message})`, { cause });
  }
  if (trouble === "locked") {
    const says = `another program holds the catalogue ${file}: another run, a backup, or somebody who looks into it`;
    return new HaulError(trouble, says, { cause });
  }
  const full = trouble === "catalogue-full";
  const says = full
    ? `the disk that holds the catalogue ${file} is full`
    : `the catalogue ${file} cannot be written (${cause.message})`;
  return new HaulError(trouble, says, { cause });
}

/** As DatabaseSync; what it and its statements throw are errors of `fileTrouble`. */
export class Database extends DatabaseSync {
  readonly #file: string;
  /** True once SQLite found that the file is damaged. */
  damaged = false;

  constructor(file: string) {
    super(file);
    this.#file = file;
  }

  override exec(sql: string): void {
    this.#ours(() => super.exec(sql));
  }

  override prepare(...asked: Parameters<DatabaseSync["prepare"]>): StatementSync {
    const statement = this.#ours(() => super.prepare(...asked));
    for (const name of ["run", "get", "all"] as const) {
      const method: unknown = statement[name];
      if (typeof method !== "function") continue;
      const value = (...given: unknown[]) => this.#ours((): unknown => Reflect.apply(method, statement, given));
      Object.defineProperty(statement, name, { value });
    }
    return statement;
  }

  #ours<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const told = fileTrouble(error, this.#file);
      if (told instanceof HaulError && told.code === "catalogue") this.damaged = true;
      throw told;
    }
  }
}
