/** The table of listed objects: entering pages, deciding about keys, reading them back in key order. */

import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { CataloguedObject, Classified, Family, FamilyRange, Kind, Listed } from "../model.ts";
import { KINDS } from "../model.ts";
import { inPages } from "./pages.ts";
import { inArrays, kindOf, LISTED_COLUMNS, listedOf, OBJECT_COLUMNS, objectOf, one, text, whole } from "./rows.ts";
import { indexStems } from "./schema.ts";
import { Statements, transaction } from "./statements.ts";

/** Rows per INSERT: 100 load 900,000 rows a second where one at a time loads 560,000 (measured, Node 24). */
const ROWS = 100;
/** Rows per UPDATE: 20 take three quarters of the CPU of one at a time, and more gain nothing (measured, Node 24). */
const VERDICTS = 20;
const CHUNK = 1000;

export class ObjectTable {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #insert: InRows;
  readonly #judge: InRows;
  /** What was counted last; null since something changed. A count reads every row, and is asked for often. */
  #counted: { readonly run: number; readonly families: Omit<Family, "rule">[] } | null = null;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = new Statements(db);
    this.#insert = inRows(db, ROWS, upsert);
    this.#judge = inRows(db, VERDICTS, judgement);
  }

  /** Enters one page, in one transaction. A key listed twice keeps what was said last. */
  add(objects: readonly Listed[], run: number): void {
    this.#transaction(() =>
      this.#insert(objects, ({ key, size, etag, modified, storageClass, version }) => [
        key,
        size,
        etag,
        modified,
        storageClass,
        version ?? null,
        run,
      ]),
    );
  }

  totals(run: number): { keys: number; bytes: number } {
    const row = one(
      this.#db.prepare("SELECT count(*) AS keys, coalesce(sum(size), 0) AS bytes FROM objects WHERE seen = ?").get(run),
    );
    return { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
  }

  async *unclassified(run: number): AsyncGenerator<readonly Listed[]> {
    const page = inArrays(
      this.#db.prepare(
        `SELECT ${LISTED_COLUMNS} FROM objects WHERE key > ? AND seen = ? AND judged IS NOT size ORDER BY key LIMIT ${CHUNK}`,
      ),
    );
    yield* inPages((after) => page.all(after, run).map(listedOf));
  }

  async *objects(run: number, kind?: Kind): AsyncGenerator<readonly CataloguedObject[]> {
    const page = inArrays(
      this.#db.prepare(
        `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key > ? AND seen = ? AND kind ${kind === undefined ? "IS NOT NULL" : "= ?"} ORDER BY key LIMIT ${CHUNK}`,
      ),
    );
    const more = kind === undefined ? [] : [kind];
    yield* inPages((after) => page.all(after, run, ...more).map(objectOf));
  }

  classify(verdicts: readonly (Classified & { readonly key: string })[]): void {
    this.#transaction(() =>
      this.#judge(verdicts, ({ key, kind, family, stem, rank, reason }) => [key, kind, family, stem, rank, reason]),
    );
  }

  declassify(): void {
    this.#counted = null;
    this.#db.exec(
      `DROP INDEX IF EXISTS objects_by_stem;
       UPDATE objects SET judged = NULL, kind = NULL, family = NULL, stem = NULL, rank = NULL, reason = NULL`,
    );
  }

  kinds(run: number): Record<Kind, number> {
    const counts: Record<Kind, number> = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    for (const { kind, keys } of this.families(run)) counts[kind] += keys;
    return counts;
  }

  families(run: number): readonly Omit<Family, "rule">[] {
    if (this.#counted?.run !== run) this.#counted = { run, families: this.#countFamilies(run) };
    return this.#counted.families;
  }

  #countFamilies(run: number): Omit<Family, "rule">[] {
    return this.#db
      .prepare(
        `SELECT family, kind, count(*) AS keys, sum(size) AS bytes FROM objects
         WHERE seen = ? AND judged = size GROUP BY family, kind`,
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
    const row = inArrays(
      this.#statements.of(`SELECT ${OBJECT_COLUMNS} FROM objects WHERE key = ? AND seen = ? AND judged = size`),
    ).get(key, run);
    return row === undefined ? null : objectOf(row);
  }

  siblings(stem: string, run: number): CataloguedObject[] {
    indexStems(this.#db);
    return inArrays(
      this.#statements.of(`SELECT ${OBJECT_COLUMNS} FROM objects WHERE stem = ? AND seen = ? ORDER BY key`),
    )
      .all(stem, run)
      .map(objectOf);
  }

  akin(stem: string, run: number, longer: boolean): CataloguedObject[] {
    indexStems(this.#db);
    const which = longer ? "stem >= ? AND stem < ?" : "stem = ?";
    const bounds = longer ? [stem, `${stem}\u{10ffff}`] : [stem];
    return ["kind = 'sidecar'", "kind IN ('original', 'rendition')"].flatMap((kind) =>
      inArrays(
        this.#statements.of(`SELECT ${OBJECT_COLUMNS} FROM objects WHERE ${which} AND ${kind} AND seen = ? LIMIT 50`),
      )
        .all(...bounds, run)
        .map(objectOf),
    );
  }

  async *unmatched(
    below: number,
    ranges: readonly FamilyRange[],
    run: number,
  ): AsyncGenerator<readonly CataloguedObject[]> {
    indexStems(this.#db);
    this.#setRanges(ranges);
    const page = inArrays(
      this.#db.prepare(
        `SELECT ${OBJECT_COLUMNS} FROM objects r WHERE key > ? AND seen = ? AND stem IS NOT NULL AND (
         (kind = 'original' AND (size BETWEEN 1 AND ? - 1 OR rank > 0 AND NOT EXISTS (
           SELECT 1 FROM objects o WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen = r.seen
             AND o.size > 0 AND o.rank < r.rank)))
         OR (kind = 'rendition' AND (
           NOT EXISTS (SELECT 1 FROM objects o
             WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen = r.seen AND o.size > r.size)
           OR EXISTS (SELECT 1 FROM family_ranges f WHERE f.family = r.family AND (
             r.size NOT BETWEEN f.least AND f.most OR EXISTS (SELECT 1 FROM objects o
               WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen = r.seen AND o.size > 0
                 AND r.size NOT BETWEEN o.size * f.low AND o.size * f.high))))))
       ORDER BY key LIMIT ${CHUNK}`,
      ),
    );
    yield* inPages((after) => page.all(after, run, below).map(objectOf));
  }

  #setRanges(ranges: readonly FamilyRange[]): void {
    this.#db.exec(
      `CREATE TEMP TABLE IF NOT EXISTS family_ranges
         (family TEXT PRIMARY KEY, least REAL, most REAL, low REAL, high REAL) WITHOUT ROWID;
       DELETE FROM family_ranges`,
    );
    const insert = this.#db.prepare("INSERT INTO family_ranges VALUES (?, ?, ?, ?, ?)");
    for (const { family, bytes, ratio } of ranges) insert.run(family, ...bytes, ...ratio);
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
    this.#counted = null;
    transaction(this.#db, work);
  }
}

/**
 * An object whose size or ETag changed is judged anew, as `judged` is the size it had then: an original of no bytes is
 * a stub, one with bytes is not, and what a rendition was written over with may be a photo. What was decided is not touched here, so that the index of stems is not either,
 * which would double the time of a daily listing.
 */
function upsert(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO objects (key, size, etag, modified, storage_class, version, seen) VALUES ${values}
    ON CONFLICT (key) DO UPDATE SET
      judged = CASE WHEN etag = excluded.etag THEN judged END,
      size = excluded.size, etag = excluded.etag, modified = excluded.modified,
      storage_class = excluded.storage_class, version = excluded.version, seen = excluded.seen`;
}

/** Decides about listed objects by their keys. */
function judgement(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
  return `UPDATE objects SET kind = v.column2, family = v.column3, stem = v.column4, rank = v.column5,
      reason = v.column6, judged = size
    FROM (VALUES ${values}) v WHERE objects.key = v.column1`;
}

type InRows = <T>(items: readonly T[], valuesOf: (item: T) => readonly SQLInputValue[]) => void;

/** Runs a statement that takes many rows for so many items at once, and one by one for the rest of them. */
function inRows(db: DatabaseSync, most: number, sql: (rows: number) => string): InRows {
  const many = db.prepare(sql(most));
  const single = db.prepare(sql(1));
  return (items, valuesOf) => {
    let at = 0;
    for (; at + most <= items.length; at += most) {
      many.run(...items.slice(at, at + most).flatMap(valuesOf));
    }
    for (const item of items.slice(at)) single.run(...valuesOf(item));
  };
}
