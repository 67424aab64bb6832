/** A report before it is a file: who ran when and how that ended, and the sections that tell of it. Pure. */

import { EXIT } from "../error-messages.ts";
import { damagedIn, type MirrorSummary, type StartEvent, type SummaryEvent } from "../events.ts";
import { redacted } from "../secrets.ts";
import type { ColdStock } from "./archive-forecast.ts";
import { forMarkdown } from "./escape.ts";
import type { Estimate } from "./estimate.ts";
import { summarySections } from "./event-lines.ts";
import type { ContactPair } from "./html-pictures.ts";
import type { Inventory } from "./inventory-data.ts";
import { inventorySections } from "./inventory-sections.ts";
import { runSections, troubleSections } from "./mirror-sections.ts";
import { paragraph, type Section, type SectionRow, type Table } from "./section.ts";
import type { Troubles } from "./troubles.ts";
import { count } from "./units.ts";

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
  readonly cold?: ColdStock | null;
  /** For the contact sheet of the HTML report; may be empty. */
  readonly pairs: readonly ContactPair[];
}

export function mirrorPage({ run, summary, troubles, inventory, estimate, cold }: Report): Page {
  const ran = runSections(summary, troubles);
  const sections = [
    ...ran.filter(({ id }) => id !== "warnings"),
    ...(inventory === null ? [] : stockSections(run, inventory, estimate, cold)),
    ...ran.filter(({ id }) => id === "warnings"),
  ];
  return pageOf(run, summary, sections);
}

/** After a mirror nothing is to be fetched any more, and what it would take is no question. */
function stockSections(
  { command, dryRun }: Pick<StartEvent, "command" | "dryRun">,
  inventory: Inventory,
  estimate: Estimate | null,
  cold: ColdStock | null = null,
): Section[] {
  if (dryRun || command === "inventory") return inventorySections(inventory, estimate, cold);
  return inventorySections({ ...inventory, plan: null }, null);
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
  const title = redacted([source, to].filter(Boolean).join(" → "));
  return { title, command, dryRun, startedAt, version, ending: endingOf(dryRun, summary), sections };
}

function endingOf(dryRun: boolean, summary: SummaryEvent): Page["ending"] {
  if (dryRun) return { tone: "plain", words: "dry run" };
  if (summary.exit === EXIT.ok) return { tone: "good", words: "all is well" };
  if (summary.exit === EXIT.limit)
    return { tone: "warn", words: "archive" in summary ? "photos wait" : "limit reached" };
  if (summary.exit === EXIT.interrupted) return { tone: "warn", words: "interrupted" };
  if (summary.exit !== EXIT.someFailed) return { tone: "bad", words: "ended early" };
  if ("page" in summary) return { tone: "warn", words: "see the notes" };
  const failed = "outcomes" in summary ? summary.outcomes.failed : damagedIn(summary.conditions) - summary.repaired;
  return failed === 0 ? { tone: "warn", words: "see the notes" } : { tone: "bad", words: "some photos failed" };
}

/** The `.md` report: sections as lists and tables that GitHub and every editor show. */
export function markdown({ title, command, dryRun, startedAt, version, sections }: Page): string {
  const what = dryRun ? "dry run of " : "";
  const parts = [
    `# ${forMarkdown(title)}`,
    `${what}${forMarkdown(command)}, started ${startedAt}, by photohaul ${version}`,
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Whether a file that begins so was written here. */
export function isMarkdownReport(head: string): boolean {
  return /^# .*\n\n.*, started .*, by photohaul /.test(head);
}

function sectionParts({ title, rows = [], notes = [], table }: Section): string[] {
  return [
    ...(title === "" ? [] : [`## ${forMarkdown(title)}`]),
    ...(rows.length > 0 ? [rows.map(rowText).join("\n")] : []),
    ...notes.map(forMarkdown),
    ...(table ? [tableText(table)] : []),
    ...(table && table.more > 0 ? [`… and ${count(table.more)} more`] : []),
  ];
}

function rowText({ label, text, figure }: SectionRow): string {
  if (text !== undefined) return `- ${forMarkdown(label === "" ? text : `${label}: ${text}`)}`;
  const { value = "", note = "" } = figure ?? {};
  return `- **${forMarkdown(value)}** ${forMarkdown(note ? `${label}, ${note}` : label)}`;
}

function tableText({ columns, rows }: Table): string {
  return [
    tableRow(columns.map(({ title }) => forMarkdown(title))),
    tableRow(columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
    ...rows.map((cells) => tableRow(cells.map(forMarkdown))),
  ].join("\n");
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
