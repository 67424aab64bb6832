/** Questions about objects that belong to one photo: those of one stem. */

import type { CataloguedObject, FamilyRange } from "../model.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { OBJECT_COLUMNS, objectOf } from "./rows.ts";
import type { Now } from "./settings-runs.ts";

/**
 * What belongs to one photo. Made when it is first asked for, which is after a first listing was classified: to
 * sort it then takes a fifth of the time of keeping it in order meanwhile.
 */
const STEM_INDEX = "CREATE INDEX IF NOT EXISTS objects_by_stem ON objects (stem, kind) WHERE stem IS NOT NULL";

/** To be called before a question about stems; costs microseconds where the index is there. */
export function indexStems(db: Database): void {
  db.exec(STEM_INDEX);
}

const OF_STEM = `SELECT ${OBJECT_COLUMNS} FROM objects WHERE`;

/** The methods promise what those of `Listing` do (catalogue.ts). */
export class Stems {
  readonly #db: Database;
  readonly #now: Now;

  constructor(db: Database, now: Now) {
    this.#db = db;
    this.#now = now;
  }

  siblings(stem: string): CataloguedObject[] {
    indexStems(this.#db);
    const select = this.#db.arrays(`${OF_STEM} stem = ? AND seen >= ? ORDER BY key`);
    return select.all(stem, this.#now.since).map(objectOf);
  }

  akin(stem: string, longer: boolean): CataloguedObject[] {
    indexStems(this.#db);
    const which = longer ? "stem >= ? AND stem < ?" : "stem = ?";
    const bounds = longer ? [stem, `${stem}\u{10ffff}`] : [stem];
    return ["kind = 'sidecar'", "kind IN ('original', 'rendition')"].flatMap((kind) =>
      this.#db
        .arrays(`${OF_STEM} ${which} AND ${kind} AND seen >= ? LIMIT 50`)
        .all(...bounds, this.#now.since)
        .map(objectOf),
    );
  }

  async *unmatched(below: number, ranges: readonly FamilyRange[]): AsyncGenerator<readonly CataloguedObject[]> {
    indexStems(this.#db);
    this.#setRanges(ranges);
    const page = this.#db.arrays(
      `SELECT ${OBJECT_COLUMNS} FROM objects r WHERE key > ?1 AND seen >= ?2 AND stem IS NOT NULL AND (
         (kind = 'original' AND (size BETWEEN 1 AND ?3 - 1 OR rank > 0 AND NOT EXISTS (
           SELECT 1 FROM objects o WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen >= ?2
             AND o.size > 0 AND o.rank < r.rank)))
         OR (kind = 'rendition' AND (
           NOT EXISTS (SELECT 1 FROM objects o
             WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen >= ?2 AND o.size > r.size)
           OR EXISTS (SELECT 1 FROM family_ranges f WHERE f.family = r.family AND (
             r.size NOT BETWEEN f.least AND f.most OR EXISTS (SELECT 1 FROM objects o
               WHERE o.stem = r.stem AND o.kind = 'original' AND o.seen >= ?2 AND o.size > 0
                 AND r.size NOT BETWEEN o.size * f.low AND o.size * f.high))))))
       ORDER BY key LIMIT ${CHUNK}`,
    );
    yield* inPages((last) => page.all(last?.key ?? "", this.#now.since, below).map(objectOf));
  }

  #setRanges(ranges: readonly FamilyRange[]): void {
    this.#db.exec(
      `CREATE TEMP TABLE IF NOT EXISTS family_ranges
         (family TEXT PRIMARY KEY, least REAL, most REAL, low REAL, high REAL) WITHOUT ROWID;
       DELETE FROM family_ranges`,
    );
    const insert = this.#db.statement("INSERT INTO family_ranges VALUES (?, ?, ?, ?, ?)");
    for (const { family, bytes, ratio } of ranges) insert.run(family, ...bytes, ...ratio);
  }
}
