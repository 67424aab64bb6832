/** What text is written on: how wide it is, whether it has colours, and how words are laid out there. */

import { createRequire } from "node:module";
import { styleText } from "node:util";
import type { Tone } from "./section.ts";

export type Paint = (tone: Tone, text: string) => string;

export interface Screen {
  /** Columns; without end where lines go to a file or to another program, which finds each fact on one line. */
  readonly width: number;
  readonly paint: Paint;
}

/** Where colours are not wanted. */
export const plainly: Paint = (_tone, text) => text;

const TONES = {
  strong: "bold",
  faint: "dim",
  good: "green",
  warn: "yellow",
  bad: "red",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

const LEAST_COLUMNS = 40;
const USUAL_COLUMNS = 80;

/** To be asked anew for each text, as a window may be made wider. `COLUMNS` says it where no terminal does. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const named = Number(process.env.COLUMNS);
  const asked = Number.isInteger(named) && named > 0 ? named : null;
  const width = stream.isTTY ? stream.columns || asked || USUAL_COLUMNS : (asked ?? Number.POSITIVE_INFINITY);
  return { width: Math.max(LEAST_COLUMNS, width), paint: paintFor(stream) };
}

/** Colours on a terminal; none elsewhere, nor where NO_COLOR asks for none (no-color.org). */
function paintFor(stream: NodeJS.WriteStream): Paint {
  const shown = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return shown ? (tone, text) => styleText(TONES[tone], text, { validateStream: false }) : plainly;
}

/** Columns that a text takes: two for each wide character, none for colours. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : measured()(text);
}

let measure: typeof import("string-width").default | null = null;

/** Loaded where a text is of other letters: its expressions cost 13 ms of CPU (measured). */
function measured(): typeof import("string-width").default {
  const { default: loaded }: typeof import("string-width") = createRequire(import.meta.url)("string-width");
  measure ??= loaded;
  return measure;
}

/** Letters, dashes and arrows that take one column each: nearly all texts are of these, and need not be measured. */
const NARROW = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193]*$/;

/** Filled up with blanks to as many columns. */
export function padded(text: string, width: number, where: "start" | "end" = "end"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return where === "end" ? `${text}${blanks}` : `${blanks}${text}`;
}

/**
 * Text after `first`, its further lines after `rest`. No word is cut: one that is longer than the line is left to
 * the terminal, so that a key can be copied as it is.
 */
export function wrapped(text: string, first: string, rest: string, width: number): string[] {
  if (width === Number.POSITIVE_INFINITY || widthOf(first) + widthOf(text) <= width)
    return [`${first}${text}`.trimEnd()];
  const lines: string[] = [];
  let line = first;
  let used = widthOf(first);
  let begun = false;
  for (const word of text.split(" ")) {
    const wide = widthOf(word);
    if (begun && used + 1 + wide > width) {
      lines.push(line.trimEnd());
      [line, used, begun] = [rest, widthOf(rest), false];
    }
    if (!begun && word === "" && lines.length > 0) continue;
    line += begun ? ` ${word}` : word;
    used += wide + (begun ? 1 : 0);
    begun = true;
  }
  return [...lines, line.trimEnd()];
}

/** What and why side by side, or below each other where a column would take more than half of the width. */
export function twoColumns(rows: readonly (readonly [what: string, why: string])[], width: number): string[] {
  const wide = Math.max(...rows.map(([what]) => widthOf(what))) + 4;
  return rows.flatMap(([what, why]) =>
    wide <= Math.max(width / 2, width - LEAST_COLUMNS)
      ? wrapped(why, padded(`  ${what}`, wide), " ".repeat(wide), width)
      : [...wrapped(what, "  ", "    ", width), ...wrapped(why, "      ", "      ", width)],
  );
}

/** A text of several lines as `stream` has room for it: each is wrapped below its own beginning. */
export function fitted(text: string, stream: NodeJS.WriteStream): string {
  const { width } = screenOf(stream);
  return text
    .split("\n")
    .flatMap((line) => {
      const words = line.trimStart();
      const indent = line.slice(0, line.length - words.length);
      return wrapped(words, indent, `${indent}  `, width);
    })
    .join("\n");
}
