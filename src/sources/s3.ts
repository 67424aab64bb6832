/** A bucket of any S3-compatible store as a source. */

import { HaulError } from "../errors.ts";
import type { Exchanged } from "../http/exchange.ts";
import { bytesOf, readSpan } from "../http/object-body.ts";
import { type Asked, readBody, WIRE } from "../http/wire.ts";
import { compareKeys } from "../key.ts";
import type { Listed, ObjectHead } from "../model.ts";
import { Bucket } from "../s3/bucket.ts";
import { type ListPage, readListPage, readVersionPage } from "../s3/list-page.ts";
import { readHead } from "../s3/object-head.ts";
import type { S3Options } from "../s3/place.ts";
import { MalformedXml } from "../s3/xml.ts";
import { createAsOf } from "./as-of.ts";
import { askAgain } from "./asking-again.ts";
import { createLoopGuard } from "./loop-guard.ts";
import type { KeyRange, Opened, Page, RequestCounts, Source } from "./source.ts";

export interface S3SourceOptions extends S3Options {
  readonly bucket: string;
  /** Only keys that begin so; "" for all. */
  readonly prefix: string;
  /** The bucket as it was then; needs a versioned bucket. */
  readonly asOf?: Date;
  /** Told of each request that is made again. */
  readonly onRetry?: (error: HaulError) => void;
  /** How long nothing may come before a connection counts as broken, in milliseconds; a minute when absent. */
  readonly stallMs?: number;
  /** Keys a page; 1,000 when absent, and more no store gives. For tests. */
  readonly pageKeys?: number;
}

const PAGE_KEYS = 1000;
/** A page that came so often out of order is in the order of the store. */
const DISORDERED = 3;

export function openS3Source(options: S3SourceOptions): Source {
  return new S3Source(options);
}

class S3Source implements Source {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly #options: S3SourceOptions;
  readonly #bucket: Bucket;
  readonly #asked: Asked;
  /** Set for good once the store turned out to know only the first listing API. */
  #firstApi = false;
  /** Set for good once the store turned out to have an order of its own. */
  #unordered = false;

  constructor(options: S3SourceOptions) {
    this.name = `s3://${options.bucket}${options.prefix === "" ? "" : `/${options.prefix}`}`;
    this.#options = options;
    const { stallMs = WIRE.stallMs } = options;
    this.#bucket = new Bucket(options.bucket, options, { ...WIRE, stallMs });
    this.#asked = { kind: "listing", name: this.name };
  }

  async *list(range: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
    const pages = this.#options.asOf
      ? this.#versions(this.#options.asOf, range.after, signal)
      : this.#current(range.after, signal);
    const { upto } = range;
    let last: string | null = null;
    let ordered = true;
    for await (const objects of pages) {
      if (upto === undefined) {
        yield { objects };
        continue;
      }
      for (const { key } of objects) {
        if (last !== null && compareKeys(last, key) >= 0) ordered = false;
        last = key;
      }
      yield { objects: objects.filter(({ key }) => compareKeys(key, upto) <= 0) };
      if (ordered && last !== null && compareKeys(last, upto) > 0) return;
    }
  }

  async open(object: Listed, offset: number, signal: AbortSignal): Promise<Opened> {
    const asked: Asked = { kind: "object", name: `s3://${this.#options.bucket}/${object.key}` };
    this.requests.get += 1;
    const answer = await this.#bucket.ask(
      {
        asked,
        key: object.key,
        query: object.version === undefined ? {} : { versionId: object.version },
        headers: {
          "x-amz-checksum-mode": "ENABLED",
          ...(object.etag === "" ? {} : { "if-match": `"${object.etag}"` }),
          ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
        },
      },
      signal,
      [416],
    );
    const span = readSpan(answer, object.size, offset, asked);
    const head: ObjectHead = readHead(answer.headers, span.size, offset);
    if (answer.status === 416) {
      await readBody(answer, asked, signal);
      return { head, bytes: NOTHING };
    }
    return { head, bytes: bytesOf(answer, span, asked, signal) };
  }

  async close(): Promise<void> {
    await this.#bucket.close();
  }

  async *#current(after: string | undefined, signal: AbortSignal) {
    const guard = createLoopGuard(this.name);
    let longest = 0;
    /** The last key of a page that is asked whether it is the last indeed. */
    let doubted: string | null = null;
    let token = "";
    let marker = after;
    for (;;) {
      const page = await this.#page(token, marker, signal);
      const last = page.objects.at(-1)?.key;
      guard(page.objects[0]?.key, last, page.token);
      if (doubted !== null && !goesOn(page, doubted)) return;
      yield page.objects;
      // A store may forget to say that there is more: a page as long as they get is asked what follows it.
      const full = page.full || (longest > 0 && page.objects.length >= longest);
      longest = Math.max(longest, page.objects.length);
      if (!page.truncated && !full) return;
      doubted = page.truncated ? null : (last ?? null);
      if (page.first && last === undefined) {
        throw new HaulError("listing", `${this.name}: an empty page that says that more follow`);
      }
      token = page.truncated ? page.token : "";
      marker = last ?? marker;
    }
  }

  /** A page after a token of the second API; without one, after a key. */
  #page(token: string, after: string | undefined, signal: AbortSignal): Promise<ListPage> {
    const start = after === undefined ? {} : { "start-after": after };
    const second = {
      "list-type": "2",
      ...(token === "" ? start : { "continuation-token": token }),
    };
    const first = after === undefined ? {} : { marker: after };
    return this.#retrying(signal, async (number) => {
      if (!this.#firstApi) {
        const answer = await this.#ask(second, signal, [501]);
        const body = await readBody(answer, this.#asked, signal);
        const page = answer.status === 501 ? null : this.#read(body, readListPage);
        if (page !== null && !page.first) return this.#inOrder(page, number);
        this.#firstApi = true;
      }
      const answer = await this.#ask(first, signal);
      const page = this.#read(await readBody(answer, this.#asked, signal), readListPage);
      return this.#inOrder(page, number);
    });
  }

  /** A page whose keys are out of order may have wrong bytes, which lose a key: it is asked for again, but not for ever. */
  #inOrder(page: ListPage, attempt: number): ListPage {
    const { objects } = page;
    if (this.#unordered || objects.every(({ key }, at) => isAfter(key, objects[at - 1]?.key))) {
      return page;
    }
    if (attempt < DISORDERED) {
      const says = `${this.name}: the store sent a page of its listing out of order`;
      throw new HaulError("listing", says, { retry: true });
    }
    this.#unordered = true;
    return page;
  }

  async *#versions(asOf: Date, after: string | undefined, signal: AbortSignal) {
    const guard = createLoopGuard(this.name);
    const choose = createAsOf(asOf);
    let at: Record<string, string> = after === undefined ? {} : { "key-marker": after };
    for (;;) {
      const asking = { versions: "", ...at };
      const page = await this.#retrying(signal, async () => {
        const answer = await this.#ask(asking, signal);
        return this.#read(await readBody(answer, this.#asked, signal), readVersionPage);
      });
      guard(undefined, undefined, `${page.nextVersion} ${page.nextKey}`);
      yield choose(page.entries);
      if (!page.truncated) return;
      at = { "key-marker": page.nextKey };
      if (page.nextVersion !== "") at["version-id-marker"] = page.nextVersion;
    }
  }

  #ask(
    query: Record<string, string>,
    signal: AbortSignal,
    leave: number[] = [],
  ): Promise<Exchanged> {
    this.requests.list += 1;
    const { prefix, pageKeys = PAGE_KEYS } = this.#options;
    const common = {
      "encoding-type": "url",
      "max-keys": String(pageKeys),
      ...(prefix === "" ? {} : { prefix }),
    };
    return this.#bucket.ask({ asked: this.#asked, query: { ...common, ...query } }, signal, leave);
  }

  #read<T>(body: Buffer, read: (body: Buffer) => T): T {
    try {
      return read(body);
    } catch (cause) {
      if (!(cause instanceof MalformedXml)) throw cause;
      const says = `${this.name}: the store sent a page of its listing that cannot be trusted (${cause.message})`;
      throw new HaulError("listing", says, { retry: true, cause });
    }
  }

  #retrying<T>(signal: AbortSignal, attempt: (number: number) => Promise<T>): Promise<T> {
    const { onRetry } = this.#options;
    return askAgain(attempt, { requests: this.requests, onRetry, signal });
  }
}

function isAfter(key: string, before: string | undefined): boolean {
  return before === undefined || compareKeys(before, key) < 0;
}

/** Whether there is more after that key; false also for a store that ignores `start-after` and begins anew. */
function goesOn({ objects: [first], truncated }: ListPage, last: string): boolean {
  return first === undefined ? truncated : compareKeys(first.key, last) > 0;
}

const NOTHING: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };
