/** The `.md` report: the same sections as tables that GitHub and every editor show. */

import { forMarkdown } from "./escape.ts";
import { inventorySections } from "./inventory-sections.ts";
import type { Report } from "./report.ts";
import { runSections } from "./run-sections.ts";
import type { Section, Table } from "./section.ts";
import { count } from "./units.ts";

export function markdown(report: Report): string {
  const { run, summary, inventory } = report;
  const to = summary.targets.length > 0 ? ` → ${summary.targets.join(", ")}` : "";
  const sections = [
    ...runSections(summary, report.troubles),
    ...(inventory ? inventorySections(inventory, report.estimate) : []),
  ];
  const what = summary.dryRun ? "dry run of " : "";
  const parts = [
    `# ${forMarkdown(`${summary.source}${to}`)}`,
    `${what}${forMarkdown(summary.command)}, started ${run.startedAt}, by photohaul ${run.version}`,
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionParts(section: Section): string[] {
  const figures = (section.figures ?? []).map(({ label, value, note }) => {
    return `- **${forMarkdown(value)}** ${forMarkdown(note ? `${label}, ${note}` : label)}`;
  });
  return [
    `## ${forMarkdown(section.title)}`,
    ...(figures.length > 0 ? [figures.join("\n")] : []),
    ...(section.text ?? []).map(forMarkdown),
    ...(section.table ? [tableText(section.table)] : []),
    ...(section.table && section.table.more > 0 ? [`… and ${count(section.table.more)} more`] : []),
  ];
}

function tableText(table: Table): string {
  return [
    row(table.columns.map(({ title }) => title)),
    row(
      table.columns.map(({ numeric }) => (numeric ? "---:" : "---")),
      String,
    ),
    ...table.rows.map((cells) => row(cells)),
  ].join("\n");
}

function row(cells: readonly string[], shown: (cell: string) => string = forMarkdown): string {
  return `| ${cells.map(shown).join(" | ")} |`;
}
