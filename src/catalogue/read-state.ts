/** What `status` tells of catalogues and check logs: read without taking them, also while a run writes to them. */

import { DatabaseSync } from "node:sqlite";
import { mustBeFile } from "../local/files.ts";
import { COPY_SETTING, type RunRecord, SEEN_SETTING, SERVICE_SETTING, TARGET_SETTING } from "./catalogue.ts";
import { one, text, textOrNull, whole } from "./rows.ts";
import { LAST_RUNS, LISTED_SINCE, runOf } from "./settings-runs.ts";
import { type CopyRecord, type Location, parseCopy, parseSeen, type SeenRecord } from "./target-memory.ts";

export interface KeptOn {
  /** As it was typed last. */
  readonly target: string;
  /** Other names under which it was used. */
  readonly also: readonly string[];
  readonly id: string;
  /** Where it lies; null where an earlier version used it last. */
  readonly location: Location | null;
  readonly photos: number;
  readonly bytes: number;
  /** True where they lie sealed. */
  readonly isSealed: boolean;
  /** Null where an earlier version ran last. */
  readonly seen: SeenRecord | null;
  /** Photos of the source that could not be kept when they were tried last, with the first few. */
  readonly failed: number;
  readonly failures: readonly {
    readonly key: string;
    readonly reason: string;
    readonly at: string;
  }[];
}

export interface CatalogueState {
  readonly file: string;
  /** Where the service of the source answers; null for AWS itself, and where an earlier version ran last. */
  readonly service: string | null;
  /** The newest first. */
  readonly runs: readonly RunRecord[];
  readonly targets: readonly KeptOn[];
  /** When the last of what an archive was asked for is to be there; null where nothing waits, or nobody told. */
  readonly readyBy: string | null;
  /** False where no run ever got as far as the first keys of the source. */
  readonly listed: boolean;
}

/** Runs that are looked through for the last one that went well. */
const RUNS = 1000;
const FAILURES = 5;

/**
 * What failed and is gone from the source since is nothing that a run could mend, so it is not told any more. Gone
 * is only what the last whole listing, and the one that goes on, did not name.
 */
const STILL_FAILED = `FROM failures f WHERE f.target = ? AND EXISTS
  (SELECT 1 FROM objects o WHERE o.key = f.key AND o.seen >=
    coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = '${LISTED_SINCE}'),
      (SELECT max(id) FROM runs WHERE keys IS NOT NULL), 0))`;

/** Null when there is no catalogue in this file that can be read. */
export function readCatalogueState(file: string): CatalogueState | null {
  return reading(file, (db) => {
    const runs = db.prepare(`${LAST_RUNS} LIMIT ${RUNS}`).all().map(runOf);
    const listed = ["objects", "waiting"].some((table) => anyIn(db, table));
    const service = db.prepare("SELECT value FROM settings WHERE name = ?").get(SERVICE_SETTING);
    return {
      file,
      service: service === undefined ? null : text(service, "value") || null,
      runs,
      targets: targetsOf(db),
      readyBy: readyBy(db),
      listed,
    };
  });
}

function readyBy(db: DatabaseSync): string | null {
  if (!anyIn(db, "archive")) return null;
  const last = db.prepare(
    `SELECT max(a.ready_by) AS last FROM archive a WHERE a.state = 'ongoing'
     AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.key = a.key AND k.etag = a.etag)`,
  );
  return textOrNull(one(last.get()), "last");
}

/** False too where an earlier version wrote the file, and has no such table. */
function anyIn(db: DatabaseSync, table: string): boolean {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table);
  return known !== undefined && db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
}

/** Null where there is no file that can be read, whatever the reason: who writes to it says why. */
function reading<T>(file: string, read: (db: DatabaseSync) => T | null): T | null {
  let db: DatabaseSync | null = null;
  try {
    mustBeFile(file, file);
    db = new DatabaseSync(file, { readOnly: true });
    return read(db);
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

/** Each copy once, however many names it was used under. */
function targetsOf(db: DatabaseSync): KeptOn[] {
  const kept = db.prepare(
    // Under one name lies one photo, by however many ETags it is known.
    "SELECT count(*) AS photos, total(size) AS bytes FROM (SELECT max(size) AS size FROM kept WHERE target = ? GROUP BY folded)",
  );
  // An earlier version knew of no such thing.
  const knows = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sealed'").get() !== undefined;
  const sealed = knows ? db.prepare("SELECT 1 FROM sealed WHERE target = ? LIMIT 1") : null;
  const failed = db.prepare(`SELECT count(*) AS photos ${STILL_FAILED}`);
  const first = db.prepare(`SELECT f.key, f.reason, f.at ${STILL_FAILED} ORDER BY f.at DESC, f.key LIMIT ${FAILURES}`);
  return [...namesOf(db)].map(([id, { names, record, seen }]) => {
    const sums = one(kept.get(id));
    const target = names.find((name) => name === record?.name) ?? names[0] ?? "";
    return {
      target,
      also: names.filter((name) => name !== target),
      id,
      location: record?.location ?? null,
      photos: whole(sums, "photos"),
      bytes: whole(sums, "bytes"),
      isSealed: sealed?.get(id) !== undefined,
      seen,
      failed: whole(one(failed.get(id)), "photos"),
      failures: first.all(id).map((row) => ({
        key: text(row, "key"),
        reason: text(row, "reason"),
        at: text(row, "at"),
      })),
    };
  });
}

interface Named {
  readonly names: string[];
  readonly record: CopyRecord | null;
  readonly seen: SeenRecord | null;
}

/** The copies of the settings, in the order of their first names. */
function namesOf(db: DatabaseSync): Map<string, Named> {
  const settings = db
    .prepare("SELECT name, value FROM settings ORDER BY name")
    .all()
    .map((row) => ({ name: text(row, "name"), value: text(row, "value") }));
  const records = new Map(settings.map(({ name, value }) => [name, value]));
  const found = new Map<string, Named>();
  for (const { name, value: id } of settings) {
    if (!name.startsWith(TARGET_SETTING)) continue;
    const record = parseCopy(records.get(COPY_SETTING + id) ?? null);
    const seen = parseSeen(records.get(SEEN_SETTING + id) ?? null);
    const named = found.get(id) ?? { names: [], record, seen };
    named.names.push(name.slice(TARGET_SETTING.length));
    found.set(id, named);
  }
  return found;
}

/** Of a target, as far as its check log knows. */
export interface CheckState {
  readonly target: string;
  readonly photos: number;
  readonly bytes: number;
  readonly never: number;
  readonly damaged: number;
  readonly oldestCheck: string | null;
  readonly last: { readonly at: string; readonly summary: string } | null;
}

/** Null when there is no log in this file that can be read. */
export function readCheckState(file: string): CheckState | null {
  return reading(file, (db) => {
    const run = db.prepare("SELECT id, target FROM runs ORDER BY id DESC LIMIT 1").get();
    if (run === undefined) return null;
    const sums = one(
      db
        .prepare(
          `SELECT count(*) AS photos, total(size) AS bytes, coalesce(sum(checked = 0), 0) AS never,
             coalesce(sum(rank = 0), 0) AS damaged, min(checked_at) AS oldest FROM photos
           WHERE seen = (SELECT max(seen) FROM photos)`,
        )
        .get(),
    );
    const last = db
      .prepare("SELECT ended_at, summary FROM runs WHERE summary IS NOT NULL ORDER BY id DESC LIMIT 1")
      .get();
    const never = whole(sums, "never");
    return {
      target: text(run, "target"),
      photos: whole(sums, "photos"),
      bytes: whole(sums, "bytes"),
      never,
      damaged: whole(sums, "damaged"),
      oldestCheck: never > 0 ? null : textOrNull(sums, "oldest"),
      last: last === undefined ? null : { at: text(last, "ended_at"), summary: text(last, "summary") },
    };
  });
}
