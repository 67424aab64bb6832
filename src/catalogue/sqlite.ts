/** The catalogue in one SQLite file on this computer (node:sqlite). */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { HaulError } from "../errors.ts";
import { holdLock, type Lock, sqliteCode } from "../lock.ts";
import type { Classified, Kind, Listed, ManifestEntry } from "../model.ts";
import { makePrivate } from "../private-file.ts";
import type { Catalogue, ListingTotals, Planned, RunRecord } from "./catalogue.ts";
import { KeptTable, type Renditions } from "./kept-table.ts";
import { ObjectTable } from "./object-table.ts";
import { PlanTable } from "./plan-table.ts";
import { text, textOrNull, whole } from "./rows.ts";
import { PRAGMAS, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

const CORRUPT = 11;
const NOT_A_DATABASE = 26;
/** Primary result codes of SQLite that are about the place and not about what is in it (sqlite.org/rescode.html). */
const UNWRITABLE = new Set([8, 10, 13, 14]);

/**
 * Opens or makes a catalogue, mode 0600, and holds it for this process until `close`.
 * @param file absolute; its folder is made if missing
 * @throws HaulError `locked` when another run uses it, `catalogue` when it is damaged or of a newer version,
 * `usage` where it cannot be written
 */
export function openCatalogue(file: string): Catalogue {
  try {
    return openHere(file);
  } catch (error) {
    throw placeTrouble(error, file);
  }
}

function openHere(file: string): Catalogue {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = holdLock(`${file}.lock`, `the catalogue ${file}`);
  try {
    makePrivate(file);
    return new SqliteCatalogue(file, connect(file), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A home that is not ours or a full disk is no bug: people have to name another place. */
function placeTrouble(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof HaulError) return error;
  const ofSystem = "syscall" in error;
  if (!ofSystem && !UNWRITABLE.has(sqliteCode(error))) return error;
  const says = `the catalogue ${file} cannot be written (${error.message}). Name another place with --catalogue FILE or in XDG_STATE_HOME`;
  return new HaulError("usage", says, { cause: error });
}

function connect(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec(PRAGMAS);
    const version = whole(db.prepare("PRAGMA user_version").get() ?? {}, "user_version");
    if (version > SCHEMA_VERSION) {
      throw new HaulError("catalogue", `${file} was written by a newer photohaul`);
    }
    if (version === 0) db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    return db;
  } catch (error) {
    db.close();
    const code = sqliteCode(error);
    if (code === CORRUPT || code === NOT_A_DATABASE) {
      throw new HaulError("catalogue", `${file} is damaged`, { cause: error });
    }
    throw error;
  }
}

class SqliteCatalogue implements Catalogue {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #lock: Lock;
  readonly #objects: ObjectTable;
  readonly #kept: KeptTable;
  readonly #plan: PlanTable;
  #run = 0;

  constructor(file: string, db: DatabaseSync, lock: Lock) {
    this.file = file;
    this.#db = db;
    this.#lock = lock;
    this.#objects = new ObjectTable(db);
    this.#kept = new KeptTable(db);
    this.#plan = new PlanTable(db);
    const last = db.prepare("SELECT max(id) AS id FROM runs WHERE keys > 0").get();
    this.#run = last?.id == null ? 0 : whole(last, "id");
  }

  async setting(name: string): Promise<string | null> {
    const row = this.#db.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? null : text(row, "value");
  }

  async remember(name: string, value: string): Promise<void> {
    this.#db
      .prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
      .run(name, value);
  }

  async settings(beginning: string) {
    const rows = this.#db.prepare("SELECT name, value FROM settings ORDER BY name").all();
    return rows
      .map((row) => ({ name: text(row, "name"), value: text(row, "value") }))
      .filter(({ name }) => name.startsWith(beginning));
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
    this.#db
      .prepare("UPDATE runs SET keys = ?, bytes = ? WHERE id = ?")
      .run(totals.keys, totals.bytes, this.#run);
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

  unmatched(below: number) {
    return this.#objects.unmatched(below, this.#run);
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

  async addToPlan(
    target: string,
    photos: readonly (Planned & { readonly folded: string | null })[],
  ) {
    this.#plan.add(target, photos);
  }

  plan(target: string) {
    return this.#plan.photos(target);
  }

  async keep(
    target: string,
    photos: readonly { entry: ManifestEntry; folded: string }[],
  ): Promise<void> {
    this.#kept.keep(target, photos);
  }

  async keptBytes(target: string, key: string, sha256: string): Promise<ManifestEntry | null> {
    return this.#kept.keptBytes(target, key, sha256);
  }

  async keptAs(target: string, key: string): Promise<readonly ManifestEntry[]> {
    return this.#kept.keptAs(target, key);
  }

  async fail(target: string, key: string, reason: string): Promise<void> {
    this.#kept.fail(target, key, reason);
  }

  async fateOf(target: string, key: string) {
    return this.#kept.fateOf(target, key);
  }

  async close(): Promise<void> {
    this.#db.close();
    this.#lock.release();
  }
}
