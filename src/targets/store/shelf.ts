/**
 * The place of a target in a bucket: objects below a prefix, each written only where nothing lies. A write
 * whose answer was lost is looked at before it is made again, so that it counts once.
 */

import { createHash } from "node:crypto";
import { HaulError } from "../../errors.ts";
import type { ManifestEntry, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import type { Bucket } from "../../s3/bucket.ts";
import { putInParts, type Upload } from "../../s3/multipart.ts";
import { bodyOfBytes, bodyOfFile, headObject, type Put, putObject } from "../../s3/put-object.ts";
import { listKeys, readObject } from "../../s3/read-object.ts";
import type { Kept } from "../target.ts";
import type { Abilities } from "./marker.ts";
import { holdsPhoto } from "./object-facts.ts";
import { targetTrouble } from "./target-trouble.ts";
import type { UploadJournal } from "./upload-journal.ts";

type Digests = Pick<ManifestEntry, "size" | "md5" | "sha256">;

/** Bytes to be written, in a local file or in memory. */
export interface Parcel {
  /** Below the prefix. */
  readonly path: string;
  readonly digests: Digests;
  readonly bytes: Uint8Array | { readonly file: string };
  readonly headers: Readonly<Record<string, string>>;
}

/** When objects go in parts, so that a break costs a part and not the whole; in bytes. */
export interface Parts {
  readonly beyond: number;
  readonly size: number;
}

const MIB = 1024 * 1024;
const PARTS: Parts = { beyond: 64 * MIB, size: 16 * MIB };

export interface ShelfPlace {
  readonly bucket: Bucket;
  /** Before every path: "" or one that ends in a slash. */
  readonly prefix: string;
  readonly parts?: Parts;
  readonly journal?: UploadJournal;
}

export class Shelf {
  /** As people would type it. */
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #prefix: string;
  readonly #can: Abilities;
  readonly #parts: Parts;
  readonly #journal: UploadJournal | undefined;

  constructor(name: string, place: ShelfPlace, can: Abilities) {
    this.name = name;
    this.#bucket = place.bucket;
    this.#prefix = place.prefix;
    this.#can = can;
    this.#parts = place.parts ?? PARTS;
    this.#journal = place.journal;
  }

  /**
   * Writes where nothing lies.
   * @throws HaulError after as many attempts as retry.ts allows; a target's troubles only
   */
  async put(parcel: Parcel, signal: AbortSignal): Promise<Kept> {
    let begun = false;
    return this.#asTarget(() =>
      retrying(
        async () => {
          const again = begun;
          const found = await this.#before(parcel, again, signal);
          if (found !== null) return found === "same" && again ? "stored" : found;
          begun = true;
          const put = await this.#send(parcel, signal);
          if (put === "taken") return this.#judge(parcel, signal);
          mustBe(put, parcel, this.name);
          return "stored";
        },
        { signal },
      ),
    );
  }

  /** Writes over what lies there: for the marker alone, which is no photo. */
  async replace(path: string, text: string, onlyNew: boolean, signal: AbortSignal): Promise<Put> {
    const { bytes, digests, headers } = textParcel(path, text);
    const writing = {
      key: this.#key(path),
      body: bodyOfBytes(bytes, digests.sha256),
      md5: digests.md5,
      headers,
      onlyNew,
    };
    return this.#asTarget(() =>
      retrying(() => putObject(this.#bucket, writing, signal), { signal }),
    );
  }

  /** @throws HaulError `missing`, `archived`, `broken`, …; a target's troubles only */
  async *read(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* readObject(this.#bucket, this.#key(path), signal);
    } catch (error) {
      throw targetTrouble(error);
    }
  }

  /** Null where nothing lies. */
  async readText(path: string, signal: AbortSignal): Promise<string | null> {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of this.read(path, signal)) parts.push(part);
    } catch (error) {
      if (error instanceof HaulError && error.trouble === "missing") return null;
      throw error;
    }
    return Buffer.concat(parts).toString("utf8");
  }

  /** Paths that begin so, in their order. */
  async list(beginning: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#asTarget(async () => {
      const listed = await listKeys(this.#bucket, this.#key(beginning), signal);
      return listed.map(({ key }) => key.slice(this.#prefix.length));
    });
  }

  #key(path: string): string {
    return this.#prefix + path;
  }

  /** What a look before the write says: null to go on. Dear bytes, and stores that would overwrite, are worth one. */
  async #before(parcel: Parcel, again: boolean, signal: AbortSignal): Promise<Kept | null> {
    const large = parcel.digests.size > this.#parts.beyond;
    if (!again && this.#can.onlyNew && !large) return null;
    const head = await headObject(this.#bucket, this.#key(parcel.path), signal);
    return head === null ? null : verdict(head, parcel);
  }

  async #judge(parcel: Parcel, signal: AbortSignal): Promise<Kept> {
    const head = await headObject(this.#bucket, this.#key(parcel.path), signal);
    if (head === null) {
      const says = `${this.name}/${parcel.path}: the store says both that it is there and that it is not`;
      throw new HaulError("server", says, { retry: true });
    }
    return verdict(head, parcel);
  }

  async #send(parcel: Parcel, signal: AbortSignal): Promise<Put> {
    const { path, digests, bytes, headers } = parcel;
    const key = this.#key(path);
    if (!(bytes instanceof Uint8Array) && digests.size > this.#parts.beyond) {
      const partSize = this.#parts.size;
      const upload = { key, file: bytes.file, size: digests.size, headers, partSize };
      const onlyNew = this.#can.onlyNewInParts;
      const isTaken = async () => (await headObject(this.#bucket, key, signal)) !== null;
      return this.#sendInParts(
        { ...upload, onlyNew, ...(onlyNew ? {} : { isTaken }) },
        parcel,
        signal,
      );
    }
    const body =
      bytes instanceof Uint8Array
        ? bodyOfBytes(bytes, digests.sha256)
        : bodyOfFile(bytes.file, digests.size, digests.sha256);
    const sum = Buffer.from(digests.sha256, "hex").toString("base64");
    const sums = this.#can.sha256 ? { "x-amz-checksum-sha256": sum } : {};
    return putObject(
      this.#bucket,
      { key, body, md5: digests.md5, headers: { ...headers, ...sums }, onlyNew: this.#can.onlyNew },
      signal,
    );
  }

  /**
   * Each request is tried as often as retry.ts allows, so the whole is not tried again. Where the answer to the
   * last one was lost, the upload is gone and the object is there.
   */
  async #sendInParts(upload: Upload, parcel: Parcel, signal: AbortSignal): Promise<Put> {
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    const journal = this.#journal === undefined ? {} : { journal: this.#journal };
    try {
      return await putInParts(this.#bucket, { ...upload, ...journal }, again, signal);
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      const head = await headObject(this.#bucket, upload.key, signal);
      if (head !== null && verdict(head, parcel) === "same")
        return { etag: head.etag, opaque: true };
      throw new HaulError(error.trouble, error.message, { cause: error });
    }
  }

  async #asTarget<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw targetTrouble(error);
    }
  }
}

/** A small text as a parcel. */
export function textParcel(path: string, text: string): Parcel & { readonly bytes: Uint8Array } {
  const bytes = Buffer.from(text, "utf8");
  const digest = (name: string) => createHash(name).update(bytes).digest("hex");
  const digests = { size: bytes.length, md5: digest("md5"), sha256: digest("sha256") };
  const type = path.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8";
  return { path, digests, bytes, headers: { "content-type": type } };
}

function verdict(head: ObjectHead, parcel: Parcel): Kept {
  return holdsPhoto(head, parcel.digests) ? "same" : "occupied";
}

/** The ETag of a write in one request is the MD5 of what arrived, unless the store encrypts it. */
function mustBe(put: Exclude<Put, "taken">, { path, digests }: Parcel, name: string): void {
  const { etag, opaque } = put;
  if (opaque || !/^[0-9a-f]{32}$/i.test(etag) || etag.toLowerCase() === digests.md5) return;
  const says = `${name}/${path}: the store answered with the MD5 ${etag}, sent was ${digests.md5}`;
  throw new HaulError("wrong-bytes", says, { retry: true });
}
