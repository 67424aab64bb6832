/** A bucket of any S3-compatible store, as a target in it sees it. */

import { HaulError } from "../../errors.ts";
import { bodyOfBytes, bodyOfFile, type Put } from "../../http/request-body.ts";
import type { ObjectHead } from "../../model.ts";
import type { Bucket } from "../../s3/bucket.ts";
import { giveUpUpload, putInParts } from "../../s3/multipart.ts";
import { headObject, putObject } from "../../s3/put-object.ts";
import { listKeys, readObject } from "../../s3/read-object.ts";
import { lockHeaders, type Retention } from "../../s3/retention.ts";
import { headersOf } from "../store/facts-headers.ts";
import type { Parts, PartsJob, Store, StoreTraits, Writing } from "../store/store.ts";
import type { BegunUpload } from "../store/upload-journal.ts";
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
  readonly parts?: Parts | undefined;
}

export class S3Store implements Store {
  readonly name: string;
  readonly address: string;
  readonly traits: StoreTraits;
  readonly #bucket: Bucket;
  readonly #storageClass: string | undefined;
  readonly #objectLock: ObjectLock | undefined;

  constructor(bucket: Bucket, options: S3StoreOptions) {
    this.name = `s3://${bucket.name}`;
    this.address = options.endpoint ?? "";
    this.#bucket = bucket;
    this.#storageClass = options.storageClass;
    this.#objectLock = options.objectLock;
    // AWS "Creating object key names", "Multipart upload limits".
    this.traits = {
      metadataPrefix: METADATA,
      parts: options.parts ?? PARTS,
      longestKey: 1024,
      largestObject: 5 * 2 ** 40,
      mayCheckSha256: true,
    };
  }

  put(writing: Writing, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    const { size, md5, sha256 } = digests;
    const body =
      bytes instanceof Uint8Array
        ? bodyOfBytes(bytes, sha256)
        : bodyOfFile(bytes.file, size, sha256);
    const headers = this.#headers(writing, this.#retention(writing));
    if (writing.checked)
      headers["x-amz-checksum-sha256"] = Buffer.from(sha256, "hex").toString("base64");
    return this.#ofClass(writing, () =>
      putObject(this.#bucket, { key, body, md5, headers, onlyNew }, signal),
    );
  }

  async putInParts(writing: Writing, job: PartsJob, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    if (bytes instanceof Uint8Array) throw new TypeError("parts are cut from a file");
    const { again, ...asking } = job;
    const partSize = this.traits.parts.size;
    const retention = this.#retention(writing);
    const headers = this.#headers(writing, retention);
    const upload = { key, file: bytes.file, size: digests.size, headers, onlyNew, partSize };
    const put = await this.#ofClass(writing, () =>
      putInParts(this.#bucket, { ...upload, ...asking }, again, signal),
    );
    if (put !== "taken" && retention !== null)
      await seeLocked(this.#bucket, key, retention, signal);
    return put;
  }

  giveUp(upload: BegunUpload): Promise<boolean> {
    return giveUpUpload(this.#bucket, upload);
  }

  head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    return headObject(this.#bucket, key, signal);
  }

  read(key: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readObject(this.#bucket, key, signal);
  }

  async list(beginning: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await listKeys(this.#bucket, beginning, signal)).map(({ key }) => key);
  }

  close(): Promise<void> {
    return this.#bucket.close();
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
      if (!(error instanceof HaulError) || error.trouble !== "server" || error.retry) throw error;
      if (!photo || this.#storageClass === undefined) throw error;
      const says = `${this.name} takes no photo in the class ${this.#storageClass}: leave --storage-class out, or name one that the service knows. ${error.message}`;
      throw new HaulError("no-target", says, { cause: error });
    }
  }

  #headers({ facts, photo }: Writing, retention: Retention | null): Record<string, string> {
    const lock = retention === null ? {} : lockHeaders(retention);
    const headers = { ...headersOf(facts, METADATA), ...lock };
    if (photo && this.#storageClass !== undefined)
      headers["x-amz-storage-class"] = this.#storageClass;
    return headers;
  }
}
