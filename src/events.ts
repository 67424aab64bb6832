/**
 * Everything that happens in a run is one of these, and the last is its summary; the verbs emit them, loggers only render
 * them. What each field says stands in event-schemas.ts and summary-schemas.ts, from which the types are inferred: no code
 * of these is loaded for them.
 */

import type { z } from "zod";
import type * as schemas from "./event-schemas.ts";
import type { Condition } from "./model.ts";
import type * as ends from "./summary-schemas.ts";

export type StartEvent = z.infer<typeof schemas.RUN>;
export type ListingEvent = z.infer<typeof schemas.LISTING>;
export type ListedEvent = z.infer<typeof schemas.LISTED>;
export type LayoutEvent = z.infer<typeof schemas.LAYOUT>;
export type ProofEvent = z.infer<typeof schemas.PROOF>;
export type AdoptedEvent = z.infer<typeof schemas.ADOPTED>;
export type PlanEvent = z.infer<typeof schemas.PLANNED>;
export type ArchiveEvent = z.infer<typeof schemas.ARCHIVE>;
export type TargetPlan = z.infer<typeof schemas.TARGET_PLAN>;
export type PhotoEvent = z.infer<typeof schemas.PHOTO>;
/** A photo that carries no zone was lent one by others that are kept: the target and its manifest follow. */
export type ZoneEvent = z.infer<typeof schemas.ZONE>;
export type WarningEvent = z.infer<typeof schemas.WARNING>;
export type ProgressEvent = z.infer<typeof schemas.PROGRESS>;
export type CheckEvent = z.infer<typeof schemas.CHECK>;
export type RepairEvent = z.infer<typeof schemas.REPAIR>;
export type FileEvent = z.infer<typeof schemas.FILE>;
/** What became of one file; its name has the form of a key. */
export type Redated = Omit<FileEvent, "type">;

export type RunEvent = z.infer<(typeof schemas.EVENTS)[keyof typeof schemas.EVENTS][number]>;

/** How a verb says what happens; called synchronously, must not throw and must not block. */
export type Emit = (event: RunEvent) => void;

/** What a target cannot hold because no file on it can be as large; it will be named as failed, and not fetched. */
export type TooLarge = z.infer<typeof ends.TOO_LARGE>;
/** Of `mirror` and `inventory`; design section 3 shows one. */
export type MirrorSummary = z.infer<typeof ends.MIRROR_SUMMARY>;
/** Of one target; the outcomes of the summary are of photos, the worst of their copies. */
export type TargetOutcome = z.infer<typeof ends.TARGET_OUTCOME>;

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
export type TargetReport = z.infer<typeof ends.TARGET_REPORT>;
export type VerifySummary = z.infer<typeof ends.VERIFY_SUMMARY>;
/** A dry run counts as `skipped` what it would bring. */
export type RestoreSummary = z.infer<typeof ends.RESTORE_SUMMARY>;

/** Linux and Windows give no way to set a birth time. */
export type DatesSummary = z.infer<typeof ends.DATES_SUMMARY>;

export type GallerySummary = z.infer<typeof ends.GALLERY_SUMMARY>;

export type SummaryEvent = MirrorSummary | VerifySummary | RestoreSummary | DatesSummary | GallerySummary;

/** What `status` tells of one source. */
export type Status = z.infer<typeof ends.STATUS>;
export type LastRun = z.infer<typeof ends.LAST_RUN>;
export type TargetStatus = z.infer<typeof ends.TARGET_STATUS>;
