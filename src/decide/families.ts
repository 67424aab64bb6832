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
import { unitOf } from "./family-proof.ts";
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
  /** True where its pictures are worth comparing; nothing is a rendition before they were. */
  readonly proposed: boolean;
  readonly reason: string;
  readonly pairs: readonly Pair[];
  /** Bytes of the members in the sample. */
  readonly bytes: number;
}

/** A place that holds a smaller share of a family's originals than this is chance. */
const LEAST_PARENT_SHARE = 0.05;
/** Of a family that may be one: its members, those that have a twin, and twins that are larger. */
const POSSIBLE = { members: 30, joined: 0.5, smaller: 0.8 };

/**
 * Every family that words and sizes suggest, the best supported first. Those that are proposed do not overlap: first
 * what is sure or likely, then what is merely possible.
 * @param refused how families look that were found to be none
 */
export function findFamilies(
  groups: ReadonlyMap<string, readonly Member[]>,
  refused: ReadonlySet<string> = new Set(),
): FoundFamily[] {
  const candidates = collect(groups);
  const compared = refusedPairs(candidates, refused);
  const found = new Map<Candidate, FoundFamily>();
  const taken: TokenMatcher[] = [];
  for (const possible of [false, true]) {
    for (const candidate of candidates) {
      if (found.get(candidate)?.proposed === true) continue;
      const members = candidate.members.filter(({ object }) =>
        taken.every((match) => match(object.key) === null),
      );
      const family = members.length === 0 ? null : weigh(candidate, members, candidates);
      if (family === null) continue;
      const worth = family.belief !== "suspect" || (possible && isPossible(family.features));
      const proposed = worth && !refused.has(family.looks) && !isCompared(family, compared);
      found.set(candidate, { ...family, proposed });
      if (!proposed) continue;
      taken.push(tokenMatcher(family.rule));
      for (const rule of originalRules([family])) taken.push(tokenMatcher(rule));
    }
  }
  return [...found.values()];
}

/** What a refused family would have joined. */
function refusedPairs(
  candidates: readonly Candidate[],
  refused: ReadonlySet<string>,
): ReadonlySet<string> {
  const pairs = candidates
    .filter(({ members }) => {
      const where = members[0]?.slot.where;
      return where != null && refused.has(describeToken({ ...NO_RULE, ...where }));
    })
    .flatMap((candidate) => candidate.pairs.map(nameOfPair));
  return new Set(pairs);
}

const NO_RULE: TokenRule = { family: "", role: "rendition", rank: 0, needs: "larger" };

function nameOfPair({ child, parent }: Pair): string {
  return `${child.object.key}\n${parent.object.key}`;
}

/** The same word counted from the other end joins the same keys, and proves no more. */
function isCompared({ pairs }: Pick<FoundFamily, "pairs">, compared: ReadonlySet<string>): boolean {
  const known = pairs.filter((pair) => compared.has(nameOfPair(pair))).length;
  return known > 0 && known >= pairs.length / 2;
}

/** Names and sizes do not speak against it; pictures decide. */
function isPossible({ members, joined, smaller, raw, videoOfImage }: Features): boolean {
  return (
    members >= POSSIBLE.members &&
    joined >= members * POSSIBLE.joined &&
    smaller >= POSSIBLE.smaller &&
    raw === 0 &&
    videoOfImage <= 0.5
  );
}

/** The layout that these families make, with the words by which their originals are named. */
export function layoutOf(families: readonly FoundFamily[]): Layout {
  return {
    id: "auto",
    title: "Told from the names and sizes in this listing",
    evidence: "inferred from this listing",
    originals: [],
    renditions: [],
    tokens: [...originalRules(families), ...named(families)],
    join: "the key without the word that names the rendition, and without its extension",
    hides: {},
  };
}

/** Each rule under a name of its own, since it is proven by itself: the word, or how it looks where the word is taken. */
export function named(families: readonly FoundFamily[]): TokenRule[] {
  const taken = new Set<string>();
  return families.map(({ rule, looks }) => {
    const free = !taken.has(unitOf(rule.family));
    taken.add(unitOf(rule.family));
    return free ? rule : { ...rule, family: looks };
  });
}

/** Where the originals of these families are told by a word of their own. */
function originalRules(families: readonly Pick<FoundFamily, "pairs" | "looks">[]): TokenRule[] {
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
): Omit<FoundFamily, "proposed"> | null {
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
