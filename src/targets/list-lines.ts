/** The two lists on a target that say what was kept, manifest and SHA256SUMS: their lines, written and read. */

import { isPathInside, parseEntryLine } from "../manifest-entry.ts";
import type { ManifestEntry } from "../model.ts";
import type { OnBroken, Sum } from "./target.ts";

/** SHA256SUMS is always written first, so that it names all that the manifest names. */
export type ListName = "manifest" | "sums";

/** What a line says, or null; and how it is not as it was written. */
export interface ReadLine<T> {
  readonly item: T | null;
  readonly broken: Parameters<OnBroken>[0] | null;
}

export interface ListForm<T> {
  readonly list: ListName;
  /** @param line without its newline */
  readonly read: (line: string) => ReadLine<T>;
  /** With its newline. */
  readonly write: (item: T) => string;
}

export const ENTRIES: ListForm<ManifestEntry> = {
  list: "manifest",
  read(line) {
    const read = parseEntryLine(line);
    if (read === null) return { item: null, broken: "unreadable" };
    const form = line.endsWith("\r") ? "form" : null;
    return { item: read.entry, broken: read.flawed ? "flawed" : form };
  },
  write: (entry) => `${JSON.stringify(entry)}\n`,
};

const PLAIN = /^(\\?)([0-9a-f]{64}) [ *](.+)$/is;
/** `sha256sum --tag`, and the BSDs. */
const TAGGED = /^(\\?)SHA256 \((.+)\) = ([0-9a-f]{64})$/is;

/** Written as `sha256sum` writes it, read in whatever form a program may have left it. */
export const SUMS: ListForm<Sum> = {
  list: "sums",
  read(line) {
    const text = line.replace(/\r$/, "");
    const tagged = TAGGED.exec(text);
    const [, slash = "", sha256 = "", name = ""] =
      tagged === null ? (PLAIN.exec(text) ?? []) : [tagged[0], tagged[1], tagged[3], tagged[2]];
    const path = (slash === "" ? name : unescaped(name)).replace(/^(\.\/)+/, "");
    if (sha256 === "" || !isPathInside(path)) return { item: null, broken: "unreadable" };
    const item = { path, sha256: sha256.toLowerCase() };
    const isPlain = SUMS.write(item) === `${line.replace(/^(\\?.{64}) \*/, "$1  ")}\n`;
    return { item, broken: isPlain ? null : "form" };
  },
  /** A name with a backslash or a newline has them escaped, and the line says so. */
  write({ path, sha256 }) {
    const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
    return `${escaped === path ? "" : "\\"}${sha256}  ${escaped}\n`;
  },
};

function unescaped(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "r" ? "\r" : "\\"));
}

/** True for a line after which others may be added. */
export function isGoodLine(list: ListName, line: string): boolean {
  return list === "manifest" ? ENTRIES.read(line).item !== null : SUMS.read(line).broken === null;
}

/**
 * How far a list had got: what is remembered of a target is bound to it, so that another list of the same length is not
 * taken for this one.
 */
export interface ListMark {
  /** Bytes of its whole lines; the number of its parts in a store. */
  readonly length: number;
  /** Of those bytes; of what the parts were by name, size and ETag. */
  readonly sha256: string;
}

export type ListMarks = Readonly<Record<ListName, ListMark>>;

/** Both marks as one text. */
export function markText({ manifest, sums }: ListMarks): string {
  return `${manifest.length} ${manifest.sha256} ${sums.length} ${sums.sha256}`;
}

/** Null for the text of an earlier version, which knew the manifest's length only. */
export function parseMark(text: string): ListMarks | null {
  const [, length, sha256 = "", sumsLength, sumsSha256 = ""] =
    /^(\d+) ([0-9a-f]{64}) (\d+) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (length === undefined) return null;
  return {
    manifest: { length: Number(length), sha256 },
    sums: { length: Number(sumsLength), sha256: sumsSha256 },
  };
}
