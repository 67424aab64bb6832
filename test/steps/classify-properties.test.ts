/** Of any listing at all: no photo is left without something that is fetched. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileKindOf } from "../../src/keys/file-kinds.ts";
import type { Listed } from "../../src/model.ts";
import { listed, tell } from "./listing-rig.ts";

const folders = fc.constantFrom(
  "",
  "original/",
  "large/",
  "thumbs/",
  "rome/",
  "a/original/",
  "a/large/",
  "large/tile/",
  "100x100/",
);
const names = fc.tuple(fc.constantFrom("IMG_", "x", "large_"), fc.integer({ min: 1, max: 12 }));
const endings = fc.constantFrom(
  ".jpg",
  ".JPG",
  "_thumb.jpg",
  "_large.jpg",
  "-200x200.jpg",
  ".NEF",
  ".mov",
  ".png",
  "_o.jpg",
);
const keys = fc
  .tuple(folders, names, endings)
  .map(([folder, [start, number], end]) => `${folder}${start}${number}${end}`);
const sizes = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1000, max: 5_000_000 }), fc.constant(0));

/** What befalls single objects of a bucket that is otherwise in order. */
const CHANGES: Readonly<Record<string, (object: Listed) => Listed | null>> = {
  "is lost": () => null,
  "has no bytes": (object) => ({ ...object, size: 0 }),
  "is an error page": (object) => ({ ...object, size: 300 }),
  "is larger than all": (object) => ({ ...object, size: 7_000_000 }),
  "is a RAW file": (object) => ({ ...object, key: object.key.replace(".jpg", ".NEF") }),
  "is a video": (object) => ({ ...object, key: object.key.replace(".jpg", ".mov") }),
  "lies elsewhere": (object) => ({ ...object, key: `rome/${object.key}` }),
};
const PHOTOS = 150;
const change = fc.record({
  at: fc.nat({ max: 3 * PHOTOS - 1 }),
  what: fc.constantFrom(...Object.keys(CHANGES)),
});

/** Photos as services keep them, some of them spoilt, among keys of every kind. */
const listings = fc
  .tuple(
    fc.uniqueArray(fc.tuple(keys, sizes), { selector: ([key]) => key, maxLength: 8 }),
    fc.uniqueArray(change, { selector: ({ at }) => at, maxLength: 12 }),
    fc.constantFrom(
      ["original/p$.jpg", "large/p$.jpg", "tile/p$.jpg"],
      ["p$.jpg", "p$_large.jpg", "p$_thumb.jpg"],
      ["a/p$.jpg", "thumbs/a/p$.jpg", "a/p$.mov"],
    ),
  )
  .map(([random, changes, forms]) => {
    const made: (Listed | null)[] = Array.from({ length: PHOTOS }, (_, i) =>
      forms.map((form, k) => listed(form.replace("$", String(i)), Math.round((900_000 + i * 997) / 10 ** k))),
    ).flat();
    for (const { at, what } of changes) {
      const object = made[at];
      if (object) made[at] = CHANGES[what]?.(object) ?? null;
    }
    return [...made.filter((one) => one !== null), ...random.map(([key, size]) => listed(key, size))];
  });

function isLargerOrSame(a: Listed, b: Listed): boolean {
  return a.size > b.size || (a.size === b.size && a.etag === b.etag);
}

test("every rendition has its original, or the best of its photo is fetched in its place", async () => {
  await fc.assert(
    fc.asyncProperty(listings, async (objects) => {
      const told = await tell(objects);
      const fetched = new Set([...told.of("original"), ...told.fallbacks]);
      for (const object of objects) {
        const verdict = told.objects.get(object.key);
        if (verdict?.kind !== "rendition" || object.size === 0 || fetched.has(object.key)) continue;
        expect(fileKindOf(object.key)).not.toBe("raw");
        const instead = [...told.objects.values()].filter(
          (one) => one.stem === verdict.stem && fetched.has(one.key) && one.size > 0,
        );
        expect(instead, object.key).not.toEqual([]);
        const named = instead.some(({ reason }) => reason.startsWith("its name is like"));
        const larger = instead.some((one) => isLargerOrSame(one, object));
        expect(named || larger, `${object.key}: ${verdict.reason}`).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

test("a RAW file among the tiles is fetched, and is no original of a larger rendition", async () => {
  const forms = ["original/p$.jpg", "large/p$.jpg", "tile/p$.jpg"];
  const photos = Array.from({ length: PHOTOS }, (_, i) =>
    forms.map((form, k) => listed(form.replace("$", String(i)), Math.round(900_000 / 10 ** k))),
  );
  const lost = [listed("large/lost.jpg", 90_000), listed("tile/lost.NEF", 9000)];
  const told = await tell([...photos.flat(), ...lost]);
  expect(told.of("original")).toContain("tile/lost.NEF");
  expect(told.fallbacks).toEqual(["large/lost.jpg"]);
});
