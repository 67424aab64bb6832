/** A container of an OpenStack Swift: listed, read, and written. */

import { HaulError } from "../../errors.ts";
import { compareKeys, encodeKey } from "../../key.ts";
import { MIB, SECOND } from "../../measures.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { type Begun, bodyOf, type Put } from "../http/request-body.ts";
import { WIRE } from "../http/wire.ts";
import { createLoopGuard, retryRequest } from "../listing-guards.ts";
import { type HowToOpen, isWithin, type Opened, type Page, type RequestCounts } from "../source.ts";
import {
  headersOf,
  type KeysBelow,
  type MeantObject,
  type ObjectToPut,
  type PartsJob,
  type Store,
  type StoreAddress,
  type StoreOptions,
  type StoreTraits,
} from "../store.ts";
import { Container, SwiftAccount } from "./account.ts";
import { type ContainerEntry, listPage } from "./container-page.ts";
import { abortLarge, putLarge, segmentSizeOf } from "./large-object.ts";
import { loginFrom } from "./login.ts";
import { headObject, openObject, putObject, readLimits, USUAL_LIMITS } from "./swift-object.ts";

/** A break costs a segment; a thousand of these are 62 GiB, and what is larger has larger ones. */
const SEGMENT = 64 * MIB;
/** Segments lie in the target's own folder, which is no photo's. */
const SEGMENTS = ".photohaul/segments/";
const METADATA = "x-object-meta-";
/** Heads asked for at once, of the entries of a page that have no bytes of their own. */
const HEADS_AT_ONCE = 8;

/** `swift://container[/prefix]`, as the OpenStore of this kind. */
export function openSwift(at: StoreAddress, options: StoreOptions): SwiftStore {
  if (options.endpoint !== undefined || options.asOf !== undefined) {
    const which = options.endpoint === undefined ? "--as-of" : "--endpoint";
    const says = "is for S3; where a Swift is, ST_AUTH or OS_AUTH_URL says";
    throw new HaulError("usage", `${at.typed}: ${which} ${says}`);
  }
  if (at.container === "") throw new HaulError("usage", `${at.typed}: name a container, as in swift://photos/2012`);
  return new SwiftStore(at, options);
}

class SwiftStore implements Store {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly #prefix: string;
  readonly #options: StoreOptions;
  readonly #container: Container;
  #limits = USUAL_LIMITS;

  constructor({ container, prefix }: StoreAddress, options: StoreOptions) {
    const { login = loginFrom(process.env), stallMs = WIRE.stallMs } = options;
    this.name = `swift://${container}${prefix === "" ? "" : `/${prefix}`}`;
    this.#prefix = prefix;
    this.#options = options;
    this.#container = new Container(container, new SwiftAccount(login, { ...WIRE, stallMs }));
  }

  get address(): string {
    return this.#container.account.address;
  }

  get traits(): StoreTraits {
    const { largestPiece, longestName, mostSegments } = this.#limits;
    return {
      metadataPrefix: METADATA,
      segments: SEGMENTS,
      parts: this.#options.parts ?? { beyond: largestPiece, size: Math.min(SEGMENT, largestPiece) },
      longestKey: longestName,
      largestObject: largestPiece * Math.max(1, mostSegments),
      mayCheckSha256: false,
    };
  }

  /** Signs in, finds the container, and learns what the store takes. */
  async prepare(signal: AbortSignal): Promise<void> {
    await retrying(() => this.#container.mustExist(signal), { signal });
    this.#limits = await retrying(() => readLimits(this.#container.account, signal), { signal });
  }

  async *list(range: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    const { after, upto, prefix = this.#prefix } = range;
    const guard = createLoopGuard(this.name);
    const { pageKeys } = this.#options;
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
      const within = rows.filter(({ object: { key } }) => isWithin(key, range));
      yield { objects: await this.#wholeRows(within, signal) };
      // A page may be short for reasons of its own; only an empty one is the end.
      if (last === undefined) return;
      if (upto !== undefined && compareKeys(last, upto) > 0) return;
      marker = last;
    }
  }

  async open(
    object: MeantObject,
    offset: number,
    signal: AbortSignal,
    { atOnce = false }: HowToOpen = {},
  ): Promise<Opened> {
    this.requests.get += 1;
    try {
      return await openObject(this.#container, object, offset, { signal, atOnce });
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "changed") throw error;
      const head = await this.#head(object.key, signal);
      // Older stores list a large object with the ETag of its list, which no GET knows.
      const same = head?.opaqueEtag === true && head.size === object.size && head.etag !== object.etag;
      if (!same || head === null) throw error;
      if (Date.parse(head.modified) > Date.parse(object.modified ?? "") + SECOND) throw error;
      this.requests.get += 1;
      return await openObject(this.#container, { ...object, etag: head.etag }, offset, { signal, atOnce });
    }
  }

  put(writing: ObjectToPut, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    const { size, md5, sha256 } = digests;
    const body = bodyOf(bytes, size, sha256);
    const headers = headersOf(writing.facts, METADATA);
    return putObject(this.#container, { key, body, md5, headers, onlyNew }, signal);
  }

  putInParts(writing: ObjectToPut, job: PartsJob, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    if (bytes instanceof Uint8Array) throw new TypeError("segments are cut from a file");
    const { size } = digests;
    const segmentSize = segmentSizeOf(size, this.traits.parts.size, this.#limits.mostSegments);
    const place = { folder: job.prefix + SEGMENTS, segmentSize };
    const upload = {
      key,
      file: bytes.file,
      size,
      onlyNew,
      headers: headersOf(writing.facts, METADATA),
    };
    return putLarge(this.#container, { ...upload, ...place, ...job }, signal);
  }

  abort(upload: Begun): Promise<boolean> {
    return abortLarge(this.#container, upload);
  }

  head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    return headObject(this.#container, key, signal);
  }

  async close(): Promise<void> {
    await this.#container.account.close();
  }

  #page(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly ContainerEntry[]> {
    return this.#listing(signal, () => {
      this.requests.list += 1;
      return listPage(this.#container, query, this.name, signal);
    });
  }

  /** What its head knows of an entry that names no bytes: the length and ETag of a dynamic large object, or a size. */
  async #wholeRows(rows: readonly ContainerEntry[], signal: AbortSignal): Promise<Listed[]> {
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

/** No name holds NUL, so nothing lies between a key and the key with this at its end. */
const FIRST = "\u0001";

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
