import { describe, expect, test } from "vitest";
import type { Listed } from "../../src/model.ts";
import { type Classifier, classifier } from "../../src/originals/classify.ts";
import { type FoundFamily, layoutOf } from "../../src/originals/families.ts";
import { load, save } from "../../src/originals/saved-layout.ts";
import { Survey } from "../../src/originals/survey.ts";
import { ORIGINAL_LAYOUTS } from "../layouts/all-original-layouts.ts";
import { bytesOf, type Layout, type Made, RENDITION_LAYOUTS, somePhotos } from "../layouts/generated-layouts.ts";

interface Bucket {
  readonly made: readonly Made[];
  readonly listing: readonly Listed[];
}

function bucket(layout: Layout, count: number): Bucket {
  const made = somePhotos(count).flatMap(layout);
  const listing = made.map((one) => ({
    key: one.key,
    size: bytesOf(one),
    etag: one.key,
    modified: "2020-01-01T00:00:00.000Z",
    storageClass: "STANDARD",
  }));
  return { made, listing };
}

/** What is proposed, with no known layout to help and nothing refused yet. */
function proposalsFor(listing: readonly Listed[]): FoundFamily[] {
  const survey = new Survey([]);
  for (const object of listing) survey.first(object);
  survey.begin();
  for (const object of listing) survey.second(object);
  return survey.propose().families.filter(({ proposed }) => proposed);
}

/** The rules as a later run reads them from the catalogue. */
function saved(families: readonly FoundFamily[]): Classifier {
  const layout = layoutOf(families);
  const decision = { layout, reason: "", chosen: true, families: new Map(), refused: [], keys: 0 };
  const loaded = load(save(decision));
  if (loaded === null || loaded === "unproven") throw new Error("the layout cannot be saved");
  return classifier(loaded.layout);
}

/** For each key that the rules take for a rendition: the originals of its stem. */
function pairings(listing: readonly Listed[], decide: Classifier): Map<string, readonly string[]> {
  const originals = new Map<string, string[]>();
  for (const object of listing) {
    const { kind, stem } = decide(object);
    if (kind !== "original" || stem === null) continue;
    originals.set(stem, [...(originals.get(stem) ?? []), object.key]);
  }
  const pairs = new Map<string, readonly string[]>();
  for (const object of listing) {
    const { kind, stem, needs } = decide(object);
    if (kind !== "rendition") continue;
    const found = originals.get(stem ?? "") ?? [];
    if (found.length > 0 && (needs !== "one" || found.length === 1)) pairs.set(object.key, found);
  }
  return pairs;
}

/** A listing that is held whole, a small one, and one of which a sample is held. */
const COUNTS = [300, 12, 1800];

describe("the renditions of layouts that nobody told of are proposed, each for its own original", () => {
  test("there are many kinds", () => {
    expect(Object.keys(RENDITION_LAYOUTS).length).toBeGreaterThanOrEqual(25);
  });

  test.each(Object.entries(RENDITION_LAYOUTS))("%s", (_, layout) => {
    for (const count of COUNTS) {
      const { made, listing } = bucket(layout, count);
      const right = new Map(made.map(({ key, original }) => [key, original]));
      const families = proposalsFor(listing);
      const sampled = families.flatMap(({ pairs }) =>
        pairs.map(({ child, parent }) => [child.object.key, parent.object.key] as const),
      );
      expect(sampled.filter(([child, parent]) => parent !== right.get(child))).toEqual([]);
      const found = pairings(listing, saved(families));
      const wrong = [...found].filter(([key, originals]) => originals.length > 1 || originals[0] !== right.get(key));
      expect(wrong).toEqual([]);
      const renditions = made.filter(({ original }) => original !== null);
      expect(found.size, `of ${count} photos`).toBeGreaterThanOrEqual(renditions.length * 0.9);
    }
  });
});

/** Pairs for which pictures must be looked at, about; a higher number costs requests, and no photo. */
const PROPOSED_AT_MOST = 12;

describe("of originals that look like renditions no more is proposed than pictures can be asked", () => {
  test.each(Object.entries(ORIGINAL_LAYOUTS))("%s", (_, layout) => {
    const { listing } = bucket(layout, 300);
    const families = proposalsFor(listing);
    expect(families.length).toBeLessThanOrEqual(PROPOSED_AT_MOST);
  });
});
