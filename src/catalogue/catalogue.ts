/**
 * What photohaul remembers of one source: what was listed, what was decided about each key, what is kept
 * where. An index only: the listing and any target's manifest can rebuild it. It stands behind these
 * interfaces so that another database can take SQLite's place; keys are compared as bytes. All
 * iterations come in chunks in key order and hold no lock between them, so writing meanwhile is fine.
 */

import type {
  Captured,
  CataloguedObject,
  Classified,
  Family,
  FamilyRange,
  Kind,
  Listed,
  ManifestEntry,
  SealedLine,
} from "../model.ts";
import type { ArchiveRequests } from "./archive-requests.ts";
import type { Adoption } from "./compare-lists.ts";
import type { KeptRow } from "./rows.ts";
import type { ZoneLender } from "./zone-lending.ts";

export interface Catalogue {
  /** The database file. */
  readonly file: string;
  readonly settings: Settings;
  readonly runs: Runs;
  readonly listing: Listing;
  /** What was asked of the source's archive. */
  readonly archive: ArchiveRequests;
  /** @param target its id, as for all that is of one target */
  kept(target: string): KeptPhotos;
  plan(target: string): TargetPlan;
  /** What photos are that lie sealed there. */
  sealed(target: string): SealedLines;
  /** Of several targets: photos that this run has to account for on any of them, and those kept wherever they are wanted. */
  wantedOnAny(
    targets: readonly string[],
    renditions: Renditions,
  ): Promise<{ readonly wanted: number; readonly settled: number }>;
  /** What it says was found to be wrong: it is set aside when it is closed, and the next run begins a new one. */
  condemn(): void;
  close(): Promise<void>;
}

/** What becomes of renditions: `fallback` takes the best of a photo where its original is missing. */
export type Renditions = "skip" | "fallback" | "keep";

/** The settings that name the targets which a catalogue knows; their values are the targets' ids. */
export const TARGET_SETTING = "target ";
/** The settings that say where each of them was found last. */
export const COPY_SETTING = "copy ";
/** The settings that say when each of them took part last, and what it lacked then. */
export const SEEN_SETTING = "seen ";
/** The setting of where the source's service answers; "" for AWS itself. */
export const SERVICE_SETTING = "service";

/** What is remembered between runs by name: zone, frozen layout, targets. */
export interface Settings {
  /** Null when never set. */
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** All settings whose names begin so, in the order of their names. */
  beginning(beginning: string): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

export interface Runs {
  /** Opens a run; what is listed from now on belongs to it. */
  start(command: string): Promise<number>;
  end(summary: string): Promise<void>;
  /** The newest first. */
  last(limit: number): Promise<readonly RunRecord[]>;
}

export interface RunRecord {
  readonly id: number;
  readonly command: string;
  readonly startedAt: string;
  /** Null while it goes on, and when it was cut. */
  readonly endedAt: string | null;
  /** As the run wrote it, JSON; null as above. */
  readonly summary: string | null;
}

export interface ListingTotals {
  readonly keys: number;
  readonly bytes: number;
}

/** The keys k with `after` < k ≤ `upto`; absent bounds are open. */
export interface KeyBounds {
  readonly after?: string;
  readonly upto?: string;
}

/** A page of a whole listing, as the store wrote it. */
export interface KeptPage {
  /** The last key of the page before; "" where there is none. */
  readonly after: string;
  readonly last: string;
  readonly keys: number;
  /** Of its objects. */
  readonly bytes: number;
  /** `Page.digest` of all of it; "" where it has to be listed anew. */
  readonly digest: string;
}

/** The objects of this run's listing, and what was decided about them. */
export interface Listing {
  /** Those of the last whole listing, in order; none where it was not kept so. */
  pages(): Promise<readonly KeptPage[]>;
  /**
   * Begins a listing with that of the last run: of what lies within these bounds all that is listed now will be added,
   * and all else stands as it was listed. Null for a listing from the beginning, as one is without this call.
   */
  goOn(anew: readonly KeyBounds[] | null): Promise<void>;
  /** Enters a page; durable with the next call of `finish`. Pages may come in any order. */
  add(objects: readonly Listed[]): Promise<void>;
  /** Declares the listing whole. Only after this may anything be called gone. @param pages all of it */
  finish(pages?: readonly KeptPage[]): Promise<ListingTotals>;
  /** As far as it has got. */
  totals(): Promise<ListingTotals>;
  /** Of the last complete listing before this run that held anything; null when there was none. */
  previousTotals(): Promise<ListingTotals | null>;

  /** Keys about which nothing is decided yet. */
  unclassified(): AsyncIterable<readonly Listed[]>;
  /** Says what these are, as `unclassified` gave them. */
  judge(objects: readonly CataloguedObject[]): Promise<void>;
  /** Says again what some are that were judged before. */
  classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void>;
  /** Forgets what was decided about every key, for a new layout. */
  declassify(): Promise<void>;

  /** Everything; after classification. */
  objects(kind?: Kind): AsyncIterable<readonly CataloguedObject[]>;
  find(key: string): Promise<CataloguedObject | null>;
  kinds(): Promise<Readonly<Record<Kind, number>>>;
  families(): Promise<readonly Omit<Family, "rule">[]>;
  /** Originals with the same size and ETag under several keys; `bytes` are those beyond the first of each. */
  duplicates(): Promise<{ readonly groups: number; readonly keys: number; readonly bytes: number }>;
  /** Everything that has this stem. */
  siblings(stem: string): Promise<readonly CataloguedObject[]>;
  /**
   * Of what has this stem, or with `longer` one that begins so: fifty sidecars and fifty others at most, as a
   * bucket may hold a hundred thousand `part.00001`.
   */
  akin(stem: string, longer: boolean): Promise<readonly CataloguedObject[]>;
  /**
   * What its stem does not bear out: renditions of which no larger original is listed, originals of a rank above 0
   * of which no truer one is, originals of 1 to `below` − 1 bytes, and renditions whose bytes lie outside the range of
   * their family beside any original of their stem.
   */
  unmatched(below: number, ranges: readonly FamilyRange[]): AsyncIterable<readonly CataloguedObject[]>;
  /** Objects, some kept and some planned on any target, that lie far apart in their orders. */
  spread(count: number): Promise<readonly Listed[]>;
  /** What changed since the previous complete listing, for what is kept on a target. */
  drift(target: string): Promise<Drift>;
}

export interface Drift {
  /** Kept photos whose key is no longer listed. */
  readonly gone: number;
  /** Kept photos whose key is now listed with another ETag. */
  readonly changed: number;
}

/** What is kept on one target. */
export interface KeptPhotos {
  readonly zones: Zones;
  /** Those that were dated while ExifTool could not run: they are to be dated again. */
  readonly unread: KeptKeys;
  /** Those whose date was read in a zone that is only guessed; noted as they are added. */
  readonly guessed: KeptKeys;
  /** Writes down photos that are durably on the target: the last thing that happens to them. Atomic. */
  add(photos: readonly KeptRow[]): Promise<void>;
  /** All, in chunks. */
  all(): AsyncIterable<readonly ManifestEntry[]>;
  /** What is kept under a key; the newest first. */
  find(key: string): Promise<readonly ManifestEntry[]>;
  /** A photo with the same key and the same bytes, under whatever ETag. */
  findBytes(key: string, sha256: string): Promise<ManifestEntry | null>;
  /** True where there is any. */
  any(): Promise<boolean>;
  /** Forgets all, so that the target's manifest is believed instead. */
  forget(): Promise<void>;
  /** Forgets what was kept under names under which other bytes were found to lie. */
  forgetOthers(there: readonly { readonly folded: string; readonly sha256: string }[]): Promise<void>;
  /** Remembers why a photo could not be kept; keeping it forgets that. */
  fail(key: string, reason: string): Promise<void>;
  /** What became of an object, as far as is known: kept, failed (with the reason of the last time), or neither. */
  statusOf(object: Pick<Listed, "key" | "etag">): Promise<PhotoStatus>;
  /** True where an earlier version kept less of the manifest's lines than they say: it is to be read again. */
  lacks(): Promise<boolean>;
  /** Says that it was read again. */
  complete(): Promise<void>;
  /** Begins to hold the target's manifest against this catalogue; one at a time. */
  adoption(): Promise<Adoption>;
}

/**
 * What the sealed manifest of a target says, which the computer that writes it cannot read: by what a sealed file is, the
 * photo that it holds. What was intended is written down before it is done, so it may name files that never came to lie.
 */
export interface SealedLines {
  /** Durable when it comes back. The last line about one sealed file at one path holds. */
  add(lines: readonly SealedLine[]): Promise<void>;
  /** @param sha256 of the sealed file. @param path of the photo */
  find(path: string, sha256: string): Promise<SealedLine | null>;
  /** All that was ever to lie at a path. */
  at(path: string): Promise<readonly SealedLine[]>;
}

export interface PhotoStatus {
  /** Kept with this very ETag. */
  readonly kept: ManifestEntry | null;
  readonly failure: { readonly reason: string; readonly at: string } | null;
}

/** Of what is kept, the photos that carry no zone. */
export interface Zones {
  /** In the order of keys; none where no photo of the target knows its own zone. */
  seekers(): AsyncIterable<readonly ZoneSeeker[]>;
  /** True when `settle` was called, and nothing was kept since that seeks or lends a zone. */
  settled(): Promise<boolean>;
  settle(): Promise<void>;
  /** Of photos that get another date: what their former one lent or sought. To be called before they are kept with the new one. */
  forget(photos: readonly Pick<ManifestEntry, "key" | "etag">[]): Promise<void>;
}

/** A photo that seeks a zone (zone-lending.ts). What is around it is looked up only where it is asked for. */
export interface ZoneSeeker {
  readonly entry: ManifestEntry;
  readonly captured: Captured;
  /** What its camera took around it. */
  readonly around: () => readonly ZoneLender[];
  /** Of a film whatever has its name with another extension: its still may be among them. */
  readonly halves: () => readonly ManifestEntry[];
}

/** Of what is kept, the photos with whose dates something is to be done yet. */
export interface KeptKeys {
  /** Before or after it is kept; of what is not kept it means nothing. */
  add(key: string): Promise<void>;
  all(): Promise<readonly string[]>;
  forget(keys: readonly string[]): Promise<void>;
}

/** A photo this run may have to fetch: an original, or the best rendition where the original is missing. */
export interface Candidate extends CataloguedObject {
  /** True when it stands in for a missing original. */
  readonly fallback: boolean;
  /** True when an older object of the same key is kept on the target already. */
  readonly replaces: boolean;
}

/** One photo of the plan. */
export interface Planned {
  readonly object: Candidate;
  /** Where it should lie; null where the name depends on the capture date. */
  readonly path: string | null;
  /** Sorts it among all that are planned (target-plan.ts). */
  readonly turn: string;
}

/** A part of a plan, by its turns: from one on, and below one. */
export interface PlanPart {
  readonly from?: string;
  readonly below?: string;
  /** True for what lies in an archive class, or was asked of an archive, alone. */
  readonly archived?: boolean;
}

/** What this run has to do for one target. */
export interface TargetPlan {
  /** What is listed and not kept with its present ETag. */
  candidates(renditions: Renditions): AsyncIterable<readonly Candidate[]>;
  /** Photos of this run's listing that are kept already. */
  keptCount(renditions: Renditions): Promise<number>;
  /** All that this run has to account for: kept, to be fetched, or not wanted. */
  wantedCount(renditions: Renditions): Promise<number>;
  /** Photos of which only renditions are listed and no original is kept, with the keys of the first few stand-ins. */
  missingOriginals(): Promise<{ readonly photos: number; readonly examples: readonly string[] }>;
  /** The key that a path (folded) belongs to, planned or kept; null when it is free. */
  ownerOf(folded: string): Promise<string | null>;
  clear(): Promise<void>;
  /** @param photos with their paths as the target compares names */
  add(photos: readonly (Omit<Planned, "turn"> & { readonly folded: string | null })[]): Promise<void>;
  /**
   * Oldest first by LastModified, so that a limited run takes what has waited longest; then, in the same order, what
   * failed the last time, which else would stand in the way of all others night after night. What an archive holds is
   * left out, and what it gave back comes first, where `move` said so.
   */
  photos(part?: PlanPart): AsyncIterable<readonly Planned[]>;
  /** Gives photos another turn. */
  move(photos: readonly Planned[], turn: (photo: Planned) => string): Promise<void>;
}
