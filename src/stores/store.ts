/**
 * A store of objects, read and written. A source is its read side; a target in a store is written through it. A new kind
 * of store is one file or folder that implements this, one line in all.ts, one rig in test/contract. Keys are whole. What
 * is missing throws `missing`, what the store refuses throws as its own table says.
 */

import type { HaulError } from "../errors.ts";
import type { Digests, Listed, ObjectHead } from "../model.ts";
import type { Again, Begun, FileWriting, Put } from "./http/request-body.ts";
import type { S3Options } from "./s3/address.ts";
import type { ObjectLock } from "./s3/object-lock.ts";
import type { HowToOpen, KeyRange, Meant, Opened, Page, Source } from "./source.ts";
import type { Login } from "./swift/login.ts";
import type { GridOptions } from "./tahoe/cap.ts";

/** What an object says besides its bytes. */
export interface ObjectFacts {
  readonly contentType?: string;
  readonly contentDisposition?: string;
  /** Names in lower case, without what stands before them on the wire. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Which bytes of the source are meant: what has that ETag. */
export type Origin = Pick<Listed, "key" | "etag" | "version">;

/** An object to be opened, as far as it is known. */
export type MeantObject = Meant & Partial<Pick<Listed, "modified" | "version">>;

/** Bytes on their way to a store before it is known what they are. Nothing of it throws: what fails is put from its file. */
export interface Ahead {
  /** Takes a copy; waits while too much is on its way. */
  write(chunk: Uint8Array): Promise<void>;
  /** They are all. */
  finish(): Promise<void>;
  /** Gives the room there back. Safe to call twice, and after the object was put. */
  discard(): Promise<void>;
}

/** An object to be written. */
export interface ObjectToPut {
  readonly key: string;
  /** In memory, or a local file that nothing writes to any more, and what was sent of it ahead (`StoreFiles.ahead`). */
  readonly bytes: Uint8Array | { readonly file: string; readonly ahead?: Ahead | null };
  readonly digests: Digests;
  readonly facts: ObjectFacts;
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
  /** Of the target: below it lie the parts that the store keeps in sight (`StoreTraits.segments`). */
  readonly prefix: string;
}

/** When objects go in parts; in bytes. */
export interface Parts {
  readonly beyond: number;
  readonly size: number;
}

/** What became of one of several objects that were written together: as `Kept` of a target has it. */
export interface PutTogether {
  readonly kept: "stored" | "same" | "occupied";
  /** What the store calls what lies there. */
  readonly etag?: string;
  /** By which it is read whatever becomes of its name, where a store has such: a secret. */
  readonly cap?: string;
}

/** Of an object of a target, to be found as it was when it was kept. */
export interface Vouching {
  readonly key: string;
  /** Of the target. */
  readonly prefix: string;
  readonly size: number;
  /** What the store called it then. */
  readonly etag: string;
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
  /** Bytes of what stands between two slashes of a key at most; as many as of a key where absent. */
  readonly longestName?: number;
  /** Bytes of an object at most. */
  readonly largestObject: number;
  /** True where it may be worth trying whether the store checks SHA-256. */
  readonly mayCheckSha256: boolean;
  /** True where nothing at all is written over: what changes of our own is written beside, as its next edition. */
  readonly writesOnce?: boolean;
}

/** A range of the keys that begin so; of all that the store was opened for, where absent. */
export interface KeysBelow extends KeyRange {
  readonly prefix?: string;
}

/** What a store of files was found to do, by doing it; kept in target.json. */
export interface FileAbilities {
  /** What a plain rename does where the new name is taken; `refused` where nothing can be renamed. */
  readonly rename: "spares" | "overwrites" | "refused";
  /** It forces a file to its medium when it is asked to. */
  readonly fsync: boolean;
  /** Files take another time, and keep it. */
  readonly times: boolean;
}

/** A drive, near or far, as it is tried out in a folder made for that; by names in it. What it refuses throws. */
export interface Disk {
  /** True where names that are counted in UTF-16 tell of a drive of Windows. */
  readonly countsBytes: boolean;
  /** Makes a file where nothing has the name. */
  make(name: string): Promise<void>;
  /** Throws where nothing has the name. */
  find(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
  link(from: string, to: string): Promise<void>;
  /** Gives a file a time, in seconds since 1970, and says what became of it, in nanoseconds. */
  date(name: string, seconds: number): Promise<bigint>;
  /** True where a path below the target is refused for its length alone. */
  isTooLong(path: string): Promise<boolean>;
  /** The largest file, in bytes; 0 where no limit was met, or none can be tried. */
  largestFile(): Promise<number>;
}

/** What can be asked of a store that keeps its objects as files, besides. Keys are whole. */
export interface StoreFiles {
  /** How files are written from now on. */
  use(can: FileAbilities): void;
  /** Finds out what is done with files. @param folder empty, made for that @throws HaulError */
  tryOut(folder: string, signal: AbortSignal): Promise<FileAbilities>;
  /** Makes an empty folder for the work, and takes it away after it. */
  withFolder<T>(work: (folder: string) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** A folder as a disk to be tried out. */
  disk(folder: string, signal: AbortSignal): Disk;
  /** Begins to send what comes under no name; null where files get their names at once. */
  ahead(signal: AbortSignal): Ahead | null;
  /** Takes away what killed runs of this computer left. */
  sweep(signal: AbortSignal): Promise<void>;
  /** Bytes; null where it is not told. */
  free(signal: AbortSignal): Promise<number | null>;
  /** Gives a file another time; nothing where none lies there. */
  date(key: string, time: Date, signal: AbortSignal): Promise<void>;
  /** Never over anything. @returns false where the new name is taken */
  rename(from: string, to: string, signal: AbortSignal): Promise<boolean>;
}

export interface Store extends Source {
  /** Where it answers: tells stores of one name apart. */
  readonly address: string;
  readonly traits: StoreTraits;
  /**
   * To be called before anything else where it is to be written to: finds out what it takes.
   * @throws HaulError where it cannot be written to as was asked
   */
  prepare?(signal: AbortSignal): Promise<void>;
  /** As `Source.list`. */
  list(range: KeysBelow, signal: AbortSignal): AsyncIterable<Page>;
  /** As `Source.open`, also of an object of which little is known. */
  open(object: MeantObject, offset: number, signal: AbortSignal, how?: HowToOpen): Promise<Opened>;
  /** Null where nothing lies. One attempt. */
  head(key: string, signal: AbortSignal): Promise<ObjectHead | null>;
  /** One attempt. */
  put(writing: ObjectToPut, signal: AbortSignal): Promise<Put>;
  /**
   * Writes objects where nothing lies, with fewer requests than one for each; sees that they lie there; answers in the order
   * asked. Absent where objects are written one by one.
   * @throws HaulError after as many attempts as retry.ts allows; then nothing counts, and doing it again is safe
   */
  putTogether?(writings: readonly ObjectToPut[], signal: AbortSignal): Promise<readonly PutTogether[]>;
  /** Whether the store proves by a way of its own that an object is as it was; absent where its head tells. One attempt. */
  vouches?(object: Vouching, signal: AbortSignal): Promise<boolean>;
  /** True where a store forgets what nobody asks for: `vouches` has it remember for longer. */
  readonly renews?: boolean;
  /** What people should know who keep photos there for the first time; a sentence. */
  readonly firstUse?: string;
  /** What lies behind a cap (`PutTogether`), whatever became of its name. @param key for messages @throws as `open` */
  openCap?(cap: string, key: string, offset: number, signal: AbortSignal): Promise<Opened>;
  /** Gives another name in the same folder, never over anything; absent where that takes more than a request. @returns false where it is taken */
  rename?(from: string, to: string, signal: AbortSignal): Promise<boolean>;
  /** What README.txt says, where it is not what it says of most stores. @param target as people type it */
  readme?(target: string): string;
  /** Absent where a store takes every object in one piece. */
  putInParts?(writing: ObjectToPut, job: PartsJob, signal: AbortSignal): Promise<Put>;
  /** Present where heads do not tell: whether what lies under a key are exactly these bytes. */
  holds?(writing: ObjectToPut, signal: AbortSignal): Promise<boolean>;
  /** Bytes free; null where the store does not tell. */
  free?(signal: AbortSignal): Promise<number | null>;
  /** Takes back what an upload in parts left over. @returns false when the store could not be told */
  abort?(upload: Begun): Promise<boolean>;
  /** Present where objects are files: nothing but reading tells their digests, and each has the time of a file. */
  readonly files?: StoreFiles;
  /**
   * Copies what lies under a key of this very place, as it says nothing of itself; absent where a store copies nothing.
   * @returns false when it refused: something lies there, or the ETag is that of other bytes
   */
  copyHere?(writing: ObjectToPut, from: Origin, signal: AbortSignal): Promise<boolean>;
}

/** How a store is reached and used; what is absent is looked up where the tools of its kind look. */
export interface StoreOptions extends S3Options {
  /** Of a grid; where the tools of Tahoe look, where absent. */
  readonly tahoe?: GridOptions;
  /** True to have a store make anew what it lost of an object, where it can, when it is asked whether it vouches for it. */
  readonly mends?: boolean;
  /** Told what people should know, in a sentence. */
  readonly warn?: (message: string) => void;
  /** Of a Swift; from the environment where absent. */
  readonly login?: Login;
  /** A versioned bucket as it was then. */
  readonly asOf?: Date;
  /** Told of each request that is made again. */
  readonly onRetry?: (error: HaulError) => void;
  /** Told in a sentence of entries of the listing that cannot be used as they are, and whether what they name is lost. */
  readonly onFlaw?: (message: string, key?: string, lost?: "lost") => void;
  /** How long nothing may come before a connection counts as broken, in milliseconds; a minute when absent. */
  readonly stallMs?: number;
  /** Keys a page; what the store gives when absent. For tests. */
  readonly pageKeys?: number;
  /** Pages without an entry that may follow each other; 10,000 when absent. For tests. */
  readonly mostEmpty?: number;
  /** Of photos that are written; lists stay in the store's usual class. */
  readonly storageClass?: string;
  /** Photos of no more bytes than this stay in the store's usual class; all are put into the class where absent. */
  readonly coldAbove?: number;
  /** How long photos and lists cannot be deleted; the bucket must have Object Lock. */
  readonly objectLock?: ObjectLock;
  /** The source's bucket, where it lies in the same store and the same credentials open it. */
  readonly copiesFrom?: string;
  /** When objects go in parts; as the kind of store is best served where absent. For tests. */
  readonly parts?: Parts;
  /** The key file by which a server is logged in to; the agent and the usual ones where absent. */
  readonly identity?: string;
  /** Where its key and those of hosts lie; `~/.ssh` where absent. For tests. */
  readonly sshFolder?: string;
  /** False to leave it to a server of files when bytes reach its medium. */
  readonly durable?: boolean;
  /** The program by which remotes of rclone are reached; the one of that name where absent. */
  readonly rclone?: string;
}

/** Which keys of which store. */
export interface StoreAddress {
  /** As it was typed. */
  readonly typed: string;
  /** The bucket or container. */
  readonly container: string;
  /** Only keys that begin so are listed; "" for all. */
  readonly prefix: string;
}

/** Opens one kind of store. Nothing is asked of it yet. @throws HaulError `usage`, `credentials` */
export type OpenStore = (at: StoreAddress, options: StoreOptions) => Store;

/** The headers of a write, for what an object says of itself. @param prefix what stands before the names of metadata */
export function headersOf(facts: ObjectFacts, prefix: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const { contentType, contentDisposition, metadata = {} } = facts;
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (contentDisposition !== undefined) headers["content-disposition"] = contentDisposition;
  for (const [name, value] of Object.entries(metadata)) headers[prefix + name] = value;
  return headers;
}
