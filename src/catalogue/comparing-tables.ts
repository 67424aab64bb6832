/**
 * The lists of a target held against each other and against what is remembered of it, as data: a manifest of millions
 * of lines does not fit into memory. Beside the lines of the manifest (adoption-table.ts) stand those of SHA256SUMS
 * and the photos that are remembered as kept and that no line names.
 */

import type { DatabaseSync } from "node:sqlite";
import type { ManifestEntry } from "../model.ts";
import type { Alone, Differences, Unlisted } from "./catalogue.ts";
import { turn } from "./pages.ts";
import { entryIn, entryOf, one, type Row, text, textOrNull, whole } from "./rows.ts";
import { Statements, transaction } from "./statements.ts";

const CHUNK = 1000;

export const NOT_COMPARING = "DROP TABLE IF EXISTS summed; DROP TABLE IF EXISTS missed;";
/** `line` is the last of those that say the same. */
export const COMPARING = `${NOT_COMPARING}
CREATE TABLE summed (
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (path, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE missed (
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  folded TEXT NOT NULL,
  found INTEGER,
  PRIMARY KEY (key, etag)
) STRICT, WITHOUT ROWID;
CREATE INDEX missed_by_path ON missed (folded);
`;
const INDEX = "CREATE INDEX IF NOT EXISTS adopting_by_bytes ON adopting (path, sha256)";

const LISTED = "EXISTS (SELECT 1 FROM adopting a WHERE a.path = s.path AND a.sha256 = s.sha256)";
const SUMMED = "EXISTS (SELECT 1 FROM summed s WHERE s.path = a.path AND s.sha256 = a.sha256)";
/** A file of that size under that name is the photo, unless a line of the manifest gives the name to other bytes. */
const THERE = `(m.found = k.size AND NOT EXISTS
  (SELECT 1 FROM adopting a WHERE a.path = k.path AND a.sha256 <> k.sha256))`;
const MISSED = "FROM missed m JOIN kept k ON k.target = $target AND k.key = m.key AND k.etag = m.etag";

type Sum = Pick<ManifestEntry, "path" | "sha256">;

export class ComparingTables {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #target: string;
  readonly #run: number;
  #line = 0;

  constructor(db: DatabaseSync, target: string, run: number) {
    this.#db = db;
    this.#statements = new Statements(db);
    this.#target = target;
    this.#run = run;
  }

  sum(sums: readonly Sum[]): void {
    const insert = this.#statements.of("INSERT OR REPLACE INTO summed (path, sha256, line) VALUES (?, ?, ?)");
    transaction(this.#db, () => {
      for (const { path, sha256 } of sums) {
        insert.run(path, sha256, this.#line);
        this.#line += 1;
      }
    });
  }

  /** A line of other bytes, or whose date was left out, does not count: what is remembered was right once. */
  miss(): void {
    this.#db
      .prepare(
        `INSERT INTO missed (key, etag, folded) SELECT k.key, k.etag, k.folded FROM kept k
         WHERE k.target = $target AND NOT EXISTS (SELECT 1 FROM adopting a WHERE a.key = k.key AND a.etag = k.etag
           AND a.path = k.path AND a.sha256 = k.sha256 AND a.size = k.size AND (k.captured IS NULL OR a.entry NOT LIKE '%"captured":null%'))`,
      )
      .run({ target: this.#target });
  }

  seen(files: readonly { readonly folded: string; readonly size: number }[]): void {
    const mark = this.#statements.of("UPDATE missed SET found = ? WHERE folded = ?");
    transaction(this.#db, () => {
      for (const { folded, size } of files) mark.run(size, folded);
    });
  }

  differences(): Differences {
    this.#db.exec(INDEX);
    const count = (sql: string, values: Record<string, string | number> = {}) =>
      whole(one(this.#db.prepare(`SELECT count(*) AS n ${sql}`).get(values)), "n");
    const { target, run } = { target: this.#target, run: this.#run };
    const last = `(SELECT coalesce(max(s.line), -1) FROM summed s WHERE ${LISTED})`;
    const gone = "NOT EXISTS (SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen = $run)";
    return {
      unlisted: count(`FROM summed s WHERE NOT ${LISTED}`),
      unlistedAtEnd: count(`FROM summed s WHERE NOT ${LISTED} AND s.line > ${last}`),
      unsummed: count(`FROM (SELECT DISTINCT a.path, a.sha256 FROM adopting a WHERE NOT ${SUMMED})`),
      missed: count("FROM missed"),
      missedThere: count(`${MISSED} WHERE ${THERE}`, { target }),
      lost: count(`${MISSED} WHERE ${THERE} IS NOT TRUE AND ${gone}`, { target, run }),
    };
  }

  async *unlisted(): AsyncGenerator<readonly Unlisted[]> {
    const page = this.#statements.of(
      `SELECT s.path, s.sha256, EXISTS (SELECT 1 FROM objects o WHERE o.key = s.path AND o.seen = $run) AS listed,
         EXISTS (SELECT 1 FROM adopting a WHERE a.path = s.path) AS contested
       FROM summed s WHERE (s.path, s.sha256) > ($path, $sha256) AND NOT ${LISTED}
       ORDER BY s.path, s.sha256 LIMIT ${CHUNK}`,
    );
    yield* this.#pages(
      ({ path, sha256 }) => page.all({ path, sha256, run: this.#run }),
      (row) => ({
        ...sumOf(row),
        listed: whole(row, "listed") === 1,
        contested: whole(row, "contested") === 1,
      }),
    );
  }

  async *alone(): AsyncGenerator<readonly Alone[]> {
    const page = this.#statements.of(
      `SELECT DISTINCT a.path, a.sha256, (SELECT s.sha256 FROM summed s WHERE s.path = a.path LIMIT 1) AS other
       FROM adopting a WHERE (a.path, a.sha256) > ($path, $sha256) AND a.made = 0 AND NOT ${SUMMED}
       ORDER BY a.path, a.sha256 LIMIT ${CHUNK}`,
    );
    yield* this.#pages(
      ({ path, sha256 }) => page.all({ path, sha256 }),
      (row) => ({ ...sumOf(row), other: textOrNull(row, "other") }),
    );
  }

  drop({ path, sha256 }: Sum): void {
    this.#statements.of("DELETE FROM adopting WHERE path = ? AND sha256 = ?").run(path, sha256);
  }

  async *unsummed(): AsyncGenerator<Sum> {
    const page = this.#statements.of(
      `SELECT DISTINCT a.path, a.sha256 FROM adopting a
       WHERE (a.path, a.sha256) > ($path, $sha256) AND NOT ${SUMMED}
       ORDER BY a.path, a.sha256 LIMIT ${CHUNK}`,
    );
    const pages = this.#pages(({ path, sha256 }) => page.all({ path, sha256 }), sumOf);
    for await (const chunk of pages) yield* chunk;
  }

  async *missedThere(): AsyncGenerator<readonly { entry: ManifestEntry; folded: string }[]> {
    const page = this.#statements.of(
      `SELECT k.* ${MISSED} WHERE (m.key, m.etag) > ($key, $etag) AND ${THERE}
       ORDER BY m.key, m.etag LIMIT ${CHUNK}`,
    );
    for (let after = { key: "", etag: "" }; ; ) {
      await turn();
      const rows = page.all({ ...after, target: this.#target });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => ({ entry: entryOf(row), folded: text(row, "folded") }));
      after = { key: text(last, "key"), etag: text(last, "etag") };
    }
  }

  async *made(): AsyncGenerator<ManifestEntry> {
    const page = this.#statements.of(
      `SELECT line, entry FROM adopting WHERE made = 1 AND line > ? ORDER BY line LIMIT ${CHUNK}`,
    );
    for (let line = -1; ; ) {
      await turn();
      const rows = page.all(line);
      const last = rows.at(-1);
      if (last === undefined) return;
      for (const row of rows) yield entryIn(text(row, "entry"));
      line = whole(last, "line");
    }
  }

  async *#pages<T extends Sum>(
    pageAfter: (after: Sum) => readonly Row[],
    read: (row: Row) => T,
  ): AsyncGenerator<readonly T[]> {
    for (let after: Sum = { path: "", sha256: "" }; ; ) {
      await turn();
      const rows = pageAfter(after).map(read);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last;
    }
  }
}

function sumOf(row: Row): Sum {
  return { path: text(row, "path"), sha256: text(row, "sha256") };
}
