/**
 * Finds the families of renditions that one word at one place names, in a sample of a listing, and says of each
 * what names and sizes make of it. Pure: the same sample gives the same answer.
 */

import { senseOf } from "../keys/name-shape.ts";
import type { TokenMatcher, TokenRule } from "../layouts/layout.ts";
import { describeToken, tokenMatcher } from "../layouts/layout.ts";
import type { FoundFamily, WordFamily } from "./family-confidence.ts";
import { confidenceIn, isOfOnePlace, isPlausible, isRelated } from "./family-confidence.ts";
import type { Pair } from "./family-features.ts";
import { featuresOf, logSize, parentOf, pearson } from "./family-features.ts";
import type { Member } from "./listing-samples.ts";

/** A place that holds a smaller share of a family's originals than this is chance. */
const LEAST_PARENT_SHARE = 0.05;
/**
 * Every family that words and sizes suggest, the best supported first. Those that are proposed do not overlap: first
 * what is sure or likely, then what is merely possible.
 * @param refused how families look that were found to be none
 */
export function findWordFamilies(
  groups: ReadonlyMap<string, readonly Member[]>,
  refused: ReadonlySet<string>,
): WordFamily[] {
  const candidates = collect(groups);
  const compared = refusedPairs(candidates, refused);
  const found = new Map<SlotFamily, WordFamily>();
  const taken: TokenMatcher[] = [];
  const besides = new Map<SlotFamily, Beside>();
  const besideOf = (one: SlotFamily) => {
    const known = besides.get(one) ?? besideOthers(one, candidates);
    besides.set(one, known);
    return known;
  };
  for (const possible of [false, true]) {
    for (const candidate of candidates) {
      if (found.get(candidate)?.proposed === true) continue;
      const members = candidate.members.filter(({ object }) => taken.every((match) => match(object.key) === null));
      const family = members.length === 0 ? null : weigh(candidate, members, besideOf(candidate));
      if (family === null) continue;
      const worth = isOfOneKind(family) && (family.confidence !== "suspect" || possible);
      const proposed = worth && !refused.has(family.looks) && !isCompared(family, compared);
      found.set(candidate, { ...family, proposed });
      if (!proposed) continue;
      taken.push(tokenMatcher(family.rule));
      for (const rule of originalWords([family])) taken.push(tokenMatcher(rule));
    }
  }
  return [...found.values()];
}

/** What a refused family would have joined. */
function refusedPairs(candidates: readonly SlotFamily[], refused: ReadonlySet<string>): ReadonlySet<string> {
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

/** Names and sizes do not speak against it; where no word speaks for it, both must be of one kind. */
function isOfOneKind({ features, pairs, rule, named }: Omit<WordFamily, "proposed">): boolean {
  if (!isPlausible(features) && !named) return false;
  if (named || senseOf(rule.family) === "rendition") return true;
  return isRelated(features) && isOfOnePlace(pairs.map(({ parent }) => parent.slot.id));
}

/** Where the originals of these families are told by a word of their own. */
export function originalWords(families: readonly Pick<FoundFamily, "pairs" | "looks">[]): TokenRule[] {
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

function collect(groups: ReadonlyMap<string, readonly Member[]>): SlotFamily[] {
  const byId = new Map<string, SlotFamily>();
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
function bySupport(a: SlotFamily, b: SlotFamily): number {
  const spoken = Number(senseOf(b.word) === "rendition") - Number(senseOf(a.word) === "rendition");
  if (spoken !== 0) return spoken;
  return b.pairs.length - a.pairs.length || (a.id < b.id ? -1 : 1);
}

function weigh(candidate: SlotFamily, members: readonly Member[], beside: Beside): Omit<WordFamily, "proposed"> | null {
  const where = members[0]?.slot.where;
  if (where === undefined || where === null) return null;
  const keys = new Set(members.map(({ object }) => object.key));
  const pairs = candidate.pairs.filter(({ child }) => keys.has(child.object.key));
  const features = featuresOf(members.length, pairs);
  const verdict = confidenceIn({
    ...features,
    ...beside,
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
  const looks = describeToken(rule);
  return { rule, originals: [], looks, features, pairs, bytes, ...verdict };
}

/** The word that says rendition, where there is one; else all of them. */
function nameOf(word: string): string {
  const speaking = word.split(" ").filter((one) => senseOf(one) === "rendition");
  return speaking.length > 0 ? speaking.join(" ") : word;
}

/** A prefix or suffix, or a directory that the original has not: chance makes such twins more often. */
function isWeak({ id }: SlotFamily, pairs: readonly Pair[]): boolean {
  if (/^(?:prefix|suffix):/.test(id)) return true;
  return pairs.some(({ parent }) => parent.slot.id === "");
}

/** How would-be families of the same photos stand to each other: what one alone cannot prove, two can. */

/** All keys of one slot, and those of them that have a parent. */
interface SlotFamily {
  readonly id: string;
  readonly word: string;
  readonly members: Member[];
  readonly pairs: Pair[];
}

/** Correlations of two families are told from at least this share of the smaller one. */
const LEAST_OVERLAP = 0.5;
const LEAST_PAIRS = 10;

/** How a family stands to the others of the same photos: what one alone cannot prove, two can. */
interface Beside {
  /**
   * How well its sizes go with those of another, or, in a family of many sizes, with each other: the best Pearson r, −∞
   * where nothing can be compared.
   */
  readonly sibling: number;
  /** The share of its photos that another family, whose word speaks as well, has too; the best of all. */
  readonly company: number;
}

function besideOthers({ word, pairs }: SlotFamily, all: readonly SlotFamily[]): Beside {
  let sibling = amongThemselves(pairs);
  let company = 0;
  const own = new Map(pairs.map(({ child }) => [child.slot.residual, child]));
  for (const other of all) {
    if (other.word === word) continue;
    const xs: number[] = [];
    const ys: number[] = [];
    const shared = new Set<Member>();
    for (const { child } of other.pairs) {
      const twin = own.get(child.slot.residual);
      if (twin === undefined || twin.object.key === child.object.key) continue;
      xs.push(logSize(twin));
      ys.push(logSize(child));
      shared.add(twin);
    }
    if (own.size > 0 && senseOf(other.word) === "rendition") company = Math.max(company, shared.size / own.size);
    if (xs.length < LEAST_OVERLAP * Math.min(own.size, other.pairs.length)) continue;
    sibling = Math.max(sibling, correlation(xs, ys));
  }
  return { sibling, company };
}

function amongThemselves(pairs: readonly Pair[]): number {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const group of Map.groupBy(pairs, ({ parent }) => parent.object.key).values()) {
    const [first, second] = group.map(({ child }) => logSize(child)).sort((a, b) => b - a);
    if (first === undefined || second === undefined) continue;
    xs.push(first);
    ys.push(second);
  }
  return correlation(xs, ys);
}

function correlation(xs: readonly number[], ys: readonly number[]): number {
  const r = xs.length >= LEAST_PAIRS ? pearson(xs, ys) : Number.NaN;
  return Number.isNaN(r) ? Number.NEGATIVE_INFINITY : r;
}
