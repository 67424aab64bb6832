/**
 * Counts the events of a run into its last line, the summary, and checks that the sums agree. Pure: a
 * reducer over events, so that what is reported is what was said to have happened, and nothing else.
 */

import { EXIT } from "../error-messages.ts";
import type { MirrorSummary, PhotoEvent, PlanEvent, RunEvent, StartEvent, TargetOutcome } from "../events.ts";
import { type Captured, KINDS, OUTCOMES, type Outcome } from "../model.ts";

/** A run as far as it has got. */
export interface RunTally {
  readonly run: Pick<StartEvent, "command" | "source" | "targets" | "dryRun">;
  readonly keys: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly layout: MirrorSummary["layout"];
  readonly plan: Pick<PlanEvent, "photos" | "bytes" | "freeBytes" | "already" | "skipped" | "tooLarge" | "perTarget">;
  /** By photo events alone; what the plan already knew is added at the end. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly archive?: NonNullable<MirrorSummary["archive"]>;
  readonly dated: MirrorSummary["dated"];
  readonly storedBytes: number;
  /** Photos into which their missing date was written. */
  readonly datesWritten: number;
  /** Outcomes and bytes of each target's copies, by its name. */
  readonly perTarget: Readonly<Record<string, CopyTally>>;
}

interface CopyTally {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly storedBytes: number;
}

const NONE: Readonly<Record<Outcome, number>> = { stored: 0, already: 0, skipped: 0, failed: 0 };

/** What no event says, and the caller knows at the end. */
export type Extras = Pick<
  MirrorSummary,
  "kinds" | "gone" | "changed" | "requests" | "seconds" | "exit" | "fallbacks" | "unprovable" | "error"
> & {
  /** Planned photos that a limit left for the next run; they count as skipped. */
  readonly leftOver: number;
  /** The same of each target, by its name. */
  readonly leftOverOf?: ReadonlyMap<string, number>;
  /** Targets whose lists did not agree with one another. */
  readonly mended?: readonly string[];
  /** Photos that were dated without ExifTool, which cannot run. */
  readonly unread?: number;
  /** What the listing named that could not be told apart, or not be fetched. */
  readonly unlisted?: number;
  /** What took a target out of the run, by its name. */
  readonly lost?: ReadonlyMap<string, string>;
};

export function startSummary(run: RunTally["run"]): RunTally {
  return {
    run,
    keys: 0,
    bytes: 0,
    complete: false,
    layout: { name: "", families: [] },
    plan: { photos: 0, bytes: 0, freeBytes: null, already: 0, skipped: 0 },
    outcomes: NONE,
    dated: { exif: 0, name: 0, metadata: 0, unknown: 0 },
    storedBytes: 0,
    datesWritten: 0,
    perTarget: {},
  };
}

/** The tally with one event more. A second `listed`, `layout` or `plan` takes the place of the first. */
export function count(tally: RunTally, event: RunEvent): RunTally {
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
      const { type: _type, ...plan } = event;
      return { ...tally, plan: { ...plan, perTarget: plan.perTarget ?? [] } };
    }
    case "archive": {
      const { photos, bytes, undecided, waiting, asked } = event;
      const open = undecided === undefined ? {} : { undecided };
      return { ...tally, archive: { photos, bytes, ...open, waiting, asked } };
    }
    case "photo": {
      const outcomes = { ...tally.outcomes, [event.outcome]: tally.outcomes[event.outcome] + 1 };
      const perTarget = countCopies(tally, event);
      if (event.outcome !== "stored") return { ...tally, outcomes, perTarget };
      const bucket = datedBy(event.captured);
      const dated = { ...tally.dated, [bucket]: (tally.dated[bucket] ?? 0) + 1 };
      const storedBytes = tally.storedBytes + event.bytes;
      const datesWritten = tally.datesWritten + (event.original === undefined ? 0 : 1);
      return { ...tally, outcomes, dated, storedBytes, datesWritten, perTarget };
    }
    default:
      return tally;
  }
}

/** A photo of a run with one target says nothing of copies: it has one. */
function countCopies({ run, perTarget }: RunTally, event: PhotoEvent): RunTally["perTarget"] {
  const only = run.targets.length === 1 ? run.targets : [];
  const copies = event.copies ?? only.map((target) => ({ target, outcome: event.outcome }));
  const counted = { ...perTarget };
  for (const { target, outcome } of copies) {
    const { outcomes = NONE, storedBytes = 0 } = counted[target] ?? {};
    counted[target] = {
      outcomes: { ...outcomes, [outcome]: outcomes[outcome] + 1 },
      storedBytes: storedBytes + (outcome === "stored" ? event.bytes : 0),
    };
  }
  return counted;
}

/** The field of `dated` that a photo counts in; LastModified tells when it was uploaded, not taken. */
export function datedBy(captured: Captured | null | undefined): string {
  if (!captured || captured.source === "modified") return "unknown";
  return captured.source === "key" ? "name" : captured.source;
}

export function finish(tally: RunTally, extras: Extras): MirrorSummary {
  const { run, plan, outcomes } = tally;
  return {
    type: "summary",
    command: run.command === "inventory" ? "inventory" : "mirror",
    dryRun: run.dryRun,
    source: run.source,
    targets: run.targets,
    keys: tally.keys,
    bytes: tally.bytes,
    complete: tally.complete,
    kinds: extras.kinds,
    layout: tally.layout,
    plan: figures(plan),
    outcomes: {
      ...outcomes,
      already: outcomes.already + plan.already,
      skipped: outcomes.skipped + plan.skipped + extras.leftOver,
    },
    ...(tally.archive === undefined ? {} : { archive: tally.archive }),
    dated: tally.dated,
    gone: extras.gone,
    changed: extras.changed,
    requests: extras.requests,
    seconds: extras.seconds,
    exit: extras.exit,
    fallbacks: extras.fallbacks,
    storedBytes: tally.storedBytes,
    ...(tally.datesWritten === 0 ? {} : { datesWritten: tally.datesWritten }),
    unprovable: extras.unprovable,
    ...(extras.mended === undefined ? {} : { mended: extras.mended }),
    ...(extras.unread ? { unread: extras.unread } : {}),
    ...(extras.unlisted ? { unlisted: extras.unlisted } : {}),
    ...(extras.error === undefined ? {} : { error: extras.error }),
    perTarget: run.targets.map((target) => ofTarget(target, tally, extras)),
  };
}

function figures({ photos, bytes, freeBytes, tooLarge }: MirrorSummary["plan"]) {
  return { photos, bytes, freeBytes, ...(tooLarge === undefined ? {} : { tooLarge }) };
}

function ofTarget(target: string, tally: RunTally, extras: Extras): TargetOutcome {
  const only = tally.run.targets.length === 1 ? tally.plan : undefined;
  const planned = tally.plan.perTarget?.find((one) => one.target === target) ?? only;
  const { photos = 0, bytes = 0, freeBytes = null, already = 0, skipped = 0 } = planned ?? {};
  const tooLarge = planned?.tooLarge;
  const { outcomes = NONE, storedBytes = 0 } = tally.perTarget[target] ?? {};
  const leftOver = extras.leftOverOf?.get(target) ?? 0;
  const error = extras.lost?.get(target);
  return {
    target,
    plan: figures({ photos, bytes, freeBytes, ...(tooLarge && { tooLarge }) }),
    outcomes: {
      ...outcomes,
      already: outcomes.already + already,
      skipped: outcomes.skipped + skipped + leftOver,
    },
    storedBytes,
    ...(error === undefined ? {} : { error }),
  };
}

/** Exit codes of runs that went through everything they meant to do (design section 3). */
const WHOLE: ReadonlySet<number> = new Set([EXIT.ok, EXIT.someFailed]);

/**
 * The program's check of itself: every listed key has exactly one kind, every photo exactly one outcome, every
 * stored photo one origin of its date. A run that ended early may have got to fewer, never to more.
 * @param photos photos this run had to account for: originals, fallbacks and whatever else was asked for
 * @param photosOf the same for each target, by its name
 * @returns what does not agree, in words; null when everything does
 */
export function mismatch(
  summary: MirrorSummary,
  photos: number,
  photosOf: ReadonlyMap<string, number> = new Map(),
): string | null {
  // A run that an error ended, be it one that the next run mends, has not told all.
  const whole = WHOLE.has(summary.exit) && summary.error === undefined;
  const kinds = KINDS.reduce((sum, kind) => sum + summary.kinds[kind], 0);
  if (summary.complete && disagree(kinds, summary.keys, whole)) {
    return `${summary.keys} keys were listed, but ${kinds} were given a kind`;
  }
  const outcomes = OUTCOMES.reduce((sum, outcome) => sum + summary.outcomes[outcome], 0);
  if (disagree(outcomes, photos, whole && !summary.dryRun)) {
    return `there are ${photos} photos to account for, but ${outcomes} outcomes`;
  }
  for (const { target, outcomes: each, error } of summary.perTarget) {
    const wanted = photosOf.get(target);
    if (wanted === undefined) continue;
    const had = OUTCOMES.reduce((sum, outcome) => sum + each[outcome], 0);
    if (disagree(had, wanted, whole && !summary.dryRun && error === undefined)) {
      return `there are ${wanted} photos to account for on ${target}, but ${had} outcomes`;
    }
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
