/** The two lists on a target that say what was kept, manifest and SHA256SUMS: their lines, written and read. */

import { TextDecoder } from "node:util";
import { isPathInside, parseEntryLine } from "../manifest-entry.ts";
import type { Digests, ManifestEntry } from "../model.ts";
import { keyOfPath } from "../naming/name.ts";
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

/**
 * What can be said of a photo that no list tells of: its key is taken to be its path, and its ETag the MD5 of its bytes, as
 * most stores have it. A source that has the photo still says all of it better.
 */
export function entryAnew(path: string, digests: Digests, modified: string): ManifestEntry {
  const storedAt = new Date().toISOString();
  return { path, key: keyOfPath(path), etag: digests.md5, ...digests, captured: null, modified, storedAt };
}

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

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** In characters. No line of ours is longer: a key has 1,024 bytes. */
export const LONGEST_LINE = 1024 * 1024;

export interface OnLines {
  /** Told when something follows the last newline, which is no line. */
  readonly onRest: () => void;
  /** Told when the text is not in plain UTF-8. */
  readonly onForm: () => void;
}

/**
 * The lines of a text, without their newline; what follows the last newline is left out. A text that an editor wrote
 * anew as UTF-16, or with a mark of its encoding in front, is read as what it is.
 */
export async function* linesOf(chunks: Chunks, { onRest, onForm }: OnLines): AsyncGenerator<string> {
  let rest = "";
  for await (const text of decoded(chunks, onForm)) {
    const lines = (rest + text).split("\n");
    // A line that long is none of ours; its beginning is enough to show that it is broken.
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    yield* lines;
  }
  if (rest !== "") onRest();
}

async function* decoded(chunks: Chunks, onForm: () => void): AsyncGenerator<string> {
  let start: Buffer = Buffer.alloc(0);
  let decoder: TextDecoder | null = null;
  for await (const chunk of chunks) {
    if (decoder !== null) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < LONGEST_MARK) continue;
    const encoding = encodingOf(start);
    if (encoding !== null) onForm();
    decoder = new TextDecoder(encoding ?? "utf-8");
    yield decoder.decode(start, { stream: true });
  }
  yield decoder === null ? start.toString("utf8") : decoder.decode();
}

const LONGEST_MARK = 3;

/** By the mark at its beginning; null for plain UTF-8. */
function encodingOf(start: Buffer): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return start.subarray(0, LONGEST_MARK).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? "utf-8" : null;
}
