/**
 * Everything that happens in a run is one of these; the verbs emit them, loggers only render them.
 * The names and fields are fixed: `--json` prints them as they are, one a line. Fields may be added, none renamed.
 */

import type { Captured, Digests, Family, Outcome } from "./model.ts";
import type { Condition, PlanFigures, RedateOutcome, SummaryEvent } from "./summaries.ts";
import type { WarningCode } from "./warning-codes.ts";

export interface StartEvent {
  readonly type: "run";
  readonly command: SummaryEvent["command"];
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

/** What is to be fetched in this run. */
export interface PlanEvent extends PlanFigures {
  readonly type: "plan";
  readonly already: number;
  readonly skipped: number;
  /** Of `skipped`, how many only because of the limit. */
  readonly leftOver?: number;
  /** Of `photos`, how many stand in for a missing original. */
  readonly fallbacks?: number;
  /** The plan of each target; above stands what any of them lacks, and the least of what is free. */
  readonly perTarget?: readonly TargetPlan[];
}

export interface TargetPlan extends Omit<PlanEvent, "type" | "fallbacks" | "perTarget"> {
  readonly target: string;
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

/** One photo of the manifest was checked again. */
export interface CheckEvent {
  readonly type: "check";
  readonly target: string;
  readonly path: string;
  readonly condition: Condition;
  /** What was read, each time; with every condition but `whole`, and with `unsteady`. */
  readonly reason?: string;
  /** True where the first reading was wrong and the second right. */
  readonly unsteady?: boolean;
  /** True where the service's own digests proved it, and nothing was read. */
  readonly vouched?: boolean;
  readonly bytes: number;
}

/** One damaged photo was put back, or one that only the other target had was brought over; or why not. */
export interface RepairEvent {
  readonly type: "repair";
  readonly target: string;
  readonly path: string;
  readonly outcome: "repaired" | "brought" | "failed";
  readonly reason?: string;
  /** Where the damaged file lies now; absent where none lay there. */
  readonly setAside?: string;
}

/** What became of one file. */
export interface Redated {
  /** Relative to the folder, in the form of a key. */
  readonly file: string;
  readonly outcome: RedateOutcome;
  /** ISO 8601, UTC; null where the file could not be read. */
  readonly old: string | null;
  /** Null where there is none, or it stays as it is. */
  readonly new: string | null;
  readonly captured: Captured | null;
  readonly reason?: string;
}

export interface FileEvent extends Redated {
  readonly type: "file";
}

export type RunEvent =
  | StartEvent
  | ListingEvent
  | ListedEvent
  | LayoutEvent
  | ProofEvent
  | AdoptedEvent
  | PlanEvent
  | PhotoEvent
  | ZoneEvent
  | RedatedEvent
  | CheckEvent
  | RepairEvent
  | FileEvent
  | WarningEvent
  | PaceEvent
  | ProgressEvent
  | SummaryEvent;

/** How a verb says what happens; called synchronously, must not throw and must not block. */
export type Emit = (event: RunEvent) => void;
