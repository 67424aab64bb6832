/** Statements that are asked for once a photo: to compile one anew takes twenty times as long as to run it. */

import type { DatabaseSync, StatementSync } from "node:sqlite";

export class Statements {
  readonly #db: DatabaseSync;
  readonly #compiled = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @param sql one of a few texts, values as parameters: each is kept */
  of(sql: string): StatementSync {
    const known = this.#compiled.get(sql);
    if (known !== undefined) return known;
    const compiled = this.#db.prepare(sql);
    this.#compiled.set(sql, compiled);
    return compiled;
  }
}

/**
 * All of the work, or none of it.
 * @throws what the work throws. SQLite takes the work back by itself where the disk is full; then there is nothing to
 * take back any more, and saying so would hide why (sqlite.org/lang_transaction.html, section 3)
 */
export function transaction(db: DatabaseSync, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
