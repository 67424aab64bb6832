/** The plan of a run, as data: which photos, and under which name. */

import type { DatabaseSync } from "node:sqlite";
import type { Planned } from "./catalogue.ts";
import { turn } from "./pages.ts";
import { AFTER_OBJECT, inArrays, OBJECT_COLUMNS, objectOf, text, textOrNull, whole } from "./rows.ts";
import { Statements, transaction } from "./statements.ts";

const CHUNK = 1000;
/** Before the time of what comes late: it sorts behind every time. */
const LATE = "~";

export class PlanTable {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  /** Targets on which anything failed: by them it is looked up, as that table is by target first. */
  #failedOn: readonly string[] = [];

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = new Statements(db);
  }

  clear(target: string): void {
    this.#db.prepare("DELETE FROM planned WHERE target = ?").run(target);
    const targets = this.#db.prepare("SELECT DISTINCT target FROM failures").all();
    this.#failedOn = targets.map((row) => text(row, "target"));
  }

  add(target: string, photos: readonly (Planned & { readonly folded: string | null })[]): void {
    const insert = this.#statements.of(
      "INSERT OR REPLACE INTO planned (target, modified, key, path, folded, fallback, replaces) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    transaction(this.#db, () => {
      for (const { object: o, path, folded } of photos) {
        const at = this.#hasFailed(o.key) ? LATE + o.modified : o.modified;
        insert.run(target, at, o.key, path, folded, Number(o.fallback), Number(o.replaces));
      }
    });
  }

  /** Whatever the target, so that all plans have one order. */
  #hasFailed(key: string): boolean {
    const failed = this.#statements.of("SELECT 1 FROM failures WHERE target = ? AND key = ?");
    return this.#failedOn.some((target) => failed.get(target, key) !== undefined);
  }

  /** Oldest first, then by key; what failed last time comes last. */
  async *photos(target: string): AsyncGenerator<readonly Planned[]> {
    const columns = OBJECT_COLUMNS.replaceAll(/\w+/g, "o.$&");
    const page = inArrays(
      this.#db.prepare(
        `SELECT ${columns}, p.path, p.fallback, p.replaces, p.modified
       FROM planned p JOIN objects o ON o.key = p.key
       WHERE p.target = $target AND (p.modified, p.key) > ($modified, $key)
       ORDER BY p.modified, p.key LIMIT ${CHUNK}`,
      ),
    );
    for (let modified = "", key = ""; ; ) {
      await turn();
      const rows = page.all({ target, modified, key });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => ({
        object: {
          ...objectOf(row),
          fallback: whole(row, AFTER_OBJECT + 1) === 1,
          replaces: whole(row, AFTER_OBJECT + 2) === 1,
        },
        path: textOrNull(row, AFTER_OBJECT),
        ...(text(row, AFTER_OBJECT + 3).startsWith(LATE) ? { late: true } : {}),
      }));
      modified = text(last, AFTER_OBJECT + 3);
      key = text(last, 0);
    }
  }
}
