/** A bucket of any S3-compatible store as a source. */

import type { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import type { Listed } from "../../model.ts";
import { createAsOf } from "../as-of.ts";
import { WIRE } from "../http/wire.ts";
import { retryRequest } from "../retry-request.ts";
import type { KeyRange, Opened, Page, RequestCounts, Source } from "../source.ts";
import type { S3Options } from "./address.ts";
import { Bucket } from "./bucket.ts";
import { Lister, type Numbered } from "./lister.ts";
import { openObject } from "./read-object.ts";

export interface S3SourceOptions extends S3Options {
  readonly bucket: string;
  /** Only keys that begin so; "" for all. */
  readonly prefix: string;
  /** The bucket as it was then; needs a versioned bucket. */
  readonly asOf?: Date;
  /** Told of each request that is made again. */
  readonly onRetry?: (error: HaulError) => void;
  /** Told in a sentence of entries of the listing that cannot be used as they are. */
  readonly onFlaw?: (message: string, key?: string) => void;
  /** How long nothing may come before a connection counts as broken, in milliseconds; a minute when absent. */
  readonly stallMs?: number;
  /** Keys a page; 1,000 when absent, and more no store gives. For tests. */
  readonly pageKeys?: number;
  /** Pages without an entry that may follow each other; 10,000 when absent. For tests. */
  readonly mostEmpty?: number;
}

const PAGE_KEYS = 1000;

export function openS3Source(options: S3SourceOptions): Source {
  return new S3Source(options);
}

class S3Source implements Source {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly #options: S3SourceOptions;
  readonly #bucket: Bucket;
  readonly #lister: Lister;

  constructor(options: S3SourceOptions) {
    this.name = `s3://${options.bucket}${options.prefix === "" ? "" : `/${options.prefix}`}`;
    this.#options = options;
    const { stallMs = WIRE.stallMs } = options;
    this.#bucket = new Bucket(options.bucket, options, { ...WIRE, stallMs });
    this.#lister = new Lister(this.#bucket, {
      prefix: options.prefix,
      pageKeys: options.pageKeys ?? PAGE_KEYS,
      mostEmpty: options.mostEmpty,
      onFlaw: options.onFlaw,
      onRequest: (verb) => {
        this.requests[verb] += 1;
      },
    });
  }

  async *list(range: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
    const { onRetry, asOf } = this.#options;
    const again: Numbered = (attempt) => retryRequest(attempt, { requests: this.requests, onRetry, signal });
    const pages = asOf
      ? this.#asItWas(asOf, range.after, again, signal)
      : this.#lister.pages(range.after, again, signal);
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

  open(object: Listed, offset: number, signal: AbortSignal): Promise<Opened> {
    return openObject(this.#bucket, object, offset, signal, () => {
      this.requests.get += 1;
    });
  }

  async close(): Promise<void> {
    await this.#bucket.close();
  }

  async *#asItWas(asOf: Date, after: string | undefined, again: Numbered, signal: AbortSignal) {
    const choose = createAsOf(asOf);
    for await (const entries of this.#lister.versions(after, again, signal)) yield choose(entries);
  }
}
