/**
 * The last line of every run, and what stands in it. What each field says stands in summary-schemas.ts, from which the
 * types are inferred: no code of it is loaded for them.
 */

import type { z } from "zod";
import type { Condition } from "./model.ts";
import type * as schemas from "./summary-schemas.ts";

/** What is to be fetched. */
export type PlanFigures = z.infer<typeof schemas.PLAN_FIGURES>;
/** What a target cannot hold because no file on it can be as large; it will be named as failed, and not fetched. */
export type TooLarge = z.infer<typeof schemas.TOO_LARGE>;
/** Of `mirror` and `inventory`; design section 3 shows one. */
export type MirrorSummary = z.infer<typeof schemas.MIRROR_SUMMARY>;
/** Of one target; the outcomes of the summary are of photos, the worst of their copies. */
export type TargetOutcome = z.infer<typeof schemas.TARGET_OUTCOME>;

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
export type TargetReport = z.infer<typeof schemas.TARGET_REPORT>;
export type VerifySummary = z.infer<typeof schemas.VERIFY_SUMMARY>;
/** A dry run counts as `skipped` what it would bring. */
export type RestoreSummary = z.infer<typeof schemas.RESTORE_SUMMARY>;

/**
 * `set`: its time was changed (in a dry run: would be). `already`: it is right. `unknown`: nothing dates it; with
 * `--undo`: somebody else changed its time since. `failed`: it could not be read or changed.
 */
export type RedateOutcome = (typeof schemas.REDATE_OUTCOMES)[number];
/** Linux and Windows give no way to set a birth time. */
export type DatesSummary = z.infer<typeof schemas.DATES_SUMMARY>;

export type SummaryEvent = MirrorSummary | VerifySummary | RestoreSummary | DatesSummary;

/** What `status` tells of one source. */
export type Status = z.infer<typeof schemas.STATUS>;
export type LastRun = z.infer<typeof schemas.LAST_RUN>;
export type TargetStatus = z.infer<typeof schemas.TARGET_STATUS>;
