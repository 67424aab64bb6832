/** Pairs as they come from comparing, for tables. */

import type { ComparedPair, Control } from "../../src/originals/family-proof.ts";
import { REASONS } from "../../src/pictures/pair.ts";

/** `count` pairs for the same reason; the numbers of their keys begin at `from`. */
export function pairs(
  count: number,
  why: ComparedPair["why"] = "whole or cut to shape",
  more: Partial<ComparedPair> & { readonly from?: number } = {},
): ComparedPair[] {
  const { from = 0, ...rest } = more;
  return Array.from({ length: count }, (_, at) => {
    const name = `${why} ${from + at}`;
    return {
      child: `small/${name}.jpg`,
      parent: `large/${name}.jpg`,
      bytes: { child: 10_000 + 100 * at, parent: 1_000_000 + 10_000 * at },
      verdict: verdictOf(why),
      why,
      likeness: 0.9,
      edited: false,
      ...rest,
    };
  });
}

function verdictOf(why: ComparedPair["why"]): ComparedPair["verdict"] {
  if (why === "taken at another time") return "other";
  const known: Partial<Record<string, ComparedPair["verdict"]>> = REASONS;
  return known[why] ?? "unreadable";
}

/** Renditions beside other originals; `same` of them cannot be told apart. */
export function controls(count: number, same = 0): Control[] {
  return Array.from({ length: count }, (_, at) => ({
    child: `small/${at}.jpg`,
    parent: `large/${at + 1}.jpg`,
    same: at < same,
  }));
}
