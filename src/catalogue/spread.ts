/** A few objects from everywhere: where many that come one after the other fail, others say whether all would. */

import type { DatabaseSync } from "node:sqlite";
import type { Listed } from "../model.ts";
import { inArrays, LISTED_COLUMNS, listedOf, one, whole } from "./rows.ts";

const COLUMNS = LISTED_COLUMNS.replaceAll(/\w+/g, "o.$&");
/** Of this run's listing: what is planned, and what is kept as it is listed. */
const KINDS = [
  "o.key IN (SELECT key FROM planned)",
  "EXISTS (SELECT 1 FROM kept k WHERE k.key = o.key AND k.etag = o.etag AND k.target IN (SELECT DISTINCT target FROM kept))",
];

/**
 * Reads the whole listing: for what happens once a run.
 * @param count of each kind, at most
 * @param random a number in [0, 1): where to begin, so that each night others are asked
 */
export function spread(db: DatabaseSync, run: number, count: number, random = Math.random()): Listed[] {
  return KINDS.flatMap((kind) => {
    const of = `FROM objects o WHERE o.seen = ? AND ${kind}`;
    const all = whole(one(db.prepare(`SELECT count(*) AS n ${of}`).get(run)), "n");
    const step = Math.max(1, Math.floor(all / count));
    const numbered = `SELECT ${COLUMNS}, row_number() OVER (ORDER BY o.modified, o.key) AS n ${of}`;
    const every = db.prepare(`SELECT ${LISTED_COLUMNS} FROM (${numbered}) WHERE n % ? = ? LIMIT ?`);
    return inArrays(every)
      .all(run, step, Math.floor(random * step), count)
      .map(listedOf);
  });
}
