/**
 * What was asked of the archive of a source, and how far that has got: so that nothing is asked for twice. Its table is
 * made by whoever looks into it first: a catalogue of an earlier version has none.
 */

import type { Listed, Returning } from "../model.ts";
import type { Database } from "./database.ts";
import { text, textOrNull } from "./rows.ts";

export const ARCHIVE_SCHEMA = `CREATE TABLE IF NOT EXISTS archive (
  key TEXT PRIMARY KEY,
  etag TEXT NOT NULL,
  tier TEXT,
  asked_at TEXT,
  ready_by TEXT,
  state TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

/** For an object `o` of a listing. */
export const IN_ARCHIVE = "EXISTS (SELECT 1 FROM archive a WHERE a.key = o.key AND a.etag = o.etag)";

/**
 * How far it is, as the store said in this run. `gone`: it could be read, and cannot any more. "": nothing was said.
 */
export type ArchiveState = "ongoing" | "ready" | "gone" | "";

export interface ArchiveRequest {
  /** ISO 8601; null where it was asked for elsewhere. */
  readonly askedAt: string | null;
  /** "" where the store has none. */
  readonly tier: string;
  /** When it is to be there, as was said when it was asked for; null where nobody said. */
  readonly readyBy: string | null;
  readonly state: ArchiveState;
  /** When its copy goes; "" where nobody says. */
  readonly until: string;
}

type Named = Pick<Listed, "key" | "etag">;

export interface ArchiveRequests {
  /** False where nothing was ever asked for or found out. */
  knows(): Promise<boolean>;
  /** Null for an object of which nothing is known. */
  find(object: Named): Promise<ArchiveRequest | null>;
  /** Forgets what stores said of anything before this run. */
  begin(): Promise<void>;
  /** Enters what the store says. */
  say(objects: readonly (Named & { readonly returning: Returning })[]): Promise<void>;
  /** Says that it cannot be read, whatever was said before: it is known to lie in an archive from now on. */
  gone(object: Named): Promise<void>;
  /** Writes down that it was asked for, durably. */
  ask(object: Named, request: Pick<ArchiveRequest, "askedAt" | "tier" | "readyBy">): Promise<void>;
}

export class ArchiveTable implements ArchiveRequests {
  readonly #db: Database;
  #made = false;

  constructor(db: Database) {
    this.#db = db;
  }

  async knows(): Promise<boolean> {
    return this.#table().statement("SELECT 1 FROM archive LIMIT 1").get() !== undefined;
  }

  async find({ key, etag }: Named): Promise<ArchiveRequest | null> {
    const row = this.#table().statement("SELECT * FROM archive WHERE key = ? AND etag = ?").get(key, etag);
    if (row === undefined) return null;
    const state = STATES.find((one) => one === row.state) ?? "";
    const [askedAt, readyBy] = [textOrNull(row, "asked_at"), textOrNull(row, "ready_by")];
    return { askedAt, tier: textOrNull(row, "tier") ?? "", readyBy, state, until: text(row, "until") };
  }

  async begin(): Promise<void> {
    this.#table().exec("UPDATE archive SET state = '', until = '' WHERE state <> ''");
  }

  async say(objects: readonly (Named & { readonly returning: Returning })[]): Promise<void> {
    const put = this.#table().statement(
      `INSERT INTO archive (key, etag, state, until) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         tier = iif(etag = excluded.etag, tier, NULL), asked_at = iif(etag = excluded.etag, asked_at, NULL),
         ready_by = iif(etag = excluded.etag, ready_by, NULL), etag = excluded.etag, state = excluded.state,
         until = excluded.until`,
    );
    this.#db.transaction(() => {
      for (const { key, etag, returning } of objects) {
        put.run(key, etag, returning.ongoing ? "ongoing" : "ready", returning.until);
      }
    });
  }

  async gone({ key, etag }: Named): Promise<void> {
    const put = this.#table().statement(
      `INSERT INTO archive (key, etag, state, until) VALUES (?, ?, 'gone', '')
       ON CONFLICT DO UPDATE SET state = 'gone', etag = excluded.etag`,
    );
    put.run(key, etag);
  }

  async ask({ key, etag }: Named, { askedAt, tier, readyBy }: Parameters<ArchiveRequests["ask"]>[1]): Promise<void> {
    const put = this.#table().statement(
      "INSERT OR REPLACE INTO archive (key, etag, tier, asked_at, ready_by, state, until) VALUES (?, ?, ?, ?, ?, 'ongoing', '')",
    );
    put.run(key, etag, tier, askedAt, readyBy);
  }

  #table(): Database {
    if (!this.#made) this.#db.exec(ARCHIVE_SCHEMA);
    this.#made = true;
    return this.#db;
  }
}

const STATES: readonly ArchiveState[] = ["ongoing", "ready", "gone", ""];
