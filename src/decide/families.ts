/**
 * Finds the families of renditions in a sample of a listing and says, of each, whether it may be believed.
 * Pure: the same sample gives the same answer.
 */

import type { Layout, TokenRule } from "../layouts/layout.ts";
import type { TokenMatcher } from "../layouts/token.ts";
import { describeToken, tokenMatcher } from "../layouts/token.ts";
import type { Belief } from "./family-belief.ts";
import { judge } from "./family-belief.ts";
import { type Candidate, companyOf, siblingOf } from "./family-company.ts";
import type { Features, Pair } from "./family-features.ts";
import { featuresOf, parentOf } from "./family-features.ts";
import { senseOf } from "./family-words.ts";
import type { Member } from "./group-sample.ts";

export interface FoundFamily {
  readonly rule: TokenRule;
  /** For people: `large/…`. */
  readonly looks: string;
  readonly belief: Belief;
  /** True where the originals' own names say that they are originals. */
  readonly named: boolean;
  readonly features: Features;
  readonly reason: string;
  readonly pairs: readonly Pair[];
  /** Bytes of the members in the sample. */
  readonly bytes: number;
}

/** A place that holds a smaller share of a family's originals than this is chance. */
const LEAST_PARENT_SHARE = 0.05;

/** Every family that words and sizes suggest, the best supported first; `sure` and `likely` ones do not overlap. */
export function findFamilies(groups: ReadonlyMap<string, readonly Member[]>): FoundFamily[] {
  const candidates = collect(groups);
  const found: FoundFamily[] = [];
  const taken: TokenMatcher[] = [];
  for (const candidate of candidates) {
    const members = candidate.members.filter(({ object }) =>
      taken.every((match) => match(object.key) === null),
    );
    if (members.length === 0) continue;
    const family = weigh(candidate, members, candidates);
    if (family === null) continue;
    found.push(family);
    if (family.belief === "suspect") continue;
    taken.push(tokenMatcher(family.rule));
    for (const rule of originalRules([family])) taken.push(tokenMatcher(rule));
  }
  return found;
}

/** The layout that these families make, with the words by which their originals are named. */
export function layoutOf(families: readonly FoundFamily[]): Layout {
  return {
    id: "auto",
    title: "Told from the names and sizes in this listing",
    evidence: "inferred from this listing",
    originals: [],
    renditions: [],
    tokens: [...originalRules(families), ...families.map(({ rule }) => rule)],
    join: "the key without the word that names the rendition, and without its extension",
    hides: {},
  };
}

/** Where the originals of these families are told by a word of their own. */
function originalRules(families: readonly FoundFamily[]): TokenRule[] {
  const rules = new Map<string, TokenRule>();
  const renditions = new Set(families.map(({ looks }) => looks));
  for (const { pairs } of families) {
    const places = Map.groupBy(pairs, ({ parent }) => parent.slot.id);
    for (const [id, [first, ...more]] of places) {
      const where = first?.parent.slot.where;
      if (where === undefined || where === null) continue;
      if (more.length + 1 < pairs.length * LEAST_PARENT_SHARE) continue;
      const rule: TokenRule = {
        family: "original",
        role: "original",
        rank: 0,
        needs: "nothing",
        ...where,
      };
      if (!renditions.has(describeToken(rule))) rules.set(id, rule);
    }
  }
  return [...rules.values()];
}

function collect(groups: ReadonlyMap<string, readonly Member[]>): Candidate[] {
  const byId = new Map<string, Candidate>();
  for (const group of groups.values()) {
    for (const member of group) {
      const { id, word } = member.slot;
      const sense = senseOf(word);
      if (id === "" || sense === "original" || sense === "kept") continue;
      const candidate = byId.get(id) ?? { id, word, members: [], pairs: [] };
      byId.set(id, candidate);
      candidate.members.push(member);
      const parent = parentOf(member, group);
      if (parent !== null) candidate.pairs.push({ child: member, parent });
    }
  }
  return [...byId.values()]
    .filter(({ word, pairs }) => pairs.length > 0 || senseOf(word) === "rendition")
    .sort(bySupport);
}

/** What speaks comes first, then what joins most; among equals the place counted from the left. */
function bySupport(a: Candidate, b: Candidate): number {
  const spoken = Number(senseOf(b.word) === "rendition") - Number(senseOf(a.word) === "rendition");
  if (spoken !== 0) return spoken;
  return b.pairs.length - a.pairs.length || (a.id < b.id ? -1 : 1);
}

function weigh(
  candidate: Candidate,
  members: readonly Member[],
  all: readonly Candidate[],
): FoundFamily | null {
  const where = members[0]?.slot.where;
  if (where === undefined || where === null) return null;
  const keys = new Set(members.map(({ object }) => object.key));
  const pairs = candidate.pairs.filter(({ child }) => keys.has(child.object.key));
  const features = featuresOf(members.length, pairs);
  const verdict = judge({
    ...features,
    sibling: siblingOf(candidate, all),
    company: companyOf(candidate, all),
    word: candidate.word,
    weak: isWeak(candidate, pairs),
  });
  const rule: TokenRule = {
    family: nameOf(candidate.word),
    role: "rendition",
    rank: 0,
    needs: verdict.needs,
    ...where,
  };
  const bytes = members.reduce((sum, { object }) => sum + object.size, 0);
  return { rule, looks: describeToken(rule), features, pairs, bytes, ...verdict };
}

/** The word that says rendition, where there is one; else all of them. */
function nameOf(word: string): string {
  const speaking = word.split(" ").filter((one) => senseOf(one) === "rendition");
  return speaking.length > 0 ? speaking.join(" ") : word;
}

/** A prefix or suffix, or a directory that the original has not: chance makes such twins more often. */
function isWeak({ id }: Candidate, pairs: readonly Pair[]): boolean {
  if (/^(?:prefix|suffix):/.test(id)) return true;
  return pairs.some(({ parent }) => parent.slot.id === "");
}
