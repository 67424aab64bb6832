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
