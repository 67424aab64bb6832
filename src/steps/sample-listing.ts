/** What is gathered while the listing passes by: for the survey, and of each family of would-be renditions the pairs to compare. */

import { stopIf } from "../cancel.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Layout } from "../layouts/layout.ts";
import type { CataloguedObject, Listed } from "../model.ts";
import type { Classifier } from "../originals/classify.ts";
import { unitOf } from "../originals/family-proof.ts";
import { PairSample } from "../originals/pair-sample.ts";
import { originalFor } from "../originals/siblings.ts";
import { Survey } from "../originals/survey.ts";
import { notComparable } from "./compare-pair.ts";

/** Passes over the same objects, in key order, as often as it is called. */
export type Pass = () => AsyncIterable<readonly Listed[]>;

export interface SampledPair {
  readonly child: CataloguedObject;
  readonly parent: CataloguedObject;
  /** That of the photo among all photos; neighbours have the same. */
  readonly order: number;
}

export interface SampledFamily {
  /** All keys of the family that passed by, their bytes, and how many of them are pictures. */
  readonly keys: number;
  readonly bytes: number;
  readonly pictures: number;
  /** Those that have an original which can be compared; more than are wanted, in the order in which to take them. */
  readonly pairs: readonly SampledPair[];
}

/**
 * @param decide what a key is before anything is proven
 * @param known what the catalogue has of a stem besides what passes by
 * @returns by unit (originals/pair-sample.ts)
 */
export async function sampleFamilies(
  pass: Pass,
  decide: Classifier,
  known: (stem: string) => Promise<readonly CataloguedObject[]>,
): Promise<Map<string, SampledFamily>> {
  const sample = new PairSample();
  const ones = new Set<string>();
  for await (const objects of pass()) {
    for (const object of objects) {
      const verdict = decide(object);
      if (verdict.kind === "rendition") sample.add({ ...object, ...verdict });
      if (verdict.needs === "one") ones.add(unitOf(verdict.family));
    }
  }
  const { samples } = sample;
  const stems = new Map<string, CataloguedObject[]>();
  for (const { chosen } of samples.values()) {
    for (const { object } of chosen) if (object.stem !== null) stems.set(object.stem, []);
  }
  if (stems.size > 0) await gather(pass, decide, stems);
  const families = new Map<string, SampledFamily>();
  for (const [unit, { chosen, ...amounts }] of samples) {
    const pairs: SampledPair[] = [];
    for (const { object, order } of chosen) {
      if (object.stem === null || notComparable(object) === "cannot be decoded") continue;
      const beside = [...(stems.get(object.stem) ?? []), ...(await known(object.stem))];
      const parent = originalFor(object, beside, ones.has(unit) ? "one" : "nothing");
      if (parent === null || notComparable(parent) === "cannot be decoded") continue;
      pairs.push({ child: object, parent, order });
    }
    families.set(unit, { ...amounts, pairs });
  }
  return families;
}

/** Fills in the originals of the stems. */
async function gather(pass: Pass, decide: Classifier, stems: ReadonlyMap<string, CataloguedObject[]>): Promise<void> {
  for await (const objects of pass()) {
    for (const object of objects) {
      const verdict = decide(object);
      if (verdict.kind !== "original" || verdict.stem === null) continue;
      stems.get(verdict.stem)?.push({ ...object, ...verdict });
    }
  }
}

/** Every key of the listing, those first about which nothing is decided yet. */
export async function* everyKey(catalogue: Catalogue, signal: AbortSignal): AsyncGenerator<readonly Listed[]> {
  yield* untilStopped(catalogue.listing.unclassified(), signal);
  yield* untilStopped(catalogue.listing.objects(), signal);
}

/** What is said of a run that was interrupted here. */
export const STOPPED = "stopped while telling originals from renditions";

/** @throws HaulError `interrupted` */
export async function* untilStopped<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of items) {
    stopIf(signal, STOPPED);
    yield item;
  }
}

/** What two passes over the listing gather. */
export async function surveyed(
  catalogue: Catalogue,
  { known, signal }: { readonly known: readonly Layout[]; readonly signal: AbortSignal },
): Promise<Survey> {
  const survey = new Survey(known);
  for await (const objects of everyKey(catalogue, signal)) {
    for (const object of objects) survey.first(object);
  }
  survey.begin();
  for await (const objects of everyKey(catalogue, signal)) {
    for (const object of objects) survey.second(object);
  }
  return survey;
}
