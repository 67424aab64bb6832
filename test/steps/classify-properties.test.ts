/** Of any listing at all: no photo is left without something that is fetched. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileKindOf } from "../../src/decide/file-kinds.ts";
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
const sizes = fc.oneof(
  fc.integer({ min: 1, max: 2000 }),
  fc.integer({ min: 1000, max: 5_000_000 }),
  fc.constant(0),
);

/** Photos as services keep them, among keys of every kind. */
const listings = fc
  .tuple(
    fc.uniqueArray(fc.tuple(keys, sizes), { selector: ([key]) => key, maxLength: 60 }),
    fc.integer({ min: 0, max: 30 }),
    fc.constantFrom(
      ["original/p$.jpg", "large/p$.jpg", "tile/p$.jpg"],
      ["p$.jpg", "p$_large.jpg", "p$_thumb.jpg"],
      ["a/p$.jpg", "thumbs/a/p$.jpg", "a/p$.mov"],
    ),
  )
  .map(([random, n, forms]) => {
    const made = Array.from({ length: n }, (_, i) =>
      forms.map((form, k) =>
        listed(form.replace("$", String(i)), Math.round((900_000 + i * 997) / 10 ** k)),
      ),
    ).flat();
    return [...made, ...random.map(([key, size]) => listed(key, size))];
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
    { numRuns: 150 },
  );
}, 120_000);
