/**
 * List: everything a source holds goes into the catalogue, page by page. A listing answers one page a round
 * trip, so a serial one takes 17 minutes for 10 million keys at 100 ms a page; here the key space is split
 * while it is listed, as long as that helps. Each range is listed from its lower bound on until a page shows
 * a key beyond its upper one, or the source says that there is no more.
 *
 * Why no key can be lost: the bounds tile the key space (asserted), and at every bound the first key beyond
 * it that the range below was shown is the first key that the range above was shown. So together the ranges
 * are one walk through the source from its first key to its last, in whatever order the source has. Where
 * they are not, or keys come out of byte order, the source is listed again by a single range.
 */

import type { Listing, ListingTotals } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import { compareKeys } from "../key.ts";
import { KeySplitter } from "../keys/key-split.ts";
import type { Limiter } from "../limiter.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../stores/source.ts";

export interface ListOptions {
  readonly limiter: Pick<Limiter, "listing">;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called once, when the source has shown its first keys and before they are entered. */
  readonly onFirst?: (() => Promise<void>) | undefined;
  /** Keys that are listed, in order, before the key space is split; 2,000 when absent. For tests. */
  readonly splitAfter?: number;
}

/** A bucket that ends within this many keys costs no request more than a serial listing. */
const SPLIT_AFTER = 2000;
/** Walks begun at most when a page has come. */
const SPLITS = 3;
/** Milliseconds between two `listing` events. */
const TELL_MS = 200;

/**
 * Lists the whole source into the catalogue, and declares the listing whole there when it is; when it
 * throws, it is not.
 * @throws HaulError that ends the run
 */
export async function listInto(
  source: Source,
  listing: Pick<Listing, "add" | "finish">,
  options: ListOptions,
): Promise<ListingTotals> {
  const { emit } = options;
  const started = performance.now();
  const ports = { source, listing, options };
  const disorder = await new Walk(ports, !source.oneByOne).run();
  if (disorder !== null) {
    const message = `${source.name} ${disorder}: it is listed one page after the other, which takes longer`;
    emit({ type: "warning", code: "out-of-order", message });
    await new Walk(ports, false).run();
  }
  const totals = await listing.finish();
  const seconds = (performance.now() - started) / 1000;
  emit({ type: "listed", ...totals, complete: true, seconds });
  return totals;
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

interface ListingPorts {
  readonly source: Source;
  readonly listing: Pick<Listing, "add">;
  readonly options: ListOptions;
}

const MISORDERED = "lists its keys in another order than that of their bytes";

/** Thrown by a range whose keys do not come in byte order; says how, for people. */
class Disorder extends Error {}

class Walk {
  readonly #ports: ListingPorts;
  readonly #splitter: KeySplitter | null;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #walks: Promise<void>[] = [];
  readonly #failures: unknown[] = [];
  readonly #lowest: Range = newRange(undefined, undefined);
  #walking = 0;
  /** True when all ranges are listed: nothing is split any more. */
  #settled = false;
  #fullPage = 0;
  #keys = 0;
  #bytes = 0;
  #pages = 0;
  #toldAt = 0;

  /** @param split false for a single range, whose keys may come in any order */
  constructor(ports: ListingPorts, split: boolean) {
    this.#ports = ports;
    this.#splitter = split ? new KeySplitter() : null;
    this.#signal = AbortSignal.any([ports.options.signal, this.#stop.signal]);
  }

  /**
   * Lists everything.
   * @returns null, or how the source's order is not that of bytes; then keys may be missing
   */
  async run(): Promise<string | null> {
    this.#begin(this.#lowest);
    for (const walk of this.#walks) await walk;
    const [failure] = this.#failures;
    if (failure instanceof Disorder) return failure.message;
    if (failure !== undefined) throw failure;
    assertTiling(this.#lowest);
    const open = await this.#openSeam();
    this.#tell();
    return open;
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
        if (!(await this.#take(range, value.objects))) break;
        this.#split(range, value.objects);
      }
    } finally {
      await pages.return?.();
    }
    if (range.cursor === undefined && range.after !== undefined) this.#splitter?.refute(range.after, range.upto);
  }

  /** Enters a page. @returns false when it showed the end of the range */
  async #take(range: Range, objects: readonly Listed[]): Promise<boolean> {
    if (this.#splitter !== null) assertOrder(range, objects);
    const { upto } = range;
    const within = upto === undefined ? objects : objects.filter(({ key }) => compareKeys(key, upto) <= 0);
    range.first ??= apart(objects[0]?.key) ?? null;
    range.beyond = apart(objects[within.length]?.key) ?? null;
    range.cursor = apart(within.at(-1)?.key) ?? range.cursor;
    if (within.length > 0) {
      if (this.#keys === 0) await this.#ports.options.onFirst?.();
      await this.#ports.listing.add(within);
    }
    this.#keys += within.length;
    for (const { size } of within) this.#bytes += size;
    this.#pages += 1;
    this.#splitter?.learn(objects.map(({ key }) => key));
    if (performance.now() - this.#toldAt >= TELL_MS) this.#tell();
    return range.beyond === null;
  }

  /**
   * Gives upper parts of what is left of a range to walks of their own, where that is likely to help. There are
   * never more walks than pages listed, so that a small bucket costs few requests.
   */
  #split(range: Range, page: readonly Listed[]): void {
    const { limiter, splitAfter = SPLIT_AFTER } = this.#ports.options;
    this.#fullPage = Math.max(this.#fullPage, page.length);
    const [first] = page;
    if (this.#splitter === null || this.#settled) return;
    if (first === undefined || range.cursor === undefined) return;
    if (page.length < this.#fullPage || this.#keys < splitAfter) return;
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

  #tell(): void {
    this.#toldAt = performance.now();
    const { emit } = this.#ports.options;
    emit({ type: "listing", keys: this.#keys, bytes: this.#bytes, pages: this.#pages });
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
function assertTiling(lowest: Range): void {
  let range = lowest;
  let whole = lowest.after === undefined;
  for (; range.above !== null; range = range.above) {
    whole &&= range.upto !== undefined && range.upto === range.above.after;
  }
  if (!whole || range.upto !== undefined) throw new Error("the ranges listed do not tile the keys");
}
