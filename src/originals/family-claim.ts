/** What a would-be family says of a key: whether it takes it, and to which original it leads. */

import { defineLayout, fill, normalStem, type RenditionRule, type TokenRule } from "../layouts/layout.ts";
import { tokenMatcher } from "../layouts/token.ts";
import type { Listed } from "../model.ts";
import { classifier } from "./classify.ts";

export interface Claim {
  /** True where the family takes the key. */
  takes(key: string): boolean;
  /** True where it leads from the one key to the other. */
  leads(child: string, parent: string): boolean;
}

/** Of a word at a place. `originals`: the words by which its originals are known. */
export function claimOfWord(rule: TokenRule, originals: readonly TokenRule[]): Claim {
  const match = tokenMatcher(rule);
  const decide = classifier(defineLayout({ id: "claim", tokens: [...originals, rule] }));
  const takes = (key: string) => match(key) !== null;
  return {
    takes,
    leads: (child, parent) =>
      takes(child) && decide({ key: child, size: 1 }).stem === decide({ key: parent, size: 1 }).stem,
  };
}

/** Of a pattern that leads to a stem. `stemOf` says what stem a key has were it an original. */
export function claimOfPattern(
  { regex, stem }: Pick<RenditionRule, "regex"> & { readonly stem: string },
  stemOf: (key: string) => string | null,
): Claim {
  const stemFrom = (key: string) => {
    const match = regex.exec(key);
    return match === null ? null : normalStem(fill(stem, match));
  };
  return {
    takes: (key) => regex.test(key),
    leads: (child, parent) => {
      const found = stemFrom(child);
      return found !== null && found === stemOf(parent);
    },
  };
}

/** Of pairs, the share that families claim, and the share of those for which one leads to the same original. */
export function claimed(
  pairs: readonly { readonly child: Listed; readonly parent: Listed }[],
  claims: readonly Claim[],
): { readonly known: number; readonly same: number } {
  let known = 0;
  let same = 0;
  for (const { child, parent } of pairs) {
    const takers = claims.filter((claim) => claim.takes(child.key));
    if (takers.length === 0) continue;
    known += 1;
    if (takers.some((claim) => claim.leads(child.key, parent.key))) same += 1;
  }
  return { known: known / Math.max(1, pairs.length), same: same / Math.max(1, known) };
}

/** The share of keys that were made from others. */
export function madeShare(keys: readonly string[], claims: readonly Claim[]): number {
  const made = keys.filter((key) => claims.some((claim) => claim.takes(key)));
  return made.length / Math.max(1, keys.length);
}
