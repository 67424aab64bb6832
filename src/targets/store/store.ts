/**
 * A store of objects, as a target in it sees it. Keys are whole. What is missing throws `missing`, what the
 * store refuses throws as its own table says; target-trouble.ts makes a target's troubles of them.
 */

import type { Digests, Listed, ObjectHead } from "../../model.ts";
import type { Again, Begun, FileWriting, Put } from "../../stores/http/request-body.ts";
import type { Origin } from "../target.ts";

/** What an object says besides its bytes. */
export interface Facts {
  readonly contentType?: string;
  readonly contentDisposition?: string;
  /** Names in lower case, without what stands before them on the wire. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An object as a listing shows it. */
export type Found = Pick<Listed, "key" | "size" | "etag">;

/** An object to be written. */
export interface Writing {
  readonly key: string;
  /** In memory, or a local file that nothing writes to any more. */
  readonly bytes: Uint8Array | { readonly file: string };
  readonly digests: Digests;
  readonly facts: Facts;
  /** False for the target's own lists, which are never put into cold storage. */
  readonly photo: boolean;
  /** True for what is written once and for all; the marker is not. */
  readonly lasting: boolean;
  /** True to write only where nothing lies yet. */
  readonly onlyNew: boolean;
  /** Where the source has it: a store that is the source's too can make a copy of its own. */
  readonly origin?: Origin | undefined;
  /** True where the store copies without overwriting, and only what it was asked to (`Abilities`). */
  readonly copies: boolean;
  /** True to have the store check the SHA-256 as well, for stores that can. */
  readonly checked: boolean;
}

/** What is needed besides, to write an object in parts. */
export interface PartsJob extends Pick<FileWriting, "isTaken" | "journal"> {
  readonly again: Again;
}

/** When objects go in parts; in bytes. */
export interface Parts {
  readonly beyond: number;
  readonly size: number;
}

/** What a kind of store is like. */
export interface StoreTraits {
  /** What stands before the names of metadata on the wire. */
  readonly metadataPrefix: string;
  /** Folder of a target in which the parts of large photos stay; null where the store keeps them out of sight. */
  readonly segments: string | null;
  readonly parts: Parts;
  /** Bytes of a key at most. */
  readonly longestKey: number;
  /** Bytes of an object at most. */
  readonly largestObject: number;
  /** True where it may be worth trying whether the store checks SHA-256. */
  readonly mayCheckSha256: boolean;
}

export interface Store {
  /** As people would type it, without a prefix: `s3://photos`. */
  readonly name: string;
  /** Where it answers: tells stores of one name apart. */
  readonly address: string;
  readonly traits: StoreTraits;
  /** One attempt. */
  put(writing: Writing, signal: AbortSignal): Promise<Put>;
  putInParts(writing: Writing, job: PartsJob, signal: AbortSignal): Promise<Put>;
  /** Takes back what an upload left over. @returns false when the store could not be told */
  abort(upload: Begun): Promise<boolean>;
  /**
   * Copies what lies under a key of this very place, as it says nothing of itself; absent where a store copies nothing.
   * @returns false when it refused: something lies there, or the ETag is that of other bytes
   */
  copyHere?(writing: Writing, from: Origin, signal: AbortSignal): Promise<boolean>;
  /** Null where nothing lies. One attempt. */
  head(key: string, signal: AbortSignal): Promise<ObjectHead | null>;
  read(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** What lies under keys that begin so, in their order; for few. */
  list(beginning: string, signal: AbortSignal): Promise<readonly Found[]>;
  close(): Promise<void>;
}
