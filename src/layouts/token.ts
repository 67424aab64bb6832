/** Applies the words of a token rule to a key. */

import type { TokenRule } from "./layout.ts";
import { normalStem } from "./layout.ts";

const SEPARATORS = "_\\-.,@";
const EXTENSION = /^(.+)\.[A-Za-z0-9]{1,5}$/;

/** A rule made ready to be applied to many keys. */
export type TokenMatcher = (key: string) => string | null;

/** Answers the stem of a key that has all the words of the rule where it wants them, else null. */
export function tokenMatcher(rule: TokenRule): TokenMatcher {
  const directory = rule.directory === undefined ? null : wordRegex("^", rule.directory.word, "$");
  const prefix = affix(rule.prefix, (word) => new RegExp(`^${word}[${SEPARATORS}](?=.)`, "i"));
  const suffix = affix(rule.suffix, (word) => new RegExp(`(?<=.)[${SEPARATORS}]${word}$`, "i"));
  const name = rule.name === undefined ? null : wordRegex("^", rule.name, "$");
  return (key) => {
    const segments = key.split("/");
    const file = segments.pop() ?? "";
    if (rule.directory !== undefined && directory !== null) {
      const { from, at } = rule.directory;
      const index = from === "left" ? at : segments.length - at;
      const segment = segments[index];
      if (segment === undefined || !directory.test(segment)) return null;
      segments.splice(index, 1);
    }
    let base = EXTENSION.exec(file)?.[1] ?? file;
    for (const part of [prefix, suffix]) {
      if (part === null) continue;
      if (!part.test(base)) return null;
      base = base.replace(part, "");
    }
    if (name === null) segments.push(base);
    else if (!name.test(base) || segments.length === 0) return null;
    return normalStem(segments.join("/"));
  };
}

/** How the rule looks in a key, for people: `large/…`, `…_thumb.*`. */
export function describeToken(rule: TokenRule): string {
  const file =
    rule.name === undefined
      ? `${rule.prefix === undefined ? "" : `${rule.prefix}_`}…${rule.suffix === undefined ? "" : `_${rule.suffix}.*`}`
      : `${rule.name}.*`;
  if (rule.directory === undefined) return rule.name === undefined ? file : `…/${file}`;
  const { from, at, word } = rule.directory;
  const before = from === "left" ? "*/".repeat(at) : "…/";
  const between = from === "right" ? "*/".repeat(at - 1) : "";
  return `${before}${word}/${between}${file}`;
}

function affix(word: string | undefined, make: (source: string) => RegExp): RegExp | null {
  return word === undefined ? null : make(wordSource(word));
}

function wordRegex(before: string, word: string, after: string): RegExp {
  return new RegExp(`${before}${wordSource(word)}${after}`, "i");
}

function wordSource(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("#", "\\d+");
}
