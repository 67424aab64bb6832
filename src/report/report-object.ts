/** The `.json` report: the summary line as `--json` prints it, and beside it what went wrong and what there is. */

import type { MirrorSummary } from "../summaries.ts";
import type { DoubtfulDate, Estimate, Failure, Inventory, Troubles, Warned } from "./findings.ts";
import type { Report } from "./report.ts";

export interface ReportObject {
  readonly version: string;
  readonly startedAt: string;
  readonly summary: MirrorSummary;
  readonly inventory: Inventory | null;
  readonly estimate: Estimate | null;
  /** The first of them. */
  readonly failures: readonly Failure[];
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly warnings: readonly Warned[];
  /** Stored photos with each kind of doubt about their date. */
  readonly doubts: Troubles["doubts"];
  /** The first of each kind. */
  readonly doubtful: readonly DoubtfulDate[];
}

export function reportObject(report: Report): ReportObject {
  const { run, summary, inventory, estimate, troubles } = report;
  return {
    version: run.version,
    startedAt: run.startedAt,
    summary,
    inventory,
    estimate,
    failures: troubles.failures,
    skipped: Object.fromEntries(troubles.skippedFor),
    warnings: troubles.warnings,
    doubts: troubles.doubts,
    doubtful: troubles.doubtful,
  };
}
