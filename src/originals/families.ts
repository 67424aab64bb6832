/**
 * Finds the families of renditions in a sample of a listing: those that a word names, and those whose keys are
 * made from their originals' in other ways. Pure: the same sample gives the same answer.
 */

import { senseOf } from "../keys/name-shape.ts";
import { defineLayout, type Layout, type OriginalRule, type RenditionRule } from "../layouts/layout.ts";
import { type FoundFamily, isPlausible, isRelated, isWordRule, type WordFamily } from "./family-confidence.ts";
import { featuresOf } from "./family-features.ts";
import { unitOf } from "./family-proof.ts";
import { type Claim, claimed, claimOfWord, suggestionsFrom } from "./family-suggestions.ts";
import type { Member, PhotoSample } from "./listing-samples.ts";
import { gather, type Rewritten, rulesIn } from "./rewrite-families.ts";
import { findWordFamilies, originalWords } from "./word-families.ts";

export type { FoundFamily } from "./family-confidence.ts";

/** What two passes over a listing gathered. */
export interface ListingSamples {
  readonly groups: ReadonlyMap<string, readonly Member[]>;
  /** How many groups of the listing one of these stands for. */
  readonly scale: number;
  readonly photos: PhotoSample;
}

/** Of the keys of two families, in so many they are the same. */
const SAME = 0.8;

/**
 * Every family that names and sizes suggest, those first that words name. What is proposed does not overlap, and leads
 * to no other rendition: of two ways in which the same keys may have been made, the less likely is proposed once the
 * other one was refused.
 * @param refused how families look that were found to be none
 */
export function findFamilies(
  { groups, scale, photos }: ListingSamples,
  refused: ReadonlySet<string> = new Set(),
): FoundFamily[] {
  const words = findWordFamilies(groups, refused);
  const { rules, objects } = rulesIn(photos);
  const suggestions = suggestionsFrom(
    words.filter(({ proposed }) => proposed),
    rules,
    objects,
    photos,
    scale,
  );
  const taken: Claim[] = [];
  const barred = [
    ...words.filter(({ looks }) => refused.has(looks)).map((word) => claimOfWord(word.rule, originalWords([word]))),
    ...suggestions.filter(({ rule }) => rule !== null && refused.has(rule.rewrite.looks)).map(({ claim }) => claim),
  ];
  const covered = new Set<WordFamily>();
  const chosen = new Set<FoundFamily>();
  const patterns: FoundFamily[] = [];
  for (const { word, rule, claim, pairs, rooted } of suggestions) {
    const isCovered = claimed(pairs, taken).known > 0.5;
    if (isCovered && word !== null) covered.add(word);
    if (!rooted || isCovered || isSame(claimed(pairs, barred))) continue;
    const isMade = (key: string) => taken.some((one) => one.takes(key));
    const found = rule === null ? null : gather(rule, objects, photos, isMade);
    const family = word ?? fromRule(found, patterns);
    if (family === null) continue;
    if (word === null) patterns.push(family);
    chosen.add(family);
    taken.push(claim);
  }
  return [
    ...words
      .filter((word) => !covered.has(word))
      .map((word) => (chosen.has(word) ? word : { ...word, proposed: false })),
    ...patterns,
  ];
}

/** The layout that these families make, with the words by which their originals are named. */
export function layoutOf(families: readonly FoundFamily[]): Layout {
  const originals = families.flatMap((family) => family.originals);
  /** Stems of names without folders: more than one photo may have one. */
  const needs = originals.length > 0 ? { needs: "one" as const } : {};
  const rules = named(families).map((rule) => ({ ...rule, ...needs }));
  return defineLayout({
    id: "auto",
    title: "Told from the names and sizes in this listing",
    originals,
    renditions: rules.flatMap((rule) => (isWordRule(rule) ? [] : [rule])),
    tokens: [...originalWords(families), ...rules.filter(isWordRule)],
  });
}

/** Each rule under a name of its own, since it is proven by itself: the word, or how it looks where the word is taken. */
export function named(families: readonly FoundFamily[]): FoundFamily["rule"][] {
  const taken = new Set<string>();
  return families.map(({ rule, looks }) => {
    const free = !taken.has(unitOf(rule.family));
    taken.add(unitOf(rule.family));
    return free ? rule : { ...rule, family: looks };
  });
}

function isSame({ known, same }: { readonly known: number; readonly same: number }): boolean {
  return known >= SAME && same >= SAME;
}

/** The family of a pattern; null where it is none after all. */
function fromRule(found: Rewritten | null, others: readonly FoundFamily[]): FoundFamily | null {
  if (found === null) return null;
  const { rewrite, regex, members, pairs } = found;
  const features = featuresOf(members.length, pairs);
  const speaks = rewrite.words.some((word) => senseOf(word) === "rendition");
  if (!isPlausible(features) || (rewrite.swap && !speaks && !isRelated(features))) return null;
  const examples = pairs.slice(0, 3);
  const rule: RenditionRule = {
    regex,
    stem: rewrite.stem,
    family: nameOf(rewrite.words, rewrite.looks, others),
    action: "skip-if-original-present",
    needs: "larger",
    role: "rendition",
    byKey: rewrite.leads === "key",
    looks: rewrite.looks,
    glob: rewrite.glob,
    examples: examples.map(({ child }) => child.object.key),
  };
  const original: OriginalRule = {
    regex: found.originals,
    stem: rewrite.stem,
    rank: 0,
    telling: false,
    examples: examples.map(({ parent }) => parent.object.key),
  };
  return {
    rule,
    originals: rewrite.leads === "key" ? [] : [original],
    looks: rewrite.looks,
    confidence: "suspect",
    proposed: true,
    named: false,
    features,
    reason: reasonOf(features),
    pairs,
    bytes: members.reduce((sum, { size }) => sum + size, 0),
  };
}

/** The words that say rendition, else all words, else how its keys look; no name twice. */
function nameOf(words: readonly string[], looks: string, others: readonly FoundFamily[]): string {
  const speaking = words.filter((word) => senseOf(word) === "rendition");
  const name = [...new Set(speaking.length > 0 ? speaking : words)].join(" ");
  const free = others.every(({ rule }) => unitOf(rule.family) !== unitOf(name));
  return free && name !== "" ? name : looks;
}

function reasonOf({ members, joined, smaller, medianRatio }: FoundFamily["features"]): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `${percent(joined / members)} lead to an original by their names, ${percent(smaller)} of them are smaller than it, typically ${percent(medianRatio)} of its size`;
}
