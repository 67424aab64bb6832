/**
 * The `.html` report: one file that needs nothing else, and by its own policy may load nothing. Its size is
 * bounded by the lists in it, whatever the size of the bucket; everything that strangers named is escaped.
 */

import type { MirrorSummary } from "../summaries.ts";
import { forHtml, shortened } from "./escape.ts";
import type { Inventory } from "./findings.ts";
import { hue, sizeHills, timeline, wholeBar } from "./html-charts.ts";
import { contactSheet } from "./html-pairs.ts";
import { STYLE } from "./html-style.ts";
import { inventorySections } from "./inventory-sections.ts";
import type { Report } from "./report.ts";
import { runSections } from "./run-sections.ts";
import type { Figure, Section, Table } from "./section.ts";
import { count } from "./units.ts";

const TITLE_LENGTH = 300;
const CELL_LENGTH = 240;
const TEXT_LENGTH = 600;
const TEXTS = 20;
/** Sections that share a row where there is room. */
const HALVES = new Set(["years", "types", "classes", "biggest", "others", "mirror", "dates"]);
/** Sections whose last column is prose: on a phone each of their rows becomes a paragraph. */
const PROSE = new Set(["families", "attention", "doubts", "failures", "warnings", "skipped"]);

/** The whole file. */
export function html(report: Report): string {
  const { run, summary, inventory } = report;
  const title = titleOf(summary);
  const told = runSections(summary, report.troubles);
  const cards = [
    ...told.filter(({ id }) => id !== "warnings").map(sectionCard),
    ...(inventory ? inventoryCards(report, inventory) : []),
    ...told.filter(({ id }) => id === "warnings").map(sectionCard),
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    POLICY,
    `<title>${forHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<header><h1>${forHtml(title)}</h1><p class="sub">${badge(summary)}${forHtml(summary.command)}, started ${forHtml(run.startedAt.replace("T", " ").slice(0, 16))} UTC</p></header>`,
    `<div class="sheet">${inRows(cards)}</div>`,
    `<footer>Made by photohaul ${forHtml(run.version)}. This page is complete in itself and loads nothing.</footer>`,
    "</main></body></html>\n",
  ].join("\n");
}

/** Whether a file that begins so was written here: by its first lines, which are the same in each. */
export function isHtmlReport(head: string): boolean {
  return head.startsWith("<!doctype html>") && head.includes(POLICY);
}

const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';img-src data:">`;

function titleOf(summary: MirrorSummary): string {
  const to = summary.targets.length > 0 ? ` → ${summary.targets.join(", ")}` : "";
  return shortened(`${summary.source}${to}`, TITLE_LENGTH);
}

function badge(summary: MirrorSummary): string {
  if (summary.dryRun) return '<span class="badge">dry run</span>';
  if (summary.exit === 0) return '<span class="badge good">all is well</span>';
  if (summary.exit === 8) return '<span class="badge warn">limit reached</span>';
  if (summary.exit === 130) return '<span class="badge warn">interrupted</span>';
  if (summary.exit === 3 && summary.outcomes.failed === 0) return '<span class="badge warn">see the notes</span>';
  return summary.exit === 3
    ? '<span class="badge bad">some photos failed</span>'
    : '<span class="badge bad">ended early</span>';
}

/** Pictures come where their tables are; the contact sheet right after the families it explains. */
function inventoryCards(report: Report, inventory: Inventory): Card[] {
  const over = timeline(inventory);
  const hills = sizeHills(inventory.families);
  const sheet = contactSheet(report.pairs, inventory);
  return inventorySections(inventory, report.estimate).flatMap((section) => {
    if (section.id === "glance") {
      return [sectionCard(section), ...(over ? [card("time", "Photos over time", over)] : [])];
    }
    if (section.id !== "families") return [sectionCard(section)];
    return [
      card(section.id, section.title, wholeBar(inventory.families) + content(section)),
      ...(hills ? [card("sizes", "Sizes, by family", hills)] : []),
      ...(sheet ? [card("pairs", "See for yourself", sheet)] : []),
    ];
  });
}

interface Card {
  readonly id: string;
  readonly html: string;
}

function card(id: string, title: string, inner: string): Card {
  const tone = id === "failures" ? ' class="bad"' : "";
  return { id, html: `<section id="${id}"${tone}><h2>${forHtml(title)}</h2>${inner}</section>` };
}

/** Small cards that follow each other stand side by side. */
function inRows(cards: readonly Card[]): string {
  return cards
    .map(({ id, html: text }, at) => {
      const half = HALVES.has(id);
      const opens = half && !HALVES.has(cards[at - 1]?.id ?? "");
      const closes = half && !HALVES.has(cards[at + 1]?.id ?? "");
      return `${opens ? '<div class="halves">' : ""}${text}${closes ? "</div>" : ""}`;
    })
    .join("\n");
}

function sectionCard(section: Section): Card {
  return card(section.id, section.title, content(section));
}

function content(section: Section): string {
  const figures = section.figures ?? [];
  return [
    ...(figures.length > 0 ? [`<div class="figures">${figures.map(figureHtml).join("")}</div>`] : []),
    ...(section.text ?? []).slice(0, TEXTS).map((text) => `<p>${forHtml(shortened(text, TEXT_LENGTH))}</p>`),
    ...(section.table ? [tableHtml(section.id, section.table)] : []),
  ].join("");
}

function figureHtml({ label, value, note, tone }: Figure): string {
  return [
    `<div class="figure${tone ? ` ${tone}` : ""}"><div class="label">${forHtml(label)}</div>`,
    `<div class="value">${forHtml(value)}</div><div class="note">${forHtml(note)}</div></div>`,
  ].join("");
}

function tableHtml(id: string, table: Table): string {
  const most = Math.max(1, ...(table.bars ?? []));
  const head = table.columns.map(({ title, numeric }) => {
    return `<th${numeric ? ' class="number"' : ""}>${forHtml(title)}</th>`;
  });
  const rows = table.rows.map((row, at) => {
    const width = table.bars ? (100 * (table.bars[at] ?? 0)) / most : null;
    const colour = hue(id === "families" ? at : 0);
    const bar = width === null ? "" : barHtml(width, colour);
    return `<tr>${row.map((cell, column) => cellHtml(table, cell, column, bar)).join("")}</tr>`;
  });
  const more = table.more > 0 ? `<p class="more">… and ${count(table.more)} more</p>` : "";
  const wide = PROSE.has(id) ? ' class="wide"' : "";
  return `<div class="scroll"><table${wide}><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>${more}`;
}

function barHtml(width: number, colour: string): string {
  return `<span class="bar" style="width:${width.toFixed(1)}%;background:${colour}"></span>`;
}

function cellHtml(table: Table, cell: string, column: number, bar: string): string {
  const { title, numeric } = table.columns[column] ?? { title: "", numeric: false };
  const name = column === 0 && !numeric;
  const kind = numeric ? ' class="number"' : name ? ' class="name"' : "";
  const label = numeric && cell !== "" ? ` data-is="${forHtml(title)}"` : "";
  return `<td${kind}${label}>${forHtml(shortened(cell, CELL_LENGTH))}${name ? bar : ""}</td>`;
}
