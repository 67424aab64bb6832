/** The lines of a manifest as data, while it is held against what is kept, what lies on the target, and the listing. */

import type { DatabaseSync } from "node:sqlite";
import type { ManifestEntry } from "../model.ts";
import type { Adoption, Claim, Differences } from "./catalogue.ts";
import { COMPARING, ComparingTables, NOT_COMPARING } from "./comparing-tables.ts";
import { turn } from "./pages.ts";
import { entryIn, type Row, text, whole } from "./rows.ts";
import { Statements, transaction } from "./statements.ts";

const CHUNK = 1000;

/** By object, so that all that is said of one comes together; nothing of it outlives the adoption. */
const SCHEMA = `
DROP TABLE IF EXISTS adopting;
CREATE TABLE adopting (
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  line INTEGER NOT NULL,
  folded TEXT NOT NULL,
  entry TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  made INTEGER NOT NULL,
  found INTEGER,
  PRIMARY KEY (key, etag, line)
) STRICT, WITHOUT ROWID;
${COMPARING}`;
/** Made once all lines are in: to sort then takes a fifth of the time of keeping order meanwhile. */
const INDEX = "CREATE INDEX IF NOT EXISTS adopting_by_path ON adopting (folded)";

const UNKNOWN = "NOT EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = a.key AND k.etag = a.etag)";

export class AdoptionTable implements Adoption {
  readonly #compared: ComparingTables;
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #target: string;
  readonly #run: number;
  #line = 0;

  constructor(db: DatabaseSync, target: string, run: number) {
    this.#db = db;
    this.#target = target;
    this.#run = run;
    db.exec(SCHEMA);
    this.#statements = new Statements(db);
    this.#compared = new ComparingTables(db, target, run);
  }

  async sum(sums: readonly Pick<ManifestEntry, "path" | "sha256">[]): Promise<void> {
    this.#compared.sum(sums);
  }

  async miss(): Promise<void> {
    this.#compared.miss();
  }

  async differences(): Promise<Differences> {
    return this.#compared.differences();
  }

  unlisted() {
    return this.#compared.unlisted();
  }

  alone() {
    return this.#compared.alone();
  }

  async drop(sum: Pick<ManifestEntry, "path" | "sha256">): Promise<void> {
    this.#compared.drop(sum);
  }

  unsummed() {
    return this.#compared.unsummed();
  }

  missedThere() {
    return this.#compared.missedThere();
  }

  made() {
    return this.#compared.made();
  }

  async enter(
    entries: readonly { entry: ManifestEntry; folded: string }[],
    how: "read" | "made" = "read",
  ): Promise<void> {
    const insert = this.#statements.of(
      "INSERT INTO adopting (key, etag, line, folded, entry, path, sha256, size, made, found) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    const made = Number(how === "made");
    transaction(this.#db, () => {
      for (const { entry, folded } of entries) {
        const { key, etag, path, sha256 } = entry;
        const line = [key, etag, this.#line, folded, JSON.stringify(entry), path, sha256] as const;
        // What is made was made from what lies there.
        insert.run(...line, entry.size, made, made === 1 ? entry.size : null);
        this.#line += 1;
      }
    });
  }

  async seen(files: readonly { readonly folded: string; readonly size: number }[]): Promise<void> {
    this.#db.exec(INDEX);
    const mark = this.#statements.of("UPDATE adopting SET found = ? WHERE folded = ?");
    transaction(this.#db, () => {
      for (const { folded, size } of files) mark.run(size, folded);
    });
    this.#compared.seen(files);
  }

  async *claims(): AsyncGenerator<readonly (readonly Claim[])[]> {
    this.#db.exec(INDEX);
    const page = this.#statements.of(
      `SELECT a.key, a.etag, a.line, a.folded, a.entry, a.found, o.etag AS now_etag, o.size AS now_size,
         EXISTS (SELECT 1 FROM adopting b
           WHERE b.folded = a.folded AND b.line > a.line AND b.sha256 <> a.sha256) AS superseded
       FROM adopting a LEFT JOIN objects o ON o.key = a.key AND o.seen = $run
       WHERE (a.key, a.etag, a.line) > ($key, $etag, $line) AND ${UNKNOWN}
       ORDER BY a.key, a.etag, a.line LIMIT ${CHUNK}`,
    );
    const common = { target: this.#target, run: this.#run };
    let open: Claim[] = [];
    for (let key = "", etag = "", line = -1; ; ) {
      await turn();
      const rows = page.all({ ...common, key, etag, line });
      const last = rows.at(-1);
      if (last === undefined) break;
      const groups = grouped([...open, ...rows.map(claimOf)]);
      open = groups.pop() ?? [];
      yield groups;
      key = text(last, "key");
      etag = text(last, "etag");
      line = whole(last, "line");
    }
    if (open.length > 0) yield [open];
  }

  async *redated(): AsyncGenerator<readonly { entry: ManifestEntry; folded: string }[]> {
    const page = this.#statements.of(
      `SELECT a.key, a.etag, a.folded, a.entry FROM adopting a
       JOIN kept k ON k.target = $target AND k.key = a.key AND k.etag = a.etag
       WHERE (a.key, a.etag) > ($key, $etag) AND k.sha256 = a.sha256 AND k.path = a.path
         AND json_extract(a.entry, '$.captured') IS NOT k.captured
         AND NOT EXISTS (SELECT 1 FROM adopting b
           WHERE b.key = a.key AND b.etag = a.etag AND b.line > a.line)
       ORDER BY a.key, a.etag LIMIT ${CHUNK}`,
    );
    for (let key = "", etag = ""; ; ) {
      await turn();
      const rows = page.all({ target: this.#target, key, etag });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => ({
        entry: entryIn(text(row, "entry")),
        folded: text(row, "folded"),
      }));
      key = text(last, "key");
      etag = text(last, "etag");
    }
  }

  async end(): Promise<void> {
    this.#db.exec(`DROP TABLE IF EXISTS adopting; ${NOT_COMPARING}`);
  }
}

function grouped(claims: readonly Claim[]): Claim[][] {
  const groups: Claim[][] = [];
  for (const claim of claims) {
    const last = groups.at(-1);
    const entry = last?.[0]?.entry;
    const same = entry?.key === claim.entry.key && entry.etag === claim.entry.etag;
    if (last !== undefined && same) last.push(claim);
    else groups.push([claim]);
  }
  return groups;
}

function claimOf(row: Row): Claim {
  const entry = entryIn(text(row, "entry"));
  const { now_etag, now_size } = row;
  return {
    entry,
    folded: text(row, "folded"),
    found: row.found === null ? null : whole(row, "found"),
    superseded: whole(row, "superseded") === 1,
    listed:
      now_etag === null || now_size === null ? null : { etag: text(row, "now_etag"), size: whole(row, "now_size") },
  };
}
