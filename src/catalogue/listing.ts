/** The objects of a listing: entering pages, deciding about keys, reading them back in key order. */

import type { CataloguedObject, Classified, Family, FamilyRange, Kind, Listed } from "../model.ts";
import type { Drift, KeptPage, KeyBounds, Listing, ListingTotals } from "./catalogue.ts";
import type { Counted } from "./counted.ts";
import { CHUNK, type Database, inPages } from "./database.ts";
import { FreshListing } from "./fresh-listing.ts";
import { anyKept } from "./kept.ts";
import { doubtPages, readPages, rememberSince, sweep, writePages } from "./listed-pages.ts";
import { ObjectRows } from "./object-rows.ts";
import {
  countDuplicates,
  countFamilies,
  countRows,
  driftOf,
  familiesIn,
  inOrder,
  spreadOver,
  totalsOf,
} from "./row-counts.ts";
import { LISTED_COLUMNS, listedOf, OBJECT_COLUMNS, objectOf, text, whole } from "./rows.ts";
import { heldSince, type Now } from "./settings-runs.ts";
import { Stems } from "./stems.ts";
import { isAscending, WaitingPages } from "./waiting-pages.ts";

export class ListingTable implements Listing {
  readonly #db: Database;
  readonly #now: Now;
  readonly #stems: Stems;
  readonly #rows: ObjectRows;
  readonly #waiting: WaitingPages;
  readonly #fresh: FreshListing;
  readonly #mostFresh: number;
  /** True where what is listed waits as pages: nothing was ever listed before. */
  #waits = false;
  /** True where rows are made as soon as it is judged. */
  #isLarge = false;
  /** The run whose listing was begun last, and what it lists anew; null for everything. */
  #begun: { readonly run: number; readonly anew: readonly KeyBounds[] | null } = { run: 0, anew: null };
  readonly #counted: Counted;

  /** @param most keys that stay pages, and of which all stems are held */
  constructor(db: Database, now: Now, counted: Counted, most: { readonly fresh: number; readonly stems: number }) {
    this.#mostFresh = most.fresh;
    this.#db = db;
    this.#now = now;
    this.#counted = counted;
    this.#stems = new Stems(db, now);
    this.#rows = new ObjectRows(db);
    this.#waiting = new WaitingPages(db);
    this.#fresh = new FreshListing(this.#waiting, most.stems);
    // A run was cut while it made rows: what is still pages is no whole listing.
    if (this.#waiting.any && this.#anyRows()) this.settle();
  }

  #anyRows(): boolean {
    return this.#db.prepare("SELECT 1 FROM objects LIMIT 1").get() !== undefined;
  }

  async pages(): Promise<readonly KeptPage[]> {
    return readPages(this.#db);
  }

  async goOn(anew: readonly KeyBounds[] | null): Promise<void> {
    this.#goOn(anew);
  }

  #goOn(anew: readonly KeyBounds[] | null): void {
    const { run } = this.#now;
    // A listing that never ended is not worth rows; one that did is all that is known until the next has ended.
    if (anew === null && heldSince(this.#db) === null && !this.#waiting.anyJudged) this.#waiting.clear();
    if (anew === null || anew.length > 0) this.settle();
    this.#waits = anew === null && !this.#anyRows();
    this.#begun = { run, anew };
    this.#now.since = anew === null ? run : (heldSince(this.#db) ?? run);
    this.#now.changes += 1;
    this.#db.transaction(() => (anew === null ? writePages(this.#db, []) : doubtPages(this.#db, anew)));
  }

  /** Enters one page, in one transaction. A key listed twice keeps what was said last. */
  async add(objects: readonly Listed[]): Promise<void> {
    const { run } = this.#now;
    if (this.#begun.run !== run) this.#goOn(null);
    if (objects.length === 0) return;
    if (this.#waits && !isAscending(objects)) this.settle();
    this.#change(() => (this.#waits ? this.#waiting.add(objects, run) : this.#rows.enter(objects, run)));
  }

  /** The listing while it is pages; null where it is rows. */
  get fresh(): FreshListing | null {
    return this.#isWaiting() && !this.#isLarge ? this.#fresh : null;
  }

  #isWaiting(): boolean {
    return this.#waiting.any && this.#waiting.run >= this.#now.since;
  }

  /**
   * Makes rows of what waits as pages: for whoever asks by stem, or of more than what was decided. Nothing else changes
   * by it, so what was counted holds.
   */
  settle(): void {
    this.#waits = false;
    if (!this.#waiting.any) return;
    for (const page of this.#waiting.asTheyCame()) {
      this.#db.transaction(() => {
        if (page.judged) this.#rows.enterJudged(page.objects, page.run);
        else this.#rows.enter(page.objects, page.run);
        this.#waiting.drop(page.id);
      });
    }
  }

  async finish(pages: readonly KeptPage[] = []): Promise<ListingTotals> {
    const { run, anew } = this.#begun;
    let totals = { keys: 0, bytes: 0 };
    this.#isLarge = this.#waiting.totals().keys > this.#mostFresh;
    // What was decided is rows where there is more than stays pages: a version with another bound may have left it as pages.
    if (!this.#waiting.isInOrder() || (this.#isLarge && this.#waiting.anyJudged)) this.settle();
    const goesOn = run === this.#now.run && anew !== null;
    if (!goesOn || anew.length > 0) this.#counted.forget("listing");
    this.#now.changes += 1;
    this.#db.transaction(() => {
      if (goesOn) sweep(this.#db, anew, this.#now);
      writePages(this.#db, pages);
      totals = this.#total();
      const { keys, bytes } = totals;
      this.#db.prepare("UPDATE runs SET keys = ?, bytes = ? WHERE id = ?").run(keys, bytes, this.#now.run);
      rememberSince(this.#db, this.#now, keys);
    });
    return totals;
  }

  async totals(): Promise<ListingTotals> {
    return this.#total();
  }

  #total(): ListingTotals {
    const [keys = 0, bytes = 0] = this.#counted.numbers("listing", "totals", () => {
      const rows = countRows(this.#db, this.#now.since);
      const pages = this.#isWaiting() ? this.#waiting.totals() : { keys: 0, bytes: 0 };
      return [rows.keys + pages.keys, rows.bytes + pages.bytes];
    });
    return { keys, bytes };
  }

  async previousTotals(): Promise<ListingTotals | null> {
    const last = "SELECT keys, bytes FROM runs WHERE keys > 0 AND id < ? ORDER BY id DESC LIMIT 1";
    const row = this.#db.prepare(last).get(this.#now.run);
    return row === undefined ? null : totalsOf(row);
  }

  async *unclassified(): AsyncGenerator<readonly Listed[]> {
    let from = "";
    if (!this.#waiting.isInOrder()) this.settle();
    if (this.#isWaiting()) {
      const pages = inPages<Listed>((last) => this.#waiting.after(last?.key ?? null, false)?.objects ?? []);
      for await (const objects of pages) {
        yield objects;
        from = objects.at(-1)?.key ?? from;
      }
      if (this.#isWaiting()) return;
    }
    const page = this.#db.arrays(
      `SELECT ${LISTED_COLUMNS} FROM objects WHERE key > ? AND seen >= ? AND judged IS NOT size ORDER BY key LIMIT ${CHUNK}`,
    );
    if (this.#counted.get("listing", "unclassified") !== null) return;
    // Of pages that passed by, and became rows meanwhile, nobody may have decided anything.
    let none = from === "";
    for await (const objects of inPages<Listed>((last) => page.all(last?.key ?? from, this.#now.since).map(listedOf))) {
      none = false;
      yield objects;
    }
    if (none) this.#counted.set("listing", "unclassified", "0");
  }

  async judge(objects: readonly CataloguedObject[]): Promise<void> {
    const page = this.#isWaiting() ? this.#waiting.given(objects) : null;
    if (page?.judged !== false) return this.classify(objects);
    if (!this.#isLarge) this.#fresh.judged(this.#waiting.placeOf(page), objects);
    this.#change(() => {
      if (!this.#isLarge) return this.#waiting.judge(page, objects);
      this.#rows.enterJudged(objects, page.run);
      this.#waiting.drop(page.id);
    });
  }

  async classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void> {
    if (verdicts.length === 0) return;
    if (this.fresh !== null && this.#waiting.allJudged) {
      this.#change(() => this.#waiting.classify(verdicts));
      return this.#fresh.changed(verdicts);
    }
    this.settle();
    this.#change(() => this.#rows.classify(verdicts));
  }

  async declassify(): Promise<void> {
    this.#fresh.changed();
    this.#change(() => {
      this.#waiting.declassify();
      this.#db.exec(
        `DROP INDEX IF EXISTS objects_by_stem;
         UPDATE objects SET judged = NULL, kind = NULL, family = NULL, stem = NULL, rank = NULL, reason = NULL`,
      );
    });
  }

  async *objects(kind?: Kind): AsyncGenerator<readonly CataloguedObject[]> {
    const which = kind === undefined ? "IS NOT NULL" : "= ?";
    const page = this.#db.arrays(
      `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key > ? AND seen >= ? AND kind ${which} ORDER BY key LIMIT ${CHUNK}`,
    );
    const more = kind === undefined ? [] : [kind];
    yield* inPages<CataloguedObject>((last) => {
      const rows = () => page.all(last?.key ?? "", this.#now.since, ...more).map(objectOf);
      const isAsked = (object: CataloguedObject) => kind === undefined || object.kind === kind;
      return this.fresh?.after(last?.key ?? null, (objects) => objects.filter(isAsked)) ?? rows();
    });
  }

  async find(key: string): Promise<CataloguedObject | null> {
    if (this.fresh !== null) return this.#waiting.find(key);
    const select = `SELECT ${OBJECT_COLUMNS} FROM objects WHERE key = ? AND seen >= ? AND judged = size`;
    const row = this.#db.arrays(select).get(key, this.#now.since);
    return row === undefined ? null : objectOf(row);
  }

  /** What this run lists under a key, whatever was decided about it. */
  listedAs(key: string): { readonly etag: string; readonly size: number } | null {
    this.settle();
    const select = "SELECT etag, size FROM objects WHERE key = ? AND seen >= ?";
    const row = this.#db.arrays(select).get(key, this.#now.since);
    return row === undefined ? null : { etag: text(row, 0), size: whole(row, 1) };
  }

  async kinds(): Promise<Record<Kind, number>> {
    const counts: Record<Kind, number> = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    for (const { kind, keys } of await this.families()) counts[kind] += keys;
    return counts;
  }

  async families(): Promise<readonly Omit<Family, "rule">[]> {
    const known = this.#counted.get("listing", "families");
    const families =
      known === null ? inOrder(this.fresh?.families() ?? countFamilies(this.#db, this.#now.since)) : familiesIn(known);
    if (known === null) this.#counted.set("listing", "families", JSON.stringify(families));
    return families;
  }

  async duplicates() {
    const [groups = 0, keys = 0, bytes = 0] = this.#counted.numbers("listing", "duplicates", () => {
      const counted = this.fresh?.duplicates();
      if (counted === null) this.settle();
      return counted ?? countDuplicates(this.#db, this.#now.since);
    });
    return { groups, keys, bytes };
  }

  async siblings(stem: string): Promise<readonly CataloguedObject[]> {
    const held = this.fresh?.siblings(stem);
    if (held) return held;
    this.settle();
    return this.#stems.siblings(stem);
  }

  async akin(stem: string, longer: boolean): Promise<readonly CataloguedObject[]> {
    this.settle();
    return this.#stems.akin(stem, longer);
  }

  async *unmatched(below: number, ranges: readonly FamilyRange[]): AsyncGenerator<readonly CataloguedObject[]> {
    const found = this.fresh?.unmatched(below, ranges) ?? null;
    if (found !== null) yield found;
    else {
      this.settle();
      yield* this.#stems.unmatched(below, ranges);
    }
  }

  async spread(count: number, random = Math.random()): Promise<readonly Listed[]> {
    this.settle();
    return spreadOver(this.#db, this.#now.since, count, random);
  }

  async drift(target: string): Promise<Drift> {
    const [gone = 0, changed = 0] = this.#counted.numbers("kept", `drift ${target}`, () => {
      if (!anyKept(this.#db, target)) return [0, 0];
      this.settle();
      return driftOf(this.#db, this.#now.since, target);
    });
    return { gone, changed };
  }

  #change(work: () => void): void {
    this.#now.changes += 1;
    this.#counted.forget("listing");
    this.#db.transaction(work);
  }
}
