/** What photos are that lie sealed on a target, by what their sealed files are. */

import { parseEntry } from "../manifest-entry.ts";
import type { SealedLine } from "../model.ts";
import type { SealedLines } from "./catalogue.ts";
import { Database } from "./database.ts";
import { type Row, text, whole } from "./rows.ts";
import { SEALED } from "./schema.ts";

/** Lines of their own, forgotten when they are closed, which is safe to do twice. */
export function openSealedLines(): SealedLines & { close(): void } {
  const db = new Database("");
  db.exec(SEALED);
  return Object.assign(new SealedLinesTable(db, ""), { close: () => void (db.isOpen && db.close()) });
}

export class SealedLinesTable implements SealedLines {
  readonly #db: Database;
  readonly #target: string;

  constructor(db: Database, target: string) {
    this.#db = db;
    this.#target = target;
  }

  async add(lines: readonly SealedLine[]): Promise<void> {
    if (lines.length === 0) return;
    const insert = this.#db.statement(
      "INSERT OR REPLACE INTO sealed (target, path, sha256, md5, size, entry) VALUES (?, ?, ?, ?, ?, ?)",
    );
    // A power cut takes back nothing of it: without the key nothing else says what a sealed file holds.
    this.#db.exec("PRAGMA synchronous = FULL");
    try {
      this.#db.transaction(() => {
        for (const { entry, sealed } of lines) {
          const { sha256, md5, size } = sealed;
          insert.run(this.#target, entry.path, sha256, md5, size, JSON.stringify(entry));
        }
      });
    } finally {
      this.#db.exec("PRAGMA synchronous = NORMAL");
    }
  }

  async find(path: string, sha256: string): Promise<SealedLine | null> {
    const row = this.#db
      .statement("SELECT * FROM sealed WHERE target = ? AND path = ? AND sha256 = ?")
      .get(this.#target, path, sha256);
    return row === undefined ? null : lineOf(row);
  }

  async at(path: string): Promise<readonly SealedLine[]> {
    const rows = this.#db.statement("SELECT * FROM sealed WHERE target = ? AND path = ?").all(this.#target, path);
    return rows.map(lineOf).filter((line) => line !== null);
  }
}

/** Null where it rotted. */
function lineOf(row: Row): SealedLine | null {
  const entry = parseEntry(text(row, "entry"));
  const sealed = { sha256: text(row, "sha256"), md5: text(row, "md5"), size: whole(row, "size") };
  return entry === null ? null : { entry, sealed };
}
