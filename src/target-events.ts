/**
 * What happens while a target is looked at: the events of `verify` and `restore`, printed by `--json` as they
 * are, one a line, beside the `run`, `warning`, `progress` and `photo` of events.ts. The last line is the summary.
 */

import type { PhotoEvent, ProgressEvent, RunEvent, WarningEvent } from "./events.ts";

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
  readonly outcomes: Readonly<Record<PhotoEvent["outcome"], number>>;
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

export type VerifyEvent = RunEvent | WarningEvent | ProgressEvent | CheckEvent | RepairEvent | VerifySummary;

export type RestoreEvent = RunEvent | WarningEvent | ProgressEvent | PhotoEvent | RestoreSummary;
