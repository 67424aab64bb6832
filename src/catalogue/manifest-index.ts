/**
 * A target's manifest as data, with its SHA256SUMS: what a line says, found by its path, its name, or its bytes. In
 * temporary tables, as a manifest of millions of lines does not fit into memory; forgotten with the database.
 */

import type { ManifestEntry } from "../model.ts";
import { Database } from "./database.ts";
import { ENTRY_COLUMNS, ENTRY_SCHEMA, entryOf, entryValues, type KeptRow, text, whole } from "./rows.ts";

/** A line of SHA256SUMS. */
export type Sum = Pick<ManifestEntry, "path" | "sha256">;

/** `line` counts from 0; `made` is what the manifest lacks and is to get; `found` the bytes of the file that lies there. */
const TABLES = `
PRAGMA temp.cache_size = -16000;
DROP TABLE IF EXISTS temp.lines;
CREATE TEMP TABLE lines (
  line INTEGER PRIMARY KEY,${ENTRY_SCHEMA},
  made INTEGER NOT NULL,
  found INTEGER
) STRICT;
DROP TABLE IF EXISTS temp.summed;
CREATE TEMP TABLE summed (
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (path, sha256)
) STRICT, WITHOUT ROWID;
`;

/** Each made when it is first asked for: to sort once takes a fifth of the time of keeping order meanwhile. */
const INDEXES = {
  path: "CREATE INDEX IF NOT EXISTS temp.lines_by_path ON lines (path, sha256)",
  name: "CREATE INDEX IF NOT EXISTS temp.lines_by_name ON lines (folded)",
  bytes: "CREATE INDEX IF NOT EXISTS temp.lines_by_bytes ON lines (sha256)",
  object: "CREATE INDEX IF NOT EXISTS temp.lines_by_object ON lines (key, etag)",
};

/** An index of its own, until it is closed. */
export function openManifestIndex(): ManifestIndex & { close(): void } {
  const db = new Database("");
  return Object.assign(new ManifestIndex(db), { close: () => db.close() });
}

export class ManifestIndex {
  protected readonly db: Database;
  readonly #indexed = new Set<keyof typeof INDEXES>();
  #line = 0;
  #sum = 0;

  constructor(db: Database) {
    this.db = db;
    db.exec(TABLES);
  }

  /**
   * Enters lines in the order of the manifest: the last one of a path holds.
   * @param how `made` for lines that it lacks and is to get, from what lies there
   */
  enter(photos: readonly KeptRow[], how: "read" | "made" = "read"): void {
    const insert = this.db.statement(
      `INSERT INTO lines (line, ${ENTRY_COLUMNS}, made, found) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const from = this.#line;
    this.db.transaction(() => {
      for (const photo of photos) {
        const isMade = how === "made";
        insert.run(this.#line, ...entryValues(photo), Number(isMade), isMade ? photo.entry.size : null);
        this.#line += 1;
      }
      this.entered(from);
    });
  }

  /** Called within the transaction that entered lines. @param _from number of the first of them */
  protected entered(_from: number): void {}

  /** Enters lines of SHA256SUMS in their order; of those that say the same the last one counts. */
  sum(sums: readonly Sum[]): void {
    const insert = this.db.statement("INSERT OR REPLACE INTO summed (path, sha256, line) VALUES (?, ?, ?)");
    this.db.transaction(() => {
      for (const { path, sha256 } of sums) {
        insert.run(path, sha256, this.#sum);
        this.#sum += 1;
      }
    });
  }

  /** What the last line about a path says; null where none does. */
  find(path: string): ManifestEntry | null {
    const row = this.#last("*", path);
    return row === undefined ? null : entryOf(row);
  }

  /** The SHA-256 that the manifest has for a path; null for a path that it does not name. */
  sha256Of(path: string): string | null {
    const row = this.#last("sha256", path);
    return row === undefined ? null : text(row, "sha256");
  }

  /** True when this line is the last one about its path. */
  holds(path: string, line: number): boolean {
    const row = this.#last("line", path);
    return row !== undefined && whole(row, "line") === line;
  }

  #last(columns: "*" | "sha256" | "line", path: string) {
    this.index("path");
    return this.db.statement(`SELECT ${columns} FROM lines WHERE path = ? ORDER BY line DESC LIMIT 1`).get(path);
  }

  /** True when the manifest names a file that the target takes for the same. */
  names(folded: string): boolean {
    this.index("name");
    return this.db.statement("SELECT 1 FROM lines WHERE folded = ? LIMIT 1").get(folded) !== undefined;
  }

  /** True where the manifest names anything in a folder of that path. */
  namesBelow(path: string): boolean {
    this.index("path");
    // `0` comes after `/`.
    const row = this.db
      .statement("SELECT 1 FROM lines WHERE path > ? AND path < ? LIMIT 1")
      .get(`${path}/`, `${path}0`);
    return row !== undefined;
  }

  /** Where the manifest has a photo of these very bytes; null where it has none. @param once also where a later line says other bytes */
  pathOf(sha256: string, size: number, once = false): string | null {
    this.index("bytes");
    const rows = this.db.statement("SELECT line, path FROM lines WHERE sha256 = ? AND size = ?").all(sha256, size);
    const row = rows.find((one) => this.holds(text(one, "path"), whole(one, "line"))) ?? (once ? rows[0] : undefined);
    return row === undefined ? null : text(row, "path");
  }

  /** What lines say of a path, or of the file of that name: each photo once, the last line first. */
  linesAt(by: "path" | "folded", name: string): ManifestEntry[] {
    this.index(by === "path" ? "path" : "name");
    const rows = this.db.statement(`SELECT * FROM lines WHERE ${by} = ? ORDER BY line DESC`).all(name);
    const entries = rows.map(entryOf);
    return entries.filter(
      (one, at) => entries.findIndex(({ path, sha256 }) => path === one.path && sha256 === one.sha256) === at,
    );
  }

  protected index(by: keyof typeof INDEXES): void {
    if (this.#indexed.has(by)) return;
    this.#indexed.add(by);
    this.db.exec(INDEXES[by]);
  }
}
