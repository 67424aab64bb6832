/**
 * Families of renditions whose keys are made from their originals' keys in ways that one word at one place does
 * not tell. Found from pairs of keys that have a photo's name in common; each comes with the rule that leads from
 * the rendition's key to its original's. Pure: the same sample gives the same answer.
 */

import { fileKindOf } from "../keys/file-kinds.ts";
import { type KeyParts, keyParts, literal, senseOf } from "../keys/name-shape.ts";
import { fill, normalStem } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import { stemOfKey } from "./classify.ts";
import type { Pair } from "./family-features.ts";
import type { Member, PhotoSample } from "./listing-samples.ts";
import { type Rewrite, rewritesOf } from "./rewrite.ts";

/** A would-be family: its rule, all keys of the sample that the rule takes, and those with an original. */
export interface Rewritten {
  readonly rewrite: Rewrite;
  /** The rule's regex, ready. */
  readonly regex: RegExp;
  readonly originals: RegExp;
  readonly members: readonly Listed[];
  readonly pairs: readonly Pair[];
}

/** Photos of one name, above which the name says nothing; those with a folder's name are looked at still. */
const MOST_OWN = 40;
/** Pairs of keys that are looked at, at most. */
const MOST_PAIRS = 100_000;
const LEAST_PAIRS = 3;
/** Of the keys that the pairs name, a rule must give this share to be looked at closer. */
const LEAST_SHARE = 0.003;
const MOST_RULES = 150;
/** Pairs of a rule that are remembered. */
const SOME = 400;

/** Rules as pairs of keys give them, before it is counted what else they take. */
interface Ruled {
  /** The best supported first. */
  readonly rules: readonly Counted[];
  /** All keys of the sample that may be renditions. */
  readonly objects: readonly Listed[];
}

/** Every rule that enough pairs give. */
export function rulesIn(sample: PhotoSample): Ruled {
  const looked = look(sample);
  const least = Math.max(LEAST_PAIRS, looked.children * LEAST_SHARE);
  const rules = [...looked.rules.values()]
    .filter(({ pairs }) => pairs >= least)
    .sort((a, b) => b.pairs - a.pairs || (a.rewrite.id < b.rewrite.id ? -1 : 1))
    .slice(0, MOST_RULES);
  return { rules, objects: [...looked.objects] };
}

export interface Counted {
  readonly rewrite: Rewrite;
  /** Those in which the child has fewer bytes. */
  pairs: number;
  /** Some of the pairs. */
  readonly some: { readonly child: Listed; readonly parent: Listed }[];
}

interface Looked {
  readonly rules: Map<string, Counted>;
  readonly children: number;
  readonly objects: Set<Listed>;
}

/** Takes every pair of keys that lie together. */
function look(sample: PhotoSample): Looked {
  const rules = new Map<string, Counted>();
  const seen = new Map<Listed, Set<Listed>>();
  const objects = new Set<Listed>();
  const parts = new Map<Listed, KeyParts>();
  const partsOf = (object: Listed) => {
    const known = parts.get(object) ?? keyParts(normalStem(object.key));
    parts.set(object, known);
    return known;
  };
  let left = MOST_PAIRS;
  for (const { own, made } of sample.groups) {
    for (const object of made) objects.add(object);
    if (own.length > MOST_OWN) continue;
    for (const parent of own) {
      if (parent.size === 0) continue;
      for (const child of made) {
        if (child.size >= parent.size || left <= 0) continue;
        const known = seen.get(child) ?? new Set();
        seen.set(child, known);
        if (known.has(parent)) continue;
        known.add(parent);
        left -= 1;
        for (const rewrite of rewritesOf(partsOf(child), partsOf(parent))) {
          count(rules, rewrite, child, parent);
        }
      }
    }
  }
  return { rules, children: seen.size, objects };
}

function count(rules: Map<string, Counted>, rewrite: Rewrite, child: Listed, parent: Listed): void {
  const counted = rules.get(rewrite.id) ?? { rewrite, pairs: 0, some: [] };
  rules.set(rewrite.id, counted);
  counted.pairs += 1;
  if (counted.some.length < SOME) counted.some.push({ child, parent });
}

/**
 * All keys of the sample that a rule takes, each with the original to which it leads.
 * @param isMade says of a key that a rule before this one takes it
 */
export function gather(
  { rewrite, some }: Counted,
  objects: readonly Listed[],
  sample: PhotoSample,
  isMade: (key: string) => boolean,
): Rewritten | null {
  const { regex, originals } = regexesOf({ rewrite, some });
  const members: Listed[] = [];
  const pairs: Pair[] = [];
  const fits = (key: string, stem: string) => !regex.test(key) && !isMade(key) && stemOf(key) === stem;
  const stemOf = stemBy(rewrite, originals);
  for (const object of objects) {
    const match = regex.exec(object.key);
    if (match === null || isMade(object.key)) continue;
    const stem = normalStem(fill(rewrite.stem, match));
    const around = sample.around(stem, rewrite.by);
    if (around === null) continue;
    members.push(object);
    const found = around.own.filter(({ key, size }) => size > 0 && fits(key, stem));
    const parent = best(found, object, rewrite);
    if (parent !== null) pairs.push({ child: member(object, rewrite, stem), parent: member(parent, null, stem) });
  }
  return pairs.length < LEAST_PAIRS ? null : { rewrite, regex, originals, members, pairs };
}

/** The regexes of a rule for its renditions and for their originals; no key is taken by both. */
export function regexesOf({ rewrite, some }: Pick<Counted, "rewrite" | "some">): {
  readonly regex: RegExp;
  readonly originals: RegExp;
} {
  const parents = some.map(({ parent }) => parent);
  const originals = new RegExp(originalsOf(rewrite, parents), "u");
  const regex = new RegExp(rewrite.source, "u");
  if (!parents.some(({ key }) => regex.test(key))) return { regex, originals };
  /** Where the original is named more fully than its copy, the copy's rule would take the original too. */
  const not = originals.source.slice(1).replaceAll(/\(\?<\w+>/g, "(?:");
  return { regex: new RegExp(`^(?!${not})${rewrite.source.slice(1)}`, "u"), originals };
}

export function stemBy(rewrite: Rewrite, originals: RegExp): (key: string) => string | null {
  if (rewrite.leads === "key") return stemOfKey;
  return (key) => {
    const match = originals.exec(key);
    return match === null ? null : normalStem(fill(rewrite.stem, match));
  };
}

/** Originals that may lie anywhere lie in the folders that those seen have in common. */
function originalsOf({ originals }: Rewrite, parents: readonly Listed[]): string {
  if (originals.startsWith("^")) return originals;
  const [first, ...others] = parents.map(({ key }) => key.split("/").slice(0, -1));
  const common = others.reduce(
    (most, folders) => Math.min(most, folders.findIndex((f, i) => f !== first?.[i]) >>> 0, folders.length),
    first?.length ?? 0,
  );
  const root = (first ?? []).slice(0, common).map((folder) => `${folder}/`);
  return `^${literal(root.join(""))}${originals}`;
}

/** The original among keys that leave the same; null where there is none, or where it cannot be told. */
function best(found: readonly Listed[], child: Listed, rewrite: Rewrite): Listed | null {
  if (new Set(found.map(({ key }) => stemOfKey(key))).size > 1) return null;
  const spoken = rewrite.words.some((word) => senseOf(word) === "rendition");
  const video = fileKindOf(child.key) === "video";
  const may = found.filter(({ key }) => {
    const kind = fileKindOf(key);
    return kind !== "sidecar" && (kind !== "raw" || spoken) && (!video || kind === "video");
  });
  const still = may.filter(({ key }) => fileKindOf(key) !== "video");
  return (still.length > 0 ? still : may).sort((a, b) => b.size - a.size)[0] ?? null;
}

function member(object: Listed, rewrite: Rewrite | null, residual: string): Member {
  const id = rewrite?.id ?? "";
  return { object, slot: { id, word: rewrite?.words.join(" ") ?? "", where: null, residual } };
}
