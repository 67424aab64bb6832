/** The inventory on a terminal: sections as aligned columns, with bars where a bar says more than figures. */

import { forTerminal } from "./escape.ts";
import type { Estimate, Inventory } from "./findings.ts";
import { inventorySections } from "./inventory-sections.ts";
import type { Column, Figure, Section, Table } from "./section.ts";
import type { Paint } from "./tone.ts";
import { count } from "./units.ts";

const ROWS = 12;
const YEARS = 30;
const BAR = 16;

/** The page, line by line, without line ends. */
export function inventoryPage(inventory: Inventory, estimate: Estimate | null, paint: Paint): string[] {
  return inventorySections(inventory, estimate).flatMap((section) => [
    "",
    paint("strong", section.title),
    ...figureLines(section.figures ?? [], paint),
    ...(section.text ?? []).map((text) => `  ${forTerminal(text)}`),
    ...(section.table ? tableLines(section, section.table, paint) : []),
  ]);
}

function figureLines(figures: readonly Figure[], paint: Paint): string[] {
  const label = Math.max(0, ...figures.map((figure) => figure.label.length)) + 2;
  const value = Math.max(0, ...figures.map((figure) => figure.value.length));
  return figures.map((figure) => {
    const number = figure.value.padStart(value);
    const shown = figure.tone ? paint(figure.tone, number) : number;
    return `  ${figure.label.padEnd(label)}${shown}  ${paint("faint", forTerminal(figure.note))}`;
  });
}

function tableLines(section: Section, table: Table, paint: Paint): string[] {
  // Of years, the last are the ones to see; of everything else, the first.
  const last = section.id === "years";
  const rows = (last ? table.rows.slice(-YEARS) : table.rows.slice(0, ROWS)).map((row) => row.map(forTerminal));
  const bars = last ? table.bars?.slice(-YEARS) : table.bars?.slice(0, ROWS);
  const most = Math.max(1, ...(bars ?? []));
  const widths = table.columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = rows.map((row, at) => {
    const bar = bars ? `${barOf((bars[at] ?? 0) / most)}  ` : "";
    return `  ${paint("faint", bar)}${aligned(row, table.columns, widths)}`;
  });
  const hidden = table.more + table.rows.length - rows.length;
  const head = aligned(
    table.columns.map(({ title }) => title),
    table.columns,
    widths,
  );
  return [
    ...(head === "" ? [] : [`  ${bars ? " ".repeat(BAR + 2) : ""}${paint("faint", head)}`]),
    ...lines,
    ...(hidden > 0 ? [`  … and ${count(hidden)} more`] : []),
  ];
}

function aligned(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  const cells = row.map((cell, at) => {
    const width = widths[at] ?? 0;
    return columns[at]?.numeric ? cell.padStart(width) : cell.padEnd(width);
  });
  return cells.join("  ").trimEnd();
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of a share between 0 and 1, in eighths of a character; never nothing for something. */
function barOf(part: number): string {
  const eighths = part > 0 ? Math.max(1, Math.round(part * BAR * 8)) : 0;
  const bar = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return bar.padEnd(BAR);
}
