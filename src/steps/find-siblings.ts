/** Looks at what lies beside the keys that are new, which may overrule what their names say (originals/siblings.ts). */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { fileKindOf, isComparable } from "../keys/file-kinds.ts";
import type { CataloguedObject, FamilyRange } from "../model.ts";
import type { Classifier, Verdict } from "../originals/classify.ts";
import { unitOf } from "../originals/family-proof.ts";
import type { SavedLayout } from "../originals/saved-layout.ts";
import { LEAST_PHOTO, needsSiblings, originalFor, reconcile } from "../originals/siblings.ts";
import { untilStopped } from "./sample-listing.ts";

const BATCH = 1000;

/** Of each family in the catalogue that is proven by a sample, the bytes that its keys must have. */
export async function rangesOf(catalogue: Catalogue, { families }: SavedLayout): Promise<readonly FamilyRange[]> {
  return (await catalogue.listing.families()).flatMap(({ name, kind }) => {
    const range = kind === "rendition" ? families.get(unitOf(name))?.range : null;
    return range ? [{ family: name, ...range }] : [];
  });
}

export interface Fresh {
  readonly ranges: readonly FamilyRange[];
  /** The new keys about which the siblings must be asked; null where there are too many to hold. */
  readonly toLookAt: readonly string[] | null;
  /** Stems of the new originals, where keys were told before: what was their rendition may be none of these. */
  readonly stems: ReadonlySet<string>;
  /** True where a video among them is a rendition: a still beside it proves nothing. */
  readonly videos: boolean;
  /** True where a rendition among them needs an original that no other shares its stem with. */
  readonly ones: boolean;
}

/**
 * Renditions that need a larger original beside them, and originals too small to be one.
 * @returns true where any was overruled
 */
export async function lookBeside(
  catalogue: Catalogue,
  decide: Classifier,
  fresh: Fresh,
  signal: AbortSignal,
): Promise<boolean> {
  let overruled = false;
  let changed: (Verdict & { readonly key: string })[] = [];
  const write = async () => {
    overruled ||= changed.length > 0;
    await catalogue.listing.classify(changed);
    changed = [];
  };
  /** Neighbours in the listing are often of one stem, and a panorama in tiles has thousands of them. */
  let last: { stem: string; siblings: readonly CataloguedObject[] } = { stem: "", siblings: [] };
  for await (const object of untilStopped(objectsToLookAt(catalogue, fresh), signal)) {
    const verdict = decide(object);
    const { stem } = verdict;
    if (stem === null || !needsSiblings(object.size, verdict)) continue;
    if (last.stem !== stem) last = { stem, siblings: await catalogue.listing.siblings(stem) };
    const after = reconcile(object, verdict, last.siblings);
    if (after !== verdict) changed.push({ key: object.key, ...after });
    if (changed.length >= BATCH) await write();
  }
  await write();
  return overruled;
}

async function* objectsToLookAt(
  catalogue: Catalogue,
  { toLookAt, stems, videos, ones, ranges }: Fresh,
): AsyncGenerator<CataloguedObject> {
  if (toLookAt === null) {
    for await (const objects of catalogue.listing.unmatched(LEAST_PHOTO, ranges)) yield* objects;
    if (ranges.length > 0) yield* besideUncomparable(catalogue);
    if (!videos && !ones) return;
    for await (const objects of catalogue.listing.objects("rendition")) {
      yield* objects.filter(({ key }) => ones || fileKindOf(key) === "video");
    }
    return;
  }
  for (const key of toLookAt) {
    const object = await catalogue.listing.find(key);
    if (object !== null) yield object;
  }
  for (const stem of stems) yield* renditionsOf(await catalogue.listing.siblings(stem));
}

/** What the bytes of an original prove nothing for: it cannot be decoded, so its family was not proven by its like. */
async function* besideUncomparable(catalogue: Catalogue): AsyncGenerator<CataloguedObject> {
  for await (const objects of catalogue.listing.objects("original")) {
    for (const { key, stem } of objects) {
      if (stem === null || isComparable(key)) continue;
      yield* renditionsOf(await catalogue.listing.siblings(stem));
    }
  }
}

function renditionsOf(siblings: readonly CataloguedObject[]): CataloguedObject[] {
  return siblings.filter(({ kind }) => kind === "rendition");
}

/** The original of a rendition that is listed; null where there is none, or its key does not tell. */
export async function originalOf(
  object: CataloguedObject,
  catalogue: Pick<Catalogue, "listing">,
): Promise<CataloguedObject | null> {
  return object.stem === null ? null : originalFor(object, await catalogue.listing.siblings(object.stem));
}
