/**
 * Everything that happens in a run is one of these; the verbs emit them, loggers only render them. What each field says
 * stands in event-schemas.ts, from which the types are inferred: no code of it is loaded for them.
 */

import type { z } from "zod";
import type * as schemas from "./event-schemas.ts";

export type StartEvent = z.infer<typeof schemas.RUN>;
export type ListingEvent = z.infer<typeof schemas.LISTING>;
export type ListedEvent = z.infer<typeof schemas.LISTED>;
export type LayoutEvent = z.infer<typeof schemas.LAYOUT>;
export type ProofEvent = z.infer<typeof schemas.PROOF>;
export type AdoptedEvent = z.infer<typeof schemas.ADOPTED>;
export type PlanEvent = z.infer<typeof schemas.PLANNED>;
export type TargetPlan = z.infer<typeof schemas.TARGET_PLAN>;
export type PhotoEvent = z.infer<typeof schemas.PHOTO>;
/** One of several copies of a photo. */
export type CopyOutcome = z.infer<typeof schemas.COPY>;
/** A photo that carries no zone was lent one by others that are kept: the target and its manifest follow. */
export type ZoneEvent = z.infer<typeof schemas.ZONE>;
/** A photo that was kept before was given another date: its target and its manifest follow. */
export type RedatedEvent = z.infer<typeof schemas.REDATED>;
export type WarningEvent = z.infer<typeof schemas.WARNING>;
export type PaceEvent = z.infer<typeof schemas.PACE>;
export type ProgressEvent = z.infer<typeof schemas.PROGRESS>;
export type CheckEvent = z.infer<typeof schemas.CHECK>;
export type RepairEvent = z.infer<typeof schemas.REPAIR>;
export type FileEvent = z.infer<typeof schemas.FILE>;
/** What became of one file; its name has the form of a key. */
export type Redated = Omit<FileEvent, "type">;

export type RunEvent = z.infer<(typeof schemas.EVENTS)[keyof typeof schemas.EVENTS][number]>;

/** How a verb says what happens; called synchronously, must not throw and must not block. */
export type Emit = (event: RunEvent) => void;
