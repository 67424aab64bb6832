/** Photos that were dated while ExifTool could not run. Made when the first comes: few computers lack it. */

import type { DatabaseSync } from "node:sqlite";
import type { Unread } from "./catalogue.ts";
import { text } from "./rows.ts";
import { transaction } from "./statements.ts";

const TABLE =
  "CREATE TABLE IF NOT EXISTS unread (target TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (target, key)) STRICT, WITHOUT ROWID";

export class UnreadTable implements Unread {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async add(target: string, key: string): Promise<void> {
    this.#db.exec(TABLE);
    this.#db.prepare("INSERT OR IGNORE INTO unread (target, key) VALUES (?, ?)").run(target, key);
  }

  async of(target: string): Promise<readonly string[]> {
    if (!this.#exists()) return [];
    const rows = this.#db.prepare("SELECT key FROM unread WHERE target = ? ORDER BY key");
    return rows.all(target).map((row) => text(row, "key"));
  }

  async forget(target: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0 || !this.#exists()) return;
    const row = this.#db.prepare("DELETE FROM unread WHERE target = ? AND key = ?");
    transaction(this.#db, () => {
      for (const key of keys) row.run(target, key);
    });
  }

  #exists(): boolean {
    const master = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'unread'";
    return this.#db.prepare(master).get() !== undefined;
  }
}
