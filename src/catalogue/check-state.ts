/** What `status` tells of how a target was verified. */

import { lstatSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { one, text, textOrNull, whole } from "./rows.ts";

/** Of a target, as far as its check log knows. */
export interface CheckState {
  readonly target: string;
  readonly photos: number;
  readonly bytes: number;
  readonly never: number;
  readonly damaged: number;
  readonly oldestCheck: string | null;
  readonly last: { readonly at: string; readonly summary: string } | null;
}

/** Reads a log without taking it, also while a run writes to it; null when there is none that can be read. */
export function readCheckState(file: string): CheckState | null {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(file, { readOnly: true });
  } catch {
    return null;
  }
  try {
    const run = db.prepare("SELECT id, target FROM runs ORDER BY id DESC LIMIT 1").get();
    if (run === undefined) return null;
    const sums = one(
      db
        .prepare(
          `SELECT count(*) AS photos, total(size) AS bytes, coalesce(sum(checked = 0), 0) AS never,
             coalesce(sum(rank = 0), 0) AS damaged, min(checked_at) AS oldest FROM photos
           WHERE seen = (SELECT max(seen) FROM photos)`,
        )
        .get(),
    );
    const last = db
      .prepare("SELECT ended_at, summary FROM runs WHERE summary IS NOT NULL ORDER BY id DESC LIMIT 1")
      .get();
    const never = whole(sums, "never");
    return {
      target: text(run, "target"),
      photos: whole(sums, "photos"),
      bytes: whole(sums, "bytes"),
      never,
      damaged: whole(sums, "damaged"),
      oldestCheck: never > 0 ? null : textOrNull(sums, "oldest"),
      last: last === undefined ? null : { at: text(last, "ended_at"), summary: text(last, "summary") },
    };
  } catch {
    return null;
  } finally {
    db.close();
  }
}
