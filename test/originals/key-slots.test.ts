import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalStem, tokenMatcher } from "../../src/layouts/layout.ts";
import type { Listed } from "../../src/model.ts";
import { masked, slotsOf, wantedWords, wordsOf } from "../../src/originals/key-slots.ts";
import { GroupSample, KeySample } from "../../src/originals/listing-samples.ts";

function listed(key: string): Listed {
  return {
    key,
    size: 1,
    etag: key,
    modified: "2020-01-01T00:00:00.000Z",
    storageClass: "STANDARD",
  };
}

function residuals(key: string): string[] {
  return slotsOf(key, () => true).map(({ id, residual }) => `${id} → ${residual}`);
}

test("a key is taken apart at every place where services put a word", () => {
  expect(residuals("large/2012/IMG_1.jpg")).toEqual([
    " → large/2012/img_1",
    "name:img_1 → large/2012",
    "prefix:img → large/2012/1",
    "left0:large → 2012/img_1",
    "right2:large → 2012/img_1",
    "left1:2012 → large/img_1",
    "right1:2012 → large/img_1",
  ]);
  expect(residuals("thumbs/IMG_thumb.jpg")).toContain("left0:thumbs+suffix:thumb → img");
  expect(residuals("photo/IMG_thumb.jpg")).not.toContain("left0:photo+suffix:thumb → img");
});

test("the words of a key are those of its slots", () => {
  const part = fc.constantFrom("large", "thumbs", "2012", "IMG_1", "a_thumb", "150x150", "x.y", "");
  const wanted = (word: string) => word !== "2012";
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
      const key = `${parts.join("/")}.jpg`;
      const words = slotsOf(key, wanted).map(({ word }) => word);
      const single = words.filter((word) => word !== "" && !word.includes(" "));
      expect([...wordsOf(key, wanted)].filter((word) => word !== "").sort()).toEqual([...new Set(single)].sort());
    }),
  );
});

test("sizes are one word, counters are not", () => {
  expect(["150x150", "w600", "h80", "400px", "2012", "x", "a1x2"].map(masked)).toEqual([
    "#x#",
    "w#",
    "h#",
    "#px",
    "2012",
    "x",
    "a1x2",
  ]);
});

describe("what is found in a key is what a rule for it matches", () => {
  const part = fc.constantFrom("original", "large", "thumbs", "2012", "IMG_1", "a_thumb", "150x150", "é", "x.y", "");
  const key = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 8 }), fc.constantFrom(".jpg", "_large.JPG", "", ".tar.gz"))
    .map(([parts, end]) => parts.join("/") + end);

  test("and leaves the same", () => {
    fc.assert(
      fc.property(fc.oneof(key, fc.string({ minLength: 1 })), (text) => {
        for (const { where, residual } of slotsOf(text, () => true)) {
          if (where === null) continue;
          const rule = {
            family: "f",
            role: "rendition",
            rank: 0,
            needs: "nothing",
            ...where,
          } as const;
          expect(tokenMatcher(rule)(text), JSON.stringify(where)).toBe(residual);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("and does not depend on case or Unicode form", () => {
    fc.assert(
      fc.property(key, (text) => {
        const twin = text.normalize("NFD").toUpperCase();
        if (normalStem(twin) !== normalStem(text)) return;
        expect(residuals(twin)).toEqual(residuals(text));
      }),
    );
  });
});

describe("samples", () => {
  const photo = (i: number) => [`original/IMG_${i}.jpg`, `large/IMG_${i}.jpg`, `tile/IMG_${i}.jpg`];

  test("a group is kept whole or not at all, and the sample keeps within its bounds", () => {
    const sample = new GroupSample(() => true, 2000);
    for (let i = 0; i < 5000; i += 1) for (const key of photo(i)) sample.add(listed(key));
    let entries = 0;
    for (const [residual, group] of sample.groups) {
      entries += group.length;
      if (/^img_\d+$/.test(residual)) expect(group.map(({ object }) => object.key)).toHaveLength(6);
    }
    expect(entries).toBeLessThanOrEqual(2000);
    expect(entries).toBeGreaterThan(500);
    expect(sample.modulus).toBeGreaterThan(1);
  });

  test("the order of the listing does not matter", () => {
    const keys = Array.from({ length: 500 }, (_, i) => photo(i)).flat();
    const [one, two] = [new GroupSample(() => true, 900), new GroupSample(() => true, 900)];
    for (const key of keys) one.add(listed(key));
    for (const key of keys.toReversed()) two.add(listed(key));
    expect([...two.groups.keys()].sort()).toEqual([...one.groups.keys()].sort());
  });

  test("frequent words are wanted, rare ones and counters are not, and speaking ones always", () => {
    const sample = new KeySample(300);
    for (let i = 0; i < 1000; i += 1) sample.add(listed(`web4/2012/trip${i}/IMG_${i}.jpg`));
    expect(sample.objects.length).toBeLessThanOrEqual(300);
    expect(sample.seen).toBe(1000);
    const wanted = wantedWords(sample.objects);
    expect(["web4", "img", "2012", "trip7", "7", "thumb", "original", "edited"].map(wanted)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
