/** What is kept on which target, and what of this run's listing is not. */

import type { DatabaseSync } from "node:sqlite";
import type { ManifestEntry } from "../model.ts";
import type { Candidate, Drift, Fate } from "./catalogue.ts";
import { inPages } from "./pages.ts";
import { AFTER_OBJECT, entryOf, inArrays, OBJECT_COLUMNS, objectOf, one, text, whole } from "./rows.ts";
import { indexStems } from "./schema.ts";
import { Statements, transaction } from "./statements.ts";
import { ZoneLending } from "./zone-lending.ts";

export type Renditions = "skip" | "fallback" | "keep";

const CHUNK = 1000;

/** Objects that must be restored before they can be read; a listing does not say whether they were. */
const archived = (row: string) => `(${row}.storage_class IN ('GLACIER', 'DEEP_ARCHIVE'))`;

/**
 * A rendition stands in when no original of its stem is listed with any bytes in reach, nor kept from before,
 * and it is the largest of the stem (the first by key among equals), those in an archive last of all. The
 * original in the archive is asked for all the same, on every run, so that it comes once it is restored.
 */
const STANDS_IN = `(o.kind = 'rendition' AND o.stem IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM objects x WHERE x.stem = o.stem AND x.kind = 'original' AND x.size > 0
    AND ((x.seen = o.seen AND NOT ${archived("x")})
      OR EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = x.key AND k.size > 0)))
  AND NOT EXISTS (SELECT 1 FROM objects y WHERE y.stem = o.stem AND y.kind = 'rendition' AND y.seen = o.seen
    AND (${archived("y")} < ${archived("o")} OR (${archived("y")} = ${archived("o")}
      AND (y.size > o.size OR (y.size = o.size AND y.key < o.key))))))`;

/** The answers of STANDS_IN for a target and a run: it is asked many times, and costs two look-ups a rendition. */
const STOOD_IN = "EXISTS (SELECT 1 FROM stand_ins s WHERE s.target = $target AND s.key = o.key)";

const WANTED: Readonly<Record<Renditions, string>> = {
  skip: "(o.kind IN ('original', 'sidecar'))",
  fallback: `(o.kind IN ('original', 'sidecar') OR ${STOOD_IN})`,
  keep: "(o.kind IN ('original', 'sidecar', 'rendition'))",
};

const KEPT = "EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = o.key AND k.etag = o.etag)";
const KEPT_ONCE = "EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = o.key)";

export class KeptTable {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #lending: ZoneLending;
  /** The run and the targets that `stand_ins` answers for. */
  #stood = { run: 0, targets: new Set<string>() };

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = new Statements(db);
    this.#lending = new ZoneLending(db);
  }

  /** To be called when the listing or what was decided about it has changed. */
  forgetStandIns(): void {
    this.#stood.targets.clear();
  }

  /** Looks for the stand-ins of a target, unless they are known. To keep what this run lists changes none of them. */
  #findStandIns(target: string, run: number): void {
    if (this.#stood.run === run && this.#stood.targets.has(target)) return;
    if (this.#stood.run !== run) this.#stood = { run, targets: new Set() };
    indexStems(this.#db);
    this.#db.prepare("DELETE FROM stand_ins WHERE target = ?").run(target);
    this.#db
      .prepare(
        `INSERT INTO stand_ins (target, key)
         SELECT $target, o.key FROM objects o WHERE o.seen = $run AND ${STANDS_IN}`,
      )
      .run({ target, run });
    this.#stood.targets.add(target);
  }

  async *candidates(target: string, run: number, renditions: Renditions): AsyncGenerator<readonly Candidate[]> {
    this.#findStandIns(target, run);
    const columns = OBJECT_COLUMNS.replaceAll(/\w+/g, "o.$&");
    const page = inArrays(
      this.#db.prepare(
        `SELECT ${columns}, o.kind = 'rendition', ${KEPT_ONCE} FROM objects o
       WHERE o.key > $after AND o.seen = $run AND ${WANTED[renditions]} AND NOT ${KEPT}
       ORDER BY o.key LIMIT ${CHUNK}`,
      ),
    );
    yield* inPages((after) =>
      page.all({ target, run, after }).map((row) => ({
        ...objectOf(row),
        fallback: renditions === "fallback" && whole(row, AFTER_OBJECT) === 1,
        replaces: whole(row, AFTER_OBJECT + 1) === 1,
      })),
    );
  }

  count(target: string, run: number, renditions: Renditions): number {
    this.#findStandIns(target, run);
    const row = this.#db
      .prepare(`SELECT count(*) AS n FROM objects o WHERE o.seen = $run AND ${WANTED[renditions]} AND ${KEPT}`)
      .get({ target, run });
    return whole(one(row), "n");
  }

  wanted(target: string, run: number, renditions: Renditions): number {
    this.#findStandIns(target, run);
    const row = this.#db
      .prepare(`SELECT count(*) AS n FROM objects o WHERE o.seen = $run AND ${WANTED[renditions]}`)
      .get(renditions === "fallback" ? { target, run } : { run });
    return whole(one(row), "n");
  }

  wantedOnAny(targets: readonly string[], run: number, renditions: Renditions): { wanted: number; settled: number } {
    for (const target of targets) this.#findStandIns(target, run);
    const each = targets.map((_, at) => {
      const numbered = (sql: string) => sql.replaceAll("$target", `$target${at}`);
      return { wants: numbered(WANTED[renditions]), keeps: numbered(KEPT) };
    });
    const settled = each.map(({ wants, keeps }) => `(${keeps} OR NOT ${wants})`).join(" AND ");
    const row = this.#db
      .prepare(
        `SELECT count(*) AS wanted, coalesce(sum(${settled}), 0) AS settled FROM objects o
         WHERE o.seen = $run AND (${each.map(({ wants }) => wants).join(" OR ")})`,
      )
      .get({ run, ...Object.fromEntries(targets.map((id, at) => [`target${at}`, id])) });
    return { wanted: whole(one(row), "wanted"), settled: whole(one(row), "settled") };
  }

  missing(target: string, run: number, most: number): { photos: number; examples: string[] } {
    this.#findStandIns(target, run);
    const count = this.#db.prepare("SELECT count(*) AS n FROM stand_ins WHERE target = ?");
    const first = this.#db.prepare(`SELECT key FROM stand_ins WHERE target = ? ORDER BY key LIMIT ${most}`).all(target);
    return {
      photos: whole(one(count.get(target)), "n"),
      examples: first.map((row) => text(row, "key")),
    };
  }

  drift(target: string, run: number): Drift {
    const listed = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen = $run)";
    const present = "(SELECT 1 FROM objects o WHERE o.key = k.key AND o.seen = $run AND o.etag = p.etag)";
    const row = this.#db
      .prepare(
        `SELECT coalesce(sum(NOT EXISTS ${listed}), 0) AS gone,
           coalesce(sum(EXISTS ${listed} AND NOT EXISTS
             (SELECT 1 FROM kept p WHERE p.target = $target AND p.key = k.key AND EXISTS ${present})), 0) AS changed
         FROM (SELECT DISTINCT key FROM kept WHERE target = $target) k`,
      )
      .get({ target, run });
    return { gone: whole(one(row), "gone"), changed: whole(one(row), "changed") };
  }

  /** One call for each photo of a plan; numbered parameters and an array cost two thirds of names and an object. */
  ownerOf(target: string, folded: string): string | null {
    const row = inArrays(
      this.#statements.of(
        `SELECT key FROM kept WHERE target = ?1 AND folded = ?2
         UNION ALL SELECT key FROM planned WHERE target = ?1 AND folded = ?2 LIMIT 1`,
      ),
    ).get(target, folded);
    return row === undefined ? null : text(row, 0);
  }

  keep(target: string, photos: readonly { entry: ManifestEntry; folded: string }[]): void {
    const insert = this.#statements.of(
      `INSERT OR REPLACE INTO kept
         (target, key, etag, path, folded, size, sha256, md5, captured, modified, stored_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const forgive = this.#statements.of("DELETE FROM failures WHERE target = ? AND key = ?");
    transaction(this.#db, () => {
      for (const { entry: e, folded } of photos) {
        forgive.run(target, e.key);
        const captured = e.captured === null ? null : JSON.stringify(e.captured);
        insert.run(target, e.key, e.etag, e.path, folded, e.size, e.sha256, e.md5, captured, e.modified, e.storedAt);
        this.#lending.note(target, e.key, e.etag, e.captured);
      }
    });
  }

  any(target: string): boolean {
    const row = this.#db.prepare("SELECT 1 FROM kept WHERE target = ? LIMIT 1").get(target);
    return row !== undefined;
  }

  /** Forgets what is kept on a target. */
  disown(target: string): void {
    this.#db.prepare("DELETE FROM kept WHERE target = ?").run(target);
    this.forgetStandIns();
  }

  /** All of a target, a thousand at a time. */
  *kept(target: string): Generator<readonly ManifestEntry[]> {
    const page = this.#statements.of(
      "SELECT * FROM kept WHERE target = ? AND (key, etag) > (?, ?) ORDER BY key, etag LIMIT 1000",
    );
    for (let last: ManifestEntry | undefined; ; ) {
      const entries = page.all(target, last?.key ?? "", last?.etag ?? "").map(entryOf);
      last = entries.at(-1);
      if (last === undefined) return;
      yield entries;
    }
  }

  keptAs(target: string, key: string): ManifestEntry[] {
    return this.#db
      .prepare("SELECT * FROM kept WHERE target = ? AND key = ? ORDER BY stored_at DESC, etag")
      .all(target, key)
      .map(entryOf);
  }

  keptBytes(target: string, key: string, sha256: string): ManifestEntry | null {
    const row = this.#db
      .prepare("SELECT * FROM kept WHERE target = ? AND key = ? AND sha256 = ? LIMIT 1")
      .get(target, key, sha256);
    return row === undefined ? null : entryOf(row);
  }

  fail(target: string, key: string, reason: string): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO failures (target, key, reason, at) VALUES (?, ?, ?, ?)")
      .run(target, key, reason, new Date().toISOString());
  }

  fateOf(target: string, key: string): Fate {
    const kept = this.#db
      .prepare(
        "SELECT k.* FROM kept k JOIN objects o ON o.key = k.key AND o.etag = k.etag WHERE k.target = ? AND k.key = ?",
      )
      .get(target, key);
    const failure = this.#db.prepare("SELECT reason, at FROM failures WHERE target = ? AND key = ?").get(target, key);
    return {
      kept: kept === undefined ? null : entryOf(kept),
      failure: failure === undefined ? null : { reason: text(failure, "reason"), at: text(failure, "at") },
    };
  }
}
