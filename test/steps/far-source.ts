/** A source of nothing but keys, as far away as a test wants, and as badly behaved. */

import { HaulError } from "../../src/errors.ts";
import { compareKeys } from "../../src/key.ts";
import type { Listed } from "../../src/model.ts";
import type { KeyRange, Page, RequestCounts, Source } from "../../src/stores/source.ts";

export interface Behaviour {
  /** Keys a page. */
  readonly page: number;
  /** Waits for one page; no time when absent. */
  readonly wait?: () => Promise<void>;
  /** The order of the listing, and what `after` means in it; that of bytes when absent. */
  readonly order?: (a: string, b: string) => number;
  /** Lists from the beginning whatever `after` says. */
  readonly ignoresAfter?: boolean;
  /** Takes `after` as bytes, and sorts what is left in `order`. */
  readonly filtersByBytes?: boolean;
  /** Called with the number of the request, from 1; may throw, change the keys, or end the listing by `"end"`. */
  readonly onRequest?: (request: number, keys: string[]) => undefined | "end";
}

export class FarSource implements Source {
  readonly name = "far://photos";
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly #keys: string[];
  readonly #behaviour: Behaviour;
  readonly #order: (a: string, b: string) => number;
  /** Listings that were begun and not ended. */
  open_ = 0;

  constructor(keys: Iterable<string>, behaviour: Behaviour) {
    this.#order = behaviour.order ?? compareKeys;
    this.#keys = sorted(new Set(keys), this.#order);
    this.#behaviour = behaviour;
  }

  async *list({ after }: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
    const { page, wait, onRequest } = this.#behaviour;
    this.open_ += 1;
    try {
      for (let last: string | undefined, begun = false; ; begun = true) {
        this.requests.list += 1;
        const request = this.requests.list;
        await wait?.();
        if (signal.aborted) throw new HaulError("interrupted", "interrupted");
        const end = onRequest?.(request, this.#keys) === "end";
        const rest = begun ? this.#following(last) : this.#beginning(after);
        const objects = rest.slice(0, page).map(objectOf);
        last = objects.at(-1)?.key ?? last;
        yield { objects };
        if (end || rest.length <= page) return;
      }
    } finally {
      this.open_ -= 1;
    }
  }

  /** Of so many keys after one; the pages have none of their own. */
  async digest(after: string, count: number): Promise<string> {
    this.requests.list += 1;
    await this.#behaviour.wait?.();
    return digestOf(this.#following(after).slice(0, count));
  }

  open(): Promise<never> {
    return Promise.reject(new HaulError("missing", "there are keys only"));
  }

  async close(): Promise<void> {}

  #beginning(after: string | undefined): string[] {
    if (after === undefined || this.#behaviour.ignoresAfter) return this.#keys;
    if (this.#behaviour.filtersByBytes) return this.#keys.filter((key) => compareKeys(key, after) > 0);
    return this.#following(after);
  }

  /** What comes after a key in this source's own order; a page and one more, as more is not looked at. */
  #following(key: string | undefined): string[] {
    if (key === undefined) return this.#keys;
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(this.#keys[middle] ?? "", key) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#keys.slice(low, low + this.#behaviour.page + 1);
  }
}

function sorted(keys: Iterable<string>, order: (a: string, b: string) => number): string[] {
  const all = [...keys];
  // Below the surrogates the order of bytes is that of UTF-16, by which the engine sorts in a quarter of the time.
  const plain = order === compareKeys && !all.some((key) => /[\ud800-\uffff]/.test(key));
  return all.sort(plain ? undefined : order);
}

export function digestOf(keys: readonly string[]): string {
  return `${keys.length} ${keys[0] ?? ""} ${keys.at(-1) ?? ""}`;
}

export function objectOf(key: string): Listed {
  return {
    key,
    size: 3,
    etag: "e",
    modified: "2012-06-28T12:00:00.000Z",
    storageClass: "STANDARD",
  };
}

/** Order of JavaScript strings: by UTF-16 code units. */
export function byUtf16(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
