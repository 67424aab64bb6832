/** Lines of SHA256SUMS: written as `sha256sum` writes them, read in whatever form a program may have left them. */

import type { ManifestEntry } from "../../model.ts";
import { isPathInside } from "../../path-inside.ts";

export interface SumsLine {
  /** Relative to the target. */
  readonly path: string;
  readonly sha256: string;
  /** True where it is in the form that is written here. */
  readonly plain: boolean;
}

/** A name with a backslash or a newline has them escaped, and the line says so. With its newline. */
export function sumsLine(entry: Pick<ManifestEntry, "path" | "sha256">): string {
  const escaped = entry.path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `${escaped === entry.path ? "" : "\\"}${entry.sha256}  ${escaped}\n`;
}

const PLAIN = /^(\\?)([0-9a-f]{64}) [ *](.+)$/is;
/** `sha256sum --tag`, and the BSDs. */
const TAGGED = /^(\\?)SHA256 \((.+)\) = ([0-9a-f]{64})$/is;

/** @param line without its newline. @returns null where it names no file of the target with a SHA-256 */
export function parseSumsLine(line: string): SumsLine | null {
  const text = line.replace(/\r$/, "");
  const tagged = TAGGED.exec(text);
  const [, slash = "", sha256 = "", name = ""] =
    tagged === null ? (PLAIN.exec(text) ?? []) : [tagged[0], tagged[1], tagged[3], tagged[2]];
  if (sha256 === "") return null;
  const path = (slash === "" ? name : unescaped(name)).replace(/^(\.\/)+/, "");
  if (!isPathInside(path)) return null;
  const read = { path, sha256: sha256.toLowerCase() };
  return { ...read, plain: sumsLine(read) === `${line.replace(/^(\\?.{64}) \*/, "$1  ")}\n` };
}

function unescaped(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "r" ? "\r" : "\\"));
}
