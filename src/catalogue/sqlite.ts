/** The catalogue in one SQLite file on this computer (node:sqlite). */

import { HaulError } from "../errors.ts";
import type { Lock } from "../local/lock.ts";
import { makePrivate } from "../local/private-file.ts";
import type { Classified, FamilyRange, Kind, Listed, ManifestEntry } from "../model.ts";
import { AdoptionTable } from "./adoption-table.ts";
import type { Adoption, Catalogue, ListingTotals, Planned, RunRecord } from "./catalogue.ts";
import { connect } from "./connect.ts";
import { type Database, fileTrouble } from "./database.ts";
import { holdCatalogue } from "./held.ts";
import { KeptTable, type Renditions } from "./kept-table.ts";
import { ObjectTable } from "./object-table.ts";
import { PlanTable } from "./plan-table.ts";
import { text, textOrNull, whole } from "./rows.ts";
import { placeAside, setAside } from "./set-aside.ts";
import { SettingsTable } from "./settings-table.ts";
import { spread } from "./spread.ts";
import { UnreadTable } from "./unread-table.ts";
import { ZoneTable } from "./zone-table.ts";

/**
 * Opens or makes a catalogue, mode 0600, and holds it for this process until `close`.
 * @param file absolute; its folder is made if missing
 * @param onAside told under which name a damaged file was set aside and a new one begun; absent: that is an error
 * @throws HaulError `locked` when another run uses it, `catalogue` when it is damaged, `catalogue-full` and
 * `catalogue-unwritable`, `usage` where it is of a newer version
 */
export function openCatalogue(file: string, onAside?: (aside: string) => void): Catalogue {
  try {
    return openHere(file, onAside);
  } catch (error) {
    throw fileTrouble(error, file);
  }
}

function openHere(file: string, onAside: ((aside: string) => void) | undefined): Catalogue {
  const lock = holdCatalogue(file);
  try {
    return openOrBegin(file, lock, onAside);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openOrBegin(file: string, lock: Lock, onAside: ((aside: string) => void) | undefined): Catalogue {
  try {
    return openWith(file, lock);
  } catch (error) {
    if (!(error instanceof HaulError) || error.code !== "catalogue") throw error;
    if (onAside === undefined) throw error;
    const aside = placeAside(file, new Date());
    setAside(file, aside);
    onAside(aside);
    return openWith(file, lock);
  }
}

function openWith(file: string, lock: Lock): Catalogue {
  makePrivate(file);
  const db = connect(file);
  try {
    return new SqliteCatalogue(file, db, lock);
  } catch (error) {
    db.close();
    throw error;
  }
}

class SqliteCatalogue implements Catalogue {
  readonly file: string;
  readonly zones: Catalogue["zones"];
  readonly unread: Catalogue["unread"];
  readonly #db: Database;
  readonly #lock: Lock;
  readonly #settings: SettingsTable;
  readonly #objects: ObjectTable;
  readonly #kept: KeptTable;
  readonly #plan: PlanTable;
  #run = 0;

  constructor(file: string, db: Database, lock: Lock) {
    this.file = file;
    this.#db = db;
    this.#lock = lock;
    this.zones = new ZoneTable(db);
    this.unread = new UnreadTable(db);
    this.#settings = new SettingsTable(db);
    this.#objects = new ObjectTable(db);
    this.#kept = new KeptTable(db);
    this.#plan = new PlanTable(db);
    const last = db.prepare("SELECT max(id) AS id FROM runs WHERE keys > 0").get();
    this.#run = last?.id == null ? 0 : whole(last, "id");
  }

  async setting(name: string): Promise<string | null> {
    return this.#settings.get(name);
  }

  async remember(name: string, value: string): Promise<void> {
    this.#settings.set(name, value);
  }

  async settings(beginning: string) {
    return this.#settings.beginning(beginning);
  }

  async startRun(command: string): Promise<number> {
    const result = this.#db
      .prepare("INSERT INTO runs (command, started_at) VALUES (?, ?)")
      .run(command, new Date().toISOString());
    this.#run = Number(result.lastInsertRowid);
    return this.#run;
  }

  async endRun(summary: string): Promise<void> {
    this.#db
      .prepare("UPDATE runs SET ended_at = ?, summary = ? WHERE id = ?")
      .run(new Date().toISOString(), summary, this.#run);
  }

  async runs(limit: number): Promise<readonly RunRecord[]> {
    const rows = this.#db.prepare("SELECT * FROM runs ORDER BY id DESC LIMIT ?").all(limit);
    return rows.map((row) => ({
      id: whole(row, "id"),
      command: text(row, "command"),
      startedAt: text(row, "started_at"),
      endedAt: textOrNull(row, "ended_at"),
      summary: textOrNull(row, "summary"),
    }));
  }

  async addPage(objects: readonly Listed[]): Promise<void> {
    this.#objects.add(objects, this.#run);
    this.#kept.forgetStandIns();
  }

  async finishListing(): Promise<ListingTotals> {
    const totals = this.#objects.totals(this.#run);
    this.#db.prepare("UPDATE runs SET keys = ?, bytes = ? WHERE id = ?").run(totals.keys, totals.bytes, this.#run);
    return totals;
  }

  async listedTotals(): Promise<ListingTotals> {
    return this.#objects.totals(this.#run);
  }

  async previousTotals(): Promise<ListingTotals | null> {
    const row = this.#db
      .prepare("SELECT keys, bytes FROM runs WHERE keys > 0 AND id < ? ORDER BY id DESC LIMIT 1")
      .get(this.#run);
    return row === undefined ? null : { keys: whole(row, "keys"), bytes: whole(row, "bytes") };
  }

  unclassified() {
    return this.#objects.unclassified(this.#run);
  }

  objects(kind?: Kind) {
    return this.#objects.objects(this.#run, kind);
  }

  async classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void> {
    this.#objects.classify(verdicts);
    this.#kept.forgetStandIns();
  }

  async declassify(): Promise<void> {
    this.#objects.declassify();
    this.#kept.forgetStandIns();
  }

  async kinds() {
    return this.#objects.kinds(this.#run);
  }

  async families() {
    return this.#objects.families(this.#run);
  }

  async find(key: string) {
    return this.#objects.find(key, this.#run);
  }

  async siblings(stem: string) {
    return this.#objects.siblings(stem, this.#run);
  }

  async akin(stem: string, longer: boolean) {
    return this.#objects.akin(stem, this.#run, longer);
  }

  unmatched(below: number, ranges: readonly FamilyRange[]) {
    return this.#objects.unmatched(below, ranges, this.#run);
  }

  async duplicates() {
    return this.#objects.duplicates(this.#run, "original");
  }

  candidates(target: string, renditions: Renditions) {
    return this.#kept.candidates(target, this.#run, renditions);
  }

  async keptCount(target: string, renditions: Renditions): Promise<number> {
    return this.#kept.count(target, this.#run, renditions);
  }

  async wantedCount(target: string, renditions: Renditions): Promise<number> {
    return this.#kept.wanted(target, this.#run, renditions);
  }

  async wantedOnAny(targets: readonly string[], renditions: Renditions) {
    return this.#kept.wantedOnAny(targets, this.#run, renditions);
  }

  async missingOriginals(target: string) {
    return this.#kept.missing(target, this.#run, 10);
  }

  async drift(target: string) {
    return this.#kept.drift(target, this.#run);
  }

  async ownerOf(target: string, folded: string): Promise<string | null> {
    return this.#kept.ownerOf(target, folded);
  }

  async clearPlan(target: string): Promise<void> {
    this.#plan.clear(target);
  }

  async addToPlan(target: string, photos: readonly (Planned & { readonly folded: string | null })[]) {
    this.#plan.add(target, photos);
  }

  plan(target: string) {
    return this.#plan.photos(target);
  }

  async spread(count: number): Promise<readonly Listed[]> {
    return spread(this.#db, this.#run, count);
  }

  async keep(target: string, photos: readonly { entry: ManifestEntry; folded: string }[]): Promise<void> {
    this.#kept.keep(target, photos);
  }

  async keptBytes(target: string, key: string, sha256: string): Promise<ManifestEntry | null> {
    return this.#kept.keptBytes(target, key, sha256);
  }

  async *kept(target: string): AsyncGenerator<readonly ManifestEntry[]> {
    yield* this.#kept.kept(target);
  }

  async keptAs(target: string, key: string): Promise<readonly ManifestEntry[]> {
    return this.#kept.keptAs(target, key);
  }

  async keepsOn(target: string): Promise<boolean> {
    return this.#kept.any(target);
  }

  async adoption(target: string): Promise<Adoption> {
    return new AdoptionTable(this.#db, target, this.#run);
  }

  async disown(target: string): Promise<void> {
    this.#kept.disown(target);
  }

  async fail(target: string, key: string, reason: string): Promise<void> {
    this.#kept.fail(target, key, reason);
  }

  async fateOf(target: string, key: string) {
    return this.#kept.fateOf(target, key);
  }

  condemn(): void {
    this.#db.damaged = true;
  }

  async close(): Promise<void> {
    this.#db.close();
    // The next run begins a new one.
    if (this.#db.damaged) setAside(this.file, placeAside(this.file, new Date()));
    this.#lock.release();
  }
}
