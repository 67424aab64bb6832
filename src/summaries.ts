/**
 * The last line of every run, whatever ended it, and what stands in it. The names and fields are fixed: `--json` prints
 * them as they are. Fields may be added, none renamed.
 */

import type { Doubt, Family, Kind, Outcome } from "./model.ts";

/** What is to be fetched. */
export interface PlanFigures {
  readonly photos: number;
  readonly bytes: number;
  /** On the target, or null where it cannot be told. */
  readonly freeBytes: number | null;
  /** Photos that none of the targets which lack them can hold, present where there are any; counted neither above nor as skipped. */
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

/** Of `mirror` and `inventory`; design section 3 shows one. */
export interface MirrorSummary {
  readonly type: "summary";
  readonly command: "mirror" | "inventory";
  readonly dryRun: boolean;
  readonly source: string;
  readonly targets: readonly string[];
  readonly keys: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly kinds: Readonly<Record<Kind, number>>;
  readonly layout: { readonly name: string; readonly families: readonly Omit<Family, "kind">[] };
  readonly plan: PlanFigures;
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
  readonly plan: PlanFigures;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly storedBytes: number;
  /** What took this target out of the run, if anything did. */
  readonly error?: string;
}

/**
 * What a photo on a target was found to be. `rotten`: other bytes than those that were kept, on both readings.
 * `unreadable`: the drive gave an error, on both readings. `missing`: nothing lies under its name.
 * `archived`: it lies in a class that nothing can read before the service restores it; nothing is known against it.
 */
export type Condition = "whole" | "rotten" | "unreadable" | "missing" | "archived";
export const CONDITIONS: readonly Condition[] = ["whole", "rotten", "unreadable", "missing", "archived"];

/** Conditions of damage; the others say nothing against a photo. */
export const DAMAGES = ["rotten", "unreadable", "missing"] as const satisfies readonly Condition[];

export function isDamage(condition: Condition): boolean {
  return DAMAGES.some((damage) => damage === condition);
}

/** How many photos are damaged, mended or not. */
export function damagedIn(conditions: Readonly<Record<Condition, number>>): number {
  return DAMAGES.reduce((sum, damage) => sum + conditions[damage], 0);
}

/** One target, as `verify` found it. */
export interface TargetReport {
  readonly target: string;
  readonly id: string;
  /** In its manifest. */
  readonly photos: number;
  readonly bytes: number;
  /** Checked again in this run, by reading or by digests of the service. */
  readonly checked: { readonly photos: number; readonly bytes: number };
  /** Of them, those that the service's own digests proved: nothing of them was read. */
  readonly vouched: { readonly photos: number; readonly bytes: number };
  readonly conditions: Readonly<Record<Condition, number>>;
  /** Right on the second reading only; counted as whole. */
  readonly unsteady: number;
  /** Damaged photos that were put back. */
  readonly repaired: number;
  /** Photos that only the target of `--repair-from` had, brought over; and those that could not be. */
  readonly broughtOver: number;
  readonly notBrought: number;
  /** Files that the manifest does not name. */
  readonly extra: number;
  /** Lines of the manifest that cannot be read. */
  readonly brokenLines: number;
  /** 1 where the last line has no end, as a killed run leaves it: no damage, the next mirror takes it off. */
  readonly cutLines: number;
  /** Photos that SHA256SUMS names and the manifest does not, and those that only the manifest names. */
  readonly unlisted: number;
  readonly unsummed: number;
  /** Photos that the manifest named when it was read last, and names no more. */
  readonly forgotten: number;
  /** When the photo was read that waits longest; null where one never was. */
  readonly oldestCheck: string | null;
}

export interface VerifySummary {
  readonly type: "summary";
  readonly command: "verify";
  readonly targets: readonly string[];
  readonly conditions: Readonly<Record<Condition, number>>;
  readonly checked: { readonly photos: number; readonly bytes: number };
  readonly repaired: number;
  readonly each: readonly TargetReport[];
  readonly seconds: number;
  readonly exit: number;
  readonly error?: string;
}

export interface RestoreSummary {
  readonly type: "summary";
  readonly command: "restore";
  readonly source: string;
  readonly targets: readonly string[];
  readonly dryRun: boolean;
  /** In the manifest. */
  readonly photos: number;
  /** What was asked for, by what became of it; a dry run counts as `skipped` what it would bring. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Not asked for, by `--include`, `--exclude`, `--since` and `--until`. */
  readonly unwanted: number;
  /** Of the failed, those that lie in an archive class: the service must restore them first. */
  readonly archived: number;
  readonly restoredBytes: number;
  readonly brokenLines: number;
  /** Photos that SHA256SUMS names and the manifest does not; brought back all the same, under the names they have. */
  readonly unlisted: number;
  readonly seconds: number;
  readonly exit: number;
  readonly error?: string;
}

/**
 * `set`: its time was changed (in a dry run: would be). `already`: it is right. `unknown`: nothing dates it; with
 * `--undo`: somebody else changed its time since. `failed`: it could not be read or changed.
 */
export type RedateOutcome = "set" | "already" | "unknown" | "failed";

export interface DatesSummary {
  readonly type: "summary";
  readonly command: "dates";
  /** The folder. */
  readonly targets: readonly string[];
  readonly dryRun: boolean;
  readonly undo: boolean;
  readonly files: number;
  readonly outcomes: Readonly<Record<RedateOutcome, number>>;
  /** By what dated them; `unknown` has nothing. Empty with `--undo`. */
  readonly dated: Readonly<Record<string, number>>;
  /** Dated files of which something was inferred, is contradicted by another source, or is hard to believe. */
  readonly doubts: Readonly<Record<Doubt, number>>;
  /** IANA zone in which wall clocks were read whose zone nobody recorded. */
  readonly zone: string;
  /** Where the old times are written down, for `--undo`; with it, what was followed. Null where nothing was changed. */
  readonly record: string | null;
  /** True where the birth time of a file follows its modification time; Linux and Windows give no way to set it. */
  readonly birthTimes: boolean;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
  readonly seconds: number;
  readonly exit: number;
  readonly error?: string;
}

export type SummaryEvent = MirrorSummary | VerifySummary | RestoreSummary | DatesSummary;
