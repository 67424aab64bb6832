/**
 * A walk through a range of keys: the range is split while it is listed, as long as that helps. Each part is listed from
 * its lower bound on until a page shows a key beyond its upper one, or the source says that there is no more.
 *
 * Why no key can be lost: the bounds tile the range (asserted), and at every bound the first key beyond
 * it that the part below was shown is the first key that the part above was shown. So together the parts
 * are one walk from the first key of the range to its last, in whatever order the source has. Where
 * they are not, or keys come out of byte order, whoever asked lists the source again by a single range.
 */

import type { KeptPage, KeyBounds, Listing } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import { compareKeys } from "../key.ts";
import { KeySplitter } from "../keys/key-split.ts";
import type { Limiter } from "../limiter.ts";
import type { Listed } from "../model.ts";
import type { Page, Source } from "../stores/source.ts";
import { MARKER } from "../targets/target-json.ts";

export interface ListOptions {
  readonly limiter: Pick<Limiter, "listing">;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called once, when the source has shown its first keys and before they are entered. */
  readonly onFirst?: (() => Promise<void>) | undefined;
  /** True where this thread has no time for more: another walk would only take memory. Never, when absent. */
  readonly isBusy?: () => boolean;
  /** Keys that are listed, in order, before the key space is split; 2,000 when absent. For tests. */
  readonly splitAfter?: number;
}

export interface ListingPorts {
  readonly source: Source;
  readonly listing: Pick<Listing, "add" | "pages" | "goOn">;
  readonly options: ListOptions;
  readonly tally: Tally;
}

/** A bucket that ends within this many keys costs no request more than a serial listing. */
const SPLIT_AFTER = 2000;
/** Walks begun at most when a page has come. */
const SPLITS = 3;
/** Milliseconds between two `listing` events. */
const TELL_MS = 200;

/** What was listed so far, told now and then. */
export class Tally {
  readonly #emit: Emit;
  #counts = { keys: 0, bytes: 0, pages: 0 };
  #toldAt = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  add(keys: number, bytes: number): void {
    this.#counts = { keys: this.#counts.keys + keys, bytes: this.#counts.bytes + bytes, pages: this.#counts.pages + 1 };
    if (performance.now() - this.#toldAt >= TELL_MS) this.tell();
  }

  tell(): void {
    this.#toldAt = performance.now();
    this.#emit({ type: "listing", ...this.#counts });
  }
}

/** The keys k with `after` < k ≤ `upto`; absent bounds are open. */
interface Range {
  readonly after: string | undefined;
  upto: string | undefined;
  /** The range that begins where this one ends. */
  above: Range | null;
  /** The last key of the range that was listed. */
  cursor: string | undefined;
  /** The first key that the source showed in this listing; null when it showed none. */
  first: string | null;
  /** The first key beyond the range that it showed; null when it had no more. */
  beyond: string | null;
}

const MISORDERED = "lists its keys in another order than that of their bytes";

/** Thrown by a range whose keys do not come in byte order; says how, for people. */
class Disorder extends Error {}

/** A walk through all keys within bounds, entering what it finds. */
export class Walk {
  readonly #ports: ListingPorts;
  readonly #splitter: KeySplitter | null;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #walks: Promise<void>[] = [];
  readonly #failures: unknown[] = [];
  readonly #lowest: Range;
  readonly #upto: string | undefined;
  readonly #found: KeptPage[] = [];
  #walking = 0;
  /** True when all ranges are listed: nothing is split any more. */
  #settled = false;
  #fullPage = 0;
  #keys = 0;
  #pages = 0;

  /** @param split false for a single range, whose keys may come in any order */
  constructor(ports: ListingPorts, split: boolean, { after, upto }: KeyBounds = {}) {
    this.#ports = ports;
    this.#lowest = newRange(after, upto);
    this.#upto = upto;
    this.#splitter = split ? new KeySplitter() : null;
    this.#signal = AbortSignal.any([ports.options.signal, this.#stop.signal]);
  }

  /** The pages that were entered, in no order. */
  get found(): readonly KeptPage[] {
    return this.#splitter === null ? [] : this.#found;
  }

  /**
   * Lists everything within the bounds.
   * @returns null, or how the source's order is not that of bytes; then keys may be missing
   */
  async run(): Promise<string | null> {
    this.#begin(this.#lowest);
    for (const walk of this.#walks) await walk;
    const [failure] = this.#failures;
    if (failure instanceof Disorder) return failure.message;
    if (failure !== undefined) throw failure;
    assertTiling(this.#lowest, this.#upto);
    return this.#openSeam();
  }

  #begin(range: Range): void {
    this.#walking += 1;
    const walk = this.#walk(range)
      .catch((error: unknown) => {
        this.#failures.push(error);
        this.#stop.abort(error);
      })
      .finally(() => {
        this.#walking -= 1;
      });
    this.#walks.push(walk);
  }

  async #walk(range: Range): Promise<void> {
    const { source, options } = this.#ports;
    const { listing } = options.limiter;
    const bounds = range.after === undefined ? {} : { after: range.after };
    const pages = source.list(bounds, this.#signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await listing.run(() => pages.next(), this.#signal);
        if (done) break;
        if (!(await this.#take(range, value))) break;
        this.#split(range, value.objects);
      }
    } finally {
      await pages.return?.();
    }
    if (range.cursor === undefined && range.after !== undefined) this.#splitter?.refute(range.after, range.upto);
  }

  /** Enters a page. @returns false when it showed the end of the range */
  async #take(range: Range, { objects, digest }: Page): Promise<boolean> {
    if (this.#splitter !== null) assertOrder(range, objects);
    const { upto } = range;
    const isWithin = ({ key }: Listed) => upto === undefined || compareKeys(key, upto) <= 0;
    // In order, the last key speaks for all.
    const whole = upto === undefined || (this.#splitter !== null && objects.slice(-1).every(isWithin));
    const within = whole ? objects : objects.filter(isWithin);
    range.first ??= apart(objects[0]?.key) ?? null;
    range.beyond = apart(objects[within.length]?.key) ?? null;
    const after = range.cursor ?? range.after ?? "";
    range.cursor = apart(within.at(-1)?.key) ?? range.cursor;
    let bytes = 0;
    for (const { size } of within) bytes += size;
    if (within.length > 0) {
      if (this.#keys === 0) await this.#ports.options.onFirst?.();
      await this.#ports.listing.add(within);
      const named = within.some(({ key }) => key.endsWith(MARKER)) ? null : digest?.(within.length);
      this.#found.push({ after, last: range.cursor ?? "", keys: within.length, bytes, digest: named ?? "" });
    }
    this.#keys += within.length;
    this.#pages += 1;
    this.#splitter?.learn(objects.map(({ key }) => key));
    this.#ports.tally.add(within.length, bytes);
    return range.beyond === null;
  }

  /**
   * Gives upper parts of what is left of a range to walks of their own, where that is likely to help. There are
   * never more walks than pages listed, so that a small bucket costs few requests.
   */
  #split(range: Range, page: readonly Listed[]): void {
    const { limiter, splitAfter = SPLIT_AFTER, isBusy } = this.#ports.options;
    this.#fullPage = Math.max(this.#fullPage, page.length);
    const [first] = page;
    if (this.#splitter === null || this.#settled) return;
    if (first === undefined || range.cursor === undefined) return;
    if (page.length < this.#fullPage || this.#keys < splitAfter || isBusy?.() === true) return;
    for (let more = SPLITS; more > 0; more -= 1) {
      if (this.#walking >= Math.min(limiter.listing.limit, this.#pages)) return;
      const bound = this.#splitter.between(first.key, range.cursor, range.upto);
      if (bound === null) return;
      const above = newRange(bound, range.upto);
      above.above = range.above;
      range.above = above;
      range.upto = bound;
      this.#begin(above);
    }
  }

  /** Looks at every bound from both sides. @returns how they differ, or null when they nowhere do */
  async #openSeam(): Promise<string | null> {
    this.#settled = true;
    try {
      return await this.#firstOpenSeam();
    } catch (error) {
      if (error instanceof Disorder) return error.message;
      throw error;
    }
  }

  async #firstOpenSeam(): Promise<string | null> {
    for (let below = this.#lowest; below.above !== null; below = below.above) {
      if (below.beyond !== below.above.first && !(await this.#mend(below))) return MISORDERED;
    }
    return null;
  }

  /**
   * Lists the end of a range again, and looks at its bound from both sides once more: where keys came or went
   * meanwhile, or the source said too early that it had no more, all is well now.
   */
  async #mend(below: Range): Promise<boolean> {
    const end = newRange(below.cursor ?? below.after, below.upto);
    await this.#walk(end);
    const { source } = this.#ports;
    for await (const { objects } of source.list({ after: below.upto ?? "" }, this.#signal)) {
      const [first] = objects;
      if (first !== undefined) return first.key === end.beyond;
    }
    return end.beyond === null;
  }
}

/** A key that is kept for long: as a piece of its page's text it would keep all of that, a third of a megabyte. */
function apart(key: string | undefined): string | undefined {
  return key === undefined ? undefined : Buffer.from(key, "utf16le").toString("utf16le");
}

function newRange(after: string | undefined, upto: string | undefined): Range {
  return { after, upto, above: null, cursor: undefined, first: null, beyond: null };
}

/** @throws Disorder unless every key is above the one before it, and above the range's lower bound */
function assertOrder(range: Range, objects: readonly Listed[]): void {
  let last = range.cursor ?? range.after;
  for (const { key } of objects) {
    if (last !== undefined && compareKeys(key, last) <= 0) {
      throw new Disorder(last === range.after ? "does not begin its listing where it is asked to" : MISORDERED);
    }
    last = key;
  }
}

/** @throws Error, as a gap or an overlap would be a bug here */
function assertTiling(lowest: Range, upto: string | undefined): void {
  let range = lowest;
  let whole = true;
  for (; range.above !== null; range = range.above) {
    whole &&= range.upto !== undefined && range.upto === range.above.after;
  }
  if (!whole || range.upto !== upto) throw new Error("the ranges listed do not tile the keys");
}
