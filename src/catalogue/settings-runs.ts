/** What is remembered between runs by name, and the runs themselves. */

import type { RunRecord, Runs, Settings } from "./catalogue.ts";
import type { Database } from "./database.ts";
import { type Row, text, textOrNull, whole } from "./rows.ts";

/** The run that goes on, for all that asks of its listing. */
export interface Now {
  run: number;
  /** What was seen by this run or a later one is listed: that of the last listing from the beginning. */
  since: number;
  /** Grows whenever the listing, what was decided about it, or what is kept of it changes in whole. */
  changes: number;
}

/** The settings that say since which run objects count as listed: for the last whole listing, and for the last that held any. */
export const LISTED_SINCE = "listed since";
export const HELD_SINCE = "held since";

/** `Now.since` of the last whole listing that held anything; null where an earlier version made it. */
export function heldSince(db: Database): number | null {
  const row = db.prepare("SELECT CAST(value AS INTEGER) AS since FROM settings WHERE name = ?").get(HELD_SINCE);
  return row === undefined ? null : whole(row, "since");
}

export class SettingsTable implements Settings {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(name: string): Promise<string | null> {
    const row = this.#db.statement("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? null : text(row, "value");
  }

  async set(name: string, value: string): Promise<void> {
    this.#db.statement("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)").run(name, value);
  }

  async beginning(beginning: string) {
    const rows = this.#db.statement("SELECT name, value FROM settings ORDER BY name").all();
    return rows
      .map((row) => ({ name: text(row, "name"), value: text(row, "value") }))
      .filter(({ name }) => name.startsWith(beginning));
  }
}

/** After every run: nothing is listed. */
const NEVER = Number.MAX_SAFE_INTEGER;

export class RunTable implements Runs {
  readonly #db: Database;
  readonly #now: Now;

  /** @param now of the last run whose listing is whole, until one is started */
  constructor(db: Database, now: Now) {
    this.#db = db;
    this.#now = now;
    const last = db.prepare("SELECT max(id) AS id FROM runs WHERE keys > 0").get();
    now.run = last?.id == null ? 0 : whole(last, "id");
    now.since = heldSince(db) ?? (now.run || NEVER);
  }

  async start(command: string): Promise<number> {
    const result = this.#db
      .prepare("INSERT INTO runs (command, started_at) VALUES (?, ?)")
      .run(command, new Date().toISOString());
    this.#now.run = Number(result.lastInsertRowid);
    this.#now.since = this.#now.run;
    this.#now.changes += 1;
    return this.#now.run;
  }

  async end(summary: string): Promise<void> {
    this.#db
      .prepare("UPDATE runs SET ended_at = ?, summary = ? WHERE id = ?")
      .run(new Date().toISOString(), summary, this.#now.run);
  }

  async last(limit: number): Promise<readonly RunRecord[]> {
    return this.#db.prepare(`${LAST_RUNS} LIMIT ?`).all(limit).map(runOf);
  }
}

export const LAST_RUNS = "SELECT id, command, started_at, ended_at, summary FROM runs ORDER BY id DESC";

export function runOf(row: Row): RunRecord {
  return {
    id: whole(row, "id"),
    command: text(row, "command"),
    startedAt: text(row, "started_at"),
    endedAt: textOrNull(row, "ended_at"),
    summary: textOrNull(row, "summary"),
  };
}
