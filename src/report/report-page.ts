/** A report before it is a file: who ran when and how that ended, and the sections that tell of it. Pure. */

import type { StartEvent } from "../events.ts";
import { damagedIn, type MirrorSummary, type SummaryEvent } from "../summaries.ts";
import type { Estimate } from "./estimate.ts";
import { summarySections } from "./event-lines.ts";
import type { ContactPair } from "./html-pictures.ts";
import type { Inventory } from "./inventory-data.ts";
import { inventorySections } from "./inventory-sections.ts";
import { runSections, troubleSections } from "./mirror-sections.ts";
import { paragraph, type Section } from "./section.ts";
import type { Troubles } from "./troubles.ts";

export interface Page extends Pick<StartEvent, "command" | "dryRun" | "startedAt" | "version"> {
  readonly title: string;
  readonly ending: { readonly tone: "good" | "warn" | "bad" | "plain"; readonly words: string };
  readonly sections: readonly Section[];
}

/** Everything that a report file can tell of a run of `mirror` or `inventory`; each format shows what it can. */
export interface Report {
  readonly run: StartEvent;
  readonly summary: MirrorSummary;
  readonly troubles: Troubles;
  /** Null where the run did not get as far as to know it. */
  readonly inventory: Inventory | null;
  readonly estimate: Estimate | null;
  /** For the contact sheet of the HTML report; may be empty. */
  readonly pairs: readonly ContactPair[];
}

export function mirrorPage({ run, summary, troubles, inventory, estimate }: Report): Page {
  const told = runSections(summary, troubles);
  const sections = [
    ...told.filter(({ id }) => id !== "warnings"),
    ...(inventory ? inventorySections(inventory, estimate) : []),
    ...told.filter(({ id }) => id === "warnings"),
  ];
  return pageOf(run, summary, sections);
}

/** The same of `verify`, `restore` and `dates`: what the terminal shows at their end, and each photo that was damaged or failed. */
export function otherPage(run: StartEvent, summary: Exclude<SummaryEvent, MirrorSummary>, troubles: Troubles): Page {
  const wrong = troubleSections(troubles, "each" in summary ? "Damaged" : "Failed");
  // On a terminal it was told when it happened.
  const { error } = summary;
  const ended = error === undefined ? [] : [{ ...paragraph(error), tone: "bad" as const }];
  return pageOf(run, summary, [...summarySections(summary), ...ended, ...wrong]);
}

function pageOf(run: StartEvent, summary: SummaryEvent, sections: readonly Section[]): Page {
  const { command, dryRun, startedAt, version, source } = run;
  const to = summary.targets.join(", ");
  const title = [source, to].filter(Boolean).join(" → ");
  return { title, command, dryRun, startedAt, version, ending: endingOf(dryRun, summary), sections };
}

const SOME_FAILED = 3;
const LIMIT = 8;
const INTERRUPTED = 130;

function endingOf(dryRun: boolean, summary: SummaryEvent): Page["ending"] {
  if (dryRun) return { tone: "plain", words: "dry run" };
  if (summary.exit === 0) return { tone: "good", words: "all is well" };
  if (summary.exit === LIMIT) return { tone: "warn", words: "limit reached" };
  if (summary.exit === INTERRUPTED) return { tone: "warn", words: "interrupted" };
  if (summary.exit !== SOME_FAILED) return { tone: "bad", words: "ended early" };
  const failed = "outcomes" in summary ? summary.outcomes.failed : damagedIn(summary.conditions) - summary.repaired;
  return failed === 0 ? { tone: "warn", words: "see the notes" } : { tone: "bad", words: "some photos failed" };
}
