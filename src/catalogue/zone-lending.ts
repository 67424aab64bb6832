/**
 * What is kept of zones for the photos that carry none: which photos know their own, by camera and wall clock,
 * and which seek one. Beside the table of what is kept, and filled with it in the same transaction.
 */

import type { Captured, DateSource, Precision } from "../model.ts";
import { Database } from "./database.ts";
import { one, parseCaptured, text } from "./rows.ts";

const LENDING_SCHEMA = `
CREATE TABLE IF NOT EXISTS zone_lenders (
  target TEXT NOT NULL,
  camera TEXT NOT NULL,
  clock TEXT NOT NULL,
  key TEXT NOT NULL,
  offset TEXT NOT NULL,
  PRIMARY KEY (target, camera, clock, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zone_seekers (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  PRIMARY KEY (target, key, etag)
) STRICT, WITHOUT ROWID;
`;

/** A photo that knows its zone, seen from one that seeks one. */
export interface ZoneLender {
  readonly key: string;
  /** Its wall clock, to the second: `2012-06-28T14:03:22`. */
  readonly clock: string;
  /** `+02:00` */
  readonly offset: string;
}

/** A photo that seeks a zone as the clock of its camera shows it: whoever noted UTC needs none. */
export function seeksZone(captured: Captured | null): captured is Captured {
  if (captured === null || captured.camera === undefined || !isTimed(captured)) return false;
  const { source, offset, zoneFrom, doubts = [] } = captured;
  const lent = zoneFrom === "partner" || zoneFrom === "neighbour";
  // The header of a video is a wall clock only by a guess (rule V).
  return (offset === null || lent) && (OF_CLOCK.has(source) || (source === "video" && doubts.includes("guess")));
}

/** The moving half of a live photo is one of these. */
const FILM = /\.(mov|mp4|m4v)$/i;
const UNFOLLOWING = new Set<DateSource>(["user", "key", "modified"]);

/** A film whose zone nobody recorded: it has that of the still that it is half of, whatever its clock is. */
export function followsStill(key: string, captured: Captured | null): captured is Captured {
  if (!FILM.test(key) || captured === null || !isTimed(captured) || UNFOLLOWING.has(captured.source)) return false;
  return captured.offset === null || captured.zoneFrom === "partner" || seeksZone(captured);
}

/** A photo that knows its zone itself, and guessed nothing. */
export function lendsZone(captured: Captured | null): captured is Captured {
  if (captured === null || captured.camera === undefined || !isTimed(captured)) return false;
  const { source, offset, zoneFrom, doubts = [] } = captured;
  const own = zoneFrom !== undefined && zoneFrom !== "partner" && zoneFrom !== "neighbour";
  return offset !== null && own && !doubts.includes("guess") && (OF_CLOCK.has(source) || source === "video");
}

const OF_CLOCK = new Set<DateSource>(["exif", "xmp", "iptc"]);
const TIMED = new Set<Precision>(["ms", "s", "minute"]);

function isTimed({ precision }: Captured): boolean {
  return TIMED.has(precision);
}

/** More than a burst of a minute is not looked through for the other half of a live photo. */
const MOST_NEAR = 100;

export class ZoneLending {
  readonly #db: Database;
  readonly #target: string;

  constructor(db: Database, target: string) {
    db.exec(LENDING_SCHEMA);
    this.#db = db;
    this.#target = target;
  }

  /** To be called within the transaction that keeps the photo. */
  note(key: string, etag: string, captured: Captured | null): void {
    if (lendsZone(captured)) {
      this.#db
        .statement("INSERT OR REPLACE INTO zone_lenders (target, camera, clock, key, offset) VALUES (?, ?, ?, ?, ?)")
        .run(this.#target, captured.camera ?? "", captured.local.slice(0, 19), key, captured.offset);
    } else if (seeksZone(captured) || followsStill(key, captured)) {
      this.#db
        .statement("INSERT OR IGNORE INTO zone_seekers (target, key, etag) VALUES (?, ?, ?)")
        .run(this.#target, key, etag);
    }
  }

  /** What `note` wrote for this date; within the same transaction as its counterpart. */
  forget(key: string, etag: string, captured: Captured | null): void {
    if (lendsZone(captured)) {
      this.#db
        .statement("DELETE FROM zone_lenders WHERE target = ? AND camera = ? AND clock = ? AND key = ?")
        .run(this.#target, captured.camera ?? "", captured.local.slice(0, 19), key);
    } else if (seeksZone(captured) || followsStill(key, captured)) {
      this.#db
        .statement("DELETE FROM zone_seekers WHERE target = ? AND key = ? AND etag = ?")
        .run(this.#target, key, etag);
    }
  }

  /**
   * What the same camera took around a wall clock: all within a minute (of a burst, some), and the nearest
   * before and after.
   * @param captured of the photo that seeks a zone
   */
  around({ camera = "", local }: Captured): ZoneLender[] {
    const clock = local.slice(0, 19);
    const select = (condition: string) =>
      this.#db.statement(
        `SELECT key, clock, offset FROM zone_lenders WHERE target = ? AND camera = ? AND ${condition}`,
      );
    return [
      ...select("clock <= ? ORDER BY clock DESC, key LIMIT 1").all(this.#target, camera, clock),
      ...select("clock > ? ORDER BY clock, key LIMIT 1").all(this.#target, camera, clock),
      ...select(`clock BETWEEN ? AND ? ORDER BY clock, key LIMIT ${MOST_NEAR}`).all(
        this.#target,
        camera,
        moved(clock, -60),
        moved(clock, 60),
      ),
    ].map((row) => ({
      key: text(row, "key"),
      clock: text(row, "clock"),
      offset: text(row, "offset"),
    }));
  }

  /** How many lend and how many seek: others where something was kept, or given another date. */
  count(): string {
    const row = this.#db
      .statement(
        `SELECT (SELECT count(*) FROM zone_lenders WHERE target = ?1) || ' ' ||
           (SELECT count(*) FROM zone_seekers WHERE target = ?1) AS counted`,
      )
      .get(this.#target);
    return text(one(row), "counted");
  }

  any(): boolean {
    return this.#db.statement("SELECT 1 FROM zone_lenders WHERE target = ? LIMIT 1").get(this.#target) !== undefined;
  }
}

function moved(clock: string, seconds: number): string {
  return new Date(Date.parse(`${clock}Z`) + seconds * 1000).toISOString().slice(0, 19);
}

/**
 * Photos that wait for the zone of others until a whole folder was read: some in memory, and those of a folder of
 * millions in a temporary database (node:sqlite). Forgotten when it is closed.
 */

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
      for (const photo of inOrder()) {
        yield { ...photo, around: lent ? lending.around(photo.captured) : [] };
      }
    },
    close: () => db.close(),
  };
}
