/**
 * Photos that wait for the zone of others until a whole folder was read: some in memory, and those of a folder of
 * millions in a temporary database (node:sqlite). Forgotten when it is closed.
 */

import type { Captured } from "../model.ts";
import { Database } from "./database.ts";
import { parseCaptured, text } from "./rows.ts";
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
/** Held in memory, half a kilobyte each; then they are put away together. */
const MOST_HELD = 20_000;

/** @param mostHeld how many wait in memory */
export function openWaitingDates(mostHeld = MOST_HELD): WaitingDates {
  const db = new Database("");
  db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
  db.exec("CREATE TABLE waiting (key TEXT, accessed TEXT, old TEXT, captured TEXT) STRICT");
  const lending = new ZoneLending(db, HERE);
  const insert = db.prepare("INSERT INTO waiting VALUES (?, ?, ?, ?)");
  // Nothing is to be durable: one transaction until the end spares the bookkeeping of many.
  db.exec("BEGIN");
  let held: WaitingDate[] = [];
  const putAway = () => {
    for (const { key, accessed, old, captured } of held) {
      insert.run(key, String(accessed), String(old), JSON.stringify(captured));
    }
    held = [];
  };
  function* inOrder(): Generator<WaitingDate> {
    for (const row of db.prepare("SELECT * FROM waiting ORDER BY rowid").iterate()) {
      yield {
        key: text(row, "key"),
        accessed: BigInt(text(row, "accessed")),
        old: BigInt(text(row, "old")),
        captured: parseCaptured(text(row, "captured")),
      };
    }
    yield* held;
  }
  return {
    add({ key, accessed, old, captured }) {
      if (!seeksZone(captured)) {
        lending.note(key, "", captured);
        return false;
      }
      if (held.push({ key, accessed, old, captured }) >= mostHeld) putAway();
      return true;
    },
    *all() {
      const lent = lending.any();
      for (const one of inOrder()) {
        yield { ...one, around: lent ? lending.around(one.captured) : [] };
      }
    },
    close: () => db.close(),
  };
}
