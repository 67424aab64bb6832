/**
 * What was counted by reading every object, and is not counted again until something is written that it was counted from:
 * where nothing is new these counts are most of a run's work.
 */

import type { Database } from "./database.ts";
import { text } from "./rows.ts";
import type { Now } from "./settings-runs.ts";

/** Before the names of the settings that hold it. */
const COUNTED = "counted ";
/** What was counted from the listing alone, or from what is kept too. */
export type From = "listing" | "kept";

export class Counted {
  readonly #db: Database;
  readonly #now: Now;
  /** Null until it is read. */
  #known: Map<string, string> | null = null;

  constructor(db: Database, now: Now) {
    this.#db = db;
    this.#now = now;
  }

  /** @param count answers whole numbers, always as many */
  numbers(from: From, name: string, count: () => readonly number[]): readonly number[] {
    const known = this.get(from, name);
    if (known !== null && /^\d+( \d+)*$/.test(known)) return known.split(" ").map(Number);
    const numbers = count();
    this.set(from, name, numbers.join(" "));
    return numbers;
  }

  /** Null where it has to be counted. */
  get(from: From, name: string): string | null {
    const [since, ...value] = this.#all().get(settingOf(from, name))?.split(" ") ?? [];
    return since === String(this.#now.since) ? value.join(" ") : null;
  }

  set(from: From, name: string, value: string): void {
    const setting = settingOf(from, name);
    const said = `${this.#now.since} ${value}`;
    this.#db.statement("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)").run(setting, said);
    this.#all().set(setting, said);
  }

  /** To be called before anything is written that was counted from. @param what is written */
  forget(what: From): void {
    const beginning = what === "listing" ? COUNTED : settingOf("kept", "");
    const all = this.#all();
    const names = [...all.keys()].filter((name) => name.startsWith(beginning));
    const remove = this.#db.statement("DELETE FROM settings WHERE name = ?");
    for (const name of names) {
      remove.run(name);
      all.delete(name);
    }
  }

  #all(): Map<string, string> {
    if (this.#known !== null) return this.#known;
    const rows = this.#db.statement("SELECT name, value FROM settings").all();
    const settings = rows.map((row) => [text(row, "name"), text(row, "value")] as const);
    this.#known = new Map(settings.filter(([name]) => name.startsWith(COUNTED)));
    return this.#known;
  }
}

function settingOf(from: From, name: string): string {
  return `${COUNTED}${from} ${name}`;
}
