/** The `.md` report: sections as lists and tables that GitHub and every editor show. */

import { forMarkdown } from "./escape.ts";
import type { Page } from "./report-page.ts";
import type { Section, SectionRow, Table } from "./section.ts";
import { count } from "./units.ts";

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
