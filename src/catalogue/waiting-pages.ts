/**
 * A first listing as it came, page by page, with what was decided about it. That is all an inventory reads, and a third of
 * what a row for each key costs; the rows are made when somebody asks by stem, by what is kept, or lists again.
 */

import { compareKeys } from "../key.ts";
import type { CataloguedObject, Classified, Listed } from "../model.ts";
import type { ListingTotals } from "./catalogue.ts";
import type { Database } from "./database.ts";
import { packListed, packVerdicts, unpackJudged, unpackListed } from "./page-columns.ts";
import { totalsOf } from "./row-counts.ts";
import { one, rotten, text, whole } from "./rows.ts";

/** Objects of one page, in the order of their keys. */
type Objects =
  | { readonly judged: false; readonly objects: readonly Listed[] }
  | { readonly judged: true; readonly objects: readonly CataloguedObject[] };

export type WaitingPage = Objects & {
  readonly id: number;
  /** That listed it. */
  readonly run: number;
};

interface Bounds {
  readonly id: number;
  readonly first: string;
  readonly last: string;
  readonly run: number;
  judged: boolean;
}

export class WaitingPages {
  readonly #db: Database;
  /** In the order of their keys; null until they are asked for. */
  #bounds: Bounds[] | null = null;
  #read: WaitingPage | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  get any(): boolean {
    return this.#all().length > 0;
  }

  get anyJudged(): boolean {
    return this.#all().some(({ judged }) => judged);
  }

  get allJudged(): boolean {
    return this.#all().every(({ judged }) => judged);
  }

  /** The last that listed any of them. */
  get run(): number {
    return this.#all().reduce((last, { run }) => Math.max(last, run), 0);
  }

  /** @param objects in the order of their keys, each once: at least one */
  add(objects: readonly Listed[], run: number): void {
    let bytes = 0;
    for (const { size } of objects) bytes += size;
    const insert = this.#db.statement(
      "INSERT INTO waiting (run, first, last, keys, bytes, data) VALUES (?, ?, ?, ?, ?, ?)",
    );
    const [first = "", last = ""] = [objects[0]?.key, objects.at(-1)?.key];
    insert.run(run, first, last, objects.length, bytes, packListed(objects));
    this.#bounds = null;
  }

  clear(): void {
    this.#db.exec("DELETE FROM waiting; DELETE FROM waiting_verdicts");
    this.#bounds = null;
    this.#read = null;
  }

  drop(id: number): void {
    for (const table of ["waiting", "waiting_verdicts"])
      this.#db.statement(`DELETE FROM ${table} WHERE id = ?`).run(id);
    this.#bounds = this.#all().filter((page) => page.id !== id);
    this.#read = null;
  }

  /** Writes down what was decided about a page. @param verdicts on all its objects, in their order */
  judge(page: Pick<WaitingPage, "id">, verdicts: readonly Classified[]): void {
    this.#read = null;
    const insert = this.#db.statement("INSERT OR REPLACE INTO waiting_verdicts (id, data) VALUES (?, ?)");
    insert.run(page.id, packVerdicts(verdicts));
    const bounds = this.#all()[this.placeOf(page)];
    if (bounds !== undefined) bounds.judged = true;
  }

  /** Says again what some are that were judged before. */
  classify(verdicts: readonly (Classified & { readonly key: string })[]): void {
    const byPage = Map.groupBy(verdicts, ({ key }) => this.#boundsOf(key)?.id);
    for (const [id, those] of byPage) {
      const page = id === undefined ? null : this.#page(id);
      if (page?.judged !== true) continue;
      const anew = new Map(those.map((verdict) => [verdict.key, verdict]));
      const verdictsNow = page.objects.map((object) => anew.get(object.key) ?? object);
      this.judge(page, verdictsNow);
    }
  }

  /** Forgets what was decided. */
  declassify(): void {
    this.#db.exec("DELETE FROM waiting_verdicts");
    this.#bounds = null;
    this.#read = null;
  }

  totals(): ListingTotals {
    const sums = "SELECT coalesce(sum(keys), 0) AS keys, coalesce(sum(bytes), 0) AS bytes FROM waiting";
    return totalsOf(one(this.#db.statement(sums).get()));
  }

  /** True where each page lies behind the one before: no key is on two of them. */
  isInOrder(): boolean {
    return this.#all().every(({ first }, at, all) => {
      const before = all[at - 1];
      return before === undefined || compareKeys(before.last, first) < 0;
    });
  }

  /** All of them, in the order in which they came. */
  *asTheyCame(): Generator<WaitingPage> {
    for (const id of this.#all()
      .map((page) => page.id)
      .sort((a, b) => a - b)) {
      const page = this.#page(id);
      if (page !== null) yield page;
    }
  }

  /** The first page behind a key that is judged, or is not; null where there is none. @param key null is before every key */
  after(key: string | null, judged: boolean): WaitingPage | null {
    const all = this.#all();
    for (let at = this.#firstBehind(key); at < all.length; at += 1) {
      const bounds = all[at];
      if (bounds?.judged === judged) return this.#page(bounds.id);
    }
    return null;
  }

  find(key: string): CataloguedObject | null {
    const bounds = this.#boundsOf(key);
    const page = bounds === undefined ? null : this.#page(bounds.id);
    return page?.judged === true ? (page.objects.find((object) => object.key === key) ?? null) : null;
  }

  /** The page whose objects these are, where it is the one that was read last. */
  given(objects: readonly Pick<Listed, "key">[]): WaitingPage | null {
    const page = this.#read;
    const same =
      page?.objects.length === objects.length && page.objects.every(({ key }, at) => key === objects[at]?.key);
    return same ? page : null;
  }

  /** How many lie before it. */
  placeOf({ id }: Pick<WaitingPage, "id">): number {
    return this.#all().findIndex((page) => page.id === id);
  }

  #all(): readonly Bounds[] {
    this.#bounds ??= this.#db
      .arrays(
        `SELECT w.id, w.first, w.last, v.id IS NOT NULL, w.run
         FROM waiting w LEFT JOIN waiting_verdicts v ON v.id = w.id ORDER BY w.first`,
      )
      .all()
      .map((row) => ({
        id: whole(row, 0),
        first: text(row, 1),
        last: text(row, 2),
        judged: whole(row, 3) === 1,
        run: whole(row, 4),
      }));
    return this.#bounds;
  }

  #firstBehind(key: string | null): number {
    const all = this.#all();
    if (key === null) return 0;
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(all[middle]?.first ?? "", key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #boundsOf(key: string): Bounds | undefined {
    const at = this.#all()[this.#firstBehind(key) - 1];
    return at !== undefined && compareKeys(key, at.last) <= 0 ? at : undefined;
  }

  #page(id: number): WaitingPage | null {
    if (this.#read?.id === id) return this.#read;
    const select = `SELECT w.run, w.keys, w.data, v.data AS verdicts
      FROM waiting w LEFT JOIN waiting_verdicts v ON v.id = w.id WHERE w.id = ?`;
    const row = this.#db.statement(select).get(id);
    if (row === undefined) return null;
    const { data, verdicts } = row;
    const of = { id, run: whole(row, "run") };
    this.#read =
      verdicts === null
        ? { ...of, judged: false, objects: unpackListed(data) }
        : { ...of, judged: true, objects: unpackJudged(data, verdicts) };
    if (this.#read.objects.length !== whole(row, "keys")) throw rotten("a page of the listing is not whole");
    return this.#read;
  }
}

/** True where each key lies behind the one before. */
export function isAscending(objects: readonly Listed[]): boolean {
  return objects.every(({ key }, at) => at === 0 || compareKeys(objects[at - 1]?.key ?? "", key) < 0);
}
