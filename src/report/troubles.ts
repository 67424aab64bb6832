/**
 * What went wrong or was left out, as far as one page can tell it: the first failures by name, the rest by
 * number. Bounded, however many photos fail. A pure reducer that every report reads.
 */

import type { PhotoEvent, RunEvent, ZoneEvent } from "../events.ts";
import { isDamage } from "../events.ts";
import type { Captured, Doubt } from "../model.ts";

/** Failures that are kept by name; the rest are counted. */
export const FAILURES_NAMED = 200;
/** The name of all reasons for which there is no room. */
export const OTHER_REASONS = "other reasons";

export interface Failure {
  readonly key: string;
  readonly reason: string;
}

export interface Warned {
  readonly code: string;
  readonly times: number;
  /** The first of them. */
  readonly message: string;
}

/** Photos that are kept by name for each kind of doubt; the rest are counted. */
export const DOUBTS_NAMED = 20;

/** `unknown`: nothing says when the photo was taken, and the time of its upload stands in. */
export type DateDoubt = Doubt | "unknown";

/** A photo whose date deserves a look. */
export interface DoubtfulDate {
  readonly key: string;
  readonly doubt: DateDoubt;
  /** Null where it is unknown. */
  readonly captured: Pick<Captured, "local" | "offset"> | null;
  readonly reason: string;
}

export interface Troubles {
  /** In the order they happened, at most `FAILURES_NAMED`. */
  readonly failures: readonly Failure[];
  readonly failed: number;
  /** How many photos were skipped for which reason, as far as the run names each. */
  readonly skippedFor: ReadonlyMap<string, number>;
  /** By code, in the order each first came. */
  readonly warnings: readonly Warned[];
  /** Stored photos with each kind of doubt about their date. */
  readonly doubts: Readonly<Record<DateDoubt, number>>;
  /** In the order they came, at most `DOUBTS_NAMED` of a kind. */
  readonly doubtful: readonly DoubtfulDate[];
}

const NO_REASON = "no reason given";
const REASONS_NAMED = 20;
const UNKNOWN = "nothing says when it was taken: the time of its upload stands in";

export const NO_TROUBLES: Troubles = {
  failures: [],
  failed: 0,
  skippedFor: new Map(),
  warnings: [],
  doubts: { conflict: 0, odd: 0, guess: 0, unknown: 0 },
  doubtful: [],
};

/** The troubles with one event more. */
export function notice(troubles: Troubles, event: RunEvent): Troubles {
  if (event.type === "warning") {
    return { ...troubles, warnings: warned(troubles.warnings, event.code, event.message) };
  }
  if (event.type === "zone" && event.captured.zoneFrom !== undefined)
    return doubted(troubles, { ...event, captured: onlyLent(event) });
  if (event.type === "check" && isDamage(event.condition)) {
    return failed(troubles, event.path, `${event.condition}: ${event.reason ?? NO_REASON}`);
  }
  if (event.type !== "photo") return troubles;
  if (event.outcome === "stored") return doubted(troubles, event);
  const reason = event.reason ?? NO_REASON;
  if (event.outcome === "failed") return failed(troubles, event.key, reason);
  if (event.outcome === "skipped") {
    return { ...troubles, skippedFor: oneMore(troubles.skippedFor, reason) };
  }
  return troubles;
}

function failed(troubles: Troubles, key: string, reason: string): Troubles {
  const named = troubles.failures.length < FAILURES_NAMED;
  const failures = named ? [...troubles.failures, { key, reason }] : troubles.failures;
  return { ...troubles, failed: troubles.failed + 1, failures };
}

/** The date as it is now, with what is doubtful about the lent zone only: the rest was told when it was stored. */
function onlyLent({ captured }: ZoneEvent): Captured {
  const { warnings = [], doubts = [] } = captured;
  const guessed = captured.zoneFrom === "neighbour" ? 1 : 0;
  return { ...captured, warnings: warnings.slice(0, guessed), doubts: doubts.slice(0, guessed) };
}

/** A photo counts once for each kind of doubt, with the first of its reasons. */
function doubted(troubles: Troubles, { key, captured }: Pick<PhotoEvent, "key" | "captured">): Troubles {
  const found: readonly DoubtfulDate[] =
    captured === undefined || captured.source === "modified"
      ? [{ key, doubt: "unknown", captured: null, reason: UNKNOWN }]
      : (captured.doubts ?? []).map((doubt, at) => {
          const { local, offset, warnings = [] } = captured;
          return { key, doubt, captured: { local, offset }, reason: warnings[at] ?? "" };
        });
  if (found.length === 0) return troubles;
  const first = found.filter((one, at) => found.findIndex(({ doubt }) => doubt === one.doubt) === at);
  const doubts = { ...troubles.doubts };
  for (const { doubt } of first) doubts[doubt] += 1;
  const named = first.filter(({ doubt }) => troubles.doubts[doubt] < DOUBTS_NAMED);
  if (named.length === 0) return { ...troubles, doubts };
  return { ...troubles, doubts, doubtful: [...troubles.doubtful, ...named] };
}

function oneMore(reasons: ReadonlyMap<string, number>, reason: string): ReadonlyMap<string, number> {
  const named = reasons.has(reason) || reasons.size < REASONS_NAMED ? reason : OTHER_REASONS;
  return new Map(reasons).set(named, (reasons.get(named) ?? 0) + 1);
}

function warned(warnings: readonly Warned[], code: string, message: string): readonly Warned[] {
  const known = warnings.some((warning) => warning.code === code);
  if (!known) {
    return warnings.length < REASONS_NAMED ? [...warnings, { code, times: 1, message }] : warnings;
  }
  return warnings.map((warning) => (warning.code === code ? { ...warning, times: warning.times + 1 } : warning));
}
