/** Whole decisions over generated layouts with pictures: no original is lost, and most renditions are found. */

import { afterAll, describe, expect, test } from "vitest";
import { createPictureComparer } from "../../src/pictures/picture-comparer.ts";
import { ORIGINAL_LAYOUTS } from "../layouts/all-original-layouts.ts";
import { bytesOf, type Layout, type Made, RENDITION_LAYOUTS, somePhotos } from "../layouts/generated-layouts.ts";
import { type PicturedBucket, picturedBucket } from "../layouts/pictured-bucket.ts";
import { tell } from "../steps/listing-rig.ts";

const PHOTOS = 36;
const comparer = createPictureComparer();
afterAll(() => comparer.close());

async function decided({ listing, source }: PicturedBucket) {
  const emit = () => undefined;
  const { signal } = new AbortController();
  const prove = { source, comparer, emit, signal, budget: 300_000_000 };
  return tell(listing, { known: [], prove });
}

function madeBy(layout: Layout, count: number): Made[] {
  return somePhotos(count).flatMap(layout);
}

describe("where every key is an original, every key is kept", () => {
  test.each(Object.entries(ORIGINAL_LAYOUTS))(
    "%s",
    async (_, layout) => {
      const bucket = await picturedBucket(madeBy(layout, PHOTOS));
      const told = await decided(bucket);
      expect(told.of("rendition"), told.report.reason).toEqual([]);
      expect(told.of("other")).toEqual([]);
    },
    60_000,
  );
});

describe("renditions are found, and no original with them", () => {
  const found: number[] = [];
  test.each(Object.entries(RENDITION_LAYOUTS))(
    "%s",
    async (_, layout) => {
      const made = madeBy(layout, PHOTOS);
      const told = await decided(await picturedBucket(made));
      const kept = new Set(told.of("original"));
      const lost = made.filter(({ key, copy }) => copy === null && !kept.has(key));
      expect(lost.map(({ key }) => key)).toEqual([]);
      const copies = made.filter(({ copy }) => copy !== null);
      found.push(copies.filter(({ key }) => !kept.has(key)).length / copies.length);
    },
    60_000,
  );

  test("at least nine of ten, on average", () => {
    const average = found.reduce((sum, share) => sum + share, 0) / found.length;
    expect(found.length).toBeGreaterThanOrEqual(25);
    expect(average, found.map((share) => share.toFixed(2)).join(" ")).toBeGreaterThanOrEqual(0.9);
  });
});

describe("of 100,000 keys", () => {
  const [adversary] = Object.entries(ORIGINAL_LAYOUTS);
  const [service] = Object.entries(RENDITION_LAYOUTS);
  test("all originals are kept", async () => {
    const layout = adversary?.[1] ?? (() => []);
    const bucket = await picturedBucket(madeBy(layout, 50_000), bytesOf);
    const told = await decided(bucket);
    expect(told.of("original")).toHaveLength(bucket.listing.length);
  }, 120_000);

  test("renditions are proven by sixty pairs, and each original is fetched once", async () => {
    const made = madeBy(service?.[1] ?? (() => []), 34_000);
    const bucket = await picturedBucket(made, bytesOf);
    const told = await decided(bucket);
    const kept = new Set(told.of("original"));
    expect(made.filter(({ key, copy }) => copy === null && !kept.has(key))).toEqual([]);
    const copies = made.filter(({ copy }) => copy !== null);
    expect(copies.filter(({ key }) => !kept.has(key)).length).toBeGreaterThan(copies.length * 0.9);
    expect(Math.max(...bucket.opened.values())).toBe(1);
  }, 120_000);
});
