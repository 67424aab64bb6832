/** A would-be family of renditions, as it was found in a listing, and the rule by which its keys are known. */

import type { OriginalRule, RenditionRule, TokenRule } from "../layouts/layout.ts";
import type { Confidence } from "./family-confidence.ts";
import type { Features, Pair } from "./family-features.ts";

export interface FoundFamily {
  /** A word at a place, or a pattern that leads from the rendition's key to its original's. */
  readonly rule: TokenRule | RenditionRule;
  /** Rules for the originals, where only a part of their keys follows from the renditions'. */
  readonly originals: readonly OriginalRule[];
  /** For people: `large/…`. */
  readonly looks: string;
  /** What names and sizes make of it. */
  readonly belief: Confidence;
  /** True where its pictures are worth comparing; nothing is a rendition before they were. */
  readonly proposed: boolean;
  /** True where the originals' own names say that they are originals. */
  readonly named: boolean;
  readonly features: Features;
  readonly reason: string;
  readonly pairs: readonly Pair[];
  /** Bytes of the members in the sample. */
  readonly bytes: number;
}

export interface WordFamily extends FoundFamily {
  readonly rule: TokenRule;
}

/** True where the family is a word at a place, and no pattern. */
export function isWordRule(rule: TokenRule | RenditionRule): rule is TokenRule {
  return !("regex" in rule);
}
