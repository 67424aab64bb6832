/** Objects written many at a time. */

import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { CataloguedObject, Classified, Listed } from "../model.ts";
import type { Database } from "./database.ts";
import { LISTED_COLUMNS, OBJECT_COLUMNS } from "./rows.ts";

/** Rows per UPDATE: 20 take three quarters of the CPU of one at a time, and more gain nothing (measured, Node 24). */
const VERDICTS = 20;
/** Rows per INSERT: 100 load 900,000 rows a second where one at a time loads 560,000 (measured, Node 24). */
const ROWS = 100;
/**
 * An object whose size or ETag changed is judged anew, as `judged` is the size it had then: an original of no bytes is
 * a stub, one with bytes is not, and what a rendition was written over with may be a photo. What was decided is not
 * touched here, so that the index of stems is not either, which would double the time of a daily listing.
 */
function upsert(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO objects (${LISTED_COLUMNS}, seen) VALUES ${values}
    ON CONFLICT (key) DO UPDATE SET
      judged = CASE WHEN etag = excluded.etag THEN judged END,
      size = excluded.size, etag = excluded.etag, modified = excluded.modified,
      storage_class = excluded.storage_class, version = excluded.version, seen = excluded.seen`;
}

/** Objects that were listed nowhere before, with what was decided about them. */
function judged(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO objects (${OBJECT_COLUMNS}, seen, judged) VALUES ${values}`;
}

/** Decides about listed objects by their keys. */
function judgement(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
  return `UPDATE objects SET kind = v.column2, family = v.column3, stem = v.column4, rank = v.column5,
      reason = v.column6, judged = size
    FROM (VALUES ${values}) v WHERE objects.key = v.column1`;
}

export class ObjectRows {
  readonly #insert: InRows;
  readonly #judged: InRows;
  readonly #judge: InRows;

  constructor(db: Database) {
    this.#insert = inRows(db, ROWS, upsert);
    this.#judged = inRows(db, ROWS, judged);
    this.#judge = inRows(db, VERDICTS, judgement);
  }

  enter(objects: readonly Listed[], run: number): void {
    this.#insert(objects, (object) => [...listedValues(object), run]);
  }

  /** Objects that were listed nowhere before. */
  enterJudged(objects: readonly CataloguedObject[], run: number): void {
    this.#judged(objects, (object) => [...listedValues(object), ...verdictValues(object), run, object.size]);
  }

  classify(verdicts: readonly (Classified & { readonly key: string })[]): void {
    this.#judge(verdicts, (verdict) => [verdict.key, ...verdictValues(verdict)]);
  }
}

function listedValues({ key, size, etag, modified, storageClass, version }: Listed): SQLInputValue[] {
  return [key, size, etag, modified, storageClass, version ?? null];
}

function verdictValues({ kind, family, stem, rank, reason }: Classified): SQLInputValue[] {
  return [kind, family, stem, rank, reason];
}

type InRows = <T>(items: readonly T[], valuesOf: (item: T) => readonly SQLInputValue[]) => void;

/** Runs a statement that takes many rows for so many items at once, and one by one for the rest of them. */
function inRows(db: Database, most: number, sql: (rows: number) => string): InRows {
  const many: StatementSync = db.prepare(sql(most));
  const single: StatementSync = db.prepare(sql(1));
  return (items, valuesOf) => {
    let at = 0;
    for (; at + most <= items.length; at += most) {
      many.run(...items.slice(at, at + most).flatMap(valuesOf));
    }
    for (const item of items.slice(at)) single.run(...valuesOf(item));
  };
}
