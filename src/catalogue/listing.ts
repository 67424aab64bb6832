/** The objects of a listing: entering pages, deciding about keys, reading them back in key order. */

import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { CataloguedObject, Classified, Family, FamilyRange, Kind, Listed } from "../model.ts";
import { KINDS } from "../model.ts";
import type { Drift, KeptPage, KeyBounds, Listing, ListingTotals } from "./catalogue.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { doubtPages, readPages, rememberSince, sweep, writePages } from "./listed-pages.ts";
import { kindOf, LISTED_COLUMNS, listedOf, OBJECT_COLUMNS, objectOf, one, type Row, text, whole } from "./rows.ts";
import { heldSince, type Now } from "./settings-runs.ts";
import { Stems } from "./stems.ts";

/** Rows per INSERT: 100 load 900,000 rows a second where one at a time loads 560,000 (measured, Node 24). */
const ROWS = 100;
/** Rows per UPDATE: 20 take three quarters of the CPU of one at a time, and more gain nothing (measured, Node 24). */
const VERDICTS = 20;

/** Of this run's listing: what is planned, and what is kept as it is listed. */
const PLANNED_OR_KEPT = [
  "o.key IN (SELECT key FROM planned)",
  "EXISTS (SELECT 1 FROM kept k WHERE k.key = o.key AND k.etag = o.etag AND k.target IN (SELECT DISTINCT target FROM kept))",
];

export class ListingTable implements Listing {
  readonly #db: Database;
  readonly #now: Now;
  readonly #stems: Stems;
  readonly #insert: InRows;
  readonly #judge: InRows;
  /** The run whose listing was begun last, and what it lists anew; null for everything. */
  #begun: { readonly run: number; readonly anew: readonly KeyBounds[] | null } = { run: 0, anew: null };
  /** What was counted last, and when. A count reads every row, and is asked for often. */
  #counted: { readonly at: number; readonly families: readonly Omit<Family, "rule">[] } | null = null;

  constructor(db: Database, now: Now) {
    this.#db = db;
    this.#now = now;
    this.#stems = new Stems(db, now);
    this.#insert = inRows(db, ROWS, upsert);
    this.#judge = inRows(db, VERDICTS, judgement);
  }

  async pages(): Promise<readonly KeptPage[]> {
    return readPages(this.#db);
  }

  async goOn(anew: readonly KeyBounds[] | null): Promise<void> {
    this.#goOn(anew);
  }

  #goOn(anew: readonly KeyBounds[] | null): void {
    const { run } = this.#now;
    this.#begun = { run, anew };
    this.#now.since = anew === null ? run : (heldSince(this.#db) ?? run);
    this.#change(() => (anew === null ? writePages(this.#db, []) : doubtPages(this.#db, anew)));
  }

  /** Enters one page, in one transaction. A key listed twice keeps what was said last. */
  async add(objects: readonly Listed[]): Promise<void> {
    const { run } = this.#now;
    if (this.#begun.run !== run) this.#goOn(null);
    this.#change(() =>
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

  async finish(pages: readonly KeptPage[] = []): Promise<ListingTotals> {
    const { run, anew } = this.#begun;
    let totals = { keys: 0, bytes: 0 };
    this.#change(() => {
      if (run === this.#now.run && anew !== null) sweep(this.#db, anew, this.#now);
      writePages(this.#db, pages);
      totals = this.#total();
      const { keys, bytes } = totals;
      this.#db.prepare("UPDATE runs SET keys = ?, bytes = ? WHERE id = ?").run(keys, bytes, this.#now.run);
      rememberSince(this.#db, this.#now, keys);
    });
    return totals;
  }

  async totals(): Promise<ListingTotals> {
    return this.#total();
  }

  #total(): ListingTotals {
    const count = "SELECT count(*) AS keys, coalesce(sum(size), 0) AS bytes FROM objects WHERE seen >= ?";
    return totalsOf(one(this.#db.statement(count).get(this.#now.since)));
  }

  async previousTotals(): Promise<ListingTotals | null> {
    const last = "SELECT keys, bytes FROM runs WHERE keys > 0 AND id < ? ORDER BY id DESC LIMIT 1";
    const row = this.#db.prepare(last).get(this.#now.run);
    return row === undefined ? null : totalsOf(row);
  }

  async *unclassified(): AsyncGenerator<readonly Listed[]> {
    const page = this.#db.arrays(
      `SELECT ${LISTED_COLUMNS} FROM objects WHERE key > ? AND seen >= ? AND judged IS NOT size ORDER BY key LIMIT ${CHUNK}`,
    );
    yield* inPages((last) => page.all(last?.key ?? "", this.#now.since).map(listedOf));
  }

  async classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void> {
    this.#change(() =>
      this.#judge(verdicts, ({ key, kind, family, stem, rank, reason }) => [key, kind, family, stem, rank, reason]),
    );
  }

  async declassify(): Promise<void> {
    this.#now.changes += 1;
    this.#db.exec(
      `DROP INDEX IF EXISTS objects_by_stem;
       UPDATE objects SET judged = NULL, kind = NULL, family = NULL, stem = NULL, rank = NULL, reason = NULL`,
    );
  }

  async *objects(kind?: Kind): AsyncGenerator<readonly CataloguedObject[]> {
    const which = kind === undefined ? "IS NOT NULL" : "= ?";
    const page = this.#db.arrays(
      `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key > ? AND seen >= ? AND kind ${which} ORDER BY key LIMIT ${CHUNK}`,
    );
    const more = kind === undefined ? [] : [kind];
    yield* inPages((last) => page.all(last?.key ?? "", this.#now.since, ...more).map(objectOf));
  }

  async find(key: string): Promise<CataloguedObject | null> {
    const select = `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key = ? AND seen >= ? AND judged = size`;
    const row = this.#db.arrays(select).get(key, this.#now.since);
    return row === undefined ? null : objectOf(row);
  }

  /** What this run lists under a key, whatever was decided about it. */
  listedAs(key: string): { readonly etag: string; readonly size: number } | null {
    const select = "SELECT etag, size FROM objects WHERE key = ? AND seen >= ?";
    const row = this.#db.arrays(select).get(key, this.#now.since);
    return row === undefined ? null : { etag: text(row, 0), size: whole(row, 1) };
  }

  async kinds(): Promise<Record<Kind, number>> {
    const counts: Record<Kind, number> = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    for (const { kind, keys } of await this.families()) counts[kind] += keys;
    return counts;
  }

  async families(): Promise<readonly Omit<Family, "rule">[]> {
    const at = this.#now.changes;
    if (this.#counted?.at !== at) this.#counted = { at, families: this.#countFamilies() };
    return this.#counted.families;
  }

  #countFamilies(): Omit<Family, "rule">[] {
    return this.#db
      .prepare(
        `SELECT family, kind, count(*) AS keys, sum(size) AS bytes FROM objects
         WHERE seen >= ? AND judged = size GROUP BY family, kind`,
      )
      .all(this.#now.since)
      .map((row) => ({ name: text(row, "family"), kind: kindOf(text(row, "kind")), ...totalsOf(row) }))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
  }

  async duplicates() {
    const row = one(
      this.#db
        .prepare(
          `SELECT count(*) AS groups, coalesce(sum(n), 0) AS keys, coalesce(sum((n - 1) * size), 0) AS bytes
           FROM (SELECT count(*) AS n, size FROM objects
                 WHERE seen >= ? AND kind = 'original' AND size > 0 AND etag <> '' GROUP BY etag, size HAVING n > 1)`,
        )
        .get(this.#now.since),
    );
    return { groups: whole(row, "groups"), ...totalsOf(row) };
  }

  async siblings(stem: string): Promise<readonly CataloguedObject[]> {
    return this.#stems.siblings(stem);
  }

  async akin(stem: string, longer: boolean): Promise<readonly CataloguedObject[]> {
    return this.#stems.akin(stem, longer);
  }

  unmatched(below: number, ranges: readonly FamilyRange[]) {
    return this.#stems.unmatched(below, ranges);
  }

  /**
   * Reads the whole listing: for what happens once a run. Where many that come one after the other fail, others say
   * whether all would.
   * @param count of each kind, at most
   * @param random a number in [0, 1): where to begin, so that each night others are asked
   */
  async spread(count: number, random = Math.random()): Promise<readonly Listed[]> {
    const { since } = this.#now;
    return PLANNED_OR_KEPT.flatMap((kind) => {
      const of = `FROM objects o WHERE o.seen >= ? AND ${kind}`;
      const all = whole(one(this.#db.prepare(`SELECT count(*) AS n ${of}`).get(since)), "n");
      const step = Math.max(1, Math.floor(all / count));
      const numbered = `SELECT ${LISTED_COLUMNS}, row_number() OVER (ORDER BY o.modified, o.key) AS n ${of}`;
      const every = this.#db.arrays(`SELECT ${LISTED_COLUMNS} FROM (${numbered}) WHERE n % ? = ? LIMIT ?`);
      return every.all(since, step, Math.floor(random * step), count).map(listedOf);
    });
  }

  async drift(target: string): Promise<Drift> {
    const listed = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen >= $since)";
    const present = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen >= $since AND o.etag = p.etag)";
    const row = one(
      this.#db
        .prepare(
          `SELECT coalesce(sum(NOT EXISTS ${listed}), 0) AS gone,
             coalesce(sum(EXISTS ${listed} AND NOT EXISTS
               (SELECT 1 FROM kept p WHERE p.target = $target AND p.key = k.key AND EXISTS ${present})), 0) AS changed
           FROM (SELECT DISTINCT key FROM kept WHERE target = $target) k`,
        )
        .get({ target, since: this.#now.since }),
    );
    return { gone: whole(row, "gone"), changed: whole(row, "changed") };
  }

  #change(work: () => void): void {
    this.#now.changes += 1;
    this.#db.transaction(work);
  }
}

function totalsOf(row: Row): ListingTotals {
  return { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
}

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

/** Decides about listed objects by their keys. */
function judgement(rows: number): string {
  const values = Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
  return `UPDATE objects SET kind = v.column2, family = v.column3, stem = v.column4, rank = v.column5,
      reason = v.column6, judged = size
    FROM (VALUES ${values}) v WHERE objects.key = v.column1`;
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
