/** Opens the database of a catalogue: of this version, with all its tables, or new. */

import { statSync } from "node:fs";
import { HaulError } from "../errors.ts";
import { Database } from "./database.ts";
import { text, whole } from "./rows.ts";
import { PRAGMAS, SCHEMA, SCHEMA_VERSION, TABLES } from "./schema.ts";

/**
 * @throws HaulError `catalogue` when it is damaged, `usage` when it is of a newer version or another program's, which is
 * left as it is; what SQLite says otherwise
 */
export function connect(file: string): Database {
  const db = new Database(file);
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    const there = tablesIn(db);
    mustBeOurs(there, file);
    db.exec(PRAGMAS);
    const version = whole(db.prepare("PRAGMA user_version").get() ?? {}, "user_version");
    if (version > SCHEMA_VERSION) {
      const says = `${file} was written by a newer photohaul: use that one, or name another --catalogue`;
      throw new HaulError("usage", says);
    }
    if (there.size === 0) db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    else mustHaveTables(there, file);
    if (version === 0 && there.size > 0) throw damaged(file, "it does not say its version");
    if (there.size > 0) mustBeWhole(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function tablesIn(db: Database): ReadonlySet<string> {
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const names = rows.map((row) => text(row, "name"));
  return new Set(names.filter((name) => !name.startsWith("sqlite_")));
}

/** @throws HaulError `usage` */
function mustBeOurs(there: ReadonlySet<string>, file: string): void {
  if (there.size === 0 || TABLES.some((table) => there.has(table))) return;
  const says = `${file} is the database of another program, and is left as it is: name another --catalogue`;
  throw new HaulError("usage", says);
}

/** @throws HaulError `catalogue` */
function mustHaveTables(there: ReadonlySet<string>, file: string): void {
  const missing = TABLES.filter((table) => !there.has(table));
  if (missing.length > 0) throw damaged(file, `it has no ${missing.join(", ")} any more`);
}

/**
 * So large a file is looked through before it is used, so that one that rotted is rebuilt by the run that finds it; it
 * takes 0.3 ms a megabyte (measured). What rotted in a larger one is found when it is read.
 */
const LOOKED_THROUGH = 128 * 1024 * 1024;

/** @throws HaulError `catalogue` */
function mustBeWhole(db: Database, file: string): void {
  if (statSync(file).size > LOOKED_THROUGH) return;
  const said = text(db.prepare("PRAGMA quick_check(1)").get() ?? {}, "quick_check");
  if (said !== "ok") throw damaged(file, said.replace(/\s+/g, " "));
}

function damaged(file: string, how: string): HaulError {
  return new HaulError("catalogue", `the catalogue ${file} is damaged: ${how}`);
}
