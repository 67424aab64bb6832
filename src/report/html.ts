/**
 * The `.html` report: one file that needs nothing else, and by its own policy may load nothing. Its size is
 * bounded by the lists in it, whatever the size of the bucket; everything that strangers named is escaped.
 */

import { forHtml, shortened } from "./escape.ts";
import { contactSheet, hue, sizeHills, timeline, wholeBar } from "./html-pictures.ts";
import { STYLE } from "./html-style.ts";
import { mirrorPage, type Page, type Report } from "./report-page.ts";
import type { Section, SectionRow, Table } from "./section.ts";
import { count } from "./units.ts";

const TITLE_LENGTH = 300;
const CELL_LENGTH = 240;
const TEXT_LENGTH = 600;
const TEXTS = 20;
/** Sections that share a row where there is room. */
const HALVES = new Set(["years", "types", "classes", "biggest", "others", "mirror", "dates"]);

/** The whole file. */
export function html(report: Report): string {
  return htmlPage(mirrorPage(report), picturesOf(report));
}

/** Of whatever command. @param pictures HTML that stands with a section, by the section's id */
export function htmlPage(page: Page, pictures: ReadonlyMap<string, Pictures> = new Map()): string {
  const { command, startedAt, version, ending } = page;
  const title = forHtml(shortened(page.title, TITLE_LENGTH));
  const badge = `<span class="badge ${ending.tone}">${forHtml(ending.words)}</span>`;
  const cards = page.sections.flatMap((section) => {
    const { above = "", after = [] } = pictures.get(section.id) ?? {};
    return [sectionCard(section, above), ...after];
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    POLICY,
    `<title>${title}</title><style>${STYLE}</style></head><body><main>`,
    `<header><h1>${title}</h1><p class="sub">${badge}${forHtml(command)}, started ${forHtml(startedAt.replace("T", " ").slice(0, 16))} UTC</p></header>`,
    `<div class="sheet">${inRows(cards)}</div>`,
    `<footer>Made by photohaul ${forHtml(version)}. This page is complete in itself and loads nothing.</footer>`,
    "</main></body></html>\n",
  ].join("\n");
}

/** Whether a file that begins so was written here: by its first lines, which are the same in each. */
export function isHtmlReport(head: string): boolean {
  return head.startsWith("<!doctype html>") && head.includes(POLICY);
}

const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';img-src data:">`;

interface Pictures {
  /** In the section itself. */
  readonly above?: string;
  readonly after: readonly Card[];
}

/** Pictures come where their tables are; the contact sheet right after the families it explains. */
function picturesOf({ inventory, pairs }: Report): ReadonlyMap<string, Pictures> {
  if (inventory === null) return new Map();
  const cards = (...all: readonly (readonly [id: string, title: string, inner: string])[]) =>
    all.filter(([, , inner]) => inner !== "").map(([id, title, inner]) => card({ id, title }, inner));
  const { families } = inventory;
  const sizes = ["sizes", "Sizes, by family", sizeHills(families)] as const;
  const sheet = ["pairs", "See for yourself", contactSheet(pairs, inventory)] as const;
  return new Map([
    ["glance", { after: cards(["time", "Photos over time", timeline(inventory)]) }],
    ["families", { above: wholeBar(families), after: cards(sizes, sheet) }],
  ]);
}

interface Card {
  readonly id: string;
  readonly html: string;
}

function card({ id, title, tone }: Pick<Section, "id" | "title" | "tone">, inner: string): Card {
  const heading = title === "" ? "" : `<h2>${forHtml(shortened(title, TITLE_LENGTH))}</h2>`;
  return { id, html: `<section id="${id}"${tone === "bad" ? ' class="bad"' : ""}>${heading}${inner}</section>` };
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

function sectionCard(section: Section, above: string): Card {
  const { rows = [], notes = [], table } = section;
  const figures = rows.filter(({ figure }) => figure !== undefined).map(figureHtml);
  const facts = rows.filter(({ figure }) => figure === undefined).map(factHtml);
  return card(
    section,
    [
      above,
      ...(figures.length > 0 ? [`<div class="figures">${figures.join("")}</div>`] : []),
      ...(facts.length > 0 ? [`<dl>${facts.join("")}</dl>`] : []),
      ...notes.slice(0, TEXTS).map((text) => `<p>${forHtml(shortened(text, TEXT_LENGTH))}</p>`),
      ...(table ? [tableHtml(section.id, table)] : []),
    ].join(""),
  );
}

function figureHtml({ label, figure, tone }: SectionRow): string {
  const { value = "", note = "" } = figure ?? {};
  return [
    `<div class="figure${tone === "warn" || tone === "bad" ? ` ${tone}` : ""}"><div class="label">${forHtml(label)}</div>`,
    `<div class="value">${forHtml(value)}</div><div class="note">${forHtml(note)}</div></div>`,
  ].join("");
}

function factHtml({ label, text = "", tone }: SectionRow): string {
  const kind = tone === undefined ? "" : ` class="${tone}"`;
  return `<dt>${forHtml(label)}</dt><dd${kind}>${forHtml(shortened(text, TEXT_LENGTH))}</dd>`;
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
  const wide = table.kind === undefined ? "" : ' class="wide"';
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
