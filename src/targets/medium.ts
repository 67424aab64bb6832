/**
 * What a target needs of the place where it lies: a folder on a drive, or a place in a store of objects. All that is
 * the same for both (lists, order of writing, drafts) is in medium-target.ts and lists.ts.
 */

import type { Told } from "../catalogue/target-memory.ts";
import type { KeyRange, Page } from "../stores/source.ts";
import type { Drafts } from "./drafts.ts";
import type { ListMark, ListName } from "./list-lines.ts";
import type { Keeping, Kept, Lying, OnBroken, OwnFiles, Target } from "./target.ts";

/** With the source and its zone, for target.json. */
export interface OpenOptions extends Told {
  /** Writes nothing at all, for a dry run and for `verify`; `stage` and `commit` are refused. */
  readonly readOnly?: boolean;
  /** The id that this target had when it was last used; another one, or none, is `wrong-drive`. */
  readonly expectedId?: string | undefined;
  /** Told what people should know and what does not stop a run; one sentence. */
  readonly warn?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** How a photo ended that was to lie somewhere. */
export interface Placed {
  readonly kept: Kept;
  /** What a store calls the bytes, where that is no MD5 and was found to be theirs. */
  readonly etag?: string;
  /** By which they are read on a grid (`ManifestEntry.cap`). */
  readonly cap?: string;
}

/** Whole lines for the end of a list. */
export interface Addition {
  readonly list: ListName;
  readonly lines: readonly string[];
}

/** The two lists as the medium has them: files that grow, or numbered parts. A line here ends in its newline. */
export interface ListFiles {
  /** The lines of a list, without their newline; none where there is no list. A line without an end is left out. */
  lines(list: ListName, signal: AbortSignal, onBroken: OnBroken): AsyncIterable<string>;
  /** Where a list lies, for messages. */
  placeOf(list: ListName): string;
  /** How far a list has got. */
  mark(list: ListName, signal: AbortSignal): Promise<ListMark>;
  /** True where a list begins with what a mark says: it may have grown since. */
  follows(list: ListName, mark: ListMark, signal: AbortSignal): Promise<boolean>;
  /** Adds to each list in turn, durably. After an error nothing counts, and the same call may be made again. */
  append(additions: readonly Addition[], signal: AbortSignal): Promise<void>;
  /**
   * Writes a list anew; as it was it is set aside, which is told as a warning.
   * @param keep the line to stay in the place of one; null for none
   * @param added lines for the end, in batches
   */
  rewrite(
    list: ListName,
    keep: (line: string) => string | null,
    added: AsyncIterable<readonly string[]>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** A place that was found right. The verbs are those of `Target`; paths were looked at, and are inside of it. */
export interface Medium extends Pick<Target, "name" | "id" | "traits" | "freeBytes" | "memory" | "location"> {
  readonly warn: (message: string) => void;
  readonly lists: ListFiles;
  readonly own: OwnFiles;
  /** Null when it was opened for reading. */
  readonly drafts: Drafts | null;
  draftsFolder?: Target["draftsFolder"];
  /** Does work there; what fails is thrown as a target's trouble. @param doing for messages: "keeping photos" */
  attempt<T>(doing: string, work: () => Promise<T>): Promise<T>;
  /** Gives drafts their names, never over anything, their bytes durable before. Answers in the order asked. */
  place(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Placed[]>;
  read(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page>;
  look(path: string, signal: AbortSignal): Promise<Lying | null>;
  /** Absent where only the manifest can say another time. */
  date?(batch: readonly Pick<Keeping, "entry" | "mtime">[], signal: AbortSignal): Promise<void>;
  vouchesFor?: Target["vouchesFor"];
  markerTag?: Target["markerTag"];
  readonly renews?: boolean;
  readCap?: Target["openCap"];
  setAside?: Target["setAside"];
  archive?: NonNullable<Target["archive"]>;
  close(): Promise<void>;
}
