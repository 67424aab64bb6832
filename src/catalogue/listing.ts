/** The objects of a listing: entering pages, deciding about keys, reading them back in key order. */

import type { CataloguedObject, Classified, Family, FamilyRange, Kind, Listed } from "../model.ts";
import { KINDS } from "../model.ts";
import type { Drift, KeptPage, KeyBounds, Listing, ListingTotals } from "./catalogue.ts";
import type { Counted } from "./counted.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { doubtPages, readPages, rememberSince, sweep, writePages } from "./listed-pages.ts";
import { type InRows, inRows, judgement, ROWS, upsert, VERDICTS } from "./object-rows.ts";
import { kindOf, LISTED_COLUMNS, listedOf, OBJECT_COLUMNS, objectOf, one, type Row, text, whole } from "./rows.ts";
import { heldSince, type Now } from "./settings-runs.ts";
import { Stems } from "./stems.ts";

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
  readonly #counted: Counted;

  constructor(db: Database, now: Now, counted: Counted) {
    this.#db = db;
    this.#now = now;
    this.#counted = counted;
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
    this.#now.changes += 1;
    this.#db.transaction(() => (anew === null ? writePages(this.#db, []) : doubtPages(this.#db, anew)));
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
    const goesOn = run === this.#now.run && anew !== null;
    if (!goesOn || anew.length > 0) this.#counted.forget("listing");
    this.#now.changes += 1;
    this.#db.transaction(() => {
      if (goesOn) sweep(this.#db, anew, this.#now);
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
    const [keys = 0, bytes = 0] = this.#counted.numbers("listing", "totals", () => {
      const row = one(this.#db.statement(count).get(this.#now.since));
      return [whole(row, "keys"), whole(row, "bytes")];
    });
    return { keys, bytes };
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
    if (this.#counted.get("listing", "unclassified") !== null) return;
    let none = true;
    for await (const objects of inPages<Listed>((last) => page.all(last?.key ?? "", this.#now.since).map(listedOf))) {
      none = false;
      yield objects;
    }
    if (none) this.#counted.set("listing", "unclassified", "0");
  }

  async classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void> {
    if (verdicts.length === 0) return;
    this.#change(() =>
      this.#judge(verdicts, ({ key, kind, family, stem, rank, reason }) => [key, kind, family, stem, rank, reason]),
    );
  }

  async declassify(): Promise<void> {
    this.#now.changes += 1;
    this.#counted.forget("listing");
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
    const known = this.#counted.get("listing", "families");
    const families = known === null ? this.#countFamilies() : familiesIn(known);
    if (known === null) this.#counted.set("listing", "families", JSON.stringify(families));
    return families;
  }

  #countFamilies(): Omit<Family, "rule">[] {
    return this.#db
      .prepare(
        `SELECT family AS name, kind, count(*) AS keys, sum(size) AS bytes FROM objects
         WHERE seen >= ? AND judged = size GROUP BY family, kind`,
      )
      .all(this.#now.since)
      .map(familyOf)
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
  }

  async duplicates() {
    const [groups = 0, keys = 0, bytes = 0] = this.#counted.numbers("listing", "duplicates", () => {
      const row = one(
        this.#db
          .prepare(
            `SELECT count(*) AS groups, coalesce(sum(n), 0) AS keys, coalesce(sum((n - 1) * size), 0) AS bytes
             FROM (SELECT count(*) AS n, size FROM objects
                   WHERE seen >= ? AND kind = 'original' AND size > 0 AND etag <> '' GROUP BY etag, size HAVING n > 1)`,
          )
          .get(this.#now.since),
      );
      return [whole(row, "groups"), whole(row, "keys"), whole(row, "bytes")];
    });
    return { groups, keys, bytes };
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
    const [gone = 0, changed = 0] = this.#counted.numbers("kept", `drift ${target}`, () => {
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
      return [whole(row, "gone"), whole(row, "changed")];
    });
    return { gone, changed };
  }

  #change(work: () => void): void {
    this.#now.changes += 1;
    this.#counted.forget("listing");
    this.#db.transaction(work);
  }
}

function familyOf(row: Row): Omit<Family, "rule"> {
  return { name: text(row, "name"), kind: kindOf(text(row, "kind")), ...totalsOf(row) };
}

/** As they were counted before. */
function familiesIn(json: string): Omit<Family, "rule">[] {
  const rows: Row[] = JSON.parse(json);
  return rows.map(familyOf);
}

function totalsOf(row: Row): ListingTotals {
  return { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
}
