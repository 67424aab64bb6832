/** A bucket like those that people have: three families of one photo, over years, with some of everything odd. */

import type { CataloguedObject, Kind } from "../../src/model.ts";
import { AWS_US_EAST_1 } from "../../src/report/aws-prices.ts";
import { estimate, LINES } from "../../src/report/estimate.ts";
import { takeStock } from "../../src/report/inventory-counts.ts";
import type { Given } from "../../src/report/inventory-data.ts";

export function object(key: string, with_: Partial<CataloguedObject> = {}): CataloguedObject {
  return {
    key,
    size: 1_000_000,
    etag: "9e107d9d372bb6826bd81d3542a419d6",
    modified: "2012-06-28T14:03:22.000Z",
    storageClass: "STANDARD",
    kind: "original",
    family: "original",
    stem: key,
    rank: 0,
    reason: "in the folder original/",
    ...with_,
  };
}

/** Numbers between 0 and 1 that look like chance and are the same every time (Lehmer). */
function chance(): () => number {
  let state = 20_120_628;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const FAMILIES = [
  { family: "original", kind: "original", middle: 3_200_000, spread: 1.1 },
  { family: "large", kind: "rendition", middle: 320_000, spread: 0.7 },
  { family: "tile", kind: "rendition", middle: 14_000, spread: 0.5 },
] as const satisfies readonly { family: string; kind: Kind; middle: number; spread: number }[];

/** `photos` of three objects each, in chunks as the catalogue gives them. */
export function* bucket(photos: number): Generator<readonly CataloguedObject[]> {
  const next = chance();
  let chunk: CataloguedObject[] = [];
  for (let at = 0; at < photos; at += 1) {
    const spread = 12 * 16 * Math.sqrt(next());
    const month = Math.floor(spread);
    const year = 2005 + Math.floor(month / 12);
    const modified = `${year}-${String((month % 12) + 1).padStart(2, "0")}-15T12:00:00.000Z`;
    const video = at % 60 === 7;
    const type = video ? "mp4" : at % 9 === 2 ? "heic" : at % 23 === 5 ? "png" : "jpg";
    const storageClass = at % 40 === 3 ? "DEEP_ARCHIVE" : at % 5 === 1 ? "STANDARD_IA" : "STANDARD";
    for (const { family, kind, middle, spread: wide } of FAMILIES) {
      const ending = kind === "original" ? type : "jpg";
      const big = video && kind === "original" ? 30 : 1;
      const size = Math.round(middle * big * Math.exp(wide * (next() + next() + next() - 1.5)));
      const reason = `in the folder ${family}/`;
      const key = `${family}/${String(at).padStart(7, "0")}.${ending}`;
      chunk.push(object(key, { family, kind, size, modified, storageClass, reason }));
    }
    if (chunk.length < 3000) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

export const given: Given = {
  layout: { name: "auto", reason: "no known layout; two families of smaller copies were inferred" },
  families: [
    { name: "original", kind: "original", rule: "original/…", keys: 0, bytes: 0 },
    {
      name: "large",
      kind: "rendition",
      rule: "large/… beside original/…",
      keys: 0,
      bytes: 0,
      evidence: "30 of 30 sampled pairs show the same picture, smaller on both sides",
    },
    {
      name: "tile",
      kind: "rendition",
      rule: "tile/… beside original/…",
      keys: 0,
      bytes: 0,
      evidence: "29 of 30 sampled pairs show the same picture, cut square",
    },
  ],
  duplicates: { groups: 41, keys: 86, bytes: 151_000_000 },
  plan: {
    photos: 5_988,
    bytes: 19_000_000_000,
    freeBytes: 73_000_000_000,
    already: 0,
    skipped: 12,
  },
  missing: { photos: 12, examples: ["large/0000031.jpg", "large/0004711.jpg"] },
  suspects: [
    {
      family: "holiday/web/…",
      keys: 212,
      bytes: 48_000_000,
      reason: "looks like smaller copies, but only 41 % have an original beside them",
      option: "--exclude 'holiday/web/**'",
    },
  ],
  notes: ["Files in the folder misc/ belong to no family and count as originals."],
};

/** Of 6,000 photos, and a few of everything that is worth a look. */
export function exampleInventory(photos = 6_000) {
  const stock = takeStock((item) => (item.key.endsWith(".heic") ? item.modified.slice(0, 7) : null));
  for (const chunk of bucket(photos)) stock.add(chunk);
  stock.add([
    object("original/empty.jpg", { size: 0 }),
    object("original/IMG_9.jpg", { rank: 1, size: 900_000 }),
    object("original/Thumbs.db", { kind: "other", family: "litter", reason: "litter of Windows" }),
    object("original/IMG_9.xmp", { kind: "sidecar", family: "sidecar", size: 4_000 }),
  ]);
  const inventory = stock.result(given);
  return { inventory, estimate: estimate(inventory, AWS_US_EAST_1, LINES) };
}
