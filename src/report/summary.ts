/**
 * Counts the events of a run into its last line, the summary, and checks that the sums agree. Pure: a
 * reducer over events, so that what is reported is what was said to have happened, and nothing else.
 */

import type { HaulEvent, PlanEvent, RunEvent, SummaryEvent } from "../events.ts";
import { type Captured, KINDS, OUTCOMES, type Outcome } from "../model.ts";

/** A run as far as it has got. */
export interface Tally {
  readonly run: RunEvent;
  readonly keys: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly layout: SummaryEvent["layout"];
  readonly plan: Pick<PlanEvent, "photos" | "bytes" | "freeBytes" | "already" | "skipped">;
  /** By photo events alone; what the plan already knew is added at the end. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly dated: SummaryEvent["dated"];
  readonly storedBytes: number;
}

/** What no event says, and the caller knows at the end. */
export type Extras = Pick<
  SummaryEvent,
  | "kinds"
  | "gone"
  | "changed"
  | "requests"
  | "seconds"
  | "exit"
  | "fallbacks"
  | "unprovable"
  | "error"
> & {
  /** Planned photos that a limit left for the next run; they count as skipped. */
  readonly leftOver: number;
};

export function startSummary(run: RunEvent): Tally {
  return {
    run,
    keys: 0,
    bytes: 0,
    complete: false,
    layout: { name: "", families: [] },
    plan: { photos: 0, bytes: 0, freeBytes: null, already: 0, skipped: 0 },
    outcomes: { stored: 0, already: 0, skipped: 0, failed: 0 },
    dated: { exif: 0, name: 0, metadata: 0, unknown: 0 },
    storedBytes: 0,
  };
}

/** The tally with one event more. A second `listed`, `layout` or `plan` takes the place of the first. */
export function count(tally: Tally, event: HaulEvent): Tally {
  switch (event.type) {
    case "listed":
      return { ...tally, keys: event.keys, bytes: event.bytes, complete: event.complete };
    case "layout": {
      const families = event.families.map(({ name, rule, keys, bytes }) => {
        return { name, rule, keys, bytes };
      });
      return { ...tally, layout: { name: event.name, families } };
    }
    case "plan": {
      const { photos, bytes, freeBytes, already, skipped } = event;
      return { ...tally, plan: { photos, bytes, freeBytes, already, skipped } };
    }
    case "photo": {
      const outcomes = { ...tally.outcomes, [event.outcome]: tally.outcomes[event.outcome] + 1 };
      if (event.outcome !== "stored") return { ...tally, outcomes };
      const bucket = datedBy(event.captured);
      const dated = { ...tally.dated, [bucket]: (tally.dated[bucket] ?? 0) + 1 };
      return { ...tally, outcomes, dated, storedBytes: tally.storedBytes + event.bytes };
    }
    default:
      return tally;
  }
}

/** The field of `dated` that a photo counts in; LastModified tells when it was uploaded, not taken. */
export function datedBy(captured: Captured | null | undefined): string {
  if (!captured || captured.source === "modified") return "unknown";
  return captured.source === "key" ? "name" : captured.source;
}

export function finish(tally: Tally, extras: Extras): SummaryEvent {
  const { run, plan, outcomes } = tally;
  return {
    type: "summary",
    command: run.command,
    dryRun: run.dryRun,
    source: run.source,
    targets: run.targets,
    keys: tally.keys,
    bytes: tally.bytes,
    complete: tally.complete,
    kinds: extras.kinds,
    layout: tally.layout,
    plan: { photos: plan.photos, bytes: plan.bytes, freeBytes: plan.freeBytes },
    outcomes: {
      ...outcomes,
      already: outcomes.already + plan.already,
      skipped: outcomes.skipped + plan.skipped + extras.leftOver,
    },
    dated: tally.dated,
    gone: extras.gone,
    changed: extras.changed,
    requests: extras.requests,
    seconds: extras.seconds,
    exit: extras.exit,
    fallbacks: extras.fallbacks,
    storedBytes: tally.storedBytes,
    unprovable: extras.unprovable,
    ...(extras.error === undefined ? {} : { error: extras.error }),
  };
}

/** Exit codes of runs that went through everything they meant to do (design section 3). */
const WHOLE = new Set([0, 3]);

/**
 * The program's check of itself: every listed key has exactly one kind, every photo exactly one outcome, every
 * stored photo one origin of its date. A run that ended early may have got to fewer, never to more.
 * @param photos photos this run had to account for: originals, fallbacks and whatever else was asked for
 * @returns what does not agree, in words; null when everything does
 */
export function mismatch(summary: SummaryEvent, photos: number): string | null {
  const whole = WHOLE.has(summary.exit);
  const kinds = KINDS.reduce((sum, kind) => sum + summary.kinds[kind], 0);
  if (summary.complete && disagree(kinds, summary.keys, whole)) {
    return `${summary.keys} keys were listed, but ${kinds} were given a kind`;
  }
  const outcomes = OUTCOMES.reduce((sum, outcome) => sum + summary.outcomes[outcome], 0);
  if (disagree(outcomes, photos, whole && !summary.dryRun)) {
    return `there are ${photos} photos to account for, but ${outcomes} outcomes`;
  }
  const dated = Object.values(summary.dated).reduce((sum, number) => sum + number, 0);
  if (dated !== summary.outcomes.stored) {
    return `${summary.outcomes.stored} photos were stored, but ${dated} dates were counted`;
  }
  return null;
}

function disagree(found: number, expected: number, whole: boolean): boolean {
  return whole ? found !== expected : found > expected;
}
