/**
 * Everything that happens in a run is one of these; the story emits them, loggers only render them.
 * The names and fields are fixed: `--json` prints them as they are, one a line. Fields may be added, none renamed.
 */

import type { Captured, Digests, Family, Kind, Outcome } from "./model.ts";
import type { WarningCode } from "./warning-codes.ts";

export interface RunEvent {
  readonly type: "run";
  readonly command: string;
  readonly version: string;
  readonly source: string;
  readonly targets: readonly string[];
  readonly dryRun: boolean;
  readonly catalogue: string;
  readonly startedAt: string;
}

/** While the listing goes on: totals so far. */
export interface ListingEvent {
  readonly type: "listing";
  readonly keys: number;
  readonly bytes: number;
  readonly pages: number;
}

export interface ListedEvent {
  readonly type: "listed";
  readonly keys: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly seconds: number;
}

export interface LayoutEvent {
  readonly type: "layout";
  readonly name: string;
  /** How it was chosen, for people. */
  readonly reason: string;
  /** Of renditions, what speaks for the family. */
  readonly families: readonly (Family & { readonly evidence?: string })[];
}

/** While pictures are compared, to prove what is a rendition: photos so far, and the bytes fetched for it. */
export interface ProofEvent {
  readonly type: "proof";
  readonly photos: number;
  readonly totalPhotos: number;
  readonly bytes: number;
}

/** What a target held already was taken over into a catalogue that did not know it; nothing of it is fetched again. */
export interface AdoptedEvent {
  readonly type: "adopted";
  readonly target: string;
  /** That count as kept from now on. */
  readonly photos: number;
  readonly bytes: number;
  /** That the manifest names and that do not lie there, or not whole: they count as not kept. */
  readonly missing: number;
  /** That the manifest names and that are another source's, as far as can be told. */
  readonly foreign: number;
}

export interface PlanEvent {
  readonly type: "plan";
  /** To be fetched in this run. */
  readonly photos: number;
  readonly bytes: number;
  /** On the target, or null where it cannot be told. */
  readonly freeBytes: number | null;
  readonly already: number;
  readonly skipped: number;
  /** Of `skipped`, how many only because of the limit. */
  readonly leftOver?: number;
  /** Of `photos`, how many stand in for a missing original. */
  readonly fallbacks?: number;
  /** Photos that none of the targets which lack them can hold, present where there are any; counted neither above nor as skipped. */
  readonly tooLarge?: TooLarge;
  /** The plan of each target; above stands what any of them lacks, and the least of what is free. */
  readonly perTarget?: readonly TargetPlan[];
}

export interface TargetPlan {
  readonly target: string;
  readonly photos: number;
  readonly bytes: number;
  readonly freeBytes: number | null;
  readonly already: number;
  readonly skipped: number;
  readonly leftOver?: number;
  /** Present where there are any. */
  readonly tooLarge?: TooLarge;
}

/** What a target cannot hold because no file on it can be as large; it will be named as failed, and not fetched. */
export interface TooLarge {
  readonly photos: number;
  readonly bytes: number;
  /** In bytes: the largest file that this target takes, or the one that takes the most. */
  readonly most: number;
  /** The first keys. */
  readonly examples: readonly string[];
}

/** One of several copies of a photo. */
export interface CopyOutcome {
  readonly target: string;
  readonly path: string | null;
  readonly outcome: Outcome;
  readonly reason?: string;
}

export interface PhotoEvent {
  readonly type: "photo";
  readonly key: string;
  /** Relative to the target; null where no file came of it. */
  readonly path: string | null;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly bytes: number;
  readonly sha256?: string;
  readonly captured?: Captured;
  /** What the bytes were at the source, where a date was written into the photo (`--write-exif`). */
  readonly original?: Digests;
  /** In a run with several targets: what became of each copy; `outcome` is the worst of them. */
  readonly copies?: readonly CopyOutcome[];
}

/** A photo that carries no zone was lent one by others that are kept: the target and its manifest follow. */
export interface ZoneEvent {
  readonly type: "zone";
  readonly target: string;
  readonly key: string;
  readonly path: string;
  readonly captured: Captured;
}

/** A photo that was kept before was given the date that `--dates` tells; its target and its manifest follow. */
export interface RedatedEvent extends Omit<ZoneEvent, "type"> {
  readonly type: "redated";
}

export interface WarningEvent {
  readonly type: "warning";
  /** Short and stable, for programs: "retry", "out-of-order", … */
  readonly code: WarningCode;
  readonly message: string;
  readonly key?: string;
}

/** How much goes on at once from now on, and why; for `--verbose`. */
export interface PaceEvent {
  readonly type: "pace";
  readonly work: "listing" | "fetching";
  readonly limit: number;
  readonly reason: string;
}

export interface ProgressEvent {
  readonly type: "progress";
  readonly photos: number;
  readonly totalPhotos: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | null;
}

/** The last line of every run; design section 3 shows one. */
export interface SummaryEvent {
  readonly type: "summary";
  readonly command: string;
  readonly dryRun: boolean;
  readonly source: string;
  readonly targets: readonly string[];
  readonly keys: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly kinds: Readonly<Record<Kind, number>>;
  readonly layout: { readonly name: string; readonly families: readonly Omit<Family, "kind">[] };
  readonly plan: Pick<PlanEvent, "photos" | "bytes" | "freeBytes" | "tooLarge">;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Photos stored in this run by what dated them; `unknown` had nothing but LastModified. */
  readonly dated: Readonly<Record<"exif" | "name" | "metadata" | "unknown", number>> & Readonly<Record<string, number>>;
  readonly gone: number;
  readonly changed: number;
  readonly requests: {
    readonly list: number;
    readonly get: number;
    readonly head: number;
    readonly retried: number;
  };
  readonly seconds: number;
  readonly exit: number;
  /** Renditions taken because their original is missing; counted among the outcomes. */
  readonly fallbacks: number;
  /** Targets whose lists did not agree with one another; mended unless this is a dry run. */
  readonly mended?: readonly string[];
  /** Bytes written to the target in this run. */
  readonly storedBytes: number;
  /** Photos whose bytes no ETag or checksum could prove; their length is right. */
  readonly unprovable: number;
  /** What ended the run early, if anything did. */
  readonly error?: string;
  /** Each target by itself; `outcomes` above are of photos, the worst of their copies. */
  readonly perTarget: readonly TargetOutcome[];
}

export interface TargetOutcome {
  readonly target: string;
  readonly plan: Pick<PlanEvent, "photos" | "bytes" | "freeBytes" | "tooLarge">;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly storedBytes: number;
  /** What took this target out of the run, if anything did. */
  readonly error?: string;
}

export type HaulEvent =
  | RunEvent
  | ListingEvent
  | ListedEvent
  | LayoutEvent
  | ProofEvent
  | AdoptedEvent
  | PlanEvent
  | PhotoEvent
  | ZoneEvent
  | RedatedEvent
  | WarningEvent
  | PaceEvent
  | ProgressEvent
  | SummaryEvent;

/** How the story speaks; called synchronously, must not throw and must not block. */
export type Emit = (event: HaulEvent) => void;
