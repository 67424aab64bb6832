/** What is asked of a whole listing while it is pages: counted over them, in memory that a million keys do not fill. */

import type { CataloguedObject, Classified, Family, FamilyRange } from "../model.ts";
import { ListingCounts } from "./listing-counts.ts";
import { StemTable } from "./stem-table.ts";
import type { WaitingPages } from "./waiting-pages.ts";

/** Stems whose objects are held, and bodies that are counted one by one: where there are more, rows answer. */
const HELD = 20_000;

const NONE = -1;

export class FreshListing {
  readonly #pages: WaitingPages;
  readonly #fewKeys: number;
  #counts: ListingCounts | null = null;
  /** Pages whose objects were counted when they were judged. */
  #wentBy = NONE;
  /** All objects of some stems, and where each of them is. */
  #near: ReadonlyMap<string, CataloguedObject[]> = new Map();
  readonly #places = new Map<string, [among: CataloguedObject[], at: number]>();

  /** @param fewKeys of what has more, only the stems of renditions are held */
  constructor(pages: WaitingPages, fewKeys: number) {
    this.#pages = pages;
    this.#fewKeys = fewKeys;
  }

  /** To be called when something was decided. @param verdicts of what was judged before; none for what was not, or is no more */
  changed(verdicts: readonly (Classified & { readonly key: string })[] = []): void {
    this.#counts = null;
    this.#wentBy = NONE;
    if (verdicts.length === 0) this.#letGo();
    for (const { key, kind, family, stem, rank, reason } of verdicts) {
      const [among, at] = this.#places.get(key) ?? [[], 0];
      const { [at]: object } = among;
      if (object !== undefined) among[at] = { ...object, kind, family, stem, rank, reason };
    }
  }

  /** A page that is judged. Where each follows the one before, what is counted as they go by is not read again. */
  judged(place: number, objects: readonly CataloguedObject[]): void {
    if (place > 0 && place !== this.#wentBy) {
      this.changed();
      return;
    }
    if (place === 0) this.#counts = this.#noCounts();
    for (const object of objects) this.#counts?.add(object);
    this.#wentBy = place + 1;
  }

  families(): Omit<Family, "rule">[] {
    return [...this.#counted().families.values()];
  }

  /** Null where there are too many to count them here. */
  duplicates(): [groups: number, keys: number, bytes: number] | null {
    const counts = this.#counted();
    const twice = counts.twice();
    if (twice.size > HELD) return null;
    const exact = new Map<string, { size: number; keys: number }>();
    if (twice.size > 0) {
      for (const { etag, size } of this.#originals()) {
        if (!twice.has(counts.bodyOf(etag, size))) continue;
        const name = `${etag} ${size}`;
        exact.set(name, { size, keys: (exact.get(name)?.keys ?? 0) + 1 });
      }
    }
    const groups = [...exact.values()].filter(({ keys }) => keys > 1);
    const sum = (of: (group: { size: number; keys: number }) => number) =>
      groups.reduce((before, group) => before + of(group), 0);
    return [groups.length, sum(({ keys }) => keys), sum(({ keys, size }) => (keys - 1) * size)];
  }

  /** As `Listing.unmatched`, whose siblings are held until the next call; null where there are too many to hold. */
  unmatched(below: number, ranges: readonly FamilyRange[]): readonly CataloguedObject[] | null {
    this.#letGo();
    const { smallest, ranked } = this.#counted();
    const stems = this.#stems();
    if (ranges.length === 0 && smallest >= below && !ranked && !stems.anyOrphan()) return [];
    const byFamily = new Map(ranges.map((range) => [range.family, range]));
    const found: CataloguedObject[] = [];
    for (const object of this.#objects()) {
      if (!stems.isUnmatched(object, below, byFamily)) continue;
      if (found.push(object) > HELD) return null;
    }
    if (found.length > 0) this.#gather(new Set(found.map(({ stem }) => stem ?? "")));
    return found;
  }

  #letGo(): void {
    this.#places.clear();
    this.#near = new Map();
  }

  #gather(stems: ReadonlySet<string>): void {
    const near = new Map<string, CataloguedObject[]>();
    for (const object of this.#objects()) {
      const { key, stem } = object;
      if (stem === null || !stems.has(stem)) continue;
      const among = near.get(stem) ?? [];
      near.set(stem, among);
      this.#places.set(key, [among, among.push(object) - 1]);
    }
    this.#near = near;
  }

  /** Null where they are not held. */
  siblings(stem: string): readonly CataloguedObject[] | null {
    return this.#near.get(stem)?.filter((object) => object.stem === stem) ?? null;
  }

  /** The first that are picked behind a key, of one page; none at the end. @param key null is before every key */
  after<T>(key: string | null, pick: (objects: readonly CataloguedObject[]) => T[]): T[] {
    for (const objects of this.#judgedBehind(key)) {
      const picked = pick(objects);
      if (picked.length > 0) return picked;
    }
    return [];
  }

  /** Keys of what stands in, where nothing is kept. */
  standIns(): string[] {
    const numbers = this.#stems().standIns();
    const keys: string[] = [];
    if (numbers.length === 0) return keys;
    let number = 0;
    for (const { key } of this.#objects()) {
      if (numbers[keys.length] === number) keys.push(key);
      number += 1;
    }
    return keys;
  }

  #counted(): ListingCounts {
    if (this.#counts !== null) return this.#counts;
    const counts = this.#noCounts();
    this.#counts = counts;
    this.#wentBy = NONE;
    for (const object of this.#objects()) counts.add(object);
    return counts;
  }

  #noCounts(): ListingCounts {
    return new ListingCounts(this.#pages.totals().keys <= this.#fewKeys);
  }

  /** Of what has a rendition, or an original that may not be the truest. */
  #stems(): StemTable {
    const counts = this.#counted();
    if (counts.stems !== null) return counts.stems;
    const stems = new StemTable();
    counts.stems = stems;
    if (!counts.renditions && !counts.ranked) return stems;
    for (const object of this.#objects()) {
      if (object.kind === "rendition" || (object.kind === "original" && object.rank > 0)) stems.mention(object);
    }
    let number = 0;
    for (const object of this.#objects()) {
      stems.add(object, number, true);
      number += 1;
    }
    return stems;
  }

  *#originals(): Generator<CataloguedObject> {
    for (const object of this.#objects()) {
      if (object.kind === "original" && object.size > 0 && object.etag !== "") yield object;
    }
  }

  *#objects(): Generator<CataloguedObject> {
    for (const objects of this.#judgedBehind(null)) yield* objects;
  }

  *#judgedBehind(key: string | null): Generator<readonly CataloguedObject[]> {
    for (let page = this.#pages.after(key, true); page?.judged === true; ) {
      yield page.objects;
      page = this.#pages.after(page.objects.at(-1)?.key ?? null, true);
    }
  }
}
