/** What `dates` counts while it goes on. */

import type { Redated } from "../events.ts";
import { datedBy } from "../report/summary.ts";

/** Filled in as the story goes on, so that the summary is true however it ends. */
export interface Sums {
  files: number;
  readonly outcomes: { set: number; already: number; unknown: number; failed: number };
  readonly dated: Record<string, number>;
  readonly doubts: { guess: number; conflict: number; odd: number };
  record: string | null;
  faults: number;
  /** In which wall clocks were read; null until it is known. */
  zone: string | null;
  /** Photos that were dated without ExifTool, which cannot run. */
  unread: number;
}

export function emptySums(): Sums {
  return {
    files: 0,
    outcomes: { set: 0, already: 0, unknown: 0, failed: 0 },
    dated: {},
    doubts: { guess: 0, conflict: 0, odd: 0 },
    record: null,
    faults: 0,
    zone: null,
    unread: 0,
  };
}

export function countFile(sums: Sums, { outcome, captured }: Redated, undo: boolean): void {
  sums.files += 1;
  sums.outcomes[outcome] += 1;
  if (undo || outcome === "failed") return;
  const by = datedBy(captured);
  sums.dated[by] = (sums.dated[by] ?? 0) + 1;
  for (const doubt of new Set(captured?.doubts)) sums.doubts[doubt] += 1;
}
