/**
 * Originals that lie among renditions, under their names: what is lost is no more than the documented chance says, and
 * nothing where their bytes are not those of a rendition.
 */

import { expect, test } from "vitest";
import { randomFrom } from "../../fixtures/media/random.ts";
import type { CataloguedObject } from "../../src/model.ts";
import { type ComparedPair, judgeFamily, pairsWanted } from "../../src/originals/family-proof.ts";
import { PairSample } from "../../src/originals/pair-sample.ts";
import { bytesBearOut } from "../../src/originals/size-range.ts";
import { photos } from "../steps/listing-rig.ts";

interface Outcome {
  /** Families that were proven although originals lie in them, and families there were. */
  readonly proven: number;
  readonly families: number;
  /** Originals that are skipped, of those in proven families. */
  readonly lost: number;
}

const IMAGE = { child: "image", parent: "image" } as const;

/**
 * @param share of the keys that are other photos
 * @param sized bytes of such a key, from those of a copy
 */
function plant(keys: number, share: number, sized: (copy: number) => number, families = 60): Outcome {
  const outcome = { proven: 0, families, lost: 0 };
  for (let nth = 0; nth < families; nth += 1) {
    const random = randomFrom(`planted ${share} ${nth}`);
    const sizes = photos(keys, nth + 1);
    const planted = new Set<string>();
    const bytes = new Map<string, { child: number; parent: number }>();
    const sample = new PairSample();
    for (const [i, { original, thumb }] of sizes.entries()) {
      const stem = `f${nth}/img_${String(i).padStart(5, "0")}`;
      const isOriginal = random() < share;
      if (isOriginal) planted.add(stem);
      const child = isOriginal ? Math.round(sized(thumb)) : thumb;
      bytes.set(stem, { child, parent: Math.max(original, child + 1) });
      sample.add(rendition(stem, child));
    }
    const [chosen] = [...sample.samples.values()];
    const pairs = (chosen?.chosen ?? []).slice(0, pairsWanted(keys)).map(({ object }) => {
      const stem = object.stem ?? "";
      const sizesOf = bytes.get(stem) ?? { child: 1, parent: 2 };
      return pair(stem, sizesOf, !planted.has(stem));
    });
    const { state, range } = judgeFamily(pairs, [], keys, false);
    if (state !== "proven" || range === null) continue;
    outcome.proven += 1;
    for (const stem of planted) {
      const { child, parent } = bytes.get(stem) ?? { child: 0, parent: 0 };
      if (bytesBearOut(child, parent, range, IMAGE)) outcome.lost += 1;
    }
  }
  return outcome;
}

function rendition(stem: string, size: number): CataloguedObject {
  const key = `${stem}_thumb.jpg`;
  const told = { kind: "rendition", family: "thumb", stem, rank: 0, reason: "" } as const;
  return { key, size, etag: "", modified: "", storageClass: "STANDARD", ...told };
}

function pair(stem: string, bytes: ComparedPair["bytes"], same: boolean): ComparedPair {
  return {
    child: `${stem}_thumb.jpg`,
    parent: `${stem}.jpg`,
    bytes,
    verdict: same ? "same" : "other",
    why: same ? "whole or cut to shape" : "another picture",
    likeness: same ? 0.99 : 0,
    edited: false,
  };
}

/** Three deviations beyond the chance that so many pairs miss all of them. */
function most(share: number, pairs: number, families: number): number {
  const chance = (1 - share) ** pairs;
  return Math.ceil(families * chance + 3 * Math.sqrt(families * chance * (1 - chance)));
}

test("with the bytes of copies: 30 pairs miss 5 % with 21 %, and 1 % with 74 %", () => {
  const five = plant(2000, 0.05, (copy) => copy);
  expect(five.proven).toBeLessThanOrEqual(most(0.05, 30, five.families));
  const one = plant(2000, 0.01, (copy) => copy);
  expect(one.proven).toBeLessThanOrEqual(most(0.01, 30, one.families));
  // So what is lost of all originals: with these chances, and of the few in those families.
  expect(five.lost).toBeLessThanOrEqual(five.proven * 2000 * 0.05 * 1.3);
});

test("60 pairs of a large family miss 5 % with 5 %", () => {
  const found = plant(10_500, 0.05, (copy) => copy, 20);
  expect(found.proven).toBeLessThanOrEqual(most(0.05, 60, 20));
});

test.each([0.01, 0.05])("with the bytes of photos none is lost, of %d", (share) => {
  const found = plant(2000, share, (copy) => copy * 60, 40);
  expect(found.lost).toBe(0);
  // The test is of something: where only few are planted, most families are proven.
  if (share < 0.02) expect(found.proven).toBeGreaterThan(10);
  expect(plant(2000, share, () => 1500, 40).lost).toBe(0);
});

test("a family without any is proven, and nearly all of its keys are borne out by their bytes", () => {
  expect(plant(2000, 0, (copy) => copy, 20)).toEqual({ proven: 20, families: 20, lost: 0 });
});
