/**
 * The tables of the catalogue. Keys are TEXT under BINARY collation, so SQLite compares their UTF-8 bytes,
 * as S3 orders them. `seen` is the run that last listed an object: nothing is ever deleted from `objects`,
 * so "gone" is a question about `seen`, asked only after a whole listing.
 */

import type { DatabaseSync } from "node:sqlite";

export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  keys INTEGER,
  bytes INTEGER,
  summary TEXT
) STRICT;

CREATE TABLE objects (
  key TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified TEXT NOT NULL,
  storage_class TEXT NOT NULL,
  version TEXT,
  seen INTEGER NOT NULL,
  judged INTEGER,
  kind TEXT,
  family TEXT,
  stem TEXT,
  rank INTEGER,
  reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE stand_ins (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (target, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  path TEXT NOT NULL,
  folded TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  captured TEXT,
  modified TEXT NOT NULL,
  stored_at TEXT NOT NULL,
  PRIMARY KEY (target, key, etag)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_by_path ON kept (target, folded);

CREATE TABLE failures (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (target, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE planned (
  target TEXT NOT NULL,
  modified TEXT NOT NULL,
  key TEXT NOT NULL,
  path TEXT,
  folded TEXT,
  fallback INTEGER NOT NULL,
  replaces INTEGER NOT NULL,
  PRIMARY KEY (target, modified, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX planned_by_path ON planned (target, folded) WHERE folded IS NOT NULL;
`;

export const TABLES: readonly string[] = [...SCHEMA.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = ""]) => name);

/**
 * What belongs to one photo. Made when it is first asked for, which is after a first listing was classified: to
 * sort it then takes a fifth of the time of keeping it in order meanwhile.
 */
const STEM_INDEX = "CREATE INDEX IF NOT EXISTS objects_by_stem ON objects (stem, kind) WHERE stem IS NOT NULL";

/** To be called before a question about stems; costs microseconds where the index is there. */
export function indexStems(db: DatabaseSync): void {
  db.exec(STEM_INDEX);
}

/**
 * WAL with synchronous=NORMAL: a power cut may take back the newest commits but never mixes them up; a
 * photo whose row was taken back is found on the target again as the same bytes. A page of 8 kB holds 40 objects:
 * to decide about them takes three quarters of the CPU that it takes with the usual 4 kB (measured). Of a new catalogue
 * only, and to be said before all else. 64 MB go into the WAL before they are copied, with two waits for the disk,
 * into the file. What does not fit into the cache is sorted on the disk, in SQLite's own temporary files: to sort the stems of
 * ten million keys in memory took a run to 1.3 GB; so it takes 80 MB and 8 s (measured).
 */
export const PRAGMAS = `
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -16000;
PRAGMA temp_store = FILE;
PRAGMA wal_autocheckpoint = 8000;
PRAGMA busy_timeout = 5000;
`;
