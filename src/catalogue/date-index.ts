/**
 * The dates of a target's manifest by path, in a temporary database (node:sqlite): a manifest of millions of
 * photos takes room on the disk and not in memory. Forgotten when it is closed.
 */

import { DatabaseSync } from "node:sqlite";
import type { Captured, ManifestEntry } from "../model.ts";
import { entryIn, parseCaptured, textOrNull, whole } from "./rows.ts";

/** What the manifest says of a photo. */
export interface KnownDate {
  readonly size: number;
  /** Null where nothing dates it. */
  readonly captured: Captured | null;
  /** The whole entry, where the photo is to be dated again. */
  readonly again: ManifestEntry | null;
}

export interface DateIndex {
  /** In the order of the manifest: the last entry of a path holds. */
  enter(entries: readonly ManifestEntry[]): void;
  /** Null for a path that the manifest does not name. */
  find(path: string): KnownDate | null;
  close(): void;
}

/** @param isOlder whether a photo is to be dated again, by its date */
export function openDateIndex(isOlder: (captured: Captured | null) => boolean): DateIndex {
  const db = new DatabaseSync("");
  db.exec("CREATE TABLE dates (path TEXT PRIMARY KEY, size INTEGER, captured TEXT, again TEXT) STRICT");
  const insert = db.prepare("INSERT OR REPLACE INTO dates VALUES (?, ?, ?, ?)");
  const select = db.prepare("SELECT size, captured, again FROM dates WHERE path = ?");
  return {
    enter(entries) {
      db.exec("BEGIN");
      for (const entry of entries) {
        const { path, size, captured } = entry;
        const again = isOlder(captured) ? JSON.stringify(entry) : null;
        insert.run(path, size, captured === null ? null : JSON.stringify(captured), again);
      }
      db.exec("COMMIT");
    },
    find(path) {
      const row = select.get(path);
      if (row === undefined) return null;
      const captured = textOrNull(row, "captured");
      const again = textOrNull(row, "again");
      return {
        size: whole(row, "size"),
        captured: captured === null ? null : parseCaptured(captured),
        again: again === null ? null : entryIn(again),
      };
    },
    close: () => db.close(),
  };
}
