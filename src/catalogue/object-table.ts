/** The table of listed objects: entering pages, deciding about keys, reading them back in key order. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CataloguedObject, Classified, Family, Kind, Listed } from "../model.ts";
import { KINDS } from "../model.ts";
import {
  kindOf,
  LISTED_COLUMNS,
  listedOf,
  OBJECT_COLUMNS,
  objectOf,
  one,
  text,
  whole,
} from "./rows.ts";

/** Rows per INSERT: 100 load 900,000 rows a second where one at a time loads 560,000 (measured, Node 24). */
const ROWS = 100;
const CHUNK = 1000;

export class ObjectTable {
  readonly #db: DatabaseSync;
  readonly #insertMany: StatementSync;
  readonly #insertOne: StatementSync;
  readonly #classify: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insertMany = db.prepare(upsert(ROWS));
    this.#insertOne = db.prepare(upsert(1));
    this.#classify = db.prepare(
      "UPDATE objects SET kind = ?, family = ?, stem = ?, rank = ?, reason = ? WHERE key = ?",
    );
  }

  /** Enters one page, in one transaction. A key listed twice keeps what was said last. */
  add(objects: readonly Listed[], run: number): void {
    this.#transaction(() => {
      let at = 0;
      for (; at + ROWS <= objects.length; at += ROWS) {
        const values: SQLInputValue[] = [];
        for (const object of objects.slice(at, at + ROWS)) pushValues(values, object, run);
        this.#insertMany.run(...values);
      }
      for (const object of objects.slice(at)) {
        const values: SQLInputValue[] = [];
        pushValues(values, object, run);
        this.#insertOne.run(...values);
      }
    });
  }

  totals(run: number): { keys: number; bytes: number } {
    const row = one(
      this.#db
        .prepare(
          "SELECT count(*) AS keys, coalesce(sum(size), 0) AS bytes FROM objects WHERE seen = ?",
        )
        .get(run),
    );
    return { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
  }

  async *unclassified(run: number): AsyncGenerator<readonly Listed[]> {
    const page = this.#db.prepare(
      `SELECT ${LISTED_COLUMNS} FROM objects WHERE key > ? AND seen = ? AND kind IS NULL ORDER BY key LIMIT ${CHUNK}`,
    );
    for (let after = ""; ; ) {
      const rows = page.all(after, run).map(listedOf);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.key;
    }
  }

  async *objects(run: number, kind?: Kind): AsyncGenerator<readonly CataloguedObject[]> {
    const page = this.#db.prepare(
      `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key > ? AND seen = ? AND kind ${kind === undefined ? "IS NOT NULL" : "= ?"} ORDER BY key LIMIT ${CHUNK}`,
    );
    for (let after = ""; ; ) {
      const found = kind === undefined ? page.all(after, run) : page.all(after, run, kind);
      const rows = found.map(objectOf);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.key;
    }
  }

  classify(verdicts: readonly (Classified & { readonly key: string })[]): void {
    this.#transaction(() => {
      for (const v of verdicts)
        this.#classify.run(v.kind, v.family, v.stem, v.rank, v.reason, v.key);
    });
  }

  declassify(): void {
    this.#db.exec(
      "UPDATE objects SET kind = NULL, family = NULL, stem = NULL, rank = NULL, reason = NULL",
    );
  }

  kinds(run: number): Record<Kind, number> {
    const counts: Record<Kind, number> = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    const rows = this.#db
      .prepare(
        "SELECT kind, count(*) AS keys FROM objects WHERE seen = ? AND kind IS NOT NULL GROUP BY kind",
      )
      .all(run);
    for (const row of rows) counts[kindOf(text(row, "kind"))] = whole(row, "keys");
    return counts;
  }

  families(run: number): Omit<Family, "rule">[] {
    return this.#db
      .prepare(
        `SELECT family, kind, count(*) AS keys, sum(size) AS bytes FROM objects
         WHERE seen = ? AND kind IS NOT NULL GROUP BY family, kind`,
      )
      .all(run)
      .map((row) => ({
        name: text(row, "family"),
        kind: kindOf(text(row, "kind")),
        keys: whole(row, "keys"),
        bytes: whole(row, "bytes"),
      }))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
  }

  find(key: string, run: number): CataloguedObject | null {
    const row = this.#db
      .prepare(
        `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key = ? AND seen = ? AND kind IS NOT NULL`,
      )
      .get(key, run);
    return row === undefined ? null : objectOf(row);
  }

  siblings(stem: string, run: number): CataloguedObject[] {
    return this.#db
      .prepare(`SELECT ${OBJECT_COLUMNS} FROM objects WHERE stem = ? AND seen = ? ORDER BY key`)
      .all(stem, run)
      .map(objectOf);
  }

  async *unmatched(below: number, run: number): AsyncGenerator<readonly CataloguedObject[]> {
    const page = this.#db.prepare(
      `SELECT ${OBJECT_COLUMNS} FROM objects r WHERE key > ? AND seen = ? AND stem IS NOT NULL AND (
         (kind = 'original' AND (size BETWEEN 1 AND ? - 1 OR rank > 0 AND NOT EXISTS (
           SELECT 1 FROM objects o WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen = r.seen
             AND o.size > 0 AND o.rank < r.rank)))
         OR (kind = 'rendition' AND NOT EXISTS (SELECT 1 FROM objects o
           WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen = r.seen AND o.size > r.size)))
       ORDER BY key LIMIT ${CHUNK}`,
    );
    for (let after = ""; ; ) {
      const rows = page.all(after, run, below).map(objectOf);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.key;
    }
  }

  /** Objects of the same size and ETag under several keys, as `{groups, keys, bytes}`; bytes beyond the first of each. */
  duplicates(run: number, kind: Kind): { groups: number; keys: number; bytes: number } {
    const row = one(
      this.#db
        .prepare(
          `SELECT count(*) AS groups, coalesce(sum(n), 0) AS keys, coalesce(sum((n - 1) * size), 0) AS bytes
           FROM (SELECT count(*) AS n, size FROM objects
                 WHERE seen = ? AND kind = ? AND size > 0 AND etag <> '' GROUP BY etag, size HAVING n > 1)`,
        )
        .get(run, kind),
    );
    return { groups: whole(row, "groups"), keys: whole(row, "keys"), bytes: whole(row, "bytes") };
  }

  #transaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}

/** An object whose size changed is judged anew: an original of no bytes is a stub, one with bytes is not. */
function upsert(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO objects (key, size, etag, modified, storage_class, version, seen) VALUES ${values}
    ON CONFLICT (key) DO UPDATE SET
      kind = CASE WHEN size = excluded.size THEN kind ELSE NULL END,
      size = excluded.size, etag = excluded.etag, modified = excluded.modified,
      storage_class = excluded.storage_class, version = excluded.version, seen = excluded.seen`;
}

function pushValues(values: SQLInputValue[], object: Listed, run: number): void {
  values.push(
    object.key,
    object.size,
    object.etag,
    object.modified,
    object.storageClass,
    object.version ?? null,
    run,
  );
}
