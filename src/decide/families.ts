/**
 * Finds the families of renditions in a sample of a listing and says, of each, whether it may be believed.
 * Numbers: measured on 113 camera photos re-encoded at four sizes; see `judge`.
 */

import type { Layout, TokenRule } from "../layouts/layout.ts";
import { describeToken, tokenMatcher } from "../layouts/token.ts";
import type { Features, Pair } from "./family-features.ts";
import { featuresOf, logSize, parentOf, pearson } from "./family-features.ts";
import { senseOf } from "./family-words.ts";
import type { Member } from "./group-sample.ts";

export type Belief = "sure" | "likely" | "suspect";

export interface FoundFamily {
  readonly rule: TokenRule;
  /** For people: `large/…`. */
  readonly looks: string;
  readonly belief: Belief;
  readonly features: Features;
  /** Best correlation of sizes with another family of the same photos. */
  readonly sibling: number;
  readonly reason: string;
  readonly pairs: readonly Pair[];
}

interface Candidate {
  readonly id: string;
  readonly word: string;
  readonly members: Member[];
  readonly pairs: Pair[];
}

const MOST_PARENT_SHARE = 0.05;

/** Every family that the words of the keys suggest, the best supported first. Pure. */
export function findFamilies(groups: ReadonlyMap<string, readonly Member[]>): FoundFamily[] {
  const candidates = collect(groups);
  const found: FoundFamily[] = [];
  const taken: ((key: string) => string | null)[] = [];
  for (const candidate of candidates) {
    const fresh = candidate.members.filter(({ object }) =>
      taken.every((match) => match(object.key) === null),
    );
    const rule = ruleOf(candidate);
    if (fresh.length === 0 || rule === null) continue;
    const keys = new Set(fresh.map(({ object }) => object.key));
    const pairs = candidate.pairs.filter(({ child }) => keys.has(child.object.key));
    const features = featuresOf(fresh.length, pairs);
    const sibling = siblingOf(candidate, candidates, groups);
    const { belief, reason } = judge(features, sibling, senseOf(candidate.word) === "rendition");
    found.push({ rule, looks: describeToken(rule), belief, features, sibling, reason, pairs });
    if (belief !== "suspect") taken.push(tokenMatcher(rule));
  }
  return found;
}

/** The layout that the believed families make, with the words by which their originals are named. */
export function layoutOf(families: readonly FoundFamily[]): Layout {
  const originals = new Map<string, TokenRule>();
  for (const { pairs } of families) {
    const counts = new Map<string, { n: number; member: Member }>();
    for (const { parent } of pairs) {
      const seen = counts.get(parent.slot.id);
      counts.set(parent.slot.id, { n: (seen?.n ?? 0) + 1, member: parent });
    }
    for (const [id, { n, member }] of counts) {
      if (member.slot.where === null || n < pairs.length * MOST_PARENT_SHARE) continue;
      originals.set(id, { family: "original", role: "original", rank: 0, ...member.slot.where });
    }
  }
  return {
    id: "auto",
    title: "Told from the names and sizes in this listing",
    evidence: "inferred from this listing",
    originals: [],
    renditions: [],
    tokens: [...originals.values(), ...families.map(({ rule }) => rule)],
    join: "the key without the word that names the rendition, and without its extension",
    hides: {},
  };
}

/**
 * Sure: the originals say so themselves in their names; or the word says thumbnail and nearly every one has a
 * larger twin of that name. A share of 3.5 % of 2,048-pixel copies is larger than its original, so "smaller"
 * tolerates a few; sizes of unrelated photos do not correlate, and half of them would be larger.
 */
export function judge(
  f: Features,
  sibling: number,
  speaks: boolean,
): { belief: Belief; reason: string } {
  const co = f.joined / f.members;
  const facts = `${percent(co)} have a twin, ${percent(f.smaller)} of these are larger than they, typical size ${percent(f.medianRatio)}`;
  if (f.joined === 0)
    return { belief: "suspect", reason: "none of them has a twin that could be its original" };
  const named = f.named / f.members;
  const together = named >= 0.8 || (named >= 0.25 && sibling >= 0.55);
  if (speaks && together && f.smaller >= 0.5 && f.raw < 0.5) {
    return { belief: "sure", reason: `their originals say so in their names; ${facts}` };
  }
  if (co < 0.8 || f.smaller < 0.93 || f.raw > 0 || f.videoOfImage > 0.5 || f.medianRatio > 0.7) {
    return { belief: "suspect", reason: facts };
  }
  const related = sibling >= 0.55 || f.correlation >= Math.max(0.1, 2.6 / Math.sqrt(f.joined));
  if (f.joined >= 100 && !related) {
    return {
      belief: "suspect",
      reason: `${facts}, but their sizes have nothing to do with each other`,
    };
  }
  const clear =
    sibling >= 0.55 ||
    f.joined >= 100 ||
    (co >= 0.97 && f.smaller >= 0.99 && f.medianRatio <= 0.35);
  if (speaks && clear) return { belief: "sure", reason: `the name says so; ${facts}` };
  return { belief: speaks ? "likely" : "suspect", reason: facts };
}

function collect(groups: ReadonlyMap<string, readonly Member[]>): Candidate[] {
  const byId = new Map<string, Candidate>();
  for (const group of groups.values()) {
    for (const member of group) {
      const { id, word } = member.slot;
      if (senseOf(word) !== "rendition") continue;
      const candidate = byId.get(id) ?? { id, word, members: [], pairs: [] };
      byId.set(id, candidate);
      candidate.members.push(member);
      const parent = parentOf(member, group);
      if (parent !== null) candidate.pairs.push({ child: member, parent });
    }
  }
  return [...byId.values()].sort((a, b) => b.pairs.length - a.pairs.length || order(a.id, b.id));
}

/** Places counted from the left come first among equals; then by the name of the slot. */
function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function ruleOf(candidate: Candidate): TokenRule | null {
  const where = candidate.members[0]?.slot.where;
  if (where === undefined || where === null) return null;
  const words = candidate.word.split(" ").filter((word) => senseOf(word) === "rendition");
  return { family: words.join(" ") || candidate.word, role: "rendition", rank: 0, ...where };
}

function siblingOf(
  candidate: Candidate,
  all: readonly Candidate[],
  groups: ReadonlyMap<string, readonly Member[]>,
): number {
  let best = Number.NEGATIVE_INFINITY;
  const own = new Map(candidate.members.map((member) => [member.slot.residual, member]));
  for (const other of all) {
    if (other.word === candidate.word) continue;
    const xs: number[] = [];
    const ys: number[] = [];
    for (const member of other.members) {
      const twin = own.get(member.slot.residual);
      if (twin === undefined || !groups.has(member.slot.residual)) continue;
      xs.push(logSize(twin));
      ys.push(logSize(member));
    }
    const r = xs.length >= 0.5 * candidate.members.length ? pearson(xs, ys) : Number.NaN;
    if (r > best) best = r;
  }
  return best;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
