/** What is counted over the rows of a listing. */

import { type Family, KINDS, type Listed } from "../model.ts";
import type { ListingTotals } from "./catalogue.ts";
import type { Database } from "./database.ts";
import { kindOf, LISTED_COLUMNS, listedOf, one, type Row, text, whole } from "./rows.ts";

export function totalsOf(row: Row): ListingTotals {
  return { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
}

function familyOf(row: Row): Omit<Family, "rule"> {
  return { name: text(row, "name"), kind: kindOf(text(row, "kind")), ...totalsOf(row) };
}

export function countRows(db: Database, since: number): ListingTotals {
  const count = "SELECT count(*) AS keys, coalesce(sum(size), 0) AS bytes FROM objects WHERE seen >= ?";
  return totalsOf(one(db.statement(count).get(since)));
}

export function countFamilies(db: Database, since: number): Omit<Family, "rule">[] {
  return db
    .prepare(
      `SELECT family AS name, kind, count(*) AS keys, sum(size) AS bytes FROM objects
       WHERE seen >= ? AND judged = size GROUP BY family, kind`,
    )
    .all(since)
    .map(familyOf);
}

export function inOrder(families: readonly Omit<Family, "rule">[]): Omit<Family, "rule">[] {
  return families.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
}

/** As they were counted before. */
export function familiesIn(json: string): Omit<Family, "rule">[] {
  const rows: Row[] = JSON.parse(json);
  return rows.map(familyOf);
}

export function countDuplicates(db: Database, since: number): [groups: number, keys: number, bytes: number] {
  const row = one(
    db
      .prepare(
        `SELECT count(*) AS groups, coalesce(sum(n), 0) AS keys, coalesce(sum((n - 1) * size), 0) AS bytes
         FROM (SELECT count(*) AS n, size FROM objects
               WHERE seen >= ? AND kind = 'original' AND size > 0 AND etag <> '' GROUP BY etag, size HAVING n > 1)`,
      )
      .get(since),
  );
  return [whole(row, "groups"), whole(row, "keys"), whole(row, "bytes")];
}

/** Of this run's listing: what is planned, and what is kept as it is listed. */
const PLANNED_OR_KEPT = [
  "o.key IN (SELECT key FROM planned)",
  "EXISTS (SELECT 1 FROM kept k WHERE k.key = o.key AND k.etag = o.etag AND k.target IN (SELECT DISTINCT target FROM kept))",
];

/**
 * Reads the whole listing: for what happens once a run. Where many that come one after the other fail, others say
 * whether all would.
 * @param count of each kind, at most
 * @param random a number in [0, 1): where to begin, so that each night others are asked
 */
export function spreadOver(db: Database, since: number, count: number, random: number): Listed[] {
  return PLANNED_OR_KEPT.flatMap((kind) => {
    const of = `FROM objects o WHERE o.seen >= ? AND ${kind}`;
    const all = whole(one(db.prepare(`SELECT count(*) AS n ${of}`).get(since)), "n");
    const step = Math.max(1, Math.floor(all / count));
    const numbered = `SELECT ${LISTED_COLUMNS}, row_number() OVER (ORDER BY o.modified, o.key) AS n ${of}`;
    const every = db.arrays(`SELECT ${LISTED_COLUMNS} FROM (${numbered}) WHERE n % ? = ? LIMIT ?`);
    return every.all(since, step, Math.floor(random * step), count).map(listedOf);
  });
}

/** The numbers of `Drift`. */
export function driftOf(db: Database, since: number, target: string): [gone: number, changed: number] {
  const listed = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen >= $since)";
  const present = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen >= $since AND o.etag = p.etag)";
  const counts = `SELECT coalesce(sum(NOT EXISTS ${listed}), 0) AS gone,
       coalesce(sum(EXISTS ${listed} AND NOT EXISTS
         (SELECT 1 FROM kept p WHERE p.target = $target AND p.key = k.key AND EXISTS ${present})), 0) AS changed
     FROM (SELECT DISTINCT key FROM kept WHERE target = $target) k`;
  const row = one(db.prepare(counts).get({ target, since }));
  return [whole(row, "gone"), whole(row, "changed")];
}
