/**
 * The dates of a target's manifest by path, in a temporary database (node:sqlite): a manifest of millions of
 * photos takes room on the disk and not in memory. Forgotten when it is closed.
 */

import { DatabaseSync } from "node:sqlite";
import type { Captured, ManifestEntry } from "../model.ts";
import { parseCaptured, textOrNull, whole } from "./rows.ts";

/** What the manifest says of a photo. */
export interface KnownDate {
  readonly size: number;
  /** Null where nothing dates it. */
  readonly captured: Captured | null;
}

export interface DateIndex {
  /** In the order of the manifest: the last entry of a path holds. */
  enter(entries: readonly ManifestEntry[]): void;
  /** Null for a path that the manifest does not name. */
  find(path: string): KnownDate | null;
  close(): void;
}

export function openDateIndex(): DateIndex {
  const db = new DatabaseSync("");
  db.exec("CREATE TABLE dates (path TEXT PRIMARY KEY, size INTEGER, captured TEXT) STRICT");
  const insert = db.prepare("INSERT OR REPLACE INTO dates VALUES (?, ?, ?)");
  const select = db.prepare("SELECT size, captured FROM dates WHERE path = ?");
  return {
    enter(entries) {
      db.exec("BEGIN");
      for (const { path, size, captured } of entries) {
        insert.run(path, size, captured === null ? null : JSON.stringify(captured));
      }
      db.exec("COMMIT");
    },
    find(path) {
      const row = select.get(path);
      if (row === undefined) return null;
      const captured = textOrNull(row, "captured");
      return {
        size: whole(row, "size"),
        captured: captured === null ? null : parseCaptured(captured),
      };
    },
    close: () => db.close(),
  };
}
