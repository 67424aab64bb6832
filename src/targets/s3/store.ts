/** A bucket of any S3-compatible store, as a target in it sees it. */

import { createHash } from "node:crypto";
import { HaulError } from "../../errors.ts";
import type { Digests, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { type Begun, bodyOfBytes, bodyOfFile, type Put } from "../../stores/http/request-body.ts";
import { abortLost, abortUpload } from "../../stores/s3/abort-upload.ts";
import type { Bucket } from "../../stores/s3/bucket.ts";
import { type Copied, type CopySource, copyObject } from "../../stores/s3/copy-object.ts";
import { Lister, type Numbered } from "../../stores/s3/lister.ts";
import { putInParts } from "../../stores/s3/multipart.ts";
import { headObject, putObject } from "../../stores/s3/put-object.ts";
import { readObject } from "../../stores/s3/read-object.ts";
import { lockHeaders, type Retention } from "../../stores/s3/retention.ts";
import { headersOf } from "../store/object-facts.ts";
import type { Found, Parts, PartsJob, Store, StoreTraits, Writing } from "../store/store.ts";
import type { Origin } from "../target.ts";
import { type ObjectLock, retentionOf, seeLocked } from "./object-lock.ts";

const MIB = 1024 * 1024;
/** So that a break costs a part and not the whole. */
const PARTS: Parts = { beyond: 64 * MIB, size: 16 * MIB };
const METADATA = "x-amz-meta-";

export interface S3StoreOptions {
  readonly endpoint?: string | undefined;
  /** Of photos. */
  readonly storageClass?: string | undefined;
  /** Of photos and lists. */
  readonly objectLock?: ObjectLock | undefined;
  /** The source's bucket, where it lies in the same store and the same credentials open it. */
  readonly copiesFrom?: string | undefined;
  readonly parts?: Parts | undefined;
}

export class S3Store implements Store {
  readonly name: string;
  readonly address: string;
  readonly traits: StoreTraits;
  readonly #bucket: Bucket;
  readonly #storageClass: string | undefined;
  readonly #objectLock: ObjectLock | undefined;
  /** Undefined also from when a copy failed: then photos are sent. */
  #copiesFrom: string | undefined;

  constructor(bucket: Bucket, options: S3StoreOptions) {
    this.name = `s3://${bucket.name}`;
    this.address = options.endpoint ?? "";
    this.#bucket = bucket;
    this.#storageClass = options.storageClass;
    this.#objectLock = options.objectLock;
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
  }

  async put(writing: Writing, signal: AbortSignal): Promise<Put> {
    const copied = await this.#copied(writing, signal);
    if (copied !== null) return copied;
    const { key, bytes, digests, onlyNew } = writing;
    const { size, md5, sha256 } = digests;
    const body = bytes instanceof Uint8Array ? bodyOfBytes(bytes, sha256) : bodyOfFile(bytes.file, size, sha256);
    const headers = this.#headers(writing, this.#retention(writing));
    if (writing.checked) headers["x-amz-checksum-sha256"] = Buffer.from(sha256, "hex").toString("base64");
    return this.#ofClass(writing, () => putObject(this.#bucket, { key, body, md5, headers, onlyNew }, signal));
  }

  async putInParts(writing: Writing, job: PartsJob, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    if (bytes instanceof Uint8Array) throw new TypeError("parts are cut from a file");
    const { again, ...asking } = job;
    const partSize = this.traits.parts.size;
    const retention = this.#retention(writing);
    const headers = this.#headers(writing, retention);
    const from = this.#sourceOf(writing);
    const upload = { key, file: bytes.file, size: digests.size, headers, onlyNew, partSize, from };
    const put = await this.#ofClass(writing, () => putInParts(this.#bucket, { ...upload, ...asking }, again, signal));
    if (put !== "taken" && retention !== null) await seeLocked(this.#bucket, key, retention, signal);
    return put;
  }

  async copyHere(writing: Writing, origin: Origin, signal: AbortSignal): Promise<boolean> {
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

  read(key: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readObject(this.#bucket, key, signal);
  }

  async list(beginning: string, signal: AbortSignal): Promise<readonly Found[]> {
    const lister = new Lister(this.#bucket, { prefix: beginning });
    const again: Numbered = (attempt) => retrying(attempt, { signal });
    const found = new Map<string, Found>();
    for await (const page of lister.pages(undefined, again, signal)) {
      for (const { key, size, etag } of page) found.set(key, { key, size, etag });
    }
    return [...found.values()];
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }

  #sourceOf({ origin }: Writing): CopySource | undefined {
    if (origin === undefined || this.#copiesFrom === undefined) return undefined;
    return { ...origin, bucket: this.#copiesFrom };
  }

  #copy(writing: Writing, from: CopySource, signal: AbortSignal) {
    const { key, onlyNew, checked } = writing;
    const headers = this.#headers(writing, this.#retention(writing));
    return copyObject(this.#bucket, { key, from, headers, onlyNew, checked }, signal);
  }

  /**
   * A copy that the store made, proven by the digests it gave: its ETag or SHA-256, else by reading it. Null where it
   * made none: the bytes are at hand, and sending them needs no other permission than writing.
   */
  async #copied(writing: Writing, signal: AbortSignal): Promise<Put | null> {
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

  async #mustRead({ key, digests }: Writing, signal: AbortSignal): Promise<void> {
    const hash = createHash("sha256");
    for await (const chunk of this.read(key, signal)) hash.update(chunk);
    if (hash.digest("hex") === digests.sha256) return;
    throw new HaulError("wrong-bytes", `${this.name}/${key}: the store copied other bytes`);
  }

  #retention({ lasting }: Writing): Retention | null {
    if (!lasting || this.#objectLock === undefined) return null;
    return retentionOf(this.#objectLock, new Date());
  }

  /** A store that does not know a class refuses every photo: one is enough to say so. */
  async #ofClass({ photo }: Writing, write: () => Promise<Put>): Promise<Put> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "server" || error.retry) throw error;
      if (!photo || this.#storageClass === undefined) throw error;
      const says = `${this.name} takes no photo in the class ${this.#storageClass}: leave --storage-class out, or name one that the service knows. ${error.message}`;
      throw new HaulError("no-target", says, { cause: error });
    }
  }

  #headers({ facts, photo }: Writing, retention: Retention | null): Record<string, string> {
    const lock = retention === null ? {} : lockHeaders(retention);
    const headers = { ...headersOf(facts, METADATA), ...lock };
    if (photo && this.#storageClass !== undefined) headers["x-amz-storage-class"] = this.#storageClass;
    return headers;
  }
}

/** A copy keeps the MD5 of its bytes or, in some stores, the ETag of its source, which was proven before. */
function isProven({ etag, opaque, sha256 }: Copied, from: CopySource, digests: Digests): boolean {
  if (sha256 !== "") return Buffer.from(sha256, "base64").toString("hex") === digests.sha256;
  return !opaque && [digests.md5, from.etag].includes(etag.toLowerCase());
}
