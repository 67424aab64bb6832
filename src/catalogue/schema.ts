/**
 * The tables of the catalogue. Keys are TEXT under BINARY collation, so SQLite compares their UTF-8 bytes,
 * as S3 orders them. `seen` is the run that last listed an object, or 0 once a whole listing did not: nothing is ever
 * deleted from `objects`, so "gone" is a question about `seen`, asked only after a whole listing. Objects of `pages` that
 * a run finds unchanged are not touched: what was seen since the last listing from the beginning is listed. What was
 * never listed before is in `waiting` first, and in `objects` when somebody needs rows; a key is in one of them only.
 */

import type { Database } from "./database.ts";
import type { Form } from "./database-file.ts";
import { ENTRY_SCHEMA } from "./rows.ts";

/** What photos are that lie sealed on a target (sealed-lines.ts). */
export const SEALED = `CREATE TABLE sealed (
  target TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  size INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (target, path, sha256)
) STRICT, WITHOUT ROWID;
`;

/** The pages of a first listing, until their objects are rows, and what was decided about each page. */
const WAITING = `
CREATE TABLE waiting (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  keys INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE waiting_verdicts (
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;
`;

const SCHEMA = `
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

CREATE TABLE pages (
  after TEXT PRIMARY KEY,
  last TEXT NOT NULL,
  keys INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

${WAITING}
CREATE TABLE stand_ins (
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (target, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
  target TEXT NOT NULL,${ENTRY_SCHEMA},
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
${SEALED}`;

/** What a version 1 did not keep of a manifest's lines is read from them once more: these settings say so. */
export const REREAD_SETTING = "reread ";

const CHANGES = [
  `ALTER TABLE kept ADD COLUMN target_etag TEXT;
  ALTER TABLE kept ADD COLUMN original TEXT;
  INSERT INTO settings (name, value) SELECT DISTINCT '${REREAD_SETTING}' || target, 'yes' FROM kept;
  DROP TABLE IF EXISTS adopting; DROP TABLE IF EXISTS summed; DROP TABLE IF EXISTS missed;`,
  `CREATE TABLE pages (after TEXT PRIMARY KEY, last TEXT NOT NULL, keys INTEGER NOT NULL, bytes INTEGER NOT NULL,
    digest TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  SEALED,
  WAITING,
];

/**
 * So large a file is looked through before it is used, so that one that rotted is rebuilt by the run that finds it; it
 * takes 0.3 ms a megabyte (measured). What rotted in a larger one is found when it is read.
 */
const LOOKED_THROUGH = 128 * 1024 * 1024;

export const CATALOGUE: Form = {
  schema: SCHEMA,
  changes: CHANGES,
  ifNewer: ": use that one, or name another --catalogue",
  checkedUpTo: LOOKED_THROUGH,
  isPrivate: false,
};

/**
 * What belongs to one photo. Made when it is first asked for, which is after a first listing was classified: to
 * sort it then takes a fifth of the time of keeping it in order meanwhile.
 */
const STEM_INDEX = "CREATE INDEX IF NOT EXISTS objects_by_stem ON objects (stem, kind) WHERE stem IS NOT NULL";

/** To be called before a question about stems; costs microseconds where the index is there. */
export function indexStems(db: Database): void {
  db.exec(STEM_INDEX);
}
