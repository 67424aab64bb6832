/** Opens the database of a catalogue: of this version, with all its tables, or new. */

import { HaulError } from "../errors.ts";
import { Database } from "./database.ts";
import { whole } from "./rows.ts";
import { PRAGMAS, SCHEMA, SCHEMA_VERSION, TABLES } from "./schema.ts";

/** @throws HaulError `catalogue` when it is damaged, `usage` when it is of a newer version; what SQLite says otherwise */
export function connect(file: string): Database {
  const db = new Database(file);
  try {
    db.exec(PRAGMAS);
    const version = whole(db.prepare("PRAGMA user_version").get() ?? {}, "user_version");
    if (version > SCHEMA_VERSION) {
      const says = `${file} was written by a newer photohaul: use that one, or name another --catalogue`;
      throw new HaulError("usage", says);
    }
    if (version === 0) db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    mustHaveTables(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @throws HaulError `catalogue` */
function mustHaveTables(db: Database, file: string): void {
  const there = new Set(
    db
      .prepare("SELECT name FROM sqlite_master")
      .all()
      .map(({ name }) => name),
  );
  const missing = TABLES.filter((table) => !there.has(table));
  if (missing.length === 0) return;
  const says = `the catalogue ${file} is damaged: it has no ${missing.join(", ")} any more`;
  throw new HaulError("catalogue", says);
}
