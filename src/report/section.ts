/** The parts of a page before it is text, Markdown or HTML. Strings are as they came: who renders, escapes. */

/** How a piece of text may be set apart, without saying how. */
export type Tone = "strong" | "faint" | "good" | "warn" | "bad";

export interface Section {
  /** Stable, for links and for pictures that belong to it. */
  readonly id: string;
  /** "" for none. */
  readonly title: string;
  readonly tone?: Tone;
  readonly rows?: readonly SectionRow[];
  readonly notes?: readonly string[];
  readonly table?: Table;
}

/** One fact: `stored  5 photos, 5.0 MB`. It has a text, a figure, or both, of which each page shows what it has room for. */
export interface SectionRow {
  readonly label: string;
  readonly text?: string;
  /** A number that a page can show large. */
  readonly figure?: { readonly value: string; readonly note: string };
  readonly tone?: Tone;
}

export interface Table {
  readonly columns: readonly Column[];
  /** Bounded, whatever the size of the bucket. */
  readonly rows: readonly (readonly string[])[];
  /** How many rows there would be more. */
  readonly more: number;
  /** A number for each row where a bar says more than figures do. */
  readonly bars?: readonly number[];
  /** For the last cell of each row. */
  readonly tones?: readonly Tone[];
  /** `prose`: the last column is sentences. `pairs`: what and why, which may be one line: `a.jpg: no such key`. */
  readonly kind?: "prose" | "pairs";
  /** What a terminal shows of many rows: the first few, or all, or the last, as of years. */
  readonly shown?: "all" | "last";
}

export interface Column {
  readonly title: string;
  readonly numeric: boolean;
}

/** One thing that happened: `stored  a.jpg  2012-06-28 14:03:22`. The tone is that of the label, or of the text where there is none. */
export interface SectionLine {
  readonly label?: string;
  readonly tone?: Tone;
  readonly text: string;
  /** Less important than the rest. */
  readonly note?: string;
}

/** Columns from their titles; one that starts with `#` holds numbers. */
export function columns(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) => ({ title: title.replace(/^#/, ""), numeric: title.startsWith("#") }));
}

/** A paragraph of its own. */
export function paragraph(...notes: readonly string[]): Section {
  return { id: "note", title: "", notes };
}

/** The sections that say something. */
export function withContent(sections: readonly Section[]): Section[] {
  return sections.filter(({ table }) => table === undefined || table.rows.length > 0);
}
