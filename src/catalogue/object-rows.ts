/** Objects written many at a time. */

import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { Database } from "./database.ts";
import { LISTED_COLUMNS } from "./rows.ts";

/** Rows per UPDATE: 20 take three quarters of the CPU of one at a time, and more gain nothing (measured, Node 24). */
export const VERDICTS = 20;
/** Rows per INSERT: 100 load 900,000 rows a second where one at a time loads 560,000 (measured, Node 24). */
export const ROWS = 100;
/**
 * An object whose size or ETag changed is judged anew, as `judged` is the size it had then: an original of no bytes is
 * a stub, one with bytes is not, and what a rendition was written over with may be a photo. What was decided is not
 * touched here, so that the index of stems is not either, which would double the time of a daily listing.
 */
export function upsert(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO objects (${LISTED_COLUMNS}, seen) VALUES ${values}
    ON CONFLICT (key) DO UPDATE SET
      judged = CASE WHEN etag = excluded.etag THEN judged END,
      size = excluded.size, etag = excluded.etag, modified = excluded.modified,
      storage_class = excluded.storage_class, version = excluded.version, seen = excluded.seen`;
}

/** Decides about listed objects by their keys. */
export function judgement(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
  return `UPDATE objects SET kind = v.column2, family = v.column3, stem = v.column4, rank = v.column5,
      reason = v.column6, judged = size
    FROM (VALUES ${values}) v WHERE objects.key = v.column1`;
}

export type InRows = <T>(items: readonly T[], valuesOf: (item: T) => readonly SQLInputValue[]) => void;

/** Runs a statement that takes many rows for so many items at once, and one by one for the rest of them. */
export function inRows(db: Database, most: number, sql: (rows: number) => string): InRows {
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
