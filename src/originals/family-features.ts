/** What a sample says of one would-be family: how often it joins, and how its sizes stand to its parents'. */

import { fileKindOf } from "../keys/file-kinds.ts";
import { senseOf } from "../keys/name-shape.ts";
import type { Member } from "./listing-samples.ts";

/** A child and what it may be a rendition of. */
export interface Pair {
  readonly child: Member;
  readonly parent: Member;
}

/** Shares are 0…1, correlations −1…1; NaN where there is nothing to count. */
export interface Features {
  /** Members in the sample. */
  readonly members: number;
  /** Members that have a parent, and those whose parent's own key says "original". */
  readonly joined: number;
  readonly named: number;
  /** Of the pairs: the child has fewer bytes, or is the same bytes. */
  readonly smaller: number;
  /** Bytes of the child over bytes of the parent, the middle pair. */
  readonly medianRatio: number;
  /** Pairs in which no other member of the family has the same parent. */
  readonly single: number;
  /** Children written no more than two minutes before their parent. */
  readonly later: number;
  /** Correlation of the logarithms of the sizes, child to parent. */
  readonly correlation: number;
  /** Spread of the logarithm of the sizes, children minus parents. */
  readonly spread: number;
  /** Children that are RAW files, and videos whose parent is none. */
  readonly raw: number;
  readonly videoOfImage: number;
}

const TWO_MINUTES = 120_000;

/** The parent of a child: what says "original", else a key without any such word, else the largest of the rest. */
export function parentOf(child: Member, group: readonly Member[]): Member | null {
  let best: Member | null = null;
  let bestRank = 0;
  for (const other of group) {
    if (other.object.key === child.object.key || other.object.size === 0) continue;
    const rank = parentRank(other, child);
    if (rank < bestRank || rank === 0) continue;
    if (rank > bestRank || best === null || isBetter(other, best, child)) best = other;
    bestRank = rank;
  }
  return best;
}

/**
 * A RAW file beside a JPEG is no proof: cameras write both, so only a word that speaks makes it a parent.
 * 4: says original at the same place; 3: says original; 2: the key as it is; 1: an unknown word; 0: no parent.
 */
function parentRank(other: Member, child: Member): number {
  const kind = fileKindOf(other.object.key);
  if (kind === "sidecar" || other.slot.id === child.slot.id) return 0;
  const spoken = senseOf(child.slot.word) === "rendition";
  if (kind === "raw" && !spoken) return 0;
  if (other.slot.word === "") return 2;
  switch (senseOf(other.slot.word)) {
    case "original":
      return samePlace(other, child) ? 4 : 3;
    case "unknown":
      return 1;
    default:
      return 0;
  }
}

/** Of the same sort first (a still for a still), then the larger. */
function isBetter(a: Member, b: Member, child: Member): boolean {
  const still = fileKindOf(child.object.key) !== "video";
  const fits = (m: Member) => Number((fileKindOf(m.object.key) !== "video") === still);
  return fits(a) - fits(b) > 0 || (fits(a) === fits(b) && a.object.size > b.object.size);
}

function samePlace(a: Member, b: Member): boolean {
  const one = a.slot.where?.directory;
  const two = b.slot.where?.directory;
  return one?.from === two?.from && one?.at === two?.at;
}

/** Counts a family. `pairs` has at most one pair for each of the members. */
export function featuresOf(members: number, pairs: readonly Pair[]): Features {
  const ratios = pairs.map(({ child, parent }) => child.object.size / parent.object.size).sort((a, b) => a - b);
  const parents = new Map<string, number>();
  for (const { parent } of pairs) parents.set(parent.object.key, (parents.get(parent.object.key) ?? 0) + 1);
  const children = pairs.map(({ child }) => logSize(child));
  const originals = pairs.map(({ parent }) => logSize(parent));
  return {
    members,
    joined: pairs.length,
    named: count(pairs, ({ parent }) => senseOf(parent.slot.word) === "original"),
    smaller: share(pairs, isSmallerOrSame),
    medianRatio: ratios[Math.floor(ratios.length / 2)] ?? Number.NaN,
    single: share(pairs, ({ parent }) => parents.get(parent.object.key) === 1),
    later: share(pairs, isLater),
    correlation: pearson(children, originals),
    spread: deviation(children) - deviation(originals),
    raw: share(pairs, ({ child }) => fileKindOf(child.object.key) === "raw"),
    videoOfImage: share(pairs, isVideoOfImage),
  };
}

function isSmallerOrSame({ child, parent }: Pair): boolean {
  const [a, b] = [child.object, parent.object];
  return a.size < b.size || (a.size === b.size && a.etag !== "" && a.etag === b.etag);
}

function isLater({ child, parent }: Pair): boolean {
  return Date.parse(child.object.modified) >= Date.parse(parent.object.modified) - TWO_MINUTES;
}

function isVideoOfImage({ child, parent }: Pair): boolean {
  return fileKindOf(child.object.key) === "video" && fileKindOf(parent.object.key) !== "video";
}

/** Pearson's r; NaN for fewer than three pairs or where one side does not vary. */
export function pearson(xs: readonly number[], ys: readonly number[]): number {
  if (xs.length < 3) return Number.NaN;
  const mx = mean(xs);
  const my = mean(ys);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  xs.forEach((x, i) => {
    const dx = x - mx;
    const dy = (ys[i] ?? 0) - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx === 0 || yy === 0 ? Number.NaN : xy / Math.sqrt(xx * yy);
}

export function logSize(member: Member): number {
  return Math.log(member.object.size + 1);
}

function deviation(values: readonly number[]): number {
  const m = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - m) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function count<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.reduce((n, item) => n + Number(test(item)), 0);
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return count(items, test) / items.length;
}
