/** What this run has to do for one target: what of its listing is not kept there, and the plan, as data. */

import { ARCHIVES, type CataloguedObject } from "../model.ts";
import { ARCHIVE_SCHEMA, IN_ARCHIVE } from "./archive-requests.ts";
import type { Candidate, Planned, PlanPart, Renditions, TargetPlan } from "./catalogue.ts";
import type { Counted } from "./counted.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import type { FreshListing } from "./fresh-listing.ts";
import { anyKept } from "./kept.ts";
import { HELD, LATE } from "./plan-parts.ts";
import { AFTER_OBJECT, OBJECT_COLUMNS, objectOf, one, type Row, text, textOrNull, whole } from "./rows.ts";
import type { Now } from "./settings-runs.ts";
import { indexStems } from "./stems.ts";

const EXAMPLES = 10;

const COLUMNS = OBJECT_COLUMNS.replaceAll(/\w+/g, "o.$&");

/** Objects that must be restored before they can be read; a listing does not say whether they were. */
const ARCHIVED = [...ARCHIVES].map((name) => `'${name}'`).join();
const archived = (row: string) => `(${row}.storage_class IN (${ARCHIVED}))`;

/**
 * A rendition stands in when no original of its stem is listed with any bytes in reach, nor kept from before,
 * and it is the largest of the stem (the first by key among equals), those in an archive last of all. The
 * original in the archive is asked for all the same, on every run, so that it comes once it is restored.
 */
const STANDS_IN = `(o.kind = 'rendition' AND o.stem IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM objects x WHERE x.stem = o.stem AND x.kind = 'original' AND x.size > 0
    AND ((x.seen >= $since AND NOT ${archived("x")})
      OR EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = x.key AND k.size > 0)))
  AND NOT EXISTS (SELECT 1 FROM objects y WHERE y.stem = o.stem AND y.kind = 'rendition' AND y.seen >= $since
    AND (${archived("y")} < ${archived("o")} OR (${archived("y")} = ${archived("o")}
      AND (y.size > o.size OR (y.size = o.size AND y.key < o.key))))))`;

const STANDING_IN = `SELECT $target, o.key FROM objects o WHERE o.seen >= $since AND ${STANDS_IN}`;

/** The answers of STANDS_IN for a target and a run: it is asked many times, and costs two look-ups a rendition. */
const STOOD_IN = "EXISTS (SELECT 1 FROM stand_ins s WHERE s.target = $target AND s.key = o.key)";

const WANTED: Readonly<Record<Renditions, string>> = {
  skip: "(o.kind IN ('original', 'sidecar'))",
  fallback: `(o.kind IN ('original', 'sidecar') OR ${STOOD_IN})`,
  keep: "(o.kind IN ('original', 'sidecar', 'rendition'))",
};

const KEPT = "EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = o.key AND k.etag = o.etag)";
const KEPT_ONCE = "EXISTS (SELECT 1 FROM kept k WHERE k.target = $target AND k.key = o.key)";

/** @param plans of the targets, each once; at least one */
export function wantedOnAny(db: Database, since: number, plans: readonly PlanTable[], renditions: Renditions) {
  for (const plan of plans) plan.asRows();
  const each = plans.map((_, at) => {
    const numbered = (sql: string) => sql.replaceAll("$target", `$target${at}`);
    return { wants: numbered(WANTED[renditions]), keeps: numbered(KEPT) };
  });
  const settled = each.map(({ wants, keeps }) => `(${keeps} OR NOT ${wants})`).join(" AND ");
  const row = one(
    db
      .prepare(
        `SELECT count(*) AS wanted, coalesce(sum(${settled}), 0) AS settled FROM objects o
         WHERE o.seen >= $since AND (${each.map(({ wants }) => wants).join(" OR ")})`,
      )
      .get({ since, ...Object.fromEntries(plans.map(({ target }, at) => [`target${at}`, target])) }),
  );
  return { wanted: whole(row, "wanted"), settled: whole(row, "settled") };
}

/** A first listing is pages until somebody needs rows. */
interface ListingForm {
  readonly fresh: FreshListing | null;
  settle(): void;
}

export class PlanTable implements TargetPlan {
  readonly target: string;
  readonly #db: Database;
  readonly #now: Now;
  /** When `stand_ins` was filled last. */
  #stood = -1;
  /** Targets on which anything failed: by them it is looked up, as that table is by target first. */
  #failedOn: readonly string[] = [];

  readonly #counted: Counted;
  readonly #listing: ListingForm;

  constructor(db: Database, target: string, now: Now, counted: Counted, listing: ListingForm) {
    this.#db = db;
    this.target = target;
    this.#now = now;
    this.#counted = counted;
    this.#listing = listing;
  }

  /** The listing as pages, where it is that and nothing is kept; else it is made rows. */
  #fresh(): FreshListing | null {
    const { fresh } = this.#listing;
    if (fresh !== null && !anyKept(this.#db, this.target)) return fresh;
    this.#listing.settle();
    return null;
  }

  /** Before it is joined with the rows of a listing. */
  asRows(): void {
    this.#listing.settle();
    this.findStandIns();
  }

  async *candidates(renditions: Renditions): AsyncGenerator<readonly Candidate[]> {
    this.findStandIns();
    const page = this.#db.arrays(
      `SELECT ${COLUMNS}, o.kind = 'rendition', ${KEPT_ONCE} FROM objects o
       WHERE o.key > $after AND o.seen >= $since AND ${WANTED[renditions]} AND NOT ${KEPT}
       ORDER BY o.key LIMIT ${CHUNK}`,
    );
    const settled = `settled ${renditions} ${this.target}`;
    if (this.#counted.get("kept", settled) !== null) return;
    let none = true;
    const rowsAfter = (key: string) =>
      page.all({ ...this.#ofRun(), after: key }).map((row) => ({
        ...objectOf(row),
        fallback: renditions === "fallback" && whole(row, AFTER_OBJECT) === 1,
        replaces: whole(row, AFTER_OBJECT + 1) === 1,
      }));
    const chunks = inPages<Candidate>(
      (last) =>
        this.#fresh()?.after(last?.key ?? null, (objects) => this.#wanted(objects, renditions)) ??
        rowsAfter(last?.key ?? ""),
    );
    for await (const chunk of chunks) {
      none = false;
      yield chunk;
    }
    if (none) this.#counted.set("kept", settled, "0");
  }

  /** Of a page, where nothing is kept. */
  #wanted(objects: readonly CataloguedObject[], renditions: Renditions): Candidate[] {
    const between = "SELECT key FROM stand_ins WHERE target = ? AND key BETWEEN ? AND ?";
    const bounds = [objects[0]?.key ?? "", objects.at(-1)?.key ?? ""];
    const rows = renditions === "fallback" ? this.#db.arrays(between).all(this.target, ...bounds) : [];
    const standIns = new Set(rows.map((row) => text(row, 0)));
    return objects
      .filter(({ kind, key }) =>
        kind === "rendition" ? renditions === "keep" || standIns.has(key) : kind === "original" || kind === "sidecar",
      )
      .map((object) => ({
        ...object,
        fallback: renditions === "fallback" && object.kind === "rendition",
        replaces: false,
      }));
  }

  async keptCount(renditions: Renditions): Promise<number> {
    if (!anyKept(this.#db, this.target)) return 0;
    return this.#count(`kept ${renditions}`, `${WANTED[renditions]} AND ${KEPT}`, this.#ofRun());
  }

  async wantedCount(renditions: Renditions): Promise<number> {
    const values = renditions === "fallback" ? this.#ofRun() : { since: this.#now.since };
    return this.#count(`wanted ${renditions}`, WANTED[renditions], values, (fresh) => {
      const kinds = ["original", "sidecar", ...(renditions === "keep" ? ["rendition"] : [])];
      const keys = fresh.families().map((family) => (kinds.includes(family.kind) ? family.keys : 0));
      return keys.reduce((sum, some) => sum + some, renditions === "fallback" ? this.#standIns() : 0);
    });
  }

  /** @param ofPages where the listing is that */
  #count(
    name: string,
    which: string,
    values: Record<string, string | number>,
    ofPages?: (fresh: FreshListing) => number,
  ): number {
    this.findStandIns();
    const sql = `SELECT count(*) AS n FROM objects o WHERE o.seen >= $since AND ${which}`;
    const count = () => {
      const fresh = this.#fresh();
      const counted = fresh === null ? null : (ofPages?.(fresh) ?? null);
      return [counted ?? whole(one(this.#db.statement(sql).get(values)), "n")];
    };
    return this.#counted.numbers("kept", `${name} ${this.target}`, count)[0] ?? 0;
  }

  #standIns(): number {
    return whole(one(this.#db.prepare("SELECT count(*) AS n FROM stand_ins WHERE target = ?").get(this.target)), "n");
  }

  async missingOriginals() {
    this.findStandIns();
    const first = this.#db
      .prepare(`SELECT key FROM stand_ins WHERE target = ? ORDER BY key LIMIT ${EXAMPLES}`)
      .all(this.target);
    return { photos: this.#standIns(), examples: first.map((row) => text(row, "key")) };
  }

  /** Looks for the stand-ins, unless they are known. To keep what this run lists changes none of them. */
  findStandIns(): void {
    if (this.#stood === this.#now.changes) return;
    this.#stood = this.#now.changes;
    const stood = `stand-ins ${this.target}`;
    if (this.#counted.get("kept", stood) !== null) return;
    const keys = this.#fresh()?.standIns() ?? null;
    if (keys === null) indexStems(this.#db);
    this.#db.transaction(() => {
      this.#db.statement("DELETE FROM stand_ins WHERE target = ?").run(this.target);
      const insert = this.#db.statement("INSERT INTO stand_ins (target, key) VALUES (?, ?)");
      if (keys !== null) for (const key of keys) insert.run(this.target, key);
      else this.#db.statement(`INSERT INTO stand_ins (target, key) ${STANDING_IN}`).run(this.#ofRun());
    });
    this.#counted.set("kept", stood, "0");
  }

  /** One call for each photo of a plan; numbered parameters and an array cost two thirds of names and an object. */
  async ownerOf(folded: string): Promise<string | null> {
    const owner = this.#db.arrays(
      `SELECT key FROM kept WHERE target = ?1 AND folded = ?2
       UNION ALL SELECT key FROM planned WHERE target = ?1 AND folded = ?2 LIMIT 1`,
    );
    const row = owner.get(this.target, folded);
    return row === undefined ? null : text(row, 0);
  }

  async clear(): Promise<void> {
    this.#db.prepare("DELETE FROM planned WHERE target = ?").run(this.target);
    const targets = this.#db.prepare("SELECT DISTINCT target FROM failures").all();
    this.#failedOn = targets.map((row) => text(row, "target"));
  }

  async add(photos: readonly (Omit<Planned, "turn"> & { readonly folded: string | null })[]): Promise<void> {
    const insert = this.#db.statement(
      "INSERT OR REPLACE INTO planned (target, modified, key, path, folded, fallback, replaces) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#db.transaction(() => {
      for (const { object: o, path, folded } of photos) {
        const at = this.#hasFailed(o.key) ? LATE + o.modified : o.modified;
        insert.run(this.target, at, o.key, path, folded, Number(o.fallback), Number(o.replaces));
      }
    });
  }

  /** Whatever the target, so that all plans have one order. */
  #hasFailed(key: string): boolean {
    const failed = this.#db.statement("SELECT 1 FROM failures WHERE target = ? AND key = ?");
    return this.#failedOn.some((target) => failed.get(target, key) !== undefined);
  }

  async *photos({ from = "", below = HELD, archived: cold }: PlanPart = {}): AsyncGenerator<readonly Planned[]> {
    this.#listing.settle();
    if (cold === true) this.#db.exec(ARCHIVE_SCHEMA);
    const which = cold === true ? `AND (${archived("o")} OR ${IN_ARCHIVE})` : "";
    const page = this.#db.arrays(
      `SELECT ${COLUMNS}, p.path, p.fallback, p.replaces, p.modified
       FROM planned p JOIN objects o ON o.key = p.key
       WHERE p.target = ? AND (p.modified, p.key) > (?, ?) AND p.modified < ? ${which}
       ORDER BY p.modified, p.key LIMIT ${CHUNK}`,
    );
    const rows = inPages<Row>((last) =>
      page.all(this.target, ...(last === null ? [from, ""] : [turnOf(last), text(last, 0)]), below),
    );
    for await (const chunk of rows) yield chunk.map(plannedOf);
  }

  async move(photos: readonly Planned[], turn: (photo: Planned) => string): Promise<void> {
    const put = this.#db.statement("UPDATE planned SET modified = ? WHERE target = ? AND modified = ? AND key = ?");
    this.#db.transaction(() => {
      for (const photo of photos) put.run(turn(photo), this.target, photo.turn, photo.object.key);
    });
  }

  #ofRun(): { target: string; since: number } {
    return { target: this.target, since: this.#now.since };
  }
}

function plannedOf(row: Row): Planned {
  return {
    object: {
      ...objectOf(row),
      fallback: whole(row, AFTER_OBJECT + 1) === 1,
      replaces: whole(row, AFTER_OBJECT + 2) === 1,
    },
    path: textOrNull(row, AFTER_OBJECT),
    turn: turnOf(row),
  };
}

function turnOf(row: Row): string {
  return text(row, AFTER_OBJECT + 3);
}
