/**
 * Buckets in which every key is an original, whatever they are called, however large they are and however they are
 * paired: nothing is skipped where no two keys show the same picture.
 */

import { assert, asyncProperty, boolean, constantFrom, integer, record } from "fast-check";
import { expect, test } from "vitest";
import type { Listed } from "../../src/model.ts";
import { listed, photos, seeingAll, tell } from "./listing-rig.ts";

/** Keys of one scene, as cameras, scanners and people name them; `$` is its name. */
const BUCKETS: readonly (readonly string[])[] = [
  ["negatives/$.jpg", "10x15/$.jpg"],
  ["slides/$.jpg", "120/$.jpg", "35mm/$.jpg"],
  ["camera/$.jpg", "square/$.jpg"],
  ["frescoes/$.jpg", "icons/$.jpg"],
  ["hand/$.jpg", "thumb/$.jpg"],
  ["$.jpg", "$_a.jpg", "$_b.jpg"],
  ["$_front.jpg", "$_back.jpg"],
  ["$_full.jpg", "$_detail.jpg"],
  ["$_WIDE.jpg", "$_ZOOM.jpg", "$_THRM.jpg"],
  ["original/$.jpg", "large/$.jpg", "tile/$.jpg"],
  ["$.jpg", "$_thumb.jpg", "$_small.jpg", "$_o.jpg"],
  ["2019/05/$.jpg", "2019/05/$-150x150.jpg", "2019/05/$-300x225.jpg"],
  ["originals/$.jpg", "thumbnails/$.jpg", "previews/$.jpg"],
  ["left/$.jpg", "right/$.jpg"],
  ["$/original.jpg", "$/thumb.jpg", "$/l.jpg"],
  ["$.NEF", "$.jpg", "thumbs/$.jpg"],
  ["$.jpg", "cache/$.jpg", "web/$.png"],
];
const STYLES = ["IMG_1", "DSC0", "scan ", "2012-06-28 14.03.", "0"] as const;

function bucketOf(forms: readonly string[], scenes: number, style: string, shrinking: boolean): Listed[] {
  const sizes = photos(scenes, scenes + 1);
  return sizes.flatMap(({ original, large, thumb }, nth) =>
    forms.map((form, at) => {
      const name = `${style}${String(nth).padStart(4, "0")}`;
      // Of one size class as a camera writes them, or ever smaller as renditions are.
      const size = shrinking ? ([original, large, thumb, thumb >> 1][at] ?? thumb) : original + 7 * at;
      return listed(form.replaceAll("$", name), size);
    }),
  );
}

const nothingAlike = seeingAll((a, b) => a === b);

test("no key is ever skipped, whatever speaks for it", async () => {
  await assert(
    asyncProperty(
      record({
        forms: constantFrom(...BUCKETS),
        scenes: constantFrom(1, 3, 12, 29, 30, 45, 150),
        style: constantFrom(...STYLES),
        shrinking: boolean(),
        deep: integer({ min: 0, max: 2 }),
      }),
      async ({ forms, scenes, style, shrinking, deep }) => {
        const moved = forms.map((form) => `${"album/".repeat(deep)}${form}`);
        const told = await tell(bucketOf(moved, scenes, style, shrinking), { prove: nothingAlike });
        expect(told.of("rendition")).toEqual([]);
        expect(told.of("other")).toEqual([]);
      },
    ),
    { numRuns: 80 },
  );
}, 120_000);

test("nor in a second listing that has more of them", async () => {
  for (const forms of BUCKETS.slice(0, 10)) {
    const first = bucketOf(forms, 40, "IMG_", true);
    const second = bucketOf(forms, 60, "IMG_", true);
    const told = await tell([first, second], { prove: nothingAlike });
    expect(told.of("rendition"), forms.join(" ")).toEqual([]);
  }
}, 120_000);

test("copies of some scenes prove nothing for the other photos of their names", async () => {
  // Every third scene has a true copy in `web/`, the others have another photo there.
  const scenes = 60;
  const isCopy = (key: string) => Number(/(\d+)\.jpg$/.exec(key)?.[1]) % 3 === 0;
  const name = (key: string) => key.slice(key.lastIndexOf("/") + 1);
  const prove = seeingAll((a, b) => a === b || (name(a) === name(b) && isCopy(a)));
  const told = await tell(bucketOf(["photos/$.jpg", "web/$.jpg"], scenes, "IMG_", true), { prove });
  expect(told.of("rendition")).toEqual([]);
}, 60_000);
