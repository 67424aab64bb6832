/**
 * When each photo of one target was read last, and what it was found to be: the index of the target's manifest, with
 * the memory of earlier checks in one SQLite file for each target. It lies on this computer and not on the drive: a drive
 * may be read-only, and should not be worn by its own inspection. Losing it costs nothing but the order of the next
 * checks, which then begin anew.
 */

import { lstatSync } from "node:fs";
import { isDamage } from "../events.ts";
import type { Lock } from "../local/lock.ts";
import type { Condition } from "../model.ts";
import { CHUNK, type Database } from "./database.ts";
import { connect, damage, type Form, openHeld, openOrBegin } from "./database-file.ts";
import { ManifestIndex } from "./manifest-index.ts";
import { one, text, textOrNull, whole } from "./rows.ts";

/** A photo as its manifest has it. */
export interface Shelved {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The ETag that a store of objects has for these bytes: their MD5, or what it was found to call them. */
  readonly etag?: string;
}

/** A photo that is to be read. */
export interface Due extends Shelved {
  /** It was not whole when it was read last. */
  readonly damaged: boolean;
}

/** `rank` is 0 for what was damaged when it was read last; `checked` and `seen` are runs, which no clock can turn back. */
const SCHEMA = `
CREATE TABLE photos (
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  etag TEXT NOT NULL,
  seen INTEGER NOT NULL,
  checked INTEGER NOT NULL,
  checked_at TEXT,
  condition TEXT,
  rank INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX photos_by_age ON photos (rank, checked, path);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  share INTEGER,
  summary TEXT
) STRICT;
`;

const CHANGES = [
  "ALTER TABLE photos ADD COLUMN etag TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE photos ADD COLUMN summed INTEGER NOT NULL DEFAULT 0",
  // What the index of the manifest knows besides is no memory of checks.
  `DROP INDEX IF EXISTS photos_by_name; DROP INDEX IF EXISTS photos_by_bytes;
  ALTER TABLE photos DROP COLUMN folded; ALTER TABLE photos DROP COLUMN line; ALTER TABLE photos DROP COLUMN summed`,
];

const FORM: Form = {
  schema: SCHEMA,
  changes: CHANGES,
  ifNewer: "",
  checkedUpTo: Number.POSITIVE_INFINITY,
  isPrivate: true,
};

/**
 * Opens or makes the log of one target for one run, and holds it for this process until `close`. One that is damaged is
 * set aside: what it says wrongly could keep a photo from being read.
 * @param file absolute, its folder is made if missing; null for one in memory and temporary files, forgotten at the end
 * @param onAside told under which name a damaged file is kept; the turn begins anew
 * @throws HaulError `locked` when the target is being verified already, `usage` where the file is of a newer version;
 * `catalogue-unwritable` and `catalogue-full`
 */
export function openCheckLog(
  file: string | null,
  target: string,
  startedAt: string,
  onAside: (aside: string) => void = () => undefined,
): CheckLog {
  if (file === null) return new CheckLog(connect("", FORM), null, target, startedAt);
  return openHeld(file, `${target} to verify it`, (lock) => {
    const db = openOrBegin(file, () => openWhole(file), onAside);
    return new CheckLog(db, lock, target, startedAt);
  });
}

function openWhole(file: string): Database {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) throw damage(file, "it is no file");
  const db = connect(file, FORM);
  try {
    mustBeSound(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * What SQLite finds right can still keep a photo from being read: a turn that is yet to come, or a rank that is none.
 * @throws HaulError `catalogue`
 */
function mustBeSound(db: Database, file: string): void {
  const rows = db
    .prepare(
      `SELECT (SELECT count(*) FROM photos, (SELECT coalesce(max(id), 0) AS last FROM runs)
           WHERE rank NOT IN (0, 1) OR size < 0 OR checked NOT BETWEEN 0 AND last OR seen > last
             OR (checked_at IS NOT NULL AND julianday(checked_at) IS NULL)
             OR (checked = 0) <> (checked_at IS NULL))
         + (SELECT count(*) FROM runs WHERE julianday(started_at) IS NULL OR id NOT BETWEEN 1 AND 1e9) AS odd`,
    )
    .get();
  if (whole(one(rows), "odd") > 0) throw damage(file, "it says what no run wrote");
}

export class CheckLog extends ManifestIndex {
  readonly #lock: Lock | null;
  readonly #run: number;

  constructor(db: Database, lock: Lock | null, target: string, startedAt: string) {
    super(db);
    this.#lock = lock;
    const opened = db.prepare("INSERT INTO runs (target, started_at) VALUES (?, ?)").run(target, startedAt);
    this.#run = Number(opened.lastInsertRowid);
  }

  /** A photo with other bytes is new. */
  protected override entered(from: number): void {
    this.db
      .statement(
        `INSERT INTO photos (path, size, sha256, etag, seen, checked, rank)
         SELECT path, size, sha256, coalesce(target_etag, md5), ?, 0, 1 FROM lines WHERE line >= ? ORDER BY line
         ON CONFLICT (path) DO UPDATE SET seen = excluded.seen,
           size = excluded.size, sha256 = excluded.sha256, etag = excluded.etag,
           checked = CASE WHEN sha256 = excluded.sha256 THEN checked ELSE 0 END,
           checked_at = CASE WHEN sha256 = excluded.sha256 THEN checked_at END,
           condition = CASE WHEN sha256 = excluded.sha256 THEN condition END,
           rank = CASE WHEN sha256 = excluded.sha256 THEN rank ELSE 1 END`,
      )
      .run(this.#run, from);
  }

  /** After the last entry: what the manifest holds, and how many photos of earlier manifests it does not. */
  totals(): { readonly photos: number; readonly bytes: number; readonly forgotten: number } {
    const row = this.db
      .prepare(
        `SELECT coalesce(sum(seen = $run), 0) AS photos, total(size) FILTER (WHERE seen = $run) AS bytes,
           coalesce(sum(seen <> $run), 0) AS forgotten FROM photos`,
      )
      .get({ run: this.#run });
    const { photos, bytes, forgotten } = one(row);
    return { photos: Number(photos), bytes: Number(bytes), forgotten: Number(forgotten) };
  }

  /** After the last line of both lists: how many files SHA256SUMS names and the manifest does not. */
  unlisted(): number {
    this.index("path");
    const count = `SELECT count(*) AS n FROM summed s WHERE NOT EXISTS (SELECT 1 FROM lines l WHERE l.path = s.path)`;
    return whole(one(this.db.prepare(count).get()), "n");
  }

  /** After the last line of both lists: how many photos of the manifest SHA256SUMS does not name. */
  unsummed(): number {
    const row = this.db
      .prepare(
        `SELECT count(*) AS n FROM photos p WHERE seen = ?
           AND NOT EXISTS (SELECT 1 FROM summed s WHERE s.path = p.path AND s.sha256 = p.sha256)`,
      )
      .get(this.#run);
    return whole(one(row), "n");
  }

  /** Other bytes that a line of either list gives to the file of that name. @param path as SHA256SUMS has it */
  otherSums(name: string, path: string, sha256: string): string[] {
    this.index("name");
    const rows = this.db
      .statement("SELECT sha256 FROM lines WHERE folded = ? UNION SELECT sha256 FROM summed WHERE path = ?")
      .all(name, path);
    return rows.map((row) => text(row, "sha256")).filter((other) => other !== sha256);
  }

  /**
   * What is still to be read in this run: damaged ones first, then those never read, then the one that waits
   * longest. In chunks, and no lock is held between them.
   */
  *due(): Generator<readonly Due[]> {
    const page = this.db.prepare(
      `SELECT path, size, sha256, etag, rank, checked FROM photos
       WHERE (rank, checked, path) > ($rank, $checked, $path) AND checked < $run AND seen = $run
       ORDER BY rank, checked, path LIMIT ${CHUNK}`,
    );
    for (let after = { rank: -1, checked: 0, path: "" }; ; ) {
      const rows = page.all({ ...after, run: this.#run });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => ({
        path: text(row, "path"),
        size: whole(row, "size"),
        sha256: text(row, "sha256"),
        etag: text(row, "etag"),
        damaged: whole(row, "rank") === 0,
      }));
      after = { rank: whole(last, "rank"), checked: whole(last, "checked"), path: text(last, "path") };
    }
  }

  /** Remembers what photos were found to be. Atomic. */
  record(found: readonly { readonly path: string; readonly condition: Condition }[], at: string): void {
    const update = this.db.statement(
      "UPDATE photos SET checked = ?, checked_at = ?, condition = ?, rank = ? WHERE path = ?",
    );
    this.db.transaction(() => {
      for (const { path, condition } of found) update.run(this.#run, at, condition, isDamage(condition) ? 0 : 1, path);
    });
  }

  /** What this run found the photo of this very line to be; null where it did not read it. */
  found(path: string, line: number): Condition | null {
    if (!this.holds(path, line)) return null;
    const row = this.db.statement("SELECT condition FROM photos WHERE path = ? AND checked = ?").get(path, this.#run);
    return row === undefined ? null : conditionOf(text(row, "condition"));
  }

  /** When the last run with `--days` that went through its share began; null before the first. */
  lastShare(): string | null {
    const row = this.db.prepare("SELECT max(started_at) AS at FROM runs WHERE share = 1").get();
    return textOrNull(one(row), "at");
  }

  /** When the photo was read that waits longest; null where one never was, or there is none. */
  oldestCheck(): string | null {
    const row = this.db
      .prepare("SELECT checked_at FROM photos WHERE seen = ? ORDER BY checked, checked_at LIMIT 1")
      .get(this.#run);
    return row === undefined ? null : textOrNull(row, "checked_at");
  }

  /** Closes the run. @param share true when it was one of `--days` and went through */
  finish(summary: string, share: boolean): void {
    this.db
      .prepare("UPDATE runs SET ended_at = ?, share = ?, summary = ? WHERE id = ?")
      .run(new Date().toISOString(), Number(share), summary, this.#run);
  }

  close(): void {
    this.db.close();
    this.#lock?.release();
  }
}

function conditionOf(value: string): Condition {
  switch (value) {
    case "whole":
    case "rotten":
    case "unreadable":
    case "missing":
    case "archived":
      return value;
    default:
      throw new TypeError(`check log: no such condition: ${value}`);
  }
}
