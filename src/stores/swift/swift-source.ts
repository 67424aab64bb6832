/** A container of an OpenStack Swift as a source. */

import { HaulError } from "../../errors.ts";
import { compareKeys, encodeKey } from "../../key.ts";
import type { Listed } from "../../model.ts";
import { createLoopGuard } from "../http/loop-guard.ts";
import { WIRE } from "../http/wire.ts";
import { retryRequest } from "../retry-request.ts";
import type { KeyRange, Opened, Page, RequestCounts, Source } from "../source.ts";
import { SwiftAccount } from "./account.ts";
import { Container } from "./container.ts";
import type { Row } from "./list-page.ts";
import type { Login } from "./login.ts";
import { headObject } from "./put-object.ts";
import { listPage, openObject } from "./read-object.ts";

export interface SwiftSourceOptions {
  readonly login: Login;
  readonly container: string;
  /** Only keys that begin so; "" for all. */
  readonly prefix: string;
  /** Told of each request that is made again. */
  readonly onRetry?: (error: HaulError) => void;
  /** Told in a sentence of entries of the listing that cannot be used as they are. */
  readonly onFlaw?: (message: string, key?: string) => void;
  /** How long nothing may come before a connection counts as broken, in milliseconds; a minute when absent. */
  readonly stallMs?: number;
  /** Keys a page; what the store gives (10,000 by default) when absent. For tests. */
  readonly pageKeys?: number;
}

/** Heads asked for at once, of the entries of a page that have no bytes of their own. */
const HEADS_AT_ONCE = 8;

export function openSwiftSource(options: SwiftSourceOptions): Source {
  return new SwiftSource(options);
}

class SwiftSource implements Source {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly #options: SwiftSourceOptions;
  readonly #container: Container;

  constructor(options: SwiftSourceOptions) {
    const { login, container, prefix, stallMs = WIRE.stallMs } = options;
    this.name = `swift://${container}${prefix === "" ? "" : `/${prefix}`}`;
    this.#options = options;
    this.#container = new Container(container, new SwiftAccount(login, { ...WIRE, stallMs }));
  }

  async *list({ after, upto }: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
    const guard = createLoopGuard(this.name);
    const { prefix, pageKeys } = this.#options;
    const fixed = {
      ...(prefix === "" ? {} : { prefix }),
      ...(pageKeys === undefined ? {} : { limit: String(pageKeys) }),
      ...(upto === undefined || !isPlain(upto) ? {} : { end_marker: `${upto}${FIRST}` }),
    };
    for (let marker = after === undefined ? "" : plainPart(after); ; ) {
      const query = { ...fixed, ...(marker === "" ? {} : { marker }) };
      const rows = await this.#page(query, signal);
      const last = rows.at(-1)?.object.key;
      guard(rows[0]?.object.key, last, "");
      const within = rows.filter(({ object: { key } }) => isWithin(key, after, upto));
      yield { objects: await this.#wholeRows(within, signal) };
      // A page may be short for reasons of its own; only an empty one is the end.
      if (last === undefined) return;
      if (upto !== undefined && compareKeys(last, upto) > 0) return;
      marker = last;
    }
  }

  async open(object: Listed, offset: number, signal: AbortSignal): Promise<Opened> {
    this.requests.get += 1;
    try {
      return await openObject(this.#container, object, offset, signal);
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "changed") throw error;
      const head = await this.#head(object.key, signal);
      // Older stores list a large object with the ETag of its list, which no GET knows.
      const same = head?.opaqueEtag === true && head.size === object.size && head.etag !== object.etag;
      if (!same || head === null) throw error;
      if (Date.parse(head.modified) > Date.parse(object.modified) + SECOND) throw error;
      this.requests.get += 1;
      return await openObject(this.#container, { ...object, etag: head.etag }, offset, signal);
    }
  }

  async close(): Promise<void> {
    await this.#container.account.close();
  }

  #page(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly Row[]> {
    return this.#listing(signal, () => {
      this.requests.list += 1;
      return listPage(this.#container, query, this.name, signal);
    });
  }

  /** What its head knows of an entry that names no bytes: the length and ETag of a dynamic large object, or a size. */
  async #wholeRows(rows: readonly Row[], signal: AbortSignal): Promise<Listed[]> {
    const objects = rows.map(({ object }) => object);
    const open = rows.entries().filter(([, { asksHead }]) => asksHead);
    const worker = async () => {
      for (const [at, { object }] of open) {
        const head = await this.#headOfEntry(object.key, signal);
        if (head === null || head.size <= 0) continue;
        objects[at] = { ...object, size: head.size, etag: head.etag };
      }
    };
    await Promise.all(Array.from({ length: HEADS_AT_ONCE }, worker));
    return objects;
  }

  /** One that answers to no look counts as empty, and fails as a photo: it is not the listing that is broken. */
  async #headOfEntry(key: string, signal: AbortSignal) {
    try {
      return await this.#listing(signal, () => this.#head(key, signal));
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "listing") throw error;
      const says = `${key} is listed without bytes, and the store does not say whether it has some`;
      this.#options.onFlaw?.(says, key);
      return null;
    }
  }

  #head(key: string, signal: AbortSignal) {
    this.requests.head += 1;
    return headObject(this.#container, key, signal);
  }

  #listing<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const { onRetry } = this.#options;
    return retryRequest(attempt, { requests: this.requests, onRetry, signal });
  }
}

const SECOND = 1000;
/** No name holds NUL, so nothing lies between a key and the key with this at its end. */
const FIRST = "\u0001";

function isWithin(key: string, after: string | undefined, upto: string | undefined): boolean {
  return (after === undefined || compareKeys(key, after) > 0) && (upto === undefined || compareKeys(key, upto) <= 0);
}

/** Swift refuses markers that are not UTF-8 or hold NUL; no name is such a one, but the bound of a range may be. */
function isPlain(marker: string): boolean {
  return plainPart(marker) === marker;
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** The longest beginning that may be a marker: no key beyond the bound comes before it. */
function plainPart(marker: string): string {
  const end = marker.search(/[\0\uef80-\uefff]/);
  if (end < 0) return marker;
  // A key that truly holds U+EF80…U+EFFF is carried so, and is UTF-8 all the same (key.ts).
  try {
    strict.decode(encodeKey(marker));
    return marker.includes("\0") ? marker.slice(0, marker.indexOf("\0")) : marker;
  } catch {
    return marker.slice(0, end);
  }
}
