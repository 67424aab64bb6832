/** Sections and lines as a terminal shows them: as wide as it is, wrapped between words, in aligned columns. */

import { forTerminal } from "./escape.ts";
import { type Paint, padded, type Screen, screenOf, widthOf, wrapped } from "./screen.ts";
import type { Column, Section, SectionLine, SectionRow, Table, Tone } from "./section.ts";
import { count } from "./units.ts";

const INDENT = "  ";
const LINE_LABEL = 8;
const ROW_LABEL = 11;

/**
 * Writes on a stream what is said, as wide and coloured as it is now. Blank lines come between pages only.
 * @param write puts one line there, without its end
 */
export function textWriter(
  stream: NodeJS.WriteStream,
  write: (line: string) => void,
): (said: readonly (SectionLine | Section)[]) => void {
  let begun = false;
  return (said) => {
    for (const one of said) {
      const screen = screenOf(stream);
      for (const line of "id" in one ? pageText([one], screen) : lineText(one, screen)) {
        if (begun || line !== "") write(line);
        begun = true;
      }
    }
  };
}

/** One thing that happened, wrapped below its own beginning. Without line ends. */
export function lineText({ label, tone, text, note }: SectionLine, { width, paint }: Screen): string[] {
  const more = note ? `  ${paint("faint", forTerminal(note))}` : "";
  if (label === undefined) return wrapped(`${toned(forTerminal(text), tone, paint)}${more}`, "", INDENT, width);
  const first = `${toned(label, tone, paint)}${" ".repeat(Math.max(1, LINE_LABEL - label.length))}`;
  return wrapped(`${forTerminal(text)}${more}`, first, " ".repeat(LINE_LABEL), width);
}

/** A page: a blank line before each section but a bare table, which belongs to what stands above it. */
export function pageText(sections: readonly Section[], screen: Screen): string[] {
  return sections.flatMap((section) => {
    const { title, tone, rows = [], notes = [], table } = section;
    const [indent, noteTone] = title === "" ? ["", tone] : [INDENT, undefined];
    // Several stay apart by where they go on.
    const rest = notes.length > 1 ? `${indent}${INDENT}` : indent;
    return [
      ...(isBare(section) ? [] : [""]),
      ...(title === "" ? [] : wrapped(screen.paint(tone ?? "strong", forTerminal(title)), "", INDENT, screen.width)),
      ...rowsText(rows, screen),
      ...notes.flatMap((note) => wrapped(toned(forTerminal(note), noteTone, screen.paint), indent, rest, screen.width)),
      ...(table === undefined ? [] : tableText(table, screen)),
    ];
  });
}

function isBare({ title, rows, notes }: Section): boolean {
  return title === "" && rows === undefined && notes === undefined;
}

function rowsText(rows: readonly SectionRow[], { width, paint }: Screen): string[] {
  const label = Math.max(ROW_LABEL, ...rows.map((row) => widthOf(row.label) + 2));
  const number = Math.max(
    0,
    ...rows.map(({ text, figure }) => (text === undefined ? widthOf(figure?.value ?? "") : 0)),
  );
  return rows.flatMap(({ label: name, text, figure, tone }) => {
    const first = `${INDENT}${padded(name, label)}`;
    if (text !== undefined) return wrapped(toned(forTerminal(text), tone, paint), first, " ".repeat(label + 2), width);
    const { value = "", note = "" } = figure ?? {};
    const shown = `${first}${toned(padded(value, number, "start"), tone, paint)}  `;
    return wrapped(paint("faint", forTerminal(note)), shown, " ".repeat(label + number + 4), width);
  });
}

const ROWS = 12;
const LAST_ROWS = 30;
const BAR = 16;
const GAP = "  ";
/** A column of sentences that is narrower than this is no column. */
const LEAST_PROSE = 24;

/** What a terminal shows of a table: so many rows, as they are written there. */
interface Shown extends Pick<Table, "columns"> {
  readonly rows: readonly (readonly string[])[];
  readonly bars: readonly number[] | undefined;
  readonly tones: Table["tones"];
}

function tableText(table: Table, screen: Screen): string[] {
  const from = table.shown === "last" ? Math.max(0, table.rows.length - LAST_ROWS) : 0;
  const upto = table.shown === undefined ? ROWS : table.rows.length;
  const shown: Shown = {
    columns: table.columns,
    rows: table.rows.slice(from, upto).map((row) => row.map(forTerminal)),
    bars: table.bars?.slice(from, upto),
    tones: table.tones?.slice(from, upto),
  };
  const hidden = table.more + table.rows.length - shown.rows.length;
  return [
    ...(table.kind === "pairs" ? pairsText(shown, screen) : (gridText(shown, screen) ?? listText(shown, screen))),
    ...(hidden > 0 ? [`${INDENT}… and ${count(hidden)} more`] : []),
  ];
}

/** `a.jpg: no such key` */
function pairsText({ rows }: Shown, { width }: Screen): string[] {
  return rows.flatMap((row) => wrapped(row.join(": "), INDENT, INDENT.repeat(2), width));
}

/** Aligned columns, with bars where there is room; the widest column of text is wrapped. Null where the screen is too narrow. */
function gridText(shown: Shown, screen: Screen): string[] | null {
  const { columns, rows, bars } = shown;
  const widths = columns.map(({ title }, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at] ?? ""))));
  const lead = bars === undefined ? 0 : BAR + GAP.length;
  const whole = INDENT.length + widths.reduce((sum, wide) => sum + wide + GAP.length, -GAP.length);
  const texts = columns.flatMap(({ numeric }, at) => (numeric ? [] : [at]));
  const prose = texts.reduce((most, at) => ((widths[at] ?? 0) >= (widths[most] ?? 0) ? at : most), texts[0] ?? 0);
  const room = (widths[prose] ?? 0) + screen.width - whole;
  const words = rows.flatMap((row) => (row[prose] ?? "").split(" ").map(widthOf));
  const least = Math.min(widths[prose] ?? 0, Math.max(LEAST_PROSE, ...words));
  // A bar is worth less than a sentence on one line.
  const withBars = room - lead >= (widths[prose] ?? 0) ? lead : 0;
  if (room - withBars < least) return null;
  const fitting = widths.map((wide, at) => (at === prose ? Math.min(wide, room - withBars) : wide));
  return gridLines(withBars > 0 ? shown : { ...shown, bars: undefined }, fitting, prose, screen);
}

function gridLines(shown: Shown, widths: readonly number[], prose: number, { paint }: Screen): string[] {
  const { columns, rows, bars, tones } = shown;
  const most = Math.max(1, ...(bars ?? []));
  const titles = columns.map(({ title }) => title);
  const head = titles.some((title) => title !== "")
    ? [`${INDENT}${bars ? " ".repeat(BAR + GAP.length) : ""}${paint("faint", aligned(titles, columns, widths))}`]
    : [];
  const body = rows.flatMap((row, at) => {
    const lines = wrapped(row[prose] ?? "", "", "", widths[prose] ?? 0);
    return lines.map((text, line) => {
      const bar =
        bars === undefined ? "" : line > 0 ? " ".repeat(BAR + GAP.length) : `${barOf((bars[at] ?? 0) / most)}${GAP}`;
      const cells = row.map((cell, column) => (column === prose ? text : line === 0 ? cell : ""));
      return `${INDENT}${paint("faint", bar)}${aligned(cells, columns, widths, (last) => toned(last, tones?.[at], paint))}`;
    });
  });
  return [...head, ...body];
}

function toned(text: string, tone: Tone | undefined, paint: Paint): string {
  return tone === undefined || text === "" ? text : paint(tone, text);
}

function aligned(
  row: readonly string[],
  of: readonly Column[],
  widths: readonly number[],
  last: (cell: string) => string = String,
): string {
  const cells = row.map((cell, at) => padded(cell, widths[at] ?? 0, of[at]?.numeric ? "start" : "end"));
  const end = cells.pop() ?? "";
  return [...cells, last(end.trimEnd())].join(GAP).trimEnd();
}

/** On a narrow screen: the first cell, and below it the others, numbers with what they are. */
function listText({ columns, rows }: Shown, { width, paint }: Screen): string[] {
  return rows.flatMap(([first = "", ...others]) => {
    const rest = others
      .map((cell, at) => {
        const { title = "", numeric = false } = columns[at + 1] ?? {};
        return numeric && cell !== "" && title !== "" ? `${title} ${cell}` : cell;
      })
      .filter((cell) => cell !== "");
    const head = wrapped(first, INDENT, INDENT.repeat(2), width);
    return [...head, ...wrapped(paint("faint", rest.join(", ")), INDENT.repeat(2), INDENT.repeat(2), width)];
  });
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of a share between 0 and 1, in eighths of a character; never nothing for something. */
function barOf(part: number): string {
  const eighths = part > 0 ? Math.max(1, Math.round(part * BAR * 8)) : 0;
  const bar = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return bar.padEnd(BAR);
}
