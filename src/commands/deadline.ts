/**
 * `--max-duration`: once the time is over nothing new is begun (steps/limit.ts), and what is on its way may finish for a
 * tenth of that time more; then it is given up, so that a store that is slow for ever holds no lock until the next run.
 */

import { HaulError } from "../errors.ts";
import type { Process } from "../run/command.ts";
import type { Output } from "../run/output.ts";
import type { RunState } from "../run/state.ts";

/** What moves may finish for so much of the time of the run, and for so many milliseconds at most. */
const GRACE = 0.1;
const MOST_GRACE_MS = 10 * 60 * 1000;

/** Milliseconds that what was begun within the time of a run may take beyond it. */
export function graceOf(durationMs: number): number {
  return Math.min(durationMs * GRACE, MOST_GRACE_MS);
}

interface Run {
  /** Milliseconds; null for no limit. */
  readonly duration: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly process: Process;
  readonly state: RunState;
  readonly output: Output;
}

/** Tells a story within its time, and accounts for what it left undone where that was over. */
export async function untilDeadline(
  { duration, startedAt, process, state, output }: Run,
  tell: (process: Process) => Promise<void>,
): Promise<void> {
  if (duration === null) return tell(process);
  const over = new AbortController();
  const left = startedAt + duration + graceOf(duration) - Date.now();
  const clock = setTimeout(() => over.abort(), Math.min(Math.max(0, left), MOST_TIMER_MS));
  try {
    await tell({ ...process, signal: AbortSignal.any([process.signal, over.signal]) });
  } catch (error) {
    const ours = error instanceof HaulError && error.code === "interrupted";
    if (!ours || !over.signal.aborted || process.signal.aborted) throw error;
    leaveTheRest(state, output);
  } finally {
    clearTimeout(clock);
  }
}

/** Longer than this no timer waits: 24 days. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** Photos that no event told of count as left to the next run. */
function leaveTheRest(state: RunState, output: Output): void {
  const { plan, outcomes, perTarget } = state.tally;
  const done = (counts: Readonly<Record<string, number>> = {}) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  state.leftOver = plan.photos - done(outcomes);
  state.leftOverOf = new Map(
    (plan.perTarget ?? []).map(({ target, photos }) => [target, photos - done(perTarget[target]?.outcomes)]),
  );
  state.limited = true;
  const message =
    "the time of --max-duration is over, and what was still on its way was given up: the next run goes on";
  output.emit({ type: "warning", code: "max-duration", message });
}
