/** Layout files that users write, as JSON or TOML. */

import { parse as parseToml, TomlError } from "smol-toml";
import { HaulError } from "../errors.ts";
import type { Layout } from "../layouts/layout.ts";
import { parseLayout } from "../layouts/layout-data.ts";
import { readShortText } from "../local/files.ts";
import { classify } from "./classify.ts";

type DataPath = readonly (string | number)[];

export interface FileMistake {
  /** 1 is the first line. */
  readonly line: number;
  readonly message: string;
}

export type CheckedLayout =
  | { readonly layout: Layout; readonly mistakes: readonly [] }
  | { readonly layout: null; readonly mistakes: readonly [FileMistake, ...FileMistake[]] };

/**
 * Reads and checks a layout file; `.toml` is TOML, anything else JSON.
 * @throws HaulError `usage` naming the file, every mistake and its line
 */
export async function loadLayoutFile(path: string): Promise<Layout> {
  const checked = checkLayoutText(await readShortText("layout file", path), path.toLowerCase().endsWith(".toml"));
  if (checked.layout !== null) return checked.layout;
  const list = checked.mistakes.map(({ line, message }) => `${path}:${line}: ${message}`);
  throw new HaulError("usage", `the layout file cannot be used: ${list.join("; ")}`);
}

/** Checks the text of a layout file, its examples against its own rules. Never throws. */
export function checkLayoutText(text: string, toml: boolean): CheckedLayout {
  const data = parseText(text, toml);
  if ("line" in data) return { layout: null, mistakes: [data] };
  const lineOf = (path: DataPath) => (toml ? lineInToml(text, path) : lineInJson(text, path));
  const parsed = parseLayout(data.value);
  const found = parsed.layout === null ? parsed.mistakes : wrongExamples(parsed.layout);
  const [first, ...more] = found.map(({ path, message }) => ({
    line: lineOf(path),
    message: path.length === 0 ? message : `${spell(path)}: ${message}`,
  }));
  if (first !== undefined) return { layout: null, mistakes: [first, ...more] };
  if (parsed.layout === null) throw new TypeError("a layout is either right or has mistakes");
  return { layout: parsed.layout, mistakes: [] };
}

/** Examples that the layout's own rules take for something else, with the path of each. */
export function wrongExamples(layout: Layout): { readonly path: DataPath; readonly message: string }[] {
  const wrong: { path: (string | number)[]; message: string }[] = [];
  const expect = (path: (string | number)[], key: string, kind: string) => {
    const verdict = classify({ key, size: 1 }, layout);
    if (verdict.kind === kind) return;
    wrong.push({
      path,
      message: `${key} should be ${kind}, but is ${verdict.kind}: ${verdict.reason}`,
    });
  };
  layout.originals.forEach((rule, r) => {
    rule.examples.forEach((key, e) => {
      expect(["originals", r, "examples", e], key, "original");
    });
  });
  const kinds = { keep: "original", sidecar: "sidecar", litter: "other" } as const;
  layout.renditions.forEach(({ action, examples }, r) => {
    const kind = action === "skip-no-join" || action === "skip-if-original-present" ? "rendition" : kinds[action];
    examples.forEach((key, e) => {
      expect(["renditions", r, "examples", e], key, kind);
    });
  });
  return wrong;
}

function parseText(text: string, toml: boolean): { value: unknown } | FileMistake {
  try {
    return { value: toml ? parseToml(text) : JSON.parse(text) };
  } catch (error) {
    if (error instanceof TomlError) {
      return { line: error.line, message: firstLine(error.message) };
    }
    const message = error instanceof Error ? error.message : String(error);
    const upto = text.slice(0, offsetOf(message, text));
    return { line: upto.split("\n").length, message: firstLine(message) };
  }
}

/** Node says where a text stops being JSON by a position, or by ten characters on either side; else at its end. */
function offsetOf(message: string, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const [, before, around] = /, (\.\.\.)?"([\s\S]*)"(?:\.\.\.)? is not valid JSON$/.exec(message) ?? [];
  const found = around === undefined ? -1 : text.indexOf(around);
  if (found < 0) return text.length;
  return before === undefined ? found : found + 10;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

function spell(path: DataPath): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part + 1}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

/** The line of a text on which a value stands that was read from it; 1 is the first. Where the value itself is absent, the line of what should have held it. */
function lineInJson(text: string, path: DataPath): number {
  let best = 0;
  let depth = 0;
  visitJson(text, (at, place) => {
    if (place.length < depth || place.length > path.length) return;
    if (!place.every((part, i) => part === path[i])) return;
    best = at;
    depth = place.length;
  });
  return text.slice(0, best).split("\n").length;
}

/** Like `lineInJson`, for TOML as people write it: tables, arrays of tables, `name = value`. */
function lineInToml(text: string, path: DataPath): number {
  const lines = text.split("\n");
  const names = path.filter((part) => typeof part === "string");
  const [table, index] = path;
  const field = names.at(-1);
  let start = 0;
  if (typeof table === "string" && typeof index === "number") {
    const headers = lines.flatMap((line, at) => (header(line) === table ? [at] : []));
    start = headers[index] ?? lines.findIndex((line) => assigns(line, table));
    if (names.length < 2) return Math.max(start, 0) + 1;
  }
  for (let at = Math.max(start, 0); at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (at > start && header(line) === table && typeof index === "number") break;
    if (field !== undefined && (assigns(line, field) || header(line) === field)) return at + 1;
  }
  return Math.max(start, 0) + 1;
}

function header(line: string): string | null {
  return /^\s*\[\[?\s*(?:[\w-]+\.)*([\w-]+)\s*\]\]?/.exec(line)?.[1] ?? null;
}

function assigns(line: string, name: string): boolean {
  return new RegExp(`(?:^|[{,.])\\s*"?${name}"?\\s*=`).test(line);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Calls `see` with the offset and path of every value of a text that is JSON. */
function visitJson(text: string, see: (at: number, path: DataPath) => void): void {
  const path: (string | number)[] = [];
  const arrays: boolean[] = [];
  let expectsName = false;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === "}" || token === "]") {
      arrays.pop();
      path.pop();
      expectsName = false;
    } else if (token === ",") {
      const last = path.at(-1);
      if (arrays.at(-1) === true && typeof last === "number") path[path.length - 1] = last + 1;
      expectsName = arrays.at(-1) === false;
    } else if (token === ":") {
      expectsName = false;
    } else if (expectsName) {
      path[path.length - 1] = String(JSON.parse(token));
    } else {
      see(match.index, [...path]);
      if (token !== "{" && token !== "[") continue;
      arrays.push(token === "[");
      path.push(token === "[" ? 0 : "");
      expectsName = token === "{";
    }
  }
}
