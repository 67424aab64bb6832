/** The generated buckets from the listing to the verdicts, with pictures that can all be told apart. */

import { describe, expect, test } from "vitest";
import { ORIGINAL_LAYOUTS } from "../layouts/all-original-layouts.ts";
import { bytesOf, type Layout, RENDITION_LAYOUTS, somePhotos } from "../layouts/generated-layouts.ts";
import { listed, seeingAll, tell } from "./listing-rig.ts";

async function told(layout: Layout, count: number) {
  const made = somePhotos(count).flatMap(layout);
  const shows = new Map(made.map((one) => [one.key, one.shows]));
  const listing = made.map((one) => listed(one.key, bytesOf(one))).sort((a, b) => (a.key < b.key ? -1 : 1));
  const prove = seeingAll((a, b) => shows.get(a) === shows.get(b));
  return { made, answer: await tell(listing, { known: [], prove }) };
}

describe("what pictures prove is skipped, for its own original, and nothing else", () => {
  test.each(Object.entries(RENDITION_LAYOUTS))("%s", async (_, layout) => {
    const { made, answer } = await told(layout, 60);
    const originals = made.filter(({ original }) => original === null).map(({ key }) => key);
    const skipped = new Set(answer.of("rendition"));
    expect(originals.filter((key) => skipped.has(key))).toEqual([]);
    expect(skipped.size).toBeGreaterThanOrEqual((made.length - originals.length) * 0.9);
    const stem = (key: string) => answer.objects.get(key)?.stem;
    const astray = made.filter(({ key, original }) => skipped.has(key) && stem(key) !== stem(original ?? ""));
    expect(astray).toEqual([]);
  });
});

describe("of originals that only look like renditions none is skipped", () => {
  test.each(Object.entries(ORIGINAL_LAYOUTS))("%s", async (_, layout) => {
    const { answer } = await told(layout, 60);
    expect(answer.of("rendition")).toEqual([]);
  });
});
