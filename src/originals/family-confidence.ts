/**
 * Whether a family may be believed to be renditions. The numbers were measured on 113 camera photos re-encoded
 * at four sizes: 3.5 % of 2,048-pixel copies are larger than their original, so "smaller" tolerates a few;
 * sizes of rendition and original correlate with r = 0.24 to 0.36, of two renditions with 0.80 to 0.94, and of
 * unrelated photos that share a name not at all.
 */

import { isMachineWord, senseOf } from "../keys/name-shape.ts";
import type { Need, OriginalRule, RenditionRule, TokenRule } from "../layouts/layout.ts";
import type { Features, Pair } from "./family-features.ts";

/** `sure` may be acted upon; `likely` only after a look at the pictures; `suspect` is told and mirrored. */
export type Confidence = "sure" | "likely" | "suspect";

export interface WordFeatures extends Features {
  /** Best correlation of sizes with another rendition of the same photos; −∞ where there is none. */
  readonly sibling: number;
  /** Share of the photos of which a family with another speaking word has one too. */
  readonly company: number;
  /** The words of the family. */
  readonly word: string;
  /** Found by an operator that chance feeds: prefix, suffix, a directory that the original has not. */
  readonly weak: boolean;
}

interface Judged {
  readonly confidence: Confidence;
  readonly named: boolean;
  readonly needs: Need;
  readonly reason: string;
}

const JOINED = 0.8;
const SMALLER = 0.93;
const SIBLING = 0.55;
/** Above this the typical pair are two shots of a burst rather than a photo and its rendition. */
const LARGEST_RATIO = 0.7;
/** Pairs from which correlations are worth something. */
const MANY = 100;

export function confidenceIn(e: WordFeatures): Judged {
  const speaks = senseOf(e.word) === "rendition";
  const facts = factsOf(e);
  const suspect = (reason: string): Judged => ({
    confidence: "suspect",
    named: false,
    needs: "larger",
    reason,
  });
  if (e.joined === 0) return suspect("none of them has a twin that could be its original");
  if (speaks && areNamed(e)) {
    const reason = `their originals say so in their own names; ${facts}`;
    return { confidence: "sure", named: true, needs: "nothing", reason };
  }
  if (e.joined / e.members < JOINED || e.smaller < SMALLER || e.medianRatio > LARGEST_RATIO) {
    return suspect(facts);
  }
  if (e.raw > 0 || e.videoOfImage > 0.5) return suspect(`${facts}, but they are RAW files or videos`);
  /** People call a folder "large" or "web"; nobody makes both a large and a thumb of every photo by hand. */
  const trusted = speaks && (isMachineWord(e.word) || e.company >= JOINED);
  const clear = trusted && isClear(e);
  if (!clear && !isBeyondChance(e) && !(e.sibling >= SIBLING))
    return suspect(`${facts}, but their sizes have nothing to do with each other`);
  const score = scoreOf(e);
  const needs = speaks && !/#/.test(e.word) ? "larger-if-any" : "larger";
  const reason = speaks ? `the name says so; ${facts}` : facts;
  if (clear || (isSure(e, score, speaks) && (!speaks || trusted))) {
    return { confidence: "sure", named: false, needs, reason };
  }
  const enough = score >= (e.weak && !speaks ? 7 : 5.5);
  return enough ? { confidence: "likely", named: false, needs, reason } : suspect(facts);
}

/** The originals' keys say "original": for most, or for a part of photos whose renditions do pair up. */
function areNamed(e: WordFeatures): boolean {
  const named = e.named / e.members;
  const together = named >= JOINED || (named >= 0.25 && e.sibling >= SIBLING);
  return together && e.smaller >= 0.5 && e.raw < 0.5;
}

/** Nearly every one has a twin several times its size. */
function isClear(e: WordFeatures): boolean {
  return e.joined / e.members >= 0.97 && e.smaller >= 0.99 && e.medianRatio <= 0.35;
}

/** Sizes correlate more than those of unrelated photos do, of which there are so many. */
function isBeyondChance({ joined, correlation }: Features): boolean {
  return correlation >= Math.max(0.1, 2.6 / Math.sqrt(joined));
}

/** Where no word speaks, only many photos of two sizes that go together; else the pictures must be looked at. */
function isSure(e: WordFeatures, score: number, speaks: boolean): boolean {
  const many = e.joined >= MANY;
  const related = e.sibling >= SIBLING;
  return score >= 7 && (speaks ? many || related : many && related);
}

function scoreOf(e: WordFeatures): number {
  const co = e.joined / e.members;
  return (
    step(co, [0.97, 2], [0.8, 1], -2) +
    step(e.smaller, [0.99, 2], [0.93, 1], -3) +
    step(-e.medianRatio, [-0.25, 2], [-0.7, 1], -1) +
    (e.single >= 0.9 ? 1 : -1) +
    (senseOf(e.word) === "rendition" ? 2 : 0) +
    (e.spread < 0 ? 0.5 : 0) +
    (e.later >= 0.9 ? 0.5 : -1) +
    (e.sibling >= SIBLING ? 1.5 : 0)
  );
}

function step(value: number, high: [number, number], low: [number, number], none: number): number {
  if (value >= high[0]) return high[1];
  return value >= low[0] ? low[1] : none;
}

function factsOf(e: WordFeatures): string {
  const co = percent(e.joined / e.members);
  if (e.joined === 0) return "no twins";
  return `${co} have a twin of that name, ${percent(e.smaller)} of them are smaller than it, typically ${percent(e.medianRatio)} of its size`;
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? "under 1 %" : `${Math.round(share * 100)} %`;
}

/** A would-be family of renditions, as it was found in a listing, and the rule by which its keys are known. */
export interface FoundFamily {
  /** A word at a place, or a pattern that leads from the rendition's key to its original's. */
  readonly rule: TokenRule | RenditionRule;
  /** Rules for the originals, where only a part of their keys follows from the renditions'. */
  readonly originals: readonly OriginalRule[];
  /** For people: `large/…`. */
  readonly looks: string;
  /** What names and sizes make of it. */
  readonly confidence: Confidence;
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

/**
 * What a family must show for its pictures to be worth a look: so many pairs, below which it cannot be told from chance;
 * of its keys, the share that has an original; of the pairs, the share in which the rendition has fewer bytes (3.5 % of
 * copies of 2,048 pixels have more); of the originals, the share that is named in one way.
 */
export const PROPOSED = { pairs: 3, joined: 0.5, smaller: 0.85, onePlace: 0.8 };

/** True where the keys pair up, the copies have fewer bytes, and they are neither RAW files nor videos of stills. */
export function isPlausible({ members, joined, smaller, raw, videoOfImage }: Features): boolean {
  return (
    joined >= PROPOSED.pairs &&
    joined >= members * PROPOSED.joined &&
    smaller >= PROPOSED.smaller &&
    raw <= 0.5 &&
    videoOfImage <= 0.5
  );
}

/**
 * True where the sizes of the pairs have something to do with each other; photos that share no more than a counter
 * have not. To be asked where no word says rendition.
 */
export function isRelated(features: Features): boolean {
  return isBeyondChance(features) && features.medianRatio <= LARGEST_RATIO;
}

/** True where most of the originals are named in one way. */
export function isOfOnePlace(places: readonly string[]): boolean {
  const counts = [...Map.groupBy(places, (place) => place).values()].map(({ length }) => length);
  return Math.max(0, ...counts) >= places.length * PROPOSED.onePlace;
}
