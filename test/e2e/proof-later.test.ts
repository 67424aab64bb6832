/** What later runs do with a proof: new keys, families that grow or end, and decisions of the version before. */

import { describe, expect, test } from "vitest";
import { decisionIn, inventory, kindIn, kinds, mirror, nameOf, put, TWO, warnings } from "../scripts/proof-rig.ts";
import { rig } from "../scripts/rig.ts";
import { namedSizes } from "../scripts/three-sizes.ts";

describe("new keys in a family", () => {
  test("that is proven: five are compared, and all are skipped", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    await inventory(at);
    put(at.server, 34, 46, TWO);
    const ran = await inventory(at);
    expect(kinds(ran)).toEqual({ original: 46, rendition: 46 });
    expect(ran.summary.requests.get).toBe(10);
    expect(warnings(ran)).toEqual([]);
  }, 60_000);

  test("that are other photos: the family ends, they come home, what was proven stays", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    await mirror(at);
    put(at.server, 34, 46, { original: "original", tile: "other" });
    const ran = await mirror(at);
    expect(ran.exit).toBe(0);
    expect(kinds(ran)).toEqual({ original: 58, rendition: 34 });
    const [ended] = warnings(ran).filter(({ code }) => code === "family-ended");
    expect(ended?.message).toMatch(/tile.*What is new there is kept as originals/);
    expect(ran.photos.filter(({ key }) => key.startsWith("tile/"))).toHaveLength(12);
    // For good, and said once.
    put(at.server, 46, 50, TWO);
    const later = await mirror(at);
    expect(kinds(later)).toEqual({ original: 66, rendition: 34 });
    expect(warnings(later)).toEqual([]);
    expect(kindIn(at, `tile/${nameOf(48)}`)).toBe("original");
  }, 60_000);

  test("a small family is told key by key, and is proven from thirty on", async () => {
    await using at = await rig({}, (server) => put(server, 0, 20, TWO));
    // Other photos beside them, so that the listing does not double.
    put(at.server, 100, 130, { holidays: "original" });
    expect(kinds(await inventory(at))).toEqual({ original: 50, rendition: 20 });
    expect(decisionIn(at)).toContain('"state":"each"');
    put(at.server, 20, 25, TWO);
    expect(kinds(await inventory(at))).toEqual({ original: 55, rendition: 25 });
    put(at.server, 25, 31, TWO);
    expect(kinds(await inventory(at))).toEqual({ original: 61, rendition: 31 });
    expect(decisionIn(at)).toContain('"state":"proven"');
  }, 60_000);

  test("a small family that gets many at once is proven by a sample of them", async () => {
    await using at = await rig({}, (server) => put(server, 0, 10, TWO));
    put(at.server, 100, 180, { holidays: "original" });
    expect(kinds(await inventory(at))).toEqual({ original: 90, rendition: 10 });
    put(at.server, 10, 45, TWO);
    expect(kinds(await inventory(at))).toEqual({ original: 125, rendition: 45 });
  }, 60_000);

  test("in a small family, other photos of the same names are kept, each", async () => {
    await using at = await rig({}, (server) => put(server, 0, 12, TWO));
    put(at.server, 12, 16, { original: "original", tile: "other" });
    const ran = await inventory(at);
    expect(kinds(ran)).toEqual({ original: 20, rendition: 12 });
  }, 60_000);
});

describe("a catalogue of the version before", () => {
  /** As it wrote them: families believed for their names, nothing proven. */
  const old = (chosen: boolean) =>
    JSON.stringify({
      layout: {
        id: "auto",
        title: "told from the listing",
        tokens: [
          {
            family: "original",
            role: "original",
            directory: { from: "left", at: 0, word: "original" },
          },
          { family: "large", role: "rendition", directory: { from: "left", at: 0, word: "large" } },
          { family: "tile", role: "rendition", directory: { from: "left", at: 0, word: "tile" } },
        ],
      },
      reason: "30 of 30 sampled pairs show the same picture",
      chosen,
    });

  async function mirroredBefore(chosen: boolean) {
    // `tile/` has copies; `large/` has other photos that are named alike, and was skipped all the same.
    const folders = { original: "original", large: "other", tile: "tile" } as const;
    const at = await rig({}, (server) => put(server, 0, 34, folders));
    const before = await mirror(at, ...namedSizes(at.folder));
    expect(kinds(before)).toEqual({ original: 34, rendition: 68 });
    decisionIn(at, () => old(chosen));
    return at;
  }

  test("is proven anew: what was skipped wrongly is fetched, what is kept stays, and it is said", async () => {
    await using at = await mirroredBefore(false);
    const ran = await mirror(at);
    expect(ran.exit).toBe(0);
    expect(kinds(ran)).toEqual({ original: 68, rendition: 34 });
    expect(ran.summary.outcomes).toMatchObject({ stored: 34, already: 34, failed: 0 });
    expect(ran.photos.every(({ key }) => key.startsWith("large/"))).toBe(true);
    const [anew] = warnings(ran).filter(({ code }) => code === "layout-proven-anew");
    expect(anew?.message).toMatch(/34 keys are renditions, and not 68/);
    const again = await mirror(at);
    expect(warnings(again)).toEqual([]);
    expect(again.summary.outcomes).toMatchObject({ stored: 0, already: 68 });
  }, 60_000);

  test("stands where the user had named the layout", async () => {
    await using at = await mirroredBefore(true);
    const ran = await mirror(at);
    expect(kinds(ran)).toEqual({ original: 34, rendition: 68 });
    expect(warnings(ran)).toEqual([]);
    expect(ran.summary.requests.get).toBe(0);
  }, 60_000);

  test("cannot be proven while pictures cannot be read: then all of it comes home", async () => {
    await using at = await mirroredBefore(false);
    const ran = await mirror(at, "--proof-bytes", "0");
    expect(ran.summary.outcomes).toMatchObject({ stored: 68, already: 34 });
  }, 60_000);
});
