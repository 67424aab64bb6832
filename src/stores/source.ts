/**
 * Where photos come from. A source is read-only by construction: it has no verb that writes.
 * A new store is one file that implements this, one line in all.ts, one line in the contract test.
 */

import { compareKeys } from "../key.ts";
import type { Listed, ObjectHead, Returning, Taken, Tier } from "../model.ts";
import type { Exchanged } from "./http/exchange.ts";
import type { Asked } from "./http/wire.ts";

/** The keys k of the source with `after` < k ≤ `upto`, compared as bytes; an absent bound is open. */
export interface KeyRange {
  readonly after?: string;
  readonly upto?: string;
}

export function isWithin(key: string, { after, upto }: KeyRange): boolean {
  return (after === undefined || compareKeys(key, after) > 0) && (upto === undefined || compareKeys(key, upto) <= 0);
}

export interface Page {
  /** In key order, each key once, all within the range asked for; at most 1,000 or what the store gives. */
  readonly objects: readonly Listed[];
  /**
   * Of the bytes in which the store wrote the first so many of them; absent where those do not say all that the page
   * does.
   */
  readonly digest?: (count: number) => string | null;
}

/** Which object is meant; "" and -1 where nothing is known of it yet. */
export type Meant = Pick<Listed, "key" | "etag" | "size">;

export interface Opened {
  readonly head: ObjectHead;
  /**
   * The bytes from the offset asked for to the end. Throws HaulError (`broken`, retry) when the connection
   * breaks, when nothing comes for 60 s, or when it ends short. Returning early closes the connection, also before the first byte.
   * A chunk is the reader's, who may take its memory away: the source holds no chunk and uses none twice.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The same bytes in a buffer of their own, where all of the object came at once as was asked; then `bytes` is not needed. */
  readonly whole?: Buffer<ArrayBuffer>;
  /** What a hand made of them; then there are no `bytes`. */
  readonly taken?: Taken;
}

/** A GET of a whole object, signed, as it goes out. */
export interface PlainGet {
  /** How the answer's headers are read. */
  readonly form: "s3";
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks in the place of this thread, and digests and keeps what comes as drafts.
 * @returns the answer, with `taken` where it is all of the object as it lies there; null where it is none that a hand
 *   takes: it is to be asked for here
 * @throws as `Connections.send`
 */
export type Hand = (get: PlainGet, asked: Asked, signal: AbortSignal) => Promise<Exchanged | null>;

/** A source need not heed it. */
export interface HowToOpen {
  /** True to wait for all of an object of at most `AT_ONCE` bytes, which costs half. */
  readonly atOnce?: boolean;
  /** Of a whole object. */
  readonly hand?: Hand;
}

/** Objects up to so many bytes may be asked for at once: so many of each that is under way lie in memory. */
export const AT_ONCE = 512 * 1024;

/** How often a source was asked for what; adapters count every request that left, repeats included. */
export interface RequestCounts {
  list: number;
  get: number;
  head: number;
  retried: number;
}

/** How an object is asked for. */
export interface Thaw {
  readonly tier: Tier;
  /** For so many days its copy is to stay, where it is a copy. */
  readonly days: number;
}

/**
 * What an archive says to being asked. `asked`: it will be there after a while. `ongoing`: it was asked before. `ready`: it
 * can be read. `live`: it lies in no archive. `busy`: nothing comes back as fast now, and it was not asked.
 */
export type Asking = "asked" | "ongoing" | "ready" | "live" | "busy";

/** The archive of a store. Being asked changes no object and costs; nothing else here does. */
export interface Archive {
  /**
   * One attempt.
   * @throws HaulError `forbidden` where these credentials may not ask, `missing`, `throttled`, `server`
   */
  ask(object: Listed, thaw: Thaw, signal: AbortSignal): Promise<Asking>;
  /** Asks for the head of an object; null where that does not tell whether it can be read. One attempt. */
  look(object: Listed, signal: AbortSignal): Promise<Returning | null>;
  /** As `Source.list`; of what was asked for with `returning`, where the store says that in its listing. */
  list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page>;
}

/** The archive of a store for whoever has other names for its keys. */
export function archiveBy(archive: Pick<Archive, "ask" | "look">, keyOf: (name: string) => string) {
  const named = (object: Listed) => ({ ...object, key: keyOf(object.key) });
  return {
    ask: (object: Listed, thaw: Thaw, signal: AbortSignal) => archive.ask(named(object), thaw, signal),
    look: (object: Listed, signal: AbortSignal) => archive.look(named(object), signal),
  };
}

export interface Source {
  /** As people would type it: `s3://photos/2012`. Names the catalogue; holds no credential. */
  readonly name: string;
  readonly requests: RequestCounts;
  /** True where listing several ranges at once gains nothing: a folder on a drive. */
  readonly oneByOne?: boolean;
  /** True where `modified` is the time of a file, as anybody may set it, and not that of an upload. */
  readonly fileTimes?: boolean;
  /** True where `open` heeds a hand. */
  readonly heedsHands?: boolean;

  /**
   * What `open` would ask for a whole object, for whoever asks in its place; absent where nobody may.
   * @returns null where that cannot be said at once: before anything came of the source, or where keys expire
   */
  plainGet?(object: Listed): PlainGet | null;

  /** All of an object came that was asked for by its `plainGet`. */
  took?(object: Listed): void;

  /**
   * Lists a range page by page, in key order. A page that fails is asked for again; when that does not
   * help the iteration throws, so that an iteration which ends has listed everything in the range.
   * @throws HaulError `credentials`, `denied`, `no-bucket`, `unreachable`, `listing`, `interrupted`
   */
  list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page>;

  /**
   * What `Page.digest` says of so many keys after one ("" for the first keys) when they are asked for alone; null where
   * there are fewer. Absent where pages have none.
   * @throws as `list`
   */
  digest?(after: string, count: number, signal: AbortSignal): Promise<string | null>;

  /**
   * Opens one object at an offset in bytes. Sends If-Match with the listed ETag, so that what comes are
   * bytes of the listed object or an error. One attempt; the caller decides about the next by `error.retry`.
   * @throws HaulError `missing`, `changed`, `archived`, `forbidden`, `throttled`, `server`, `broken`, `interrupted`
   */
  open(object: Listed, offset: number, signal: AbortSignal, how?: HowToOpen): Promise<Opened>;

  /** Absent where there is none, or the first `open` is what asks it. */
  readonly archive?: Archive;

  /** Lets go of connections. The source cannot be used afterwards. */
  close(): Promise<void>;
}
