/**
 * The photos of a manifest by the year they were taken, for a gallery: in temporary tables, as they do not fit into memory;
 * forgotten with the database.
 */

import { CHUNK, Database } from "./database.ts";
import { one, text, whole } from "./rows.ts";

/** A photo as it is entered. `row` is what the gallery makes of it; nothing here looks into it. */
export interface Placed {
  /** Relative to the target; the last one of a path holds. */
  readonly path: string;
  readonly key: string;
  /** Four digits, or "unknown". */
  readonly year: string;
  /** By which photos of a year are put in order, the latest first. */
  readonly at: string;
  /** By which an earlier look is found again. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  readonly row: string;
}

/** A photo as it is read back. `look` is "" where there was none; `versions` counts the photos of its key. */
export interface InYear extends Pick<Placed, "path" | "key" | "id" | "row"> {
  readonly look: string;
  readonly versions: number;
}

const TABLES = `
PRAGMA temp.cache_size = -16000;
CREATE TEMP TABLE photos (
  path TEXT PRIMARY KEY, key TEXT NOT NULL, year TEXT NOT NULL, at TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL,
  row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TEMP TABLE looks (id TEXT PRIMARY KEY, look TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
const ORDERED = `
CREATE INDEX IF NOT EXISTS temp.photos_by_time ON photos (year, at);
CREATE INDEX IF NOT EXISTS temp.photos_by_key ON photos (key);
`;

export class GalleryIndex {
  readonly #db = new Database("");

  constructor() {
    this.#db.exec(TABLES);
  }

  enter(photos: readonly Placed[]): void {
    const insert = this.#db.statement("INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#db.transaction(() => {
      for (const { path, key, year, at, id, size, row } of photos) insert.run(path, key, year, at, id, size, row);
    });
  }

  /** What an earlier gallery found out about photos, by their id. */
  remember(looks: readonly (readonly [id: string, look: string])[]): void {
    const insert = this.#db.statement("INSERT OR REPLACE INTO looks VALUES (?, ?)");
    this.#db.transaction(() => {
      for (const [id, look] of looks) insert.run(id, look);
    });
  }

  /** After the last photo: the years that there are, the latest first, and what has none at the end. */
  years(): readonly string[] {
    this.#db.exec(ORDERED);
    const years = this.#db.prepare("SELECT DISTINCT year FROM photos ORDER BY year = 'unknown', year DESC").all();
    return years.map((row) => text(row, "year"));
  }

  has(path: string): boolean {
    return this.#db.statement("SELECT 1 FROM photos WHERE path = ?").get(path) !== undefined;
  }

  /** After the last photo. */
  totals(): { readonly photos: number; readonly bytes: number } {
    const row = one(this.#db.prepare("SELECT count(*) AS n, coalesce(sum(size), 0) AS size FROM photos").get());
    return { photos: whole(row, "n"), bytes: whole(row, "size") };
  }

  /** After `years`: photos of which nothing is known from before. */
  unseen(): number {
    const unseen = "SELECT count(*) AS n FROM photos WHERE id NOT IN (SELECT id FROM looks)";
    return whole(one(this.#db.prepare(unseen).get()), "n");
  }

  /** The photos of a year, the latest first, in pieces of at most `size`. */
  *parts(year: string, size: number): Generator<readonly InYear[]> {
    const page = this.#db.prepare(
      `SELECT path, key, at, p.id AS id, row, coalesce(look, '') AS look,
         (SELECT count(*) FROM photos o WHERE o.key = p.key) AS versions
       FROM photos p LEFT JOIN looks l ON l.id = p.id
       WHERE year = $year AND (at, path) < ($at, $path) ORDER BY at DESC, path DESC LIMIT $limit`,
    );
    let part: InYear[] = [];
    for (let after = { at: "\u{10ffff}", path: "" }; ; ) {
      const limit = Math.min(CHUNK, size - part.length);
      const rows = page.all({ ...after, year, limit });
      const last = rows.at(-1);
      if (last !== undefined) after = { at: text(last, "at"), path: text(last, "path") };
      part.push(
        ...rows.map((row) => ({
          path: text(row, "path"),
          key: text(row, "key"),
          id: text(row, "id"),
          row: text(row, "row"),
          look: text(row, "look"),
          versions: whole(row, "versions"),
        })),
      );
      if (part.length > 0 && (part.length === size || rows.length < limit)) {
        yield part;
        part = [];
      }
      if (rows.length < limit) return;
    }
  }

  close(): void {
    this.#db.close();
  }
}
