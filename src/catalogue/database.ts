/**
 * A database that speaks our errors, by the one table of SQLite's result codes (sqlite.org/rescode.html), compiles each
 * statement once, and is read page by page.
 */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { HaulError, type RunErrorCode } from "../errors.ts";
import { sqliteCode } from "../local/lock.ts";

/** Rows that are read at once. */
export const CHUNK = 1000;

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
  const name = file === "" ? "in SQLite's temporary folder" : file;
  if (trouble === "catalogue") {
    return new HaulError(trouble, `the catalogue ${name} is damaged (${cause.message})`, { cause });
  }
  if (trouble === "locked") {
    const says = `another program holds the catalogue ${name}: another run, a backup, or somebody who looks into it`;
    return new HaulError(trouble, says, { cause });
  }
  const full = trouble === "catalogue-full";
  const says = full
    ? `the disk that holds the catalogue ${name} is full`
    : `the catalogue ${name} cannot be written (${cause.message})`;
  return new HaulError(trouble, says, { cause });
}

/** As DatabaseSync; what it and its statements throw are errors of `fileTrouble`. */
export class Database extends DatabaseSync {
  readonly #file: string;
  readonly #compiled = new Map<string, StatementSync>();
  /** True once SQLite found that the file is damaged. */
  damaged = false;

  /** @param file "" for one in memory and temporary files, forgotten when it is closed */
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

  /**
   * Compiled when it is first asked for: to compile one anew takes twenty times as long as to run it.
   * @param sql one of a few texts, values as parameters: each is kept
   */
  statement(sql: string): StatementSync {
    const known = this.#compiled.get(sql);
    if (known !== undefined) return known;
    const compiled = this.prepare(sql);
    this.#compiled.set(sql, compiled);
    return compiled;
  }

  /**
   * As `statement`, with rows as arrays. For what reads the whole listing: 100,000 rows take 115 ms of CPU then, and
   * 250 ms as objects (measured, Node 24).
   */
  arrays(sql: string): StatementSync {
    const statement = this.statement(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  /**
   * All of the work, or none of it.
   * @throws what the work throws. SQLite takes the work back by itself where the disk is full; then there is nothing to
   * take back any more, and saying so would hide why (sqlite.org/lang_transaction.html, section 3)
   */
  transaction(work: () => void): void {
    this.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.exec("COMMIT");
    } catch (error) {
      if (this.isTransaction) this.exec("ROLLBACK");
      throw error;
    }
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

/**
 * Pages until one is empty. Between them everything else has its turn: SQLite answers at once, so a loop over its pages
 * would keep a Ctrl-C, a progress bar and every connection waiting until its end.
 * @param pageAfter the rows that follow the last one of the page before, in order; null is before every row
 */
export async function* inPages<T>(pageAfter: (last: T | null) => readonly T[]): AsyncGenerator<readonly T[]> {
  for (let last: T | null = null; ; ) {
    await setImmediate();
    const rows: readonly T[] = pageAfter(last);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    last = end;
  }
}
