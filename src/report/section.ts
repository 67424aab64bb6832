/** The parts of a report before it is text, Markdown or HTML. Strings are as they came: who renders, escapes. */

export interface Section {
  /** Stable, for links and for pictures that belong to it. */
  readonly id: string;
  readonly title: string;
  readonly figures?: readonly Figure[];
  readonly text?: readonly string[];
  readonly table?: Table;
}

/** One number that a page shows large. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone?: "warn" | "bad";
}

export interface Table {
  readonly columns: readonly Column[];
  /** Bounded, whatever the size of the bucket. */
  readonly rows: readonly (readonly string[])[];
  /** How many rows there would be more. */
  readonly more: number;
  /** A number for each row where a bar says more than figures do. */
  readonly bars?: readonly number[];
}

export interface Column {
  readonly title: string;
  readonly numeric: boolean;
}

/** Columns from their titles; one that starts with `#` holds numbers. */
export function columns(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) => ({
    title: title.replace(/^#/, ""),
    numeric: title.startsWith("#"),
  }));
}
