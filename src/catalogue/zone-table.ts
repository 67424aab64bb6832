/** Zones of what is kept: who seeks one, and whether that was settled since something was kept. */

import type { DatabaseSync } from "node:sqlite";
import type { ManifestEntry } from "../model.ts";
import type { ZoneSeeker, Zones } from "./catalogue.ts";
import { inPages } from "./pages.ts";
import { entryOf } from "./rows.ts";
import { SettingsTable } from "./settings-table.ts";
import { transaction } from "./statements.ts";
import { seeksZone, ZoneLending } from "./zone-lending.ts";

const CHUNK = 1000;

export class ZoneTable implements Zones {
  readonly #db: DatabaseSync;
  readonly #lending: ZoneLending;
  readonly #settings: SettingsTable;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#lending = new ZoneLending(db);
    this.#settings = new SettingsTable(db);
  }

  async *seekers(target: string): AsyncGenerator<readonly ZoneSeeker[]> {
    if (!this.#lending.any(target)) return;
    const page = this.#db.prepare(
      `SELECT k.* FROM zone_seekers s JOIN kept k ON k.target = s.target AND k.key = s.key AND k.etag = s.etag
       WHERE s.target = ? AND s.key > ? ORDER BY s.key LIMIT ${CHUNK}`,
    );
    for await (const rows of inPages((after) => page.all(target, after).map(entryOf))) {
      yield rows.flatMap((entry) => {
        const { captured } = entry;
        if (!seeksZone(captured)) return [];
        return [{ entry, captured, around: this.#lending.around(target, captured) }];
      });
    }
  }

  async settled(target: string): Promise<boolean> {
    return this.#settings.get(nameOf(target)) === this.#lending.count(target);
  }

  async forget(target: string, photos: readonly Pick<ManifestEntry, "key" | "etag">[]): Promise<void> {
    const kept = this.#db.prepare("SELECT * FROM kept WHERE target = ? AND key = ? AND etag = ?");
    transaction(this.#db, () => {
      for (const { key, etag } of photos) {
        const row = kept.get(target, key, etag);
        if (row !== undefined) this.#lending.forget(target, key, etag, entryOf(row).captured);
      }
    });
  }

  async settle(target: string): Promise<void> {
    this.#settings.set(nameOf(target), this.#lending.count(target));
  }
}

function nameOf(target: string): string {
  return `zones ${target}`;
}
