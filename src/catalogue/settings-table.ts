/** What is remembered between runs by name: zone, frozen layout, targets. */

import type { DatabaseSync } from "node:sqlite";
import { text } from "./rows.ts";

export class SettingsTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  get(name: string): string | null {
    const row = this.#db.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? null : text(row, "value");
  }

  set(name: string, value: string): void {
    this.#db.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)").run(name, value);
  }

  /** All whose names begin so, in the order of their names. */
  beginning(beginning: string): readonly { readonly name: string; readonly value: string }[] {
    const rows = this.#db.prepare("SELECT name, value FROM settings ORDER BY name").all();
    return rows
      .map((row) => ({ name: text(row, "name"), value: text(row, "value") }))
      .filter(({ name }) => name.startsWith(beginning));
  }
}
