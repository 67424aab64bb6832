/** The parts of a target's lists in a store: found, read, and told from what they were. */

import { createHash } from "node:crypto";
import { parseEntryLine } from "../../entry-line.ts";
import type { ManifestEntry } from "../../model.ts";
import { parseSumsLine } from "../folder/sums-line.ts";
import type { OnBroken, Sum } from "../target.ts";
import type { FoundAt, PrefixWriter } from "./prefix-writer.ts";

export interface List {
  readonly beginning: string;
  readonly form: RegExp;
  path(number: string): string;
}

export const MANIFEST: List = {
  beginning: ".photohaul/manifest-",
  form: /^\.photohaul\/manifest-(\d{6,})\.ndjson$/,
  path: (number) => `.photohaul/manifest-${number}.ndjson`,
};

export const SUMS: List = {
  beginning: ".photohaul/SHA256SUMS-",
  form: /^\.photohaul\/SHA256SUMS-(\d{6,})$/,
  path: (number) => `.photohaul/SHA256SUMS-${number}`,
};

export interface Part extends FoundAt {
  readonly number: number;
}

/** By number. @throws HaulError a target's troubles */
export async function partsOf(
  prefixWriter: PrefixWriter,
  { beginning, form }: List,
  signal: AbortSignal,
): Promise<readonly Part[]> {
  return (await prefixWriter.list(beginning, signal))
    .map((found) => ({ ...found, number: Number(form.exec(found.path)?.[1] ?? 0) }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
}

/** How far a list had got: the number of its parts, and what they were by name, size and ETag. */
export function markOfParts(parts: readonly Part[]): { bytes: number; sha256: string } {
  const hash = createHash("sha256");
  for (const { path, size, etag } of parts) hash.update(`${path} ${size} ${etag}\n`);
  return { bytes: parts.length, sha256: hash.digest("hex") };
}

export function manifestLine(entry: ManifestEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** A line: what it says, or null; and how it is not as it was written. */
export type ReadLine<T> = (line: string) => {
  item: T | null;
  broken: Parameters<OnBroken>[0] | null;
};

export const readEntry: ReadLine<ManifestEntry> = (line) => {
  const read = parseEntryLine(line);
  if (read === null) return { item: null, broken: "unreadable" };
  const form = line.endsWith("\r") ? "form" : null;
  return { item: read.entry, broken: read.flawed ? "flawed" : form };
};

export const readSum: ReadLine<Sum> = (line) => {
  const read = parseSumsLine(line);
  if (read === null) return { item: null, broken: "unreadable" };
  return { item: read, broken: read.plain ? null : "form" };
};

/** What a part says. A part is written whole, so what has no end is unreadable. */
export function linesOfPart<T>(text: string, read: ReadLine<T>, onBroken: OnBroken): T[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") onBroken("unreadable");
  return lines.flatMap((line) => {
    const { item, broken } = read(line);
    if (broken !== null) onBroken(broken);
    return item === null ? [] : [item];
  });
}
