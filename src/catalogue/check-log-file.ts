/** The file of a check log: of this version and whole, else a new one, since its loss costs no more than the turn. */

import { lstatSync } from "node:fs";
import { HaulError } from "../errors.ts";
import { makePrivate } from "../local/private-file.ts";
import { Database } from "./database.ts";
import { one, text, whole } from "./rows.ts";
import { placeAside, setAside } from "./set-aside.ts";

const VERSION = 3;

/** `rank` is 0 for what was damaged when it was read last; `checked`, `seen` and `summed` are runs, which no clock can turn back. */
const SCHEMA = `
CREATE TABLE photos (
  path TEXT PRIMARY KEY,
  folded TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  etag TEXT NOT NULL DEFAULT '',
  line INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  summed INTEGER NOT NULL DEFAULT 0,
  checked INTEGER NOT NULL,
  checked_at TEXT,
  condition TEXT,
  rank INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX photos_by_age ON photos (rank, checked, path);
CREATE INDEX photos_by_name ON photos (folded);
CREATE INDEX photos_by_bytes ON photos (sha256);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  share INTEGER,
  summary TEXT
) STRICT;
`;

/** From each version to the next. */
const CHANGES = [
  "ALTER TABLE photos ADD COLUMN etag TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE photos ADD COLUMN summed INTEGER NOT NULL DEFAULT 0",
];

/**
 * Opens or makes the file. One that is damaged is set aside: what it says wrongly could keep a photo from being read.
 * @param file "" for one in memory and temporary files
 * @param onAside told under which name a damaged one is kept
 * @throws HaulError `usage` where it is of a newer version; `locked`, `catalogue-unwritable` and `catalogue-full`
 */
export function openLogFile(file: string, onAside: (aside: string) => void): Database {
  try {
    return openWhole(file);
  } catch (error) {
    if (!(error instanceof HaulError) || error.code !== "catalogue" || file === "") throw error;
    const aside = placeAside(file, new Date());
    setAside(file, aside);
    onAside(aside);
    return openWhole(file);
  }
}

function openWhole(file: string): Database {
  if (file !== "") {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isFile() === false) throw damaged(file, "it is no file");
    makePrivate(file);
  }
  const db = new Database(file);
  try {
    const isNew = bringUp(db, file);
    if (!isNew) mustBeSound(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @returns true where it was made just now */
function bringUp(db: Database, file: string): boolean {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;");
  const version = whole(one(db.prepare("PRAGMA user_version").get()), "user_version");
  if (version > VERSION) throw new HaulError("usage", `${file} was written by a newer photohaul`);
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const there = tables.map((row) => text(row, "name"));
  const isNew = version === 0 && there.length === 0;
  const hasBoth = there.includes("photos") && there.includes("runs");
  if (!isNew && (version <= 0 || !hasBoth)) throw damaged(file, "a table or its version is gone");
  const changes = isNew ? [SCHEMA] : CHANGES.slice(version - 1);
  if (changes.length > 0) db.exec(`BEGIN; ${changes.join("; ")}; PRAGMA user_version = ${VERSION}; COMMIT;`);
  return isNew;
}

/**
 * What SQLite finds right can still keep a photo from being read: a turn that is yet to come, or a rank that is none.
 * @throws HaulError `catalogue`
 */
function mustBeSound(db: Database, file: string): void {
  const [checked] = db.prepare("PRAGMA quick_check(1)").all();
  if (text(one(checked), "quick_check") !== "ok") throw damaged(file, "SQLite finds it malformed");
  const rows = db
    .prepare(
      `SELECT (SELECT count(*) FROM photos, (SELECT coalesce(max(id), 0) AS last FROM runs)
           WHERE rank NOT IN (0, 1) OR size < 0 OR checked NOT BETWEEN 0 AND last OR max(seen, summed) > last
             OR (checked_at IS NOT NULL AND julianday(checked_at) IS NULL)
             OR (checked = 0) <> (checked_at IS NULL))
         + (SELECT count(*) FROM runs WHERE julianday(started_at) IS NULL OR id NOT BETWEEN 1 AND 1e9) AS odd`,
    )
    .get();
  if (whole(one(rows), "odd") > 0) throw damaged(file, "it says what no run wrote");
}

function damaged(file: string, how: string): HaulError {
  return new HaulError("catalogue", `${file} is damaged: ${how}`);
}
