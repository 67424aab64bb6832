/** A container of an OpenStack Swift, as a target in it sees it. */

import type { ObjectHead } from "../../model.ts";
import { type Begun, bodyOfBytes, bodyOfFile, type Put } from "../../stores/http/request-body.ts";
import type { Container } from "../../stores/swift/container.ts";
import { abortLarge, putLarge, segmentSizeOf } from "../../stores/swift/large-object.ts";
import type { Limits } from "../../stores/swift/limits.ts";
import { headObject, putObject } from "../../stores/swift/put-object.ts";
import { listObjects, readObject } from "../../stores/swift/read-object.ts";
import { headersOf } from "../store/object-facts.ts";
import type { Found, Parts, PartsJob, Store, StoreTraits, Writing } from "../store/store.ts";

const MIB = 1024 * 1024;
/** A break costs a segment; a thousand of these are 62 GiB, and what is larger has larger ones. */
const SEGMENT = 64 * MIB;
/** Segments lie in the target's own folder, which is no photo's. */
const SEGMENTS = ".photohaul/segments/";
const METADATA = "x-object-meta-";

export interface SwiftStoreOptions {
  /** Below which the target lies: "" or one that ends in a slash. */
  readonly prefix: string;
  readonly limits: Limits;
  readonly parts?: Parts | undefined;
}

export class SwiftStore implements Store {
  readonly name: string;
  readonly address: string;
  readonly traits: StoreTraits;
  readonly #container: Container;
  readonly #folder: string;
  readonly #mostSegments: number;

  constructor(container: Container, { prefix, limits, parts }: SwiftStoreOptions) {
    const { largestPiece, longestName, mostSegments } = limits;
    this.name = `swift://${container.name}`;
    this.address = container.account.address;
    this.#container = container;
    this.#folder = prefix + SEGMENTS;
    this.#mostSegments = mostSegments;
    this.traits = {
      metadataPrefix: METADATA,
      segments: SEGMENTS,
      parts: parts ?? { beyond: largestPiece, size: Math.min(SEGMENT, largestPiece) },
      longestKey: longestName,
      largestObject: largestPiece * Math.max(1, mostSegments),
      mayCheckSha256: false,
    };
  }

  put(writing: Writing, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    const { size, md5, sha256 } = digests;
    const body = bytes instanceof Uint8Array ? bodyOfBytes(bytes, sha256) : bodyOfFile(bytes.file, size, sha256);
    const headers = headersOf(writing.facts, METADATA);
    return putObject(this.#container, { key, body, md5, headers, onlyNew }, signal);
  }

  putInParts(writing: Writing, job: PartsJob, signal: AbortSignal): Promise<Put> {
    const { key, bytes, digests, onlyNew } = writing;
    if (bytes instanceof Uint8Array) throw new TypeError("segments are cut from a file");
    const { size } = digests;
    const segmentSize = segmentSizeOf(size, this.traits.parts.size, this.#mostSegments);
    const place = { folder: this.#folder, segmentSize };
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

  read(key: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readObject(this.#container, key, signal);
  }

  list(beginning: string, signal: AbortSignal): Promise<readonly Found[]> {
    return listObjects(this.#container, beginning, signal);
  }

  close(): Promise<void> {
    return this.#container.account.close();
  }
}
