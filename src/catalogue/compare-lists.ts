/**
 * The lists of a target held against each other, against what lies there, and against what is remembered of it:
 * beside the lines of the manifest and of SHA256SUMS stand the photos that are remembered as kept and that no line names.
 * So the lists can be mended, and what the manifest names and the catalogue does not know can be taken over.
 */

import type { ManifestEntry } from "../model.ts";
import { type Claim, claimOf, grouped, type ListedAs, NOWHERE } from "./claims.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { ManifestIndex, type Sum } from "./manifest-index.ts";
import { type Likely, objectsLike } from "./objects-like.ts";
import { entryOf, type KeptRow, keptRowOf, one, type Row, text, textOrNull, whole } from "./rows.ts";

export interface Unlisted extends Sum {
  /** True where the source lists a key of that name: its photo comes again, with all that is known of it. */
  readonly listed: boolean;
  /** True where the manifest gives that path to other bytes. */
  readonly contested: boolean;
}

export interface Alone extends Sum {
  /** The bytes that the path has by another word, SHA256SUMS or what is remembered; null where that does not name it. */
  readonly other: string | null;
}

/** Numbers of lines and photos. */
export interface Differences {
  readonly unlisted: number;
  /** Of them, those after the last line that the manifest names as well: a run that is cut leaves a few. */
  readonly unlistedAtEnd: number;
  readonly unsummed: number;
  readonly missed: number;
  /** Of them, those that lie there. */
  readonly missedThere: number;
  /** Of those that lie there no more, the ones that are gone at the source. */
  readonly lost: number;
}

const TABLES = `
DROP TABLE IF EXISTS temp.missed;
CREATE TEMP TABLE missed (
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  folded TEXT NOT NULL,
  found INTEGER,
  PRIMARY KEY (key, etag)
) STRICT, WITHOUT ROWID;
CREATE INDEX temp.missed_by_name ON missed (folded);
`;

const LISTED = "EXISTS (SELECT 1 FROM lines a WHERE a.path = s.path AND a.sha256 = s.sha256)";
const SUMMED = "EXISTS (SELECT 1 FROM summed s WHERE s.path = a.path AND s.sha256 = a.sha256)";
/** A file of that size under that name is the photo, unless it was read (`notThere`), or a line of the manifest gives the name to other bytes. */
const THERE =
  "(m.found = k.size AND NOT EXISTS (SELECT 1 FROM lines a WHERE a.path = k.path AND a.sha256 <> k.sha256))";
const MISSED = "FROM missed m JOIN kept k ON k.target = $target AND k.key = m.key AND k.etag = m.etag";

/**
 * What the lists of one target say, for as long as they are compared. To be used within a catalogue: it looks into what
 * is kept.
 */
export class Adoption extends ManifestIndex {
  readonly #target: string;
  readonly #listedAs: ListedAs;

  constructor(db: Database, target: string, listedAs: ListedAs) {
    super(db);
    db.exec(TABLES);
    this.#target = target;
    this.#listedAs = listedAs;
  }

  /**
   * Looks which photos are remembered as kept there and not named by the manifest: to be called before `seen`. A line of
   * other bytes, or whose date was left out, does not count: what is remembered was right once.
   */
  miss(): void {
    this.index("object");
    this.db
      .prepare(
        `INSERT INTO missed (key, etag, folded) SELECT k.key, k.etag, k.folded FROM kept k
         WHERE k.target = ? AND NOT EXISTS (SELECT 1 FROM lines a WHERE a.key = k.key AND a.etag = k.etag
           AND a.path = k.path AND a.sha256 = k.sha256 AND a.size = k.size
           AND (k.captured IS NULL OR a.captured IS NOT NULL))`,
      )
      .run(this.#target);
  }

  /** Enters files that lie on the target. */
  seen(files: readonly { readonly folded: string; readonly size: number }[]): void {
    this.index("name");
    const marks = ["lines", "missed"].map((table) =>
      this.db.statement(`UPDATE ${table} SET found = ? WHERE folded = ?`),
    );
    this.db.transaction(() => {
      for (const { folded, size } of files) for (const mark of marks) mark.run(size, folded);
    });
  }

  /** After everything was entered. */
  differences(): Differences {
    this.index("path");
    const count = (sql: string, values: Record<string, string | number> = {}) =>
      whole(one(this.db.statement(`SELECT count(*) AS n ${sql}`).get(values)), "n");
    const target = this.#target;
    const last = `(SELECT coalesce(max(s.line), -1) FROM summed s WHERE ${LISTED})`;
    return {
      unlisted: count(`FROM summed s WHERE NOT ${LISTED}`),
      unlistedAtEnd: count(`FROM summed s WHERE NOT ${LISTED} AND s.line > ${last}`),
      unsummed: count(`FROM (SELECT DISTINCT a.path, a.sha256 FROM lines a WHERE NOT ${SUMMED})`),
      missed: count("FROM missed"),
      missedThere: count(`${MISSED} WHERE ${THERE}`, { target }),
      lost: this.#lost(),
    };
  }

  #lost(): number {
    const page = this.db.statement(
      `SELECT k.key, k.etag ${MISSED} WHERE (m.key, m.etag) > ($key, $etag) AND ${THERE} IS NOT TRUE
       ORDER BY m.key, m.etag LIMIT ${CHUNK}`,
    );
    let lost = 0;
    for (let after = NOWHERE; ; ) {
      const objects = page
        .all({ target: this.#target, ...after })
        .map((row) => ({ key: text(row, "key"), etag: text(row, "etag") }));
      const last = objects.at(-1);
      if (last === undefined) return lost;
      lost += objects.filter(({ key }) => this.#listedAs(key) === null).length;
      after = last;
    }
  }

  /** Lines of photos that were missed as their bytes are not those that are remembered, in chunks. */
  contested(): AsyncIterable<readonly Alone[]> {
    const page = this.db.statement(
      `SELECT DISTINCT a.path, a.sha256, k.sha256 AS other ${MISSED}
         JOIN lines a ON a.key = k.key AND a.etag = k.etag AND a.path = k.path AND a.sha256 <> k.sha256
       WHERE (a.path, a.sha256) > ($path, $sha256) ORDER BY a.path, a.sha256 LIMIT ${CHUNK}`,
    );
    return inPages<Alone>((last) => {
      const [path, sha256] = placeOf(last);
      const rows = page.all({ target: this.#target, path, sha256 });
      return rows.map((row) => ({ ...sumOf(row), other: textOrNull(row, "other") }));
    });
  }

  /** Names of files of which lines say different bytes, in chunks. */
  contradicted(): AsyncIterable<readonly string[]> {
    this.index("name");
    const page = this.db.statement(
      `SELECT folded FROM lines WHERE folded > ? GROUP BY folded HAVING min(sha256) <> max(sha256)
       ORDER BY folded LIMIT ${CHUNK}`,
    );
    return inPages<string>((last) => page.all(last ?? "").map((row) => text(row, "folded")));
  }

  /** The SHA-256 of each photo that is remembered as kept under a name. */
  keptAt(name: string): string[] {
    const page = this.db.statement("SELECT sha256 FROM kept WHERE target = ? AND folded = ?");
    return page.all(this.#target, name).map((row) => text(row, "sha256"));
  }

  /** Of what was missed and lies there, what SHA256SUMS does not name with those bytes, in chunks: only its size speaks for it. */
  unsure(): AsyncIterable<readonly KeptRow[]> {
    return this.#missedThere(`AND NOT EXISTS (SELECT 1 FROM summed s WHERE s.path = k.path AND s.sha256 = k.sha256)`);
  }

  /** Takes back that what was missed lies there: it has other bytes. */
  notThere({ entry: { key, etag } }: KeptRow): void {
    this.db.statement("UPDATE missed SET found = NULL WHERE key = ? AND etag = ?").run(key, etag);
  }

  /** What SHA256SUMS names and the manifest does not, in chunks. */
  unlisted(): AsyncIterable<readonly Unlisted[]> {
    this.index("path");
    const page = this.db.statement(
      `SELECT s.path, s.sha256, EXISTS (SELECT 1 FROM lines a WHERE a.path = s.path) AS contested
       FROM summed s WHERE (s.path, s.sha256) > (?, ?) AND NOT ${LISTED}
       ORDER BY s.path, s.sha256 LIMIT ${CHUNK}`,
    );
    return inPages<Unlisted>((last) =>
      page.all(...placeOf(last)).map((row) => ({
        ...sumOf(row),
        listed: this.#listedAs(text(row, "path")) !== null,
        contested: whole(row, "contested") === 1,
      })),
    );
  }

  /** What the manifest names and SHA256SUMS does not, in chunks. @returns with what SHA256SUMS says lies there, if it does */
  alone = (): AsyncIterable<readonly Alone[]> => this.#notSummed("AND a.made = 0");

  /** What the manifest names and SHA256SUMS does not, and what it is to get. */
  async *unsummed(): AsyncGenerator<Sum> {
    for await (const sums of this.#notSummed("")) {
      for (const { path, sha256 } of sums) yield { path, sha256 };
    }
  }

  #notSummed(which: string): AsyncIterable<readonly Alone[]> {
    this.index("path");
    const page = this.db.statement(
      `SELECT DISTINCT a.path, a.sha256, (SELECT s.sha256 FROM summed s WHERE s.path = a.path LIMIT 1) AS other
       FROM lines a WHERE (a.path, a.sha256) > (?, ?) AND NOT ${SUMMED} ${which}
       ORDER BY a.path, a.sha256 LIMIT ${CHUNK}`,
    );
    return inPages<Alone>((last) =>
      page.all(...placeOf(last)).map((row) => ({ ...sumOf(row), other: textOrNull(row, "other") })),
    );
  }

  /** Of photos whose key is taken to be their path, the listed objects that they are; null where none is like it. */
  objectsOf(photos: readonly ManifestEntry[]): (Likely | null)[] {
    this.index("object");
    return objectsLike(this.db, photos, (key) => this.#listedAs(key) !== null);
  }

  /** Takes a line of the manifest back, as if it had not been entered. */
  drop({ path, sha256 }: Sum): void {
    this.db.statement("DELETE FROM lines WHERE path = ? AND sha256 = ?").run(path, sha256);
  }

  /** What was missed and lies there all the same, in chunks. */
  missedThere(): AsyncIterable<readonly KeptRow[]> {
    return this.#missedThere("");
  }

  #missedThere(which: string): AsyncIterable<readonly KeptRow[]> {
    const page = this.db.statement(
      `SELECT k.* ${MISSED} WHERE (m.key, m.etag) > ($key, $etag) AND ${THERE} ${which}
       ORDER BY m.key, m.etag LIMIT ${CHUNK}`,
    );
    return inPages<KeptRow>((last) => {
      const { key, etag } = last?.entry ?? { key: "", etag: "" };
      return page.all({ target: this.#target, key, etag }).map(keptRowOf);
    });
  }

  /** What was entered as `made`. */
  async *made(): AsyncGenerator<ManifestEntry> {
    const page = this.db.statement(`SELECT * FROM lines WHERE made = 1 AND line > ? ORDER BY line LIMIT ${CHUNK}`);
    const rows = inPages<Row>((last) => page.all(last === null ? -1 : whole(last, "line")));
    for await (const chunk of rows) yield* chunk.map(entryOf);
  }

  /** The lines about each object (key and ETag) that is not known to be kept, the newest last; in chunks. */
  async *claims(): AsyncGenerator<readonly (readonly Claim[])[]> {
    this.index("object");
    this.index("name");
    const page = this.db.statement(
      `SELECT a.*, EXISTS (SELECT 1 FROM lines b
           WHERE b.folded = a.folded AND b.line > a.line AND b.sha256 <> a.sha256) AS superseded
       FROM lines a
       WHERE (a.key, a.etag, a.line) > ($key, $etag, $line)
         AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = a.key AND k.etag = a.etag)
       ORDER BY a.key, a.etag, a.line LIMIT ${CHUNK}`,
    );
    const rows = inPages<Row>((last) => {
      const after = last === null ? NOWHERE : { key: text(last, "key"), etag: text(last, "etag") };
      return page.all({ target: this.#target, line: last === null ? -1 : whole(last, "line"), ...after });
    });
    let open: Claim[] = [];
    for await (const chunk of rows) {
      const groups = grouped([...open, ...chunk.map((row) => claimOf(row, this.#listedAs))]);
      open = groups.pop() ?? [];
      yield groups;
    }
    if (open.length > 0) yield [open];
  }

  /** Photos that are known to be kept, of which the last line about them says more or gives another date; in chunks. */
  renewed(): AsyncIterable<readonly KeptRow[]> {
    this.index("object");
    const page = this.db.statement(
      `SELECT a.* FROM lines a JOIN kept k ON k.target = $target AND k.key = a.key AND k.etag = a.etag
       WHERE (a.key, a.etag) > ($key, $etag) AND k.sha256 = a.sha256 AND k.path = a.path
         AND (a.captured, a.target_etag, a.original) IS NOT (k.captured, k.target_etag, k.original)
         AND NOT EXISTS (SELECT 1 FROM lines b WHERE b.key = a.key AND b.etag = a.etag AND b.line > a.line)
       ORDER BY a.key, a.etag LIMIT ${CHUNK}`,
    );
    return inPages<KeptRow>((last) => {
      const { key, etag } = last?.entry ?? NOWHERE;
      return page.all({ target: this.#target, key, etag }).map(keptRowOf);
    });
  }

  /** Forgets what was entered. */
  end(): void {
    this.db.exec("DROP TABLE temp.lines; DROP TABLE temp.summed; DROP TABLE temp.missed");
  }
}

function sumOf(row: Row): Sum {
  return { path: text(row, "path"), sha256: text(row, "sha256") };
}

function placeOf(last: Sum | null): [path: string, sha256: string] {
  return last === null ? ["", ""] : [last.path, last.sha256];
}
