/** A bucket of any S3-compatible store: listed, read, and written. */

import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import { MIB } from "../../measures.ts";
import type { Digests, ObjectHead } from "../../model.ts";
import { type Begun, bodyOf, type Put } from "../http/request-body.ts";
import { WIRE } from "../http/wire.ts";
import { createAsOf, retryRequest } from "../listing-guards.ts";
import { sha256Of } from "../read-object.ts";
import type { Archive, HowToOpen, Opened, Page, PlainGet, RequestCounts } from "../source.ts";
import {
  headersOf,
  type KeysBelow,
  type MeantObject,
  type ObjectToPut,
  type Origin,
  type Parts,
  type PartsJob,
  type Store,
  type StoreAddress,
  type StoreOptions,
  type StoreTraits,
} from "../store.ts";
import { abortLost, abortUpload } from "./abort-upload.ts";
import { Bucket } from "./bucket.ts";
import { type Copied, type CopySource, copyObject } from "./copy-object.ts";
import type { VersionEntry } from "./list-entry.ts";
import type { Numbered } from "./list-sizes.ts";
import { Lister } from "./lister.ts";
import { putInParts } from "./multipart.ts";
import { lockHeaders, mustLock, type Retention, retentionOf, seeLocked } from "./object-lock.ts";
import { headObject, openObject, putObject, wholeHeaders } from "./s3-object.ts";
import { mustBeClass } from "./storage-class.ts";
import { askArchive, lookInArchive } from "./thaw-object.ts";

const PAGE_KEYS = 1000;
/** So that a break costs a part and not the whole. */
const PARTS: Parts = { beyond: 64 * MIB, size: 16 * MIB };
const METADATA = "x-amz-meta-";

/** `s3://bucket[/prefix]`, as the OpenStore of this kind. */
export function openS3(at: StoreAddress, options: StoreOptions): S3Store {
  if (at.container === "") throw new HaulError("usage", `${at.typed}: name a bucket, as in s3://photos/2012`);
  return new S3Store(at, options);
}

class S3Store implements Store {
  readonly name: string;
  readonly address: string;
  readonly traits: StoreTraits;
  readonly heedsHands = true;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly archive: Archive;
  readonly #options: StoreOptions;
  readonly #bucket: Bucket;
  readonly #lister: Lister;
  /** Undefined also from when a copy failed: then photos are sent. */
  #copiesFrom: string | undefined;

  constructor({ container: bucket, prefix }: StoreAddress, options: StoreOptions) {
    const { stallMs = WIRE.stallMs } = options;
    this.name = `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`;
    this.address = options.endpoint ?? "";
    this.#options = options;
    this.#copiesFrom = options.copiesFrom;
    // AWS "Creating object key names", "Multipart upload limits".
    this.traits = {
      metadataPrefix: METADATA,
      segments: null,
      parts: options.parts ?? PARTS,
      longestKey: 1024,
      largestObject: 5 * 2 ** 40,
      mayCheckSha256: true,
    };
    this.#bucket = new Bucket(bucket, options, { ...WIRE, stallMs });
    this.#lister = this.#listerOf(prefix);
    this.archive = {
      ask: (object, thaw, signal) => askArchive(this.#bucket, object, thaw, signal),
      look: (object, signal) => {
        this.requests.head += 1;
        return lookInArchive(this.#bucket, object, signal);
      },
      list: (range, signal) => this.#listBy(this.#listerOf(prefix, true), range, signal),
    };
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { storageClass, objectLock } = this.#options;
    if (storageClass !== undefined) await mustBeClass(this.#bucket, storageClass, signal);
    if (objectLock !== undefined) await mustLock(this.#bucket, signal);
  }

  async *list(range: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    yield* this.#listBy(range.prefix === undefined ? this.#lister : this.#listerOf(range.prefix), range, signal);
  }

  async *#listBy(lister: Lister, { after, upto }: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    const { asOf } = this.#options;
    const again = this.#again(signal);
    const pages = asOf ? asItWas(asOf, lister.versions(after, again, signal)) : lister.pages(after, again, signal);
    let last: string | null = null;
    let ordered = true;
    for await (const page of pages) {
      if (upto === undefined) {
        yield page;
        continue;
      }
      const { objects } = page;
      for (const { key } of objects) {
        if (last !== null && compareKeys(last, key) >= 0) ordered = false;
        last = key;
      }
      yield { objects: objects.filter(({ key }) => compareKeys(key, upto) <= 0) };
      if (ordered && last !== null && compareKeys(last, upto) > 0) return;
    }
  }

  async digest(after: string, count: number, signal: AbortSignal): Promise<string | null> {
    return this.#options.asOf ? null : this.#lister.digest(after, count, this.#again(signal), signal);
  }

  #again(signal: AbortSignal): Numbered {
    const { onRetry } = this.#options;
    return (attempt) => retryRequest(attempt, { requests: this.requests, onRetry, signal });
  }

  open(object: MeantObject, offset: number, signal: AbortSignal, how: HowToOpen = {}): Promise<Opened> {
    return openObject(this.#bucket, object, offset, { signal, ...how }, () => {
      this.requests.get += 1;
    });
  }

  plainGet({ key, etag, version }: MeantObject): PlainGet | null {
    return version === undefined ? this.#bucket.plainGet(key, wholeHeaders(etag)) : null;
  }

  took(): void {
    this.requests.get += 1;
  }

  async put(writing: ObjectToPut, signal: AbortSignal): Promise<Put> {
    const copied = await this.#copied(writing, signal);
    if (copied !== null) return copied;
    const { key, bytes, digests, onlyNew } = writing;
    const { size, md5, sha256 } = digests;
    const body = bodyOf(bytes, size, sha256);
    const headers = this.#headers(writing, this.#retention(writing));
    if (writing.checked) headers["x-amz-checksum-sha256"] = Buffer.from(sha256, "hex").toString("base64");
    return this.#ofClass(writing, () => putObject(this.#bucket, { key, body, md5, headers, onlyNew }, signal));
  }

  async putInParts(writing: ObjectToPut, job: PartsJob, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    if (bytes instanceof Uint8Array) throw new TypeError("parts are cut from a file");
    const { again, prefix: _inSight, ...asking } = job;
    const partSize = this.traits.parts.size;
    const retention = this.#retention(writing);
    const headers = this.#headers(writing, retention);
    const from = this.#sourceOf(writing);
    const upload = { key, file: bytes.file, size: digests.size, headers, onlyNew, partSize, from };
    const put = await this.#ofClass(writing, () => putInParts(this.#bucket, { ...upload, ...asking }, again, signal));
    if (put !== "taken" && retention !== null) await seeLocked(this.#bucket, key, retention, signal);
    return put;
  }

  async copyHere(writing: ObjectToPut, origin: Origin, signal: AbortSignal): Promise<boolean> {
    const from = { ...origin, bucket: this.#bucket.name };
    return (await this.#copy(writing, from, signal)) !== null;
  }

  abort(upload: Begun): Promise<boolean> {
    const { key, id, lost } = upload;
    if (lost !== undefined) return abortLost(this.#bucket, { key, known: id, ...lost });
    return abortUpload(this.#bucket, upload);
  }

  head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    return headObject(this.#bucket, key, signal);
  }

  async close(): Promise<void> {
    await this.#bucket.close();
  }

  #listerOf(prefix: string, returns = false): Lister {
    const { pageKeys = PAGE_KEYS, mostEmpty, onFlaw } = this.#options;
    const onRequest = (verb: "list" | "head") => {
      this.requests[verb] += 1;
    };
    return new Lister(this.#bucket, { prefix, pageKeys, mostEmpty, onFlaw, onRequest, returns });
  }

  #sourceOf({ origin }: ObjectToPut): CopySource | undefined {
    if (origin === undefined || this.#copiesFrom === undefined) return undefined;
    return { ...origin, bucket: this.#copiesFrom };
  }

  #copy(writing: ObjectToPut, from: CopySource, signal: AbortSignal) {
    const { key, onlyNew, checked } = writing;
    const headers = this.#headers(writing, this.#retention(writing));
    return copyObject(this.#bucket, { key, from, headers, onlyNew, checked }, signal);
  }

  /**
   * A copy that the store made, proven by the digests it gave: its ETag or SHA-256, else by reading it. Null where it
   * made none: the bytes are at hand, and sending them needs no other permission than writing.
   */
  async #copied(writing: ObjectToPut, signal: AbortSignal): Promise<Put | null> {
    const from = this.#sourceOf(writing);
    if (from === undefined || !writing.copies) return null;
    let copied: Copied | null;
    try {
      copied = await this.#copy(writing, from, signal);
    } catch (error) {
      if (!(error instanceof HaulError) || error.retry || error.code === "interrupted") throw error;
      this.#copiesFrom = undefined;
      return null;
    }
    if (copied === null) return null;
    if (!isProven(copied, from, writing.digests)) {
      this.#copiesFrom = undefined;
      await this.#mustRead(writing, signal);
    }
    return copied;
  }

  async #mustRead({ key, digests }: ObjectToPut, signal: AbortSignal): Promise<void> {
    if ((await sha256Of(this, key, signal)) === digests.sha256) return;
    throw new HaulError("wrong-bytes", `${this.name}/${key}: the store copied other bytes`);
  }

  #retention({ lasting }: ObjectToPut): Retention | null {
    const { objectLock } = this.#options;
    if (!lasting || objectLock === undefined) return null;
    return retentionOf(objectLock, new Date());
  }

  /** A store that does not know a class refuses every photo: one is enough to say so. */
  async #ofClass(writing: ObjectToPut, write: () => Promise<Put>): Promise<Put> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "server" || error.retry) throw error;
      const storageClass = this.#classOf(writing);
      if (storageClass === undefined) throw error;
      const says = `${this.name} takes no photo in the class ${storageClass}: leave --storage-class out, or name one that the service knows. ${error.message}`;
      throw new HaulError("no-target", says, { cause: error });
    }
  }

  /** Lists stay where they can be read at once, and so do photos too small to be worth the cold. */
  #classOf({ photo, digests }: ObjectToPut): string | undefined {
    const { storageClass, coldAbove = -1 } = this.#options;
    return photo && digests.size > coldAbove ? storageClass : undefined;
  }

  #headers(writing: ObjectToPut, retention: Retention | null): Record<string, string> {
    const lock = retention === null ? {} : lockHeaders(retention);
    const headers = { ...headersOf(writing.facts, METADATA), ...lock };
    const storageClass = this.#classOf(writing);
    if (storageClass !== undefined) headers["x-amz-storage-class"] = storageClass;
    return headers;
  }
}

async function* asItWas(asOf: Date, pages: AsyncIterable<readonly VersionEntry[]>) {
  const choose = createAsOf(asOf);
  for await (const entries of pages) yield { objects: choose(entries) };
}

/** A copy keeps the MD5 of its bytes or, in some stores, the ETag of its source, which was proven before. */
function isProven({ etag, opaque, sha256 }: Copied, from: CopySource, digests: Digests): boolean {
  if (sha256 !== "") return Buffer.from(sha256, "base64").toString("hex") === digests.sha256;
  return !opaque && [digests.md5, from.etag].includes(etag.toLowerCase());
}
