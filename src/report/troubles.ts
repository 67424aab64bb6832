/**
 * What went wrong or was left out, as far as one page can tell it: the first failures by name, the rest by
 * number. Bounded, however many photos fail. A pure reducer that every report reads.
 */

import type { HaulEvent } from "../events.ts";
import { FAILURES_NAMED, OTHER_REASONS, type Troubles, type Warned } from "./findings.ts";

const REASONS_NAMED = 20;

export const NO_TROUBLES: Troubles = {
  failures: [],
  failed: 0,
  skippedFor: new Map(),
  warnings: [],
};

/** The troubles with one event more. */
export function notice(troubles: Troubles, event: HaulEvent): Troubles {
  if (event.type === "warning") {
    return { ...troubles, warnings: warned(troubles.warnings, event.code, event.message) };
  }
  if (event.type !== "photo") return troubles;
  const reason = event.reason ?? "no reason given";
  if (event.outcome === "failed") {
    const named = troubles.failures.length < FAILURES_NAMED;
    return {
      ...troubles,
      failed: troubles.failed + 1,
      failures: named ? [...troubles.failures, { key: event.key, reason }] : troubles.failures,
    };
  }
  if (event.outcome === "skipped") {
    return { ...troubles, skippedFor: oneMore(troubles.skippedFor, reason) };
  }
  return troubles;
}

function oneMore(
  reasons: ReadonlyMap<string, number>,
  reason: string,
): ReadonlyMap<string, number> {
  const named = reasons.has(reason) || reasons.size < REASONS_NAMED ? reason : OTHER_REASONS;
  return new Map(reasons).set(named, (reasons.get(named) ?? 0) + 1);
}

function warned(warnings: readonly Warned[], code: string, message: string): readonly Warned[] {
  const known = warnings.some((warning) => warning.code === code);
  if (!known) {
    return warnings.length < REASONS_NAMED ? [...warnings, { code, times: 1, message }] : warnings;
  }
  return warnings.map((warning) =>
    warning.code === code ? { ...warning, times: warning.times + 1 } : warning,
  );
}
