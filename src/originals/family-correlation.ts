/** How would-be families of the same photos stand to each other: what one alone cannot prove, two can. */

import { senseOf } from "../keys/family-words.ts";
import type { Pair } from "./family-features.ts";
import { logSize, pearson } from "./family-features.ts";
import type { Member } from "./group-sample.ts";

/** All keys of one slot, and those of them that have a parent. */
export interface Candidate {
  readonly id: string;
  readonly word: string;
  readonly members: Member[];
  readonly pairs: Pair[];
}

/** Correlations of two families are told from at least this share of the smaller one. */
const LEAST_OVERLAP = 0.5;
const LEAST_PAIRS = 10;

/** The share of a family's photos that another family, whose word speaks as well, has too; the best of all. */
export function correlationOf(candidate: Candidate, all: readonly Candidate[]): number {
  const own = new Map(candidate.pairs.map(({ child }) => [child.slot.residual, child.object.key]));
  let best = 0;
  for (const other of all) {
    if (other.word === candidate.word || senseOf(other.word) !== "rendition") continue;
    const shared = new Set<string>();
    for (const { child } of other.pairs) {
      const key = own.get(child.slot.residual);
      if (key !== undefined && key !== child.object.key) shared.add(key);
    }
    if (own.size > 0) best = Math.max(best, shared.size / own.size);
  }
  return best;
}

/**
 * How well the sizes of a family go with those of another family of the same photos, or, in a family of many
 * sizes, with each other: the best Pearson r, −∞ where nothing can be compared.
 */
export function siblingOf(candidate: Candidate, all: readonly Candidate[]): number {
  let best = amongThemselves(candidate.pairs);
  const own = new Map(candidate.pairs.map(({ child }) => [child.slot.residual, child]));
  for (const other of all) {
    if (other.word === candidate.word) continue;
    const xs: number[] = [];
    const ys: number[] = [];
    for (const { child } of other.pairs) {
      const twin = own.get(child.slot.residual);
      if (twin === undefined || twin.object.key === child.object.key) continue;
      xs.push(logSize(twin));
      ys.push(logSize(child));
    }
    if (xs.length < LEAST_OVERLAP * Math.min(own.size, other.pairs.length)) continue;
    best = Math.max(best, correlation(xs, ys));
  }
  return best;
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
