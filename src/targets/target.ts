/**
 * Where photos are kept. A target is append-only by construction: no verb overwrites or deletes a photo.
 * Bytes are first staged (written, but under no name), then committed: made durable, given a name that
 * was free, and entered in the manifest. Between the two the caller checks and dates them.
 */

import type { Location, Memory } from "../catalogue/target-memory.ts";
import type { HandDraft, ManifestEntry, ObjectHead } from "../model.ts";
import type { Traits } from "../naming/name.ts";
import type { Archive, KeyRange, Page } from "../stores/source.ts";
import type { Origin } from "../stores/store.ts";
import type { Begun, ObjectMark } from "./begun.ts";

export type { Traits } from "../naming/name.ts";

/** Bytes as they come, or all at once, or where a hand wrote them. */
export type Bytes = AsyncIterable<Uint8Array> | Uint8Array<ArrayBuffer> | HandDraft;

/** Where hands write drafts by themselves. */
export interface DraftsFolder {
  readonly folder: string;
  /** The first time that files there can have, ISO 8601. */
  readonly earliestTime: string;
}

/** A photo so large that it is worth going on where it was stopped. */
export interface LargePhoto {
  readonly object: ObjectMark;
  /** What the bytes begin with, where that was read from a file: of this target it is not written again. */
  readonly begun: Begun | null;
}

/** Bytes that lie on the target under no name yet. */
export interface Draft {
  /** Bytes written. */
  readonly size: number;
  /** A local file with exactly these bytes, for ExifTool to read; absent where there is none. To ask may write it. */
  readonly file?: string | undefined;
  /** Gives the space back. Safe to call twice, and after commit. */
  discard(): Promise<void>;
}

/** One draft that is right and may be kept. */
export interface Keeping {
  readonly draft: Draft;
  /** `entry.path` is where it should lie. */
  readonly entry: ManifestEntry;
  /** The modification time to give the file; clamped to what the target can hold. */
  readonly mtime: Date;
  /** What the source said of it, for targets that can hold that as well. */
  readonly head?: Pick<ObjectHead, "contentType" | "contentDisposition">;
  /** Which object of the source has the same bytes, proven by its ETag; absent where none does. */
  readonly origin?: Origin;
}

/**
 * `stored`: it lies there now. `same`: exactly these bytes lay there already; its manifest entry was
 * written too. `occupied`: something else lies there; nothing was changed and the draft is still good.
 */
export type Kept = "stored" | "same" | "occupied";

/**
 * `cut`: the last line has no end, as a killed run leaves it; what it was to name does not count as kept. `flawed`: a
 * date of it is none, and was left out. `form`: another program wrote it, or all of the list, in a form of its own.
 */
export type OnBroken = (how: "unreadable" | "cut" | "flawed" | "form") => void;

/** A line of SHA256SUMS. */
export type Sum = Pick<ManifestEntry, "path" | "sha256">;

/** What is to be done to one list. */
export interface ListMending<T> {
  /** True to write it anew without what cannot be read, and without what is wrong; as it was it is set aside. */
  readonly clean: boolean;
  readonly isWrong: (item: Sum) => boolean;
  readonly add: AsyncIterable<T>;
}

export interface ListsMending {
  readonly manifest: ListMending<ManifestEntry>;
  readonly sums: ListMending<Sum>;
}

/** The lists of a target, held against each other. */
export interface Lists {
  /**
   * True where both lists begin with all that they held when `manifestMark` gave this text. False for the mark of an
   * earlier version, which knew the manifest's length only.
   */
  follows(mark: string, signal: AbortSignal): Promise<boolean>;
  /** What SHA256SUMS names, in its order. */
  sums(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<Sum>;
  /** Doing it again is safe. What has to be cut off is set aside, under a name that is told as a warning. */
  mend(mending: ListsMending, signal: AbortSignal): Promise<void>;
}

export interface Lying {
  readonly size: number;
  /** When it was last written, or what it was dated, ISO 8601. */
  readonly modified: string;
}

export interface Vouched {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** What a store calls these bytes: their MD5, or the `targetEtag` of the manifest. */
  readonly etag?: string;
}

/** A file beside the lists. */
export interface OwnFile {
  readonly name: string;
  /** Another one as soon as its bytes are. */
  readonly tag: string;
}

/** Files of a target's own beside its lists, in its `.photohaul`: each is written once. Names have no slash. */
export interface OwnFiles {
  /** Those whose names begin so, in the order of their names. */
  list(beginning: string, signal: AbortSignal): Promise<readonly OwnFile[]>;
  /** Null where there is none. */
  read(name: string, signal: AbortSignal): Promise<Buffer | null>;
  /** Durably. @returns false where something else has that name; then nothing was changed */
  put(name: string, bytes: Buffer, signal: AbortSignal): Promise<boolean>;
}

export interface Target {
  /** As people would type it. */
  readonly name: string;
  /** Made when the target was first used, unless `knownAs` gave it another; the catalogue knows the target by it. */
  readonly id: string;
  /** Gives it the id by which the catalogue knows it: a copy of another target has that one's in its target.json. */
  knownAs(id: string): void;
  readonly traits: Traits;
  /** Bytes free when the target was opened; null where it cannot be told. */
  readonly freeBytes: number | null;
  /** As it was when the target was opened. */
  readonly memory: Memory;
  readonly location: Location;
  /** Which object its target.json is: its ETag, and when it was written there; null where none lies there. Absent for folders. */
  markerTag?(signal: AbortSignal): Promise<string | null>;
  readonly lists: Lists;
  /** Absent where photos are sealed: what is around it uses them itself. */
  readonly own?: OwnFiles;

  /**
   * Writes a stream where no name can reach it; all of it or nothing. An error thrown by `bytes` is
   * passed on unchanged after the space was given back. A chunk is good until the next is asked for.
   * @param bytes a buffer with all of them is given away, and is to be read no more once the draft is committed
   * @param large says that it may be gone on with another time, where the bytes stop on their way
   * @param size what is expected, for allocation only; the caller compares `draft.size`
   * @throws HaulError `full`, `read-only`, `wrong-drive`, `too-large`, `unwritable`, `interrupted`
   */
  stage(bytes: Bytes, size: number, signal: AbortSignal, large?: LargePhoto): Promise<Draft>;

  /** Absent where a hand can write none. */
  readonly draftsFolder?: DraftsFolder;

  /** Takes what a hand wrote there whole, as `stage` does; present where there is a folder for drafts. */
  takeDraft?(written: HandDraft): Draft;

  /** What earlier runs left of large photos; absent where they leave nothing. */
  readonly begun?: { find(object: ObjectMark): Promise<Begun | null>; drop(object: ObjectMark): Promise<void> };

  /**
   * Keeps a batch: times set, bytes forced to the medium, names given (never over anything), manifest and
   * SHA256SUMS lines appended and forced to the medium, in this order, so that a name never holds bytes that
   * a power cut can take back. Answers in the order asked. Drafts of `stored` and `same` are used up.
   * @throws HaulError as `stage`; then nothing of the batch counts as kept, and doing it again is safe
   */
  commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]>;

  /**
   * Reads back what lies at a path.
   * @throws HaulError `missing` when nothing does
   */
  open(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /** The same of a photo that its cap names (`ManifestEntry.cap`), whatever became of its name; absent where there are no caps. */
  openCap?(cap: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * What lies there, each file under its path, in the order of keys; photohaul's own files are left out.
   * @throws HaulError a target's troubles
   */
  list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page>;

  /** What lies at a path, without reading it; null where nothing does. */
  look(path: string, signal: AbortSignal): Promise<Lying | null>;

  /**
   * Whether the store itself holds digests of what lies at a path that prove it to be these bytes: then it need not
   * be read. False where they do not, and where nothing lies. Absent where only reading tells.
   */
  vouchesFor?(photo: Vouched, signal: AbortSignal): Promise<boolean>;
  /** True where the store forgets what nobody asks for, and is asked by `vouchesFor`: so that has its use also where all is read. */
  readonly renews?: boolean;

  /**
   * What the manifest says, in the order it was written; the last entry of a path is the one that holds.
   * @param onBroken told of each line that is not as it was written
   */
  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry>;

  /**
   * How far the lists had got when the target was opened, and with what was committed since: a text that is
   * another one as soon as a byte of them is, whoever wrote it.
   */
  manifestMark(signal: AbortSignal): Promise<string>;

  /**
   * Gives photos that lie there another time, and enters them in the manifest anew; of one that does not lie there
   * any more only the entry is made. In a store of objects it is the entry that holds: what was written with an
   * object stays, as to change it there is to write the object again.
   * @throws HaulError as `commit`; doing it again is safe
   */
  redate(batch: readonly Omit<Keeping, "draft" | "head">[], signal: AbortSignal): Promise<void>;

  /**
   * Moves what lies at a path to another path of the same folder, if nothing has that name: what is damaged
   * makes room, and is not lost. Absent where a target can rename nothing.
   * @returns false when the other name is taken; then nothing was changed
   * @throws HaulError as `commit`
   */
  setAside?(path: string, to: string, signal: AbortSignal): Promise<boolean>;

  /** What can be asked of the store where it is an archive; keys are paths. Absent where there is none. */
  readonly archive?: Pick<Archive, "ask" | "look">;

  /** Lets go of handles and of the lock. Drafts not committed are discarded. */
  close(): Promise<void>;
}
