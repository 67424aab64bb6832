/** The check log in one SQLite file for each target (node:sqlite). */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { StatementSync } from "node:sqlite";
import { holdLock, type Lock } from "../local/lock.ts";
import { type Condition, isDamage } from "../summaries.ts";
import type { CheckLog, Due, Entered } from "./check-log.ts";
import { openLogFile } from "./check-log-file.ts";
import type { Database } from "./database.ts";
import { one, text, textOrNull, whole } from "./rows.ts";
import { transaction } from "./statements.ts";

const CHUNK = 1000;
/**
 * Opens or makes the log of one target for one run, and holds it for this process until `close`.
 * @param file absolute, its folder is made if missing; null for one in memory and temporary files, forgotten at the end
 * @param onAside told under which name a damaged file is kept; the turn begins anew
 * @throws HaulError `locked` when the target is being verified already; what SQLite says of the file
 */
export function openCheckLog(
  file: string | null,
  target: string,
  startedAt: string,
  onAside: (aside: string) => void = () => undefined,
): CheckLog {
  if (file === null) return new SqliteCheckLog(openLogFile("", onAside), null, target, startedAt);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = holdLock(`${file}.lock`, `${target} to verify it`);
  try {
    return new SqliteCheckLog(openLogFile(file, onAside), lock, target, startedAt);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class SqliteCheckLog implements CheckLog {
  readonly #db: Database;
  readonly #lock: Lock | null;
  readonly #run: number;
  readonly #enter: StatementSync;
  readonly #record: StatementSync;
  readonly #sum: StatementSync;

  constructor(db: Database, lock: Lock | null, target: string, startedAt: string) {
    this.#db = db;
    this.#lock = lock;
    const opened = db.prepare("INSERT INTO runs (target, started_at) VALUES (?, ?)").run(target, startedAt);
    this.#run = Number(opened.lastInsertRowid);
    this.#enter = db.prepare(
      `INSERT INTO photos (path, folded, size, sha256, etag, line, seen, checked, rank)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1)
       ON CONFLICT (path) DO UPDATE SET folded = excluded.folded, line = excluded.line, seen = excluded.seen,
         size = excluded.size, sha256 = excluded.sha256, etag = excluded.etag,
         checked = CASE WHEN sha256 = excluded.sha256 THEN checked ELSE 0 END,
         checked_at = CASE WHEN sha256 = excluded.sha256 THEN checked_at END,
         condition = CASE WHEN sha256 = excluded.sha256 THEN condition END,
         rank = CASE WHEN sha256 = excluded.sha256 THEN rank ELSE 1 END`,
    );
    this.#sum = db.prepare("UPDATE photos SET summed = ? WHERE path = ? AND sha256 = ? AND seen = ?");
    this.#record = db.prepare("UPDATE photos SET checked = ?, checked_at = ?, condition = ?, rank = ? WHERE path = ?");
  }

  enter(entries: readonly Entered[]): void {
    this.#atomically(() => {
      for (const { path, folded, size, sha256, etag = "", line } of entries)
        this.#enter.run(path, folded, size, sha256, etag, line, this.#run);
    });
  }

  totals() {
    const row = this.#db
      .prepare(
        `SELECT coalesce(sum(seen = $run), 0) AS photos, total(size) FILTER (WHERE seen = $run) AS bytes,
           coalesce(sum(seen <> $run), 0) AS forgotten FROM photos`,
      )
      .get({ run: this.#run });
    const { photos, bytes, forgotten } = one(row);
    return { photos: Number(photos), bytes: Number(bytes), forgotten: Number(forgotten) };
  }

  sum(sums: readonly { readonly path: string; readonly sha256: string }[]): number {
    let unnamed = 0;
    this.#atomically(() => {
      for (const { path, sha256 } of sums) {
        const { changes } = this.#sum.run(this.#run, path, sha256, this.#run);
        if (Number(changes) === 0 && this.sha256Of(path) === null) unnamed += 1;
      }
    });
    return unnamed;
  }

  unsummed(): number {
    const row = this.#db
      .prepare("SELECT count(*) AS n FROM photos WHERE seen = $run AND summed <> $run")
      .get({ run: this.#run });
    return whole(one(row), "n");
  }

  names(folded: string): boolean {
    const row = this.#db
      .prepare("SELECT 1 AS found FROM photos WHERE folded = ? AND seen = ? LIMIT 1")
      .get(folded, this.#run);
    return row !== undefined;
  }

  pathOf(sha256: string, size: number): string | null {
    const row = this.#db
      .prepare("SELECT path FROM photos WHERE sha256 = ? AND size = ? AND seen = ? LIMIT 1")
      .get(sha256, size, this.#run);
    return row === undefined ? null : text(row, "path");
  }

  sha256Of(path: string): string | null {
    const row = this.#db.prepare("SELECT sha256 FROM photos WHERE path = ? AND seen = ?").get(path, this.#run);
    return row === undefined ? null : text(row, "sha256");
  }

  holds(path: string, line: number): boolean {
    const row = this.#db.prepare("SELECT line FROM photos WHERE path = ?").get(path);
    return row !== undefined && whole(row, "line") === line;
  }

  *due(): Generator<readonly Due[]> {
    const page = this.#db.prepare(
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
      after = {
        rank: whole(last, "rank"),
        checked: whole(last, "checked"),
        path: text(last, "path"),
      };
    }
  }

  record(found: readonly { readonly path: string; readonly condition: Condition }[], at: string) {
    this.#atomically(() => {
      for (const { path, condition } of found)
        this.#record.run(this.#run, at, condition, isDamage(condition) ? 0 : 1, path);
    });
  }

  found(path: string, line: number): Condition | null {
    const row = this.#db
      .prepare("SELECT condition FROM photos WHERE path = ? AND line = ? AND checked = ?")
      .get(path, line, this.#run);
    return row === undefined ? null : conditionOf(text(row, "condition"));
  }

  lastShare(): string | null {
    const row = this.#db.prepare("SELECT max(started_at) AS at FROM runs WHERE share = 1").get();
    return textOrNull(one(row), "at");
  }

  oldestCheck(): string | null {
    const row = this.#db
      .prepare("SELECT checked_at FROM photos WHERE seen = ? ORDER BY checked, checked_at LIMIT 1")
      .get(this.#run);
    return row === undefined ? null : textOrNull(row, "checked_at");
  }

  finish(summary: string, share: boolean): void {
    this.#db
      .prepare("UPDATE runs SET ended_at = ?, share = ?, summary = ? WHERE id = ?")
      .run(new Date().toISOString(), Number(share), summary, this.#run);
  }

  close(): void {
    this.#db.close();
    this.#lock?.release();
  }

  #atomically(work: () => void): void {
    transaction(this.#db, work);
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
