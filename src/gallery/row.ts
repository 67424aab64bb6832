/**
 * A photo as the gallery's page knows it: a row of a data file, which is a script that calls `photohaul(year, part, rows)`,
 * because a page opened from a drive may load nothing else. Names come from strangers: they are JSON in which nothing ends
 * a script. An earlier gallery is read back from the same files, so that no photo is looked at twice.
 */

import type { Placed } from "../catalogue/gallery-index.ts";
import { jsonOf } from "../manifest-entry.ts";
import { asKnown } from "../measures.ts";
import type { ManifestEntry } from "../model.ts";
import { forJson } from "../report/escape.ts";

/** What is to be said of a photo, added up. page/rows.js has the same numbers. */
export const MARKS = { thumbnail: 1, doubtful: 2, undated: 4, changed: 8, standsIn: 16, unseen: 32 } as const;

export const UNKNOWN_YEAR = "unknown";
/** Photos in one file: half a megabyte and more, which a browser reads at once. */
export const PART = 5000;
const LONGEST_NOTE = 300;

/** What of a photo comes from its manifest entry. */
type Told = readonly [path: string, local: string, size: number, source: string, note: string, marks: number];

/** What comes from looking at the photo: its pixels (0 where not known), and marks. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly marks: number;
}

/** Sixteen digits of the SHA-256: the name of the thumbnail, and what a photo is known again by. */
export function idOf({ sha256 }: Pick<ManifestEntry, "sha256">): string {
  return sha256.slice(0, 16);
}

/** A line of the manifest, to be put among those of its year. */
export function placedEntry(entry: ManifestEntry): Placed {
  const { path, key, captured } = entry;
  // LastModified says when a photo was uploaded, and nobody looks for it there.
  const dated = captured !== null && captured.source !== "modified" && /^\d{4}/.test(captured.local) ? captured : null;
  const local = dated === null ? "" : asKnown(dated.local, dated.precision).slice(0, "2012-06-28T14:03:22".length);
  const doubts = dated?.doubts ?? [];
  const note = doubts.length === 0 ? "" : (dated?.warnings ?? []).join("; ").slice(0, LONGEST_NOTE);
  const marks = (doubts.length > 0 ? MARKS.doubtful : 0) + (dated === null ? MARKS.undated : 0);
  const told: Told = [path, local, entry.size, dated?.source ?? "", note, marks];
  const year = dated === null ? UNKNOWN_YEAR : local.slice(0, 4);
  return { path, key, year, at: dated?.local ?? "", id: idOf(entry), size: entry.size, row: JSON.stringify(told) };
}

/** The row of the page, in the order of page/rows.js. */
export type Row = readonly [
  path: string,
  local: string,
  width: number,
  height: number,
  size: number,
  id: string,
  marks: number,
  source: string,
  note?: string,
];

/** @param row as `placedEntry` wrote it */
export function rowOf({ id, row }: Pick<Placed, "id" | "row">, look: Look, versions: number): Row {
  const [path, local, size, source, note, marks] = JSON.parse(row) as Told;
  const all = marks | look.marks | (versions > 1 ? MARKS.changed : 0);
  const plain = [path, local, look.width, look.height, size, id, all, source] as const;
  return note === "" ? plain : [...plain, note];
}

/** JSON that is a script's literal wherever it stands: nothing in it closes an element, and no line ends in it. */
export function forScript(value: unknown): string {
  return forJson(value).replaceAll("<", "\\u003c");
}

export function dataFile(year: string, part: number): string {
  return `data-${year}${part === 1 ? "" : `-${part}`}.js`;
}

export function dataText(year: string, part: number, rows: readonly Row[]): string {
  return `photohaul(${forScript(year)},${part},[\n${rows.map(forScript).join(",\n")}\n]);\n`;
}

const DATA = /^photohaul\("[^"]{1,16}",\d{1,9},(\[[\s\S]*\])\);\n$/;

/** What a data file says that was found out by looking; nothing of a file that is not as it was written. */
export function looksIn(data: string): [id: string, look: string][] {
  const rows = jsonOf(DATA.exec(data)?.[1] ?? "");
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown): [string, string][] => {
    if (!Array.isArray(row)) return [];
    const [, , width, height, , id, marks]: unknown[] = row;
    const numbers = [width, height, marks];
    if (!numbers.every(Number.isSafeInteger) || typeof id !== "string" || !/^[0-9a-f]{16}$/.test(id)) return [];
    const kept = Number(marks) & (MARKS.thumbnail | MARKS.standsIn);
    // What could not be looked at is looked at again.
    return (Number(marks) & MARKS.unseen) === 0 ? [[id, JSON.stringify([width, height, kept])]] : [];
  });
}

/** Only what `looksIn` wrote; null where there was no look. */
export function lookOf(text: string): Look | null {
  if (text === "") return null;
  const [width, height, marks] = JSON.parse(text) as [number, number, number];
  return { width, height, marks };
}
