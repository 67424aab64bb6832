/**
 * The listing of a bucket, of sources and of targets alike, with all its guards: pages that go in circles, that come out
 * of order, that say too early that they are the last, and what other stores than Amazon make of the listing APIs.
 */

import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import { BodyMemory } from "../http/body-memory.ts";
import { type Asked, readBody } from "../http/wire.ts";
import { createLoopGuard } from "../listing-guards.ts";
import type { Page } from "../source.ts";
import type { Bucket } from "./bucket.ts";
import { KeyForms } from "./key-encoding.ts";
import { digestOf, digestOfAll, digestOfAsked, hasEntries } from "./list-digest.ts";
import type { Flaws, VersionEntry } from "./list-entry.ts";
import { type ListPage, readListPage, readVersionPage } from "./list-page.ts";
import { type Numbered, type Sizing, sized, sizedVersion } from "./list-sizes.ts";
import { headObject } from "./s3-object.ts";
import { MalformedXml } from "./xml.ts";

export interface ListerOptions {
  /** Only keys that begin so; "" for all. */
  readonly prefix: string;
  /** Keys a page; what the store gives (1,000) when absent. */
  readonly pageKeys?: number | undefined;
  /** Pages without an entry that may follow each other; 10,000 when absent. For tests. */
  readonly mostEmpty?: number | undefined;
  /** Told of each request. */
  readonly onRequest?: (verb: "list" | "head") => void;
  /** Told in a sentence of entries that cannot be used as they are. */
  readonly onFlaw?: ((message: string, key?: string) => void) | undefined;
}

/** A page that came so often out of order, or with entries that lack something, is what the store has. */
const DOUBTED = 3;
/** So many pages without an entry may follow each other, as where very many were deleted; more, and they never end. */
const MOST_EMPTY = 10_000;

type PageAsSent = ListPage & { readonly body: Buffer };

export class Lister {
  readonly #bucket: Bucket;
  readonly #asked: Asked;
  readonly #options: ListerOptions;
  readonly #forms: KeyForms;
  readonly #sizing: Sizing;
  readonly #memory = new BodyMemory();
  /** Set for good once the store turned out to know only the first listing API. */
  #firstApi = false;
  /** Set for good once the store turned out to have an order of its own. */
  #unordered = false;
  /** Set for good once the store turned out to leave sizes or dates out. */
  #flawed = false;

  constructor(bucket: Bucket, options: ListerOptions) {
    this.#bucket = bucket;
    this.#options = options;
    const { prefix } = options;
    this.#asked = {
      kind: "listing",
      name: `s3://${bucket.name}${prefix === "" ? "" : `/${prefix}`}`,
    };
    this.#sizing = { head: (key, signal) => this.#head(key, signal), onFlaw: options.onFlaw };
    this.#forms = new KeyForms({
      isThere: (key, signal) => this.#isThere(key, signal),
      asWritten: (key, signal) => this.#asWritten(key, signal),
    });
  }

  /**
   * Pages in the order of the store, from after a key on.
   * @param again makes one request as often as may help
   * @throws what `again` does
   */
  async *pages(after: string | undefined, again: Numbered, signal: AbortSignal): AsyncGenerator<Page> {
    const guard = createLoopGuard(this.#asked.name);
    let longest = 0;
    let empty = 0;
    /** The last key of a page that is asked whether it is the last indeed. */
    let doubted: string | null = null;
    const everDoubted = new Set<string>();
    let token = "";
    let marker = after;
    for (;;) {
      const page = await this.#page({ token, after: marker }, again, signal);
      const last = page.objects.at(-1)?.key;
      guard(page.objects[0]?.key, last, page.token);
      empty = last === undefined ? this.#oneMore(empty) : 0;
      if (doubted !== null && !goesOn(page, doubted)) return;
      // More was said to follow, and nothing does: a store may have lost what its token meant, and is asked by the key.
      if (token !== "" && last === undefined && !page.truncated && marker !== undefined) {
        [token, doubted] = ["", marker];
        continue;
      }
      yield await this.#sized(page, again, signal);
      this.#memory.give(page.body);
      // A store may forget to say that there is more: a page as long as they get is asked what follows it.
      const full = page.full || (longest > 0 && page.objects.length >= longest);
      longest = Math.max(longest, page.objects.length);
      if (!page.truncated && !full) return;
      doubted = page.truncated ? null : (last ?? null);
      if (doubted !== null) {
        // In an order of the store's own, what comes "after" a key may be pages that were there already.
        if (everDoubted.has(doubted)) return;
        everDoubted.add(doubted);
      }
      if (page.first && last === undefined) {
        const says = `${this.#asked.name}: an empty page that says that more follow`;
        throw new HaulError("listing", says);
      }
      token = page.truncated ? page.token : "";
      marker = last ?? marker;
    }
  }

  /** Pages of all versions, from after a key on. */
  async *versions(
    after: string | undefined,
    again: Numbered,
    signal: AbortSignal,
  ): AsyncGenerator<readonly VersionEntry[]> {
    const guard = createLoopGuard(this.#asked.name);
    let empty = 0;
    let at: Record<string, string> = after === undefined ? {} : { "key-marker": after };
    for (;;) {
      const asking = { versions: "", ...at };
      const page = await again(async (number) => {
        const body = await this.#ask(asking, signal);
        const read = (form: Parameters<typeof readVersionPage>[1]) =>
          this.#read(() => readVersionPage(body ?? Buffer.alloc(0), form));
        return this.#trusted(await this.#forms.read(read, signal), number);
      });
      guard(undefined, undefined, `${page.nextVersion} ${page.nextKey}`);
      empty = page.entries.length === 0 ? this.#oneMore(empty) : 0;
      yield page.entries.map((entry) => sizedVersion(entry, this.#sizing));
      if (!page.truncated) return;
      at = { "key-marker": page.nextKey };
      if (page.nextVersion !== "") at["version-id-marker"] = page.nextVersion;
    }
  }

  #oneMore(empty: number): number {
    if (empty < (this.#options.mostEmpty ?? MOST_EMPTY)) return empty + 1;
    const says = `${this.#asked.name}: the store sends pages without an entry, and says each time that more follow`;
    throw new HaulError("listing", says);
  }

  /** A page after a token of the second API; without one, after a key. */
  #page(
    { token, after }: { readonly token: string; readonly after: string | undefined },
    again: Numbered,
    signal: AbortSignal,
  ): Promise<PageAsSent> {
    const start = after === undefined ? {} : { "start-after": after };
    const second = {
      "list-type": "2",
      ...(token === "" ? start : { "continuation-token": token }),
    };
    const first = after === undefined ? {} : { marker: after };
    const pageOf = async (body: Buffer) => {
      const page = await this.#forms.read((form) => this.#read(() => readListPage(body, form)), signal);
      return { ...page, body };
    };
    return again(async (number) => {
      if (!this.#firstApi) {
        const body = await this.#ask(second, signal, [501]);
        const page = body === null ? null : await pageOf(body);
        if (page !== null && !page.first) return this.#inOrder(this.#trusted(page, number), number);
        this.#firstApi = true;
      }
      const page = await pageOf((await this.#ask(first, signal)) ?? Buffer.alloc(0));
      return this.#inOrder(this.#trusted(page, number), number);
    });
  }

  /** A page whose keys are out of order may have wrong bytes, which lose a key: it is asked for again, but not for ever. */
  #inOrder<T extends ListPage>(page: T, attempt: number): T {
    const { objects } = page;
    if (this.#unordered || objects.every(({ key }, at) => isAfter(key, objects[at - 1]?.key))) {
      return page;
    }
    if (attempt < DOUBTED) {
      const says = `${this.#asked.name}: the store sent a page of its listing out of order`;
      throw new HaulError("listing", says, { retry: true });
    }
    this.#unordered = true;
    return page;
  }

  /** The same for a page with entries that lack a key, a size or a date: in the end it is they that are not used. */
  #trusted<T extends { readonly flaws: Flaws }>(page: T, attempt: number): T {
    const { nameless, unsized, undated } = page.flaws;
    if (nameless + unsized + undated === 0) return page;
    if (!this.#flawed && attempt < DOUBTED) {
      const says = `${this.#asked.name}: the store sent a page of its listing that cannot be trusted (an entry without key, size or date)`;
      throw new HaulError("listing", says, { retry: true });
    }
    const first = !this.#flawed;
    this.#flawed = true;
    if (nameless > 0) {
      const says = `${this.#asked.name}: ${nameless} listed without a name, and not brought`;
      this.#options.onFlaw?.(says);
    }
    if (undated > 0 && first) {
      const says = `${this.#asked.name}: the store lists photos without a date that is one; they are brought, and dated by what they say themselves`;
      this.#options.onFlaw?.(says);
    }
    return page;
  }

  async #sized(page: PageAsSent, again: Numbered, signal: AbortSignal): Promise<Page> {
    if (page.objects.every(({ size }) => size >= 0)) return this.#told(page);
    return { objects: await sized(page.objects, this.#sizing, again, signal) };
  }

  /** With its digest, where all that it says lies in its entries, and it can be asked for by the keys before it. */
  #told({ objects, flaws, first, body }: PageAsSent): Page {
    const flawed = flaws.nameless + flaws.undated > 0;
    if (flawed || first || this.#firstApi || this.#unordered || !hasEntries(body, objects.length)) return { objects };
    return { objects, digest: (count) => (count === objects.length ? digestOfAll(body) : digestOf(body, count)) };
  }

  /** As `Source.digest`. */
  async digest(after: string, count: number, again: Numbered, signal: AbortSignal): Promise<string | null> {
    if (this.#firstApi || this.#unordered) return null;
    const start = after === "" ? {} : { "start-after": after };
    const query = { "list-type": "2", "max-keys": String(count), ...start };
    const body = await again(() => this.#ask(query, signal, [501]));
    if (body === null) return null;
    const digest = digestOfAsked(body, count);
    this.#memory.give(body);
    return digest;
  }

  async #isThere(key: string, signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.#head(key, signal)) !== null;
    } catch (error) {
      if (error instanceof HaulError && error.code !== "interrupted") return false;
      throw error;
    }
  }

  /** How a listing writes the first key that begins so; null where it does not tell. */
  async #asWritten(key: string, signal: AbortSignal): Promise<string | null> {
    try {
      const query = { ...(this.#firstApi ? {} : { "list-type": "2" }), "max-keys": "1", prefix: key };
      const body = await this.#ask(query, signal);
      const page = readListPage(body ?? Buffer.alloc(0), "raw");
      return page.objects[0]?.key ?? null;
    } catch (error) {
      if (error instanceof MalformedXml) return null;
      if (error instanceof HaulError && error.code !== "interrupted") return null;
      throw error;
    }
  }

  #head(key: string, signal: AbortSignal) {
    this.#options.onRequest?.("head");
    return headObject(this.#bucket, key, signal);
  }

  /** The body of the answer; null for a status that is left to the caller. */
  async #ask(query: Record<string, string>, signal: AbortSignal, leave: number[] = []): Promise<Buffer | null> {
    this.#options.onRequest?.("list");
    const { prefix, pageKeys } = this.#options;
    const common = {
      "encoding-type": "url",
      ...(pageKeys === undefined ? {} : { "max-keys": String(pageKeys) }),
      ...(prefix === "" ? {} : { prefix }),
    };
    const request = { asked: this.#asked, query: { ...common, ...query } };
    const answer = await this.#bucket.ask(request, signal, leave);
    this.#forms.meets(answer.headers.server);
    if (!leave.includes(answer.status)) return readBody(answer, this.#asked, signal, this.#memory);
    answer.body.destroy();
    return null;
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof MalformedXml)) throw cause;
      const says = `${this.#asked.name}: the store sent a page of its listing that cannot be trusted (${cause.message})`;
      throw new HaulError("listing", says, { retry: true, cause });
    }
  }
}

function isAfter(key: string, before: string | undefined): boolean {
  return before === undefined || compareKeys(before, key) < 0;
}

/** Whether there is more after that key; false also for a store that ignores `start-after` and begins anew. */
function goesOn({ objects: [first], truncated }: ListPage, last: string): boolean {
  return first === undefined ? truncated : compareKeys(first.key, last) > 0;
}
