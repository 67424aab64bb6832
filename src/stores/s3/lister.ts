/**
 * The listing of a bucket, of sources and of targets alike, with all its guards: pages that go in circles, and those that
 * say too early that they are the last, which each is asked whose word it would be: one request more for a listing. How a
 * page is asked for and trusted is in page-asking.ts.
 */

import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import { createLoopGuard } from "../listing-guards.ts";
import type { Page } from "../source.ts";
import type { Bucket } from "./bucket.ts";
import { digestOf, digestOfAll, digestOfAsked, hasEntries } from "./list-digest.ts";
import type { VersionEntry } from "./list-entry.ts";
import type { ListPage } from "./list-page.ts";
import { type Numbered, sized, sizedVersion } from "./list-sizes.ts";
import { type ListerOptions, PageAsking, type PageAsSent } from "./page-asking.ts";

/** So many pages without an entry may follow each other, as where very many were deleted; more, and they never end. */
const MOST_EMPTY = 10_000;

export class Lister {
  readonly #name: string;
  readonly #mostEmpty: number;
  readonly #asking: PageAsking;

  constructor(bucket: Bucket, options: ListerOptions) {
    this.#asking = new PageAsking(bucket, options);
    this.#name = this.#asking.name;
    this.#mostEmpty = options.mostEmpty ?? MOST_EMPTY;
  }

  /**
   * Pages in the order of the store, from after a key on.
   * @param again makes one request as often as may help
   * @throws what `again` does
   */
  async *pages(after: string | undefined, again: Numbered, signal: AbortSignal): AsyncGenerator<Page> {
    const guard = createLoopGuard(this.#name);
    let empty = 0;
    /** The last key of a page that says that it is the last, which is asked what follows it. */
    let doubted: string | null = null;
    const everDoubted = new Set<string>();
    let token = "";
    let marker = after;
    for (;;) {
      const page = await this.#asking.page({ token, after: marker }, again, signal);
      const { last, truncated } = page;
      guard(page.objects[0]?.key, last, page.token);
      empty = last === undefined ? this.#oneMore(empty) : 0;
      if (doubted !== null && !goesOn(page, doubted)) return;
      // More was said to follow, and nothing does: a store may have lost what its token meant, and is asked by the key.
      if (token !== "" && last === undefined && !truncated && marker !== undefined) {
        [token, doubted] = ["", marker];
        continue;
      }
      yield await this.#told(page, again, signal);
      this.#asking.memory.give(page.body);
      doubted = truncated ? null : (last ?? null);
      // In an order of the store's own, what comes "after" a key may be pages that were there already.
      const known = !truncated && (doubted === null || everDoubted.has(doubted));
      if (known || this.#asking.isBeyond(last)) return;
      if (doubted !== null) everDoubted.add(doubted);
      token = truncated ? page.token : "";
      marker = last ?? marker;
    }
  }

  /** Pages of all versions, from after a key on. */
  async *versions(
    after: string | undefined,
    again: Numbered,
    signal: AbortSignal,
  ): AsyncGenerator<readonly VersionEntry[]> {
    const guard = createLoopGuard(this.#name);
    let empty = 0;
    let doubted: string | undefined;
    let at: Record<string, string> = after === undefined ? {} : { "key-marker": after };
    for (;;) {
      const page = await this.#asking.versionPage(at, again, signal);
      const { last, truncated, nextKey, nextVersion } = page;
      if (doubted !== undefined && compareKeys(page.entries[0]?.object.key ?? "", doubted) <= 0) return;
      guard(undefined, undefined, `${nextVersion} ${nextKey} ${last}`);
      empty = last === undefined ? this.#oneMore(empty) : 0;
      yield page.entries.map((entry) => sizedVersion(entry, this.#asking.sizing));
      if (this.#asking.isBeyond(last) || (!truncated && last === undefined)) return;
      doubted = truncated ? undefined : last;
      at = { "key-marker": doubted ?? nextKey };
      if (truncated && nextVersion !== "") at["version-id-marker"] = nextVersion;
    }
  }

  /** As `Source.digest`. */
  async digest(after: string, count: number, again: Numbered, signal: AbortSignal): Promise<string | null> {
    if (this.#asking.hasNoDigest) return null;
    const start = after === "" ? {} : { "start-after": after };
    const body = await again(() => this.#asking.second({ "max-keys": String(count), ...start }, signal));
    if (body === null) return null;
    const digest = digestOfAsked(body, count);
    this.#asking.memory.give(body);
    return digest;
  }

  #oneMore(empty: number): number {
    if (empty < this.#mostEmpty) return empty + 1;
    const says = `${this.#name}: the store sends pages without an entry, and says each time that more follow`;
    throw new HaulError("listing", says);
  }

  /** With its digest, where all that it says lies in its entries, and it can be asked for by the keys before it. */
  async #told({ objects, flaws, first, body }: PageAsSent, again: Numbered, signal: AbortSignal): Promise<Page> {
    if (objects.some(({ size }) => size < 0)) {
      return { objects: await sized(objects, this.#asking.sizing, again, signal) };
    }
    const flawed = flaws.nameless + flaws.undated > 0;
    if (flawed || first || this.#asking.hasNoDigest || !hasEntries(body, objects.length)) return { objects };
    return { objects, digest: (count) => (count === objects.length ? digestOfAll(body) : digestOf(body, count)) };
  }
}

/**
 * Whether there is more after that key; false also for a store that ignores `start-after` and begins anew. One may begin
 * with the key itself.
 */
function goesOn({ objects: [first, second], truncated }: ListPage, last: string): boolean {
  const next = first?.key === last ? second : first;
  return next === undefined ? truncated : compareKeys(next.key, last) > 0;
}
