/**
 * What photohaul remembers of one source: what was listed, what was decided about each key, what is kept
 * where. An index only: the listing and any target's manifest can rebuild it. It stands behind this
 * interface so that another database can take SQLite's place; keys are compared as bytes. All
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
} from "../model.ts";
import type { ZoneLender } from "./zone-lending.ts";

/** Of what is kept, the photos that carry no zone. */
export interface Zones {
  /** In the order of keys; none where no photo of the target knows its own zone. */
  seekers(target: string): AsyncIterable<readonly ZoneSeeker[]>;
  /** True when `settle` was called, and nothing was kept since that seeks or lends a zone. */
  settled(target: string): Promise<boolean>;
  settle(target: string): Promise<void>;
  /** Of photos that get another date: what their former one lent or sought. To be called before they are kept with the new one. */
  forget(target: string, photos: readonly Pick<ManifestEntry, "key" | "etag">[]): Promise<void>;
}

/** Of what is kept, the photos that were dated while ExifTool could not run: they are to be dated again. */
export interface Unread {
  /** Before or after it is kept; of what is not kept it means nothing. */
  add(target: string, key: string): Promise<void>;
  of(target: string): Promise<readonly string[]>;
  forget(target: string, keys: readonly string[]): Promise<void>;
}

/** A photo that seeks a zone (zone-lending.ts), and what its camera took around it. */
export interface ZoneSeeker {
  readonly entry: ManifestEntry;
  readonly captured: Captured;
  readonly around: readonly ZoneLender[];
}

/** The settings that name the targets which a catalogue knows; their values are the targets' ids. */
export const TARGET_SETTING = "target ";
/** The settings that say where each of them was found last. */
export const COPY_SETTING = "copy ";

export interface ListingTotals {
  readonly keys: number;
  readonly bytes: number;
}

/** What a manifest says of a photo, held against what lies on the target and what is listed. */
export interface Claim {
  readonly entry: ManifestEntry;
  /** The path as the target compares names. */
  readonly folded: string;
  /** Bytes of the file that lies there; null where none does. */
  readonly found: number | null;
  /** True when a later line gives the path to other bytes. */
  readonly superseded: boolean;
  /** The object of this key in this run's listing; null where there is none. */
  readonly listed: { readonly etag: string; readonly size: number } | null;
}

/** What the lists of one target say, for as long as they are held against each other and the catalogue. */
export interface Adoption extends ListsCompared {
  /** Enters lines of the manifest, in their order. @param how `made` for lines that it lacks and is to get */
  enter(entries: readonly { entry: ManifestEntry; folded: string }[], how?: "read" | "made"): Promise<void>;
  /** Enters files that lie on the target. */
  seen(files: readonly { readonly folded: string; readonly size: number }[]): Promise<void>;
  /** The lines about each object (key and ETag) that is not known to be kept, the newest last; in chunks. */
  claims(): AsyncIterable<readonly (readonly Claim[])[]>;
  /** Photos that are known to be kept and to which the last line about them gives another date; in chunks. */
  redated(): AsyncIterable<readonly { entry: ManifestEntry; folded: string }[]>;
  /** Forgets what was entered. */
  end(): Promise<void>;
}

/** The lists of a target against each other, and against what is remembered of it. */
export interface ListsCompared {
  /** Enters lines of SHA256SUMS, in their order. */
  sum(sums: readonly Pick<ManifestEntry, "path" | "sha256">[]): Promise<void>;
  /** Looks which photos are remembered as kept there and not named by the manifest: to be called before `seen`. */
  miss(): Promise<void>;
  /** After everything was entered. */
  differences(): Promise<Differences>;
  /** What SHA256SUMS names and the manifest does not, in chunks. */
  unlisted(): AsyncIterable<readonly Unlisted[]>;
  /** What the manifest names and SHA256SUMS does not, in chunks. @returns with what SHA256SUMS says lies there, if it does */
  alone(): AsyncIterable<readonly Alone[]>;
  /** Takes a line of the manifest back, as if it had not been entered. */
  drop(sum: Pick<ManifestEntry, "path" | "sha256">): Promise<void>;
  /** What the manifest names and SHA256SUMS does not. */
  unsummed(): AsyncIterable<Pick<ManifestEntry, "path" | "sha256">>;
  /** What was missed and lies there all the same, in chunks. */
  missedThere(): AsyncIterable<readonly { entry: ManifestEntry; folded: string }[]>;
  /** What was entered as `made`. */
  made(): AsyncIterable<ManifestEntry>;
}

export interface Unlisted extends Pick<ManifestEntry, "path" | "sha256"> {
  /** True where the source lists a key of that name: its photo comes again, with all that is known of it. */
  readonly listed: boolean;
  /** True where the manifest gives that path to other bytes. */
  readonly contested: boolean;
}

export interface Alone extends Pick<ManifestEntry, "path" | "sha256"> {
  /** Null where SHA256SUMS does not name the path. */
  readonly other: string | null;
}

/** Numbers of lines and photos. */
export interface Differences {
  readonly unlisted: number;
  /** Of them, those after the last line that the manifest names as well: a run that is cut leaves a few. */
  readonly unlistedAtEnd: number;
  readonly unsummed: number;
  readonly missed: number;
  /** Of them, those that lie there. */
  readonly missedThere: number;
  /** Of those that lie there no more, the ones that are gone at the source. */
  readonly lost: number;
}

/** What changed between the previous complete listing and this one, for what is kept on a target. */
export interface Drift {
  /** Kept photos whose key is no longer listed. */
  readonly gone: number;
  /** Kept photos whose key is now listed with another ETag. */
  readonly changed: number;
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
  /** True where it failed the last time, on whichever target: it has its turn after all others. */
  readonly late?: boolean;
}

export interface Fate {
  /** Kept with the ETag that is listed now. */
  readonly kept: ManifestEntry | null;
  readonly failure: { readonly reason: string; readonly at: string } | null;
}

export interface RunRecord {
  readonly id: number;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The summary as JSON; null while the run goes on or when it was cut. */
  readonly summary: string | null;
}

export interface Catalogue {
  /** The database file. */
  readonly file: string;
  readonly zones: Zones;
  readonly unread: Unread;

  /** A setting remembered between runs: zone, frozen layout, …; null when never set. */
  setting(name: string): Promise<string | null>;
  remember(name: string, value: string): Promise<void>;
  /** All settings whose names begin so, in the order of their names. */
  settings(beginning: string): Promise<readonly { readonly name: string; readonly value: string }[]>;

  /** Opens a run; what is listed from now on belongs to it. */
  startRun(command: string): Promise<number>;
  endRun(summary: string): Promise<void>;
  /** The newest first. */
  runs(limit: number): Promise<readonly RunRecord[]>;

  /** Enters a page of the listing; durable with the next call of `finishListing`. Pages may come in any order. */
  addPage(objects: readonly Listed[]): Promise<void>;
  /** Declares the listing whole. Only after this may anything be called gone. */
  finishListing(): Promise<ListingTotals>;
  /** Of this run, as far as it has got. */
  listedTotals(): Promise<ListingTotals>;
  /** Of the last complete listing before this run that held anything; null when there was none. */
  previousTotals(): Promise<ListingTotals | null>;

  /** Keys of this run's listing about which nothing is decided yet. */
  unclassified(): AsyncIterable<readonly Listed[]>;
  /** Everything in this run's listing; after classification. */
  objects(kind?: Kind): AsyncIterable<readonly CataloguedObject[]>;
  classify(verdicts: readonly (Classified & { readonly key: string })[]): Promise<void>;
  /** Forgets what was decided about every key, for a new layout. */
  declassify(): Promise<void>;
  kinds(): Promise<Readonly<Record<Kind, number>>>;
  families(): Promise<readonly Omit<Family, "rule">[]>;
  find(key: string): Promise<CataloguedObject | null>;
  /** Originals with the same size and ETag under several keys; `bytes` are those beyond the first of each. */
  duplicates(): Promise<{ readonly groups: number; readonly keys: number; readonly bytes: number }>;
  /** Everything listed in this run that has this stem. */
  siblings(stem: string): Promise<readonly CataloguedObject[]>;
  /**
   * Of what has this stem, or with `longer` one that begins so: fifty sidecars and fifty others at most, as a
   * bucket may hold a hundred thousand `part.00001`.
   */
  akin(stem: string, longer: boolean): Promise<readonly CataloguedObject[]>;
  /**
   * Of this run's listing, what its stem does not bear out: renditions of which no larger original is listed,
   * originals of a rank above 0 of which no truer one is, originals of 1 to `below` − 1 bytes, and renditions whose bytes
   * lie outside the range of their family beside any original of their stem.
   */
  unmatched(below: number, ranges: readonly FamilyRange[]): AsyncIterable<readonly CataloguedObject[]>;

  /** What is listed and not kept on the target with its present ETag, with or without fallbacks. */
  candidates(target: string, renditions: "skip" | "fallback" | "keep"): AsyncIterable<readonly Candidate[]>;
  /** Photos of this run's listing that are kept on the target already. */
  keptCount(target: string, renditions: "skip" | "fallback" | "keep"): Promise<number>;
  /** All that this run has to account for: kept, to be fetched, or not wanted. */
  wantedCount(target: string, renditions: "skip" | "fallback" | "keep"): Promise<number>;
  /** Of several targets: photos that this run has to account for on any of them, and those kept wherever they are wanted. */
  wantedOnAny(
    targets: readonly string[],
    renditions: "skip" | "fallback" | "keep",
  ): Promise<{ readonly wanted: number; readonly settled: number }>;
  /** Photos of which only renditions are listed and no original is kept, with the keys of the first few stand-ins. */
  missingOriginals(target: string): Promise<{ readonly photos: number; readonly examples: readonly string[] }>;
  drift(target: string): Promise<Drift>;

  /** The key that a path (folded) belongs to on a target, in the plan or kept; null when it is free. */
  ownerOf(target: string, folded: string): Promise<string | null>;
  /** Replaces the plan for a target. `folded` is the path as the target compares names. */
  clearPlan(target: string): Promise<void>;
  addToPlan(target: string, photos: readonly (Planned & { readonly folded: string | null })[]): Promise<void>;
  /**
   * Oldest first by LastModified, so that a limited run takes what has waited longest; then, in the same order, what
   * failed the last time, which else would stand in the way of all others night after night.
   */
  plan(target: string): AsyncIterable<readonly Planned[]>;
  /** Objects of this run's listing, some kept and some planned on any target, that lie far apart in their orders. */
  spread(count: number): Promise<readonly Listed[]>;

  /** Writes down photos that are durably on a target: the last thing that happens to them. Atomic. */
  keep(target: string, photos: readonly { entry: ManifestEntry; folded: string }[]): Promise<void>;
  /** A kept photo with the same key and the same bytes, under whatever ETag. */
  keptBytes(target: string, key: string, sha256: string): Promise<ManifestEntry | null>;
  /** All that is kept on a target, in chunks. */
  kept(target: string): AsyncIterable<readonly ManifestEntry[]>;
  /** What is kept under a key; the newest first. */
  keptAs(target: string, key: string): Promise<readonly ManifestEntry[]>;

  /** True where any photo is kept on a target. */
  keepsOn(target: string): Promise<boolean>;

  /** Begins to hold a target's manifest against this catalogue; one at a time. */
  adoption(target: string): Promise<Adoption>;
  /** Forgets all that is kept on a target, so that its manifest is believed instead. */
  disown(target: string): Promise<void>;

  /** Remembers why a photo could not be kept; keeping it forgets that. */
  fail(target: string, key: string, reason: string): Promise<void>;
  /** What became of a key on a target, as far as is known: kept, failed (with the reason of the last time), or neither. */
  fateOf(target: string, key: string): Promise<Fate>;

  /** What it says was found to be wrong: it is set aside when it is closed, and the next run begins a new one. */
  condemn(): void;
  close(): Promise<void>;
}
