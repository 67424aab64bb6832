/** The pages of the last whole listing, and what becomes of the objects that lie on them. */

import type { KeptPage, KeyBounds } from "./catalogue.ts";
import type { Database } from "./database.ts";
import { text, whole } from "./rows.ts";
import { HELD_SINCE, LISTED_SINCE, type Now } from "./settings-runs.ts";

/** Behind every key: no UTF-8 has this byte. */
const ABOVE_ALL = "CAST(x'ff' AS TEXT)";

export function readPages(db: Database): KeptPage[] {
  const rows = db.arrays("SELECT after, last, keys, bytes, digest FROM pages ORDER BY after").all();
  return rows.map((row) => ({
    after: text(row, 0),
    last: text(row, 1),
    keys: whole(row, 2),
    bytes: whole(row, 3),
    digest: text(row, 4),
  }));
}

export function writePages(db: Database, pages: readonly KeptPage[]): void {
  db.exec("DELETE FROM pages");
  const insert = db.statement("INSERT INTO pages (after, last, keys, bytes, digest) VALUES (?, ?, ?, ?, ?)");
  for (const { after, last, keys, bytes, digest } of pages) insert.run(after, last, keys, bytes, digest);
}

/** What is being listed anew is no page that was kept, until all of it is: a run that is cut leaves it to the next. */
export function doubtPages(db: Database, anew: readonly KeyBounds[]): void {
  const doubt = db.statement(`UPDATE pages SET digest = '' WHERE after >= ? AND last <= coalesce(?, ${ABOVE_ALL})`);
  for (const { after = "", upto = null } of anew) doubt.run(after, upto);
}

/** Of what was listed before, what lies there and was not listed by this run is gone. */
export function sweep(db: Database, anew: readonly KeyBounds[], { run, since }: Now): void {
  const gone = db.statement(
    `UPDATE objects SET seen = 0 WHERE key > ? AND key <= coalesce(?, ${ABOVE_ALL}) AND seen >= ? AND seen < ?`,
  );
  for (const { after = "", upto = null } of anew) gone.run(after, upto, since, run);
}

/** Remembers since which run objects count as listed. */
export function rememberSince(db: Database, { since }: Now, keys: number): void {
  const set = db.statement("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
  set.run(LISTED_SINCE, String(since));
  if (keys > 0) set.run(HELD_SINCE, String(since));
}
