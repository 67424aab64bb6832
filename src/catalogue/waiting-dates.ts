/**
 * Photos that wait for the zone of others until a whole folder was read, in a temporary database (node:sqlite): a
 * folder of millions of them takes room on the disk and not in memory. Forgotten when it is closed.
 */

import { DatabaseSync } from "node:sqlite";
import type { Captured } from "../model.ts";
import { parseCaptured, text } from "./rows.ts";
import { Statements } from "./statements.ts";
import { seeksZone, type ZoneLender, ZoneLending } from "./zone-lending.ts";

/** A photo whose date is known but for its zone. */
export interface WaitingDate {
  readonly key: string;
  /** Nanoseconds since 1970. */
  readonly accessed: bigint;
  readonly old: bigint;
  readonly captured: Captured;
}

export interface WaitingDates {
  /** @returns true when the photo seeks a zone and waits; one that knows its own will lend it */
  add(photo: Omit<WaitingDate, "captured"> & { readonly captured: Captured | null }): boolean;
  /** All that wait, in the order in which they came, with what their cameras took around them. */
  all(): Iterable<WaitingDate & { readonly around: readonly ZoneLender[] }>;
  close(): void;
}

/** All photos are of one folder. */
const HERE = "";

export function openWaitingDates(): WaitingDates {
  const db = new DatabaseSync("");
  db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
  db.exec("CREATE TABLE waiting (key TEXT, accessed TEXT, old TEXT, captured TEXT) STRICT");
  const lending = new ZoneLending(db);
  const statements = new Statements(db);
  const insert = statements.of("INSERT INTO waiting VALUES (?, ?, ?, ?)");
  // Nothing is to be durable: one transaction until the end spares the bookkeeping of many.
  db.exec("BEGIN");
  return {
    add({ key, accessed, old, captured }) {
      if (!seeksZone(captured)) {
        lending.note(HERE, key, "", captured);
        return false;
      }
      insert.run(key, String(accessed), String(old), JSON.stringify(captured));
      return true;
    },
    *all() {
      const lent = lending.any(HERE);
      for (const row of db.prepare("SELECT * FROM waiting ORDER BY rowid").iterate()) {
        const captured = parseCaptured(text(row, "captured"));
        yield {
          key: text(row, "key"),
          accessed: BigInt(text(row, "accessed")),
          old: BigInt(text(row, "old")),
          captured,
          around: lent ? lending.around(HERE, captured) : [],
        };
      }
    },
    close: () => db.close(),
  };
}
