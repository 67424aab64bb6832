/**
 * One page of a listing: asked for in either of the two APIs, in the way in which the store writes its keys, and asked for
 * again where it cannot be trusted. What a store is found to be like holds for all pages after it.
 */

import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import type { Listed } from "../../model.ts";
import { BodyMemory } from "../http/body-memory.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { type KeyForm, KeyForms } from "./key-encoding.ts";
import type { Flaws } from "./list-entry.ts";
import { type ListPage, readListPage, readVersionPage, type VersionPage } from "./list-page.ts";
import type { Numbered, Sizing } from "./list-sizes.ts";
import { headObject } from "./s3-object.ts";
import { MalformedXml } from "./xml.ts";

export interface ListerOptions {
  /** Only keys that begin so; "" for all. */
  readonly prefix: string;
  /** Keys a page; what the store gives (1,000) when absent. */
  readonly pageKeys?: number | undefined;
  /** Pages without an entry that may follow each other; 10,000 when absent. For tests. */
  readonly mostEmpty?: number | undefined;
  /** True to have pages say what the archive gives back (`Listed.returning`). */
  readonly returns?: boolean;
  /** Told of each request. */
  readonly onRequest?: (verb: "list" | "head") => void;
  /** As in `StoreOptions`. */
  readonly onFlaw?: Sizing["onFlaw"];
}

/** A page that came so often out of order, or with entries that lack something, is what the store has. */
const DOUBTED = 3;

/** The last key of a page, also where that is none of what was asked for; absent on a page without any. */
interface AsSent {
  readonly last: string | undefined;
}
export interface PageAsSent extends ListPage, AsSent {
  readonly body: Buffer;
}

export class PageAsking {
  readonly name: string;
  readonly sizing: Sizing;
  readonly memory = new BodyMemory();
  readonly #bucket: Bucket;
  readonly #asked: Asked;
  readonly #options: ListerOptions;
  readonly #forms: KeyForms;
  /** Each is set for good once the store turned out to know only the first listing API, … */
  #firstApi = false;
  /** … to have an order of its own, … */
  #unordered = false;
  /** … to leave sizes or dates out, … */
  #flawed = false;
  /** … to list what does not begin with the prefix, … */
  #heedless = false;
  /** … or to encode some keys and others not: then it is asked for none that is encoded. */
  #plain = false;

  constructor(bucket: Bucket, options: ListerOptions) {
    const { prefix, onFlaw } = options;
    this.#bucket = bucket;
    this.#options = options;
    this.name = `s3://${bucket.name}${prefix === "" ? "" : `/${prefix}`}`;
    this.#asked = { kind: "listing", name: this.name };
    this.sizing = { head: (key, signal) => this.#head(key, signal), onFlaw };
    this.#forms = new KeyForms({
      isThere: (key, signal) => orNull(this.#head(key, signal)).then((head) => head !== null),
      asWritten: (key, signal) => this.#asWritten(key, signal),
    });
  }

  /** True where a page cannot be asked for again as it was, by its number of keys. */
  get hasNoDigest(): boolean {
    return this.#firstApi || this.#unordered || this.#heedless;
  }

  /** A page after a token of the second API; without one, after a key. */
  page(
    { token, after }: { readonly token: string; readonly after: string | undefined },
    again: Numbered,
    signal: AbortSignal,
  ): Promise<PageAsSent> {
    const start = after === undefined ? {} : { "start-after": after };
    const second = token === "" ? start : { "continuation-token": token };
    const first = after === undefined ? {} : { marker: after };
    const ask = async () => {
      const body = this.#firstApi ? null : await this.second(second, signal);
      const page = body === null ? null : await this.#pageOf(body, signal);
      if (page !== null && !page.first) return page;
      const other = await this.#pageOf(await this.#ask(first, signal), signal);
      this.#firstApi = true;
      return other;
    };
    return again(async (number) => {
      const page = await this.#inOrder(this.#trusted(await ask(), number), number, ask);
      const objects = page.objects.filter(({ key }) => this.#isOurs(key));
      if (objects.length < page.objects.length) this.#tellHeedless();
      return { ...page, objects };
    });
  }

  /** An answer of the second API; null where the store refuses it, which some do as a bad request. */
  async second(query: Record<string, string>, signal: AbortSignal): Promise<Buffer | null> {
    try {
      return await this.#ask({ "list-type": "2", ...query }, signal);
    } catch (error) {
      if (error instanceof HaulError && error.code === "listing" && !error.retry) return null;
      throw error;
    }
  }

  versionPage(query: Record<string, string>, again: Numbered, signal: AbortSignal): Promise<VersionPage & AsSent> {
    return again(async (number) => {
      const body = await this.#ask({ versions: "", ...query }, signal);
      const read = (form: KeyForm) => this.#read(() => readVersionPage(body, form));
      const page = this.#trusted(await this.#forms.read(read, signal), number);
      const entries = page.entries.filter(({ object }) => this.#isOurs(object.key));
      if (entries.length < page.entries.length) this.#tellHeedless();
      return { ...page, entries, last: lastKey(page.entries.map(({ object }) => object)) };
    });
  }

  /** True for a key after all that begin so, where the store keeps to the order. */
  isBeyond(key: string | undefined): boolean {
    return key !== undefined && !this.#unordered && !this.#isOurs(key) && compareKeys(key, this.#options.prefix) > 0;
  }

  #isOurs(key: string): boolean {
    return key.startsWith(this.#options.prefix);
  }

  /** A store that does not heed a prefix shows what is somebody else's. */
  #tellHeedless(): void {
    if (!this.#heedless) this.#tell("the store also lists keys that do not begin so; they are left out");
    this.#heedless = true;
  }

  async #pageOf(body: Buffer, signal: AbortSignal): Promise<PageAsSent> {
    const page = await this.#forms.read((form) => this.#read(() => readListPage(body, form)), signal);
    return { ...page, body, last: lastKey(page.objects) };
  }

  /**
   * A page whose keys are out of order may have wrong bytes, which lose a key: it is asked for again, but not for ever. One
   * that encodes some of its keys only is out of order as well, and is in order where it encodes none.
   */
  async #inOrder(page: PageAsSent, attempt: number, ask: () => Promise<PageAsSent>): Promise<PageAsSent> {
    if (this.#unordered || isOrdered(page)) return page;
    if (attempt < DOUBTED) throw this.#untrusted("it is out of order");
    if (page.signs !== null && !this.#plain) {
      this.#plain = true;
      const plain = await ask();
      this.#unordered = !isOrdered(plain);
      if (!this.#unordered || (twinIn(page) !== null && twinIn(plain) === null)) return plain;
      this.#plain = false;
    }
    this.#unordered = true;
    const twin = twinIn(page);
    if (twin !== null) {
      this.#tell(`two objects are listed under the one key ${twin}, and only one of them can be brought`, "lost");
    }
    return page;
  }

  /** The same for a page with entries that lack a key, a size or a date: in the end it is they that are not used. */
  #trusted<T extends { readonly flaws: Flaws }>(page: T, attempt: number): T {
    const { nameless, unsized, undated, missing } = page.flaws;
    if (nameless + unsized + undated + missing === 0) return page;
    if (!this.#flawed && attempt < DOUBTED)
      throw this.#untrusted("an entry without key, size or date, or less than it says");
    const first = !this.#flawed;
    this.#flawed = true;
    if (nameless > 0) this.#tell(`${nameless} listed without a name, and not brought`, "lost");
    if (missing > 0 && first)
      this.#tell(
        `the store says of a page that it has ${missing} keys more than it shows, and they may be photos that are not brought`,
      );
    if (undated > 0 && first) {
      this.#tell(
        "the store lists photos without a date that is one; they are brought, and dated by what they say themselves",
      );
    }
    return page;
  }

  #tell(says: string, lost?: "lost"): void {
    this.#options.onFlaw?.(`${this.name}: ${says}`, undefined, lost);
  }

  /** How a listing writes the first key that begins so; null where it does not tell. */
  async #asWritten(key: string, signal: AbortSignal): Promise<string | null> {
    const query = { ...(this.#firstApi ? {} : { "list-type": "2" }), "max-keys": "1", prefix: key };
    const body = await orNull(this.#ask(query, signal));
    const page = body === null ? null : await orNull((async () => this.#read(() => readListPage(body, "raw")))());
    return page?.objects[0]?.key ?? null;
  }

  #head(key: string, signal: AbortSignal) {
    this.#options.onRequest?.("head");
    return headObject(this.#bucket, key, signal);
  }

  async #ask(query: Record<string, string>, signal: AbortSignal): Promise<Buffer> {
    this.#options.onRequest?.("list");
    const { prefix, pageKeys, returns } = this.#options;
    const common = {
      ...(this.#plain ? {} : { "encoding-type": "url" }),
      ...(pageKeys === undefined ? {} : { "max-keys": String(pageKeys) }),
      ...(prefix === "" ? {} : { prefix }),
    };
    const headers = returns === true ? { "x-amz-optional-object-attributes": "RestoreStatus" } : {};
    const answer = await this.#bucket.ask({ asked: this.#asked, query: { ...common, ...query }, headers }, signal);
    this.#forms.meets(answer.headers.server);
    return readBody(answer, this.#asked, signal, this.memory);
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof MalformedXml)) throw cause;
      throw this.#untrusted(cause.message, cause);
    }
  }

  #untrusted(why: string, cause?: unknown): HaulError {
    const says = `${this.name}: the store sent a page of its listing that cannot be trusted (${why})`;
    return new HaulError("listing", says, { retry: true, cause });
  }
}

function lastKey(objects: readonly Listed[]): string | undefined {
  return objects.at(-1)?.key;
}

function isOrdered({ objects }: ListPage): boolean {
  return objects.every(({ key }, at) => at === 0 || compareKeys(objects[at - 1]?.key ?? "", key) < 0);
}

/** A key that two entries have which say different things; null where there is none. */
function twinIn({ objects }: ListPage): string | null {
  const seen = new Map<string, Listed>();
  for (const object of objects) {
    const other = seen.get(object.key);
    if (other !== undefined && (other.etag !== object.etag || other.size !== object.size)) return object.key;
    seen.set(object.key, object);
  }
  return null;
}

/** @throws HaulError `interrupted` */
async function orNull<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof HaulError && error.code !== "interrupted") return null;
    throw error;
  }
}
