/** What is kept on one target, with what is yet to be settled of its dates. */

import type { Listed, ManifestEntry } from "../model.ts";
import type { KeptKeys, KeptPhotos, PhotoStatus, ZoneSeeker, Zones } from "./catalogue.ts";
import type { ListedAs } from "./claims.ts";
import { Adoption } from "./compare-lists.ts";
import type { Counted } from "./counted.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { ENTRY_COLUMNS, entryOf, entryValues, type KeptRow, text } from "./rows.ts";
import { REREAD_SETTING } from "./schema.ts";
import { type Now, SettingsTable } from "./settings-runs.ts";
import { followsStill, seeksZone, ZoneLending } from "./zone-lending.ts";

const OF_KEY = "SELECT * FROM kept WHERE target = ? AND key = ?";
const OF_OBJECT = `${OF_KEY} AND etag = ?`;

/** Whether anything is kept on a target: without that its plan follows from the listing alone. */
export function anyKept(db: Database, target: string): boolean {
  return db.statement("SELECT 1 FROM kept WHERE target = ? LIMIT 1").get(target) !== undefined;
}

interface KeptPorts {
  readonly now: Now;
  readonly counted: Counted;
  /** What is listed is made rows before they are asked. */
  readonly listing: { readonly listedAs: ListedAs; settle(): void };
}

export class KeptTable implements KeptPhotos {
  readonly zones: Zones;
  readonly unread: KeptKeys;
  readonly guessed: KeyTable;
  readonly #db: Database;
  readonly #target: string;
  readonly #now: Now;
  readonly #counted: Counted;
  readonly #listing: KeptPorts["listing"];
  readonly #lending: ZoneLending;
  readonly #settings: SettingsTable;

  constructor(db: Database, target: string, { now, counted, listing }: KeptPorts) {
    this.#db = db;
    this.#target = target;
    this.#now = now;
    this.#counted = counted;
    this.#listing = listing;
    this.#lending = new ZoneLending(db, target);
    this.#settings = new SettingsTable(db);
    this.zones = new ZoneTable(db, target, this.#lending);
    this.unread = new KeyTable(db, "unread", target);
    this.guessed = new KeyTable(db, "guessed", target);
  }

  async add(photos: readonly KeptRow[]): Promise<void> {
    const insert = this.#db.statement(
      `INSERT OR REPLACE INTO kept (target, ${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    // What lists that were made anew knew by its path alone is known by its key now.
    const drop = this.#db.statement(
      "DELETE FROM kept WHERE target = ? AND folded = ? AND sha256 = ? AND key NOT IN (SELECT key FROM objects)",
    );
    if (photos.some(({ lay }) => lay)) this.#listing.settle();
    this.#counted.forget("kept");
    const forgive = this.#db.statement("DELETE FROM failures WHERE target = ? AND key = ?");
    const any = this.#db.statement("SELECT 1 FROM failures WHERE target = ? LIMIT 1").get(this.#target);
    this.#db.transaction(() => {
      for (const photo of photos) {
        const { key, etag, captured } = photo.entry;
        if (any !== undefined) forgive.run(this.#target, key);
        if (photo.lay === true) drop.run(this.#target, photo.folded, photo.entry.sha256);
        insert.run(this.#target, ...entryValues(photo));
        this.#lending.note(key, etag, captured);
        if (captured?.guessed !== undefined) this.guessed.note(key);
      }
    });
  }

  async *all(): AsyncGenerator<readonly ManifestEntry[]> {
    const page = this.#db.statement(
      `SELECT * FROM kept WHERE target = ? AND (key, etag) > (?, ?) ORDER BY key, etag LIMIT ${CHUNK}`,
    );
    yield* inPages((last) => page.all(this.#target, last?.key ?? "", last?.etag ?? "").map(entryOf));
  }

  async find(key: string): Promise<readonly ManifestEntry[]> {
    const select = this.#db.statement(`${OF_KEY} ORDER BY stored_at DESC, etag`);
    return select.all(this.#target, key).map(entryOf);
  }

  async findBytes(key: string, sha256: string): Promise<ManifestEntry | null> {
    const row = this.#db.statement(`${OF_KEY} AND sha256 = ? LIMIT 1`).get(this.#target, key, sha256);
    return row === undefined ? null : entryOf(row);
  }

  async any(): Promise<boolean> {
    return anyKept(this.#db, this.#target);
  }

  async forget(): Promise<void> {
    this.#counted.forget("kept");
    this.#db.prepare("DELETE FROM kept WHERE target = ?").run(this.#target);
    this.#now.changes += 1;
  }

  async forgetOthers(there: readonly { readonly folded: string; readonly sha256: string }[]): Promise<void> {
    if (there.length === 0) return;
    this.#counted.forget("kept");
    const drop = this.#db.statement("DELETE FROM kept WHERE target = ? AND folded = ? AND sha256 <> ?");
    this.#db.transaction(() => {
      for (const { folded, sha256 } of there) drop.run(this.#target, folded, sha256);
    });
    this.#now.changes += 1;
  }

  async fail(key: string, reason: string): Promise<void> {
    this.#db
      .statement("INSERT OR REPLACE INTO failures (target, key, reason, at) VALUES (?, ?, ?, ?)")
      .run(this.#target, key, reason, new Date().toISOString());
  }

  async statusOf({ key, etag }: Pick<Listed, "key" | "etag">): Promise<PhotoStatus> {
    const kept = this.#db.statement(OF_OBJECT).get(this.#target, key, etag);
    const failure = this.#db
      .statement("SELECT reason, at FROM failures WHERE target = ? AND key = ?")
      .get(this.#target, key);
    return {
      kept: kept === undefined ? null : entryOf(kept),
      failure: failure === undefined ? null : { reason: text(failure, "reason"), at: text(failure, "at") },
    };
  }

  async lacks(): Promise<boolean> {
    return (await this.#settings.get(REREAD_SETTING + this.#target)) === "yes";
  }

  async complete(): Promise<void> {
    if (await this.lacks()) await this.#settings.set(REREAD_SETTING + this.#target, "no");
  }

  async adoption(): Promise<Adoption> {
    this.#listing.settle();
    return new Adoption(this.#db, this.#target, (key) => this.#listing.listedAs(key));
  }
}

/** Who seeks a zone, and whether that was settled since something was kept. */
class ZoneTable implements Zones {
  readonly #db: Database;
  readonly #target: string;
  readonly #lending: ZoneLending;
  readonly #settings: SettingsTable;
  readonly #setting: string;

  constructor(db: Database, target: string, lending: ZoneLending) {
    this.#db = db;
    this.#target = target;
    this.#lending = lending;
    this.#settings = new SettingsTable(db);
    this.#setting = `zones ${target}`;
  }

  async *seekers(): AsyncGenerator<readonly ZoneSeeker[]> {
    if (!this.#lending.any()) return;
    const page = this.#db.statement(
      `SELECT k.* FROM zone_seekers s JOIN kept k ON k.target = s.target AND k.key = s.key AND k.etag = s.etag
       WHERE s.target = ? AND (s.key, s.etag) > (?, ?) ORDER BY s.key, s.etag LIMIT ${CHUNK}`,
    );
    const entriesAfter = (last: ManifestEntry | null) =>
      page.all(this.#target, last?.key ?? "", last?.etag ?? "").map(entryOf);
    for await (const entries of inPages(entriesAfter)) {
      yield entries.flatMap((entry) => {
        const { captured } = entry;
        const [seeks, follows] = [seeksZone(captured), followsStill(entry.key, captured)];
        if (captured === null || !(seeks || follows)) return [];
        const around = () => (seeks ? this.#lending.around(captured) : []);
        const halves = () => (follows ? this.#besides(entry.key) : []);
        return [{ entry, captured, around, halves }];
      });
    }
  }

  /** What has a key of the same name with any extension. */
  #besides(key: string): ManifestEntry[] {
    const stem = key.slice(0, key.lastIndexOf("."));
    const select = this.#db.statement(
      "SELECT * FROM kept WHERE target = ? AND key > ? || '.' AND key < ? || '/' ORDER BY key, stored_at DESC LIMIT 20",
    );
    return select.all(this.#target, stem, stem).map(entryOf);
  }

  async settled(): Promise<boolean> {
    return (await this.#settings.get(this.#setting)) === this.#lending.count();
  }

  async settle(): Promise<void> {
    await this.#settings.set(this.#setting, this.#lending.count());
  }

  async forget(photos: readonly Pick<ManifestEntry, "key" | "etag">[]): Promise<void> {
    const kept = this.#db.statement(OF_OBJECT);
    this.#db.transaction(() => {
      for (const { key, etag } of photos) {
        const row = kept.get(this.#target, key, etag);
        if (row !== undefined) this.#lending.forget(key, etag, entryOf(row).captured);
      }
    });
  }
}

/** Made when the first photo comes: few computers lack ExifTool, or do not know their zone. */
class KeyTable implements KeptKeys {
  readonly #db: Database;
  readonly #name: "unread" | "guessed";
  readonly #target: string;

  constructor(db: Database, name: "unread" | "guessed", target: string) {
    this.#db = db;
    this.#name = name;
    this.#target = target;
  }

  async add(key: string): Promise<void> {
    this.note(key);
  }

  /** As `add`, within a transaction. */
  note(key: string): void {
    const columns = "(target TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (target, key)) STRICT, WITHOUT ROWID";
    this.#db.exec(`CREATE TABLE IF NOT EXISTS ${this.#name} ${columns}`);
    this.#db.statement(`INSERT OR IGNORE INTO ${this.#name} (target, key) VALUES (?, ?)`).run(this.#target, key);
  }

  async all(): Promise<readonly string[]> {
    if (!this.#exists()) return [];
    const rows = this.#db.prepare(`SELECT key FROM ${this.#name} WHERE target = ? ORDER BY key`);
    return rows.all(this.#target).map((row) => text(row, "key"));
  }

  async forget(keys: readonly string[]): Promise<void> {
    if (keys.length === 0 || !this.#exists()) return;
    const row = this.#db.prepare(`DELETE FROM ${this.#name} WHERE target = ? AND key = ?`);
    this.#db.transaction(() => {
      for (const key of keys) row.run(this.#target, key);
    });
  }

  #exists(): boolean {
    const master = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    return this.#db.prepare(master).get(this.#name) !== undefined;
  }
}
