/** A family as it is remembered, what new keys do to it, and what follows for each key. */

import { describe, expect, test } from "vitest";
import { defineLayout, EVERYTHING_ORIGINAL, type Layout } from "../../src/layouts/layout.ts";
import { parseLayout } from "../../src/layouts/layout-data.ts";
import { judgeFamily } from "../../src/originals/family-proof.ts";
import { provenFamily, withNewPairs } from "../../src/originals/proven-family.ts";
import {
  load,
  type ProvenFamily,
  provenClassifier,
  type SavedLayout,
  sameRules,
  save,
} from "../../src/originals/saved-layout.ts";
import { controls, pairs } from "./compared-pairs.ts";

const FACTS = {
  unit: "small",
  looks: "small/…",
  option: "--exclude",
  keys: 40,
  bytes: 1,
  budget: 9,
};
const evidence = (found: ReturnType<typeof pairs>, keys: number, whole: boolean, alike = 0) => ({
  proof: judgeFamily(found, controls(found.length, alike), keys, whole),
  pairs: found,
  controls: controls(found.length, alike),
});
const PROVEN = provenFamily(evidence(pairs(30), 500, false), FACTS);
const EACH = provenFamily(evidence(pairs(20), 20, true), FACTS);

function layoutOf(data: object): Layout {
  const { layout } = parseLayout(data);
  if (layout === null) throw new Error("no layout");
  return layout;
}
const directory = (word: string) => ({ directory: { from: "left", at: 0, word } });
const LAYOUT = layoutOf({
  id: "two",
  tokens: [
    { family: "large", role: "original", ...directory("large") },
    { family: "small", role: "rendition", ...directory("small") },
  ],
});
const saved = (family: ProvenFamily | null, chosen = false): SavedLayout => ({
  layout: LAYOUT,
  reason: "seen",
  chosen,
  families: new Map(family === null ? [] : [["small", family]]),
  refused: [],
  keys: 900,
});

describe("what is new in a family", () => {
  test("holds: more pairs, a wider range", () => {
    const grown = withNewPairs(PROVEN, evidence(pairs(5, undefined, { from: 90 }), 5, true));
    expect(grown).toMatchObject({ state: "proven", ended: null, compared: 35, same: 35 });
    expect(grown.range?.bytes).toEqual(PROVEN.range?.bytes);
  });

  test("shows other pictures: it ends, and what was proven stays", () => {
    const grown = withNewPairs(PROVEN, evidence(pairs(5, "another picture"), 50, false));
    expect(grown).toMatchObject({ state: "proven", same: 30, final: true });
    expect(grown.ended).toMatch(/^what came later is not proven: 0 of 5 compared pairs/);
    expect(grown.shown[0]?.note).toBe("another picture (likeness 0.90)");
  });

  test("cannot be read: it is open, until a later run can say more", () => {
    const open = withNewPairs(PROVEN, evidence(pairs(5, "could not be read"), 50, false));
    expect(open).toMatchObject({ state: "proven", final: false });
    expect(open.ended).toMatch(/5 could not be read/);
    const again = withNewPairs(open, evidence(pairs(5, undefined, { from: 90 }), 50, false));
    expect(again).toMatchObject({ state: "proven", final: true, ended: null });
  });

  test("a small family takes what is the same itself, and is proven from 30 on", () => {
    const some = [...pairs(4, undefined, { from: 50 }), ...pairs(1, "too little to see")];
    const grown = withNewPairs(EACH, evidence(some, 5, true));
    expect(grown).toMatchObject({ state: "each", same: 24 });
    expect(grown.sameKeys).toHaveLength(24);
    const more = withNewPairs(grown, evidence(pairs(6, undefined, { from: 60 }), 6, true));
    expect(more).toMatchObject({ state: "proven", sameKeys: [], same: 30 });
    expect(more.otherKeys).toEqual(["small/too little to see 0.jpg"]);
  });

  test("a small family that gets 30 and more at once is proven by a sample of those", () => {
    const grown = withNewPairs(EACH, evidence(pairs(30, undefined, { from: 50 }), 400, false));
    expect(grown).toMatchObject({ state: "proven", sameKeys: [], ended: null });
    const other = [...pairs(29, undefined, { from: 50 }), ...pairs(1, "another picture")];
    const kept = withNewPairs(EACH, evidence(other, 400, false));
    expect(kept).toMatchObject({ state: "each", sameKeys: EACH.sameKeys });
  });

  test("a small family of second takes takes no more of them, a few at a time", () => {
    let family = EACH;
    for (let day = 1; day <= 30; day += 1) {
      const found = pairs(1, day % 4 === 0 ? undefined : "not quite alike", { from: 100 * day });
      family = withNewPairs(family, evidence(found, 1, true));
    }
    expect(family.state).toBe("each");
    // 20 were the same before: every fourth of the new ones holds up to three quarters.
    expect(family.sameKeys.length).toBeLessThanOrEqual(27);
  });

  test("of a small family what was written over is what it is found to be now", () => {
    const [first] = EACH.sameKeys;
    const [name, size] = first ?? ["", 0];
    const again = pairs(1, "not quite alike", { child: name, bytes: { child: size, parent: 9e6 } });
    const grown = withNewPairs(EACH, evidence(again, 1, true));
    expect(grown.sameKeys).toEqual(EACH.sameKeys.slice(1));
  });

  test.each(["none", "accepted"] as const)("%s stays what it is", (state) => {
    const family = { ...PROVEN, state };
    expect(withNewPairs(family, evidence(pairs(5), 5, true))).toBe(family);
  });

  test("without an original beside any there is nothing to compare, and nothing ends", () => {
    expect(withNewPairs(PROVEN, evidence([], 12, true))).toBe(PROVEN);
  });

  test("no more bytes were allowed: how many that were is remembered", () => {
    const found = [...pairs(5), ...pairs(25, "beyond what --proof-bytes allows")];
    expect(provenFamily(evidence(found, 99, false), FACTS)).toMatchObject({
      allowed: 9,
      final: true,
    });
    expect(PROVEN.allowed).toBe(0);
  });
});

describe("what a key is", () => {
  const kind = (family: ProvenFamily | null, key = "small/a.jpg", chosen = false) => {
    const { kind: told, needs, range } = provenClassifier(saved(family, chosen))({ key, size: 9 });
    return { kind: told, needs, range: range !== undefined };
  };
  const RENDITION = { kind: "rendition", needs: "larger-if-any", range: false };
  const ORIGINAL = { kind: "original", needs: "nothing", range: false };
  const each = { ...EACH, sameKeys: [["small/a.jpg", 9]] as const };
  const writtenOver = { ...EACH, sameKeys: [["small/a.jpg", 8]] as const };

  test.each([
    ["named by the user", null, "small/a.jpg", true, "rendition"],
    ["accepted at the terminal", { ...PROVEN, state: "accepted" }, "small/a.jpg", false, "rendition"],
    ["of a family nobody knows", null, "small/a.jpg", false, "original"],
    ["not proven", { ...PROVEN, state: "none" }, "small/a.jpg", false, "original"],
    ["told by itself", each, "small/a.jpg", false, "rendition"],
    ["told by itself, and written over since", writtenOver, "small/a.jpg", false, "original"],
    ["not told, in a small family", each, "small/b.jpg", false, "original"],
    [
      "a video in a small family of photos too few",
      { ...each, holdsForVideos: false },
      "small/b.mov",
      false,
      "original",
    ],
    ["compared, and not the same", { ...PROVEN, otherKeys: ["small/a.jpg"] }, "small/a.jpg", false, "original"],
    ["new in a family that ended", { ...PROVEN, ended: "it is over" }, "small/a.jpg", false, "original"],
    ["proven, and nothing known of its size", { ...PROVEN, range: null }, "small/a.jpg", false, "original"],
    ["of a type that was not compared", PROVEN, "small/a.pdf", false, "original"],
    ["without an extension", PROVEN, "small/a", false, "original"],
    [
      "without an extension, as those that were compared",
      { ...PROVEN, extensions: [""] },
      "small/a",
      false,
      "rendition",
    ],
    ["an original by its name", PROVEN, "large/a.jpg", false, "original"],
  ] as const)("%s", (_, family, key, chosen, told) => {
    expect(kind(family, key, chosen)).toMatchObject({ kind: told });
  });

  test("in a proven family its bytes must bear it out, of a video that they are fewer", () => {
    expect(kind(PROVEN)).toEqual({ ...RENDITION, needs: kind(PROVEN).needs, range: true });
    expect(kind(PROVEN, "small/a.mov")).toEqual({ ...RENDITION, needs: "larger" });
    expect(kind({ ...EACH, sameKeys: [] }, "small/a.mov")).toEqual({
      ...RENDITION,
      needs: "larger",
    });
    expect(kind({ ...PROVEN, state: "none" })).toEqual(ORIGINAL);
  });

  test("no litter on the word of a layout that nobody named", () => {
    const litter = defineLayout({ ...LAYOUT, renditions: [{ regex: /^cache\//, family: "cache", action: "litter" }] });
    const told = (chosen: boolean) =>
      provenClassifier({ ...saved(null, chosen), layout: litter })({
        key: "cache/a.jpg",
        size: 9,
      });
    expect(told(false).kind).toBe("original");
    expect(told(true).kind).toBe("other");
  });
});

describe("a decision in the catalogue", () => {
  const loaded = (text: string): SavedLayout => {
    const found = load(text);
    if (found === null || found === "unproven") throw new Error("it is not read");
    return found;
  };

  test("of a version that said more of a layout is read", () => {
    const written = JSON.parse(save(saved(PROVEN)));
    Object.assign(written.layout, { evidence: "inferred", join: "the key", hides: { captureDate: "EXIF" } });
    expect(sameRules(loaded(JSON.stringify(written)).layout, LAYOUT)).toBe(true);
  });

  test("comes back as it was", () => {
    const family = { ...PROVEN, ended: "over", otherKeys: ["small/a.jpg"] };
    const again = loaded(save(saved(family)));
    expect(sameRules(again.layout, LAYOUT)).toBe(true);
    expect(again.families.get("small")).toEqual(family);
    expect(again).toMatchObject({ chosen: false, reason: "seen", keys: 900 });
    const none = { ...saved(null), layout: EVERYTHING_ORIGINAL };
    expect(load(save(none))).toMatchObject({ layout: EVERYTHING_ORIGINAL });
  });

  const old = (chosen: boolean) =>
    JSON.stringify({
      version: 1,
      layout: { id: "two", tokens: TOKENS },
      reason: "by names",
      chosen,
    });
  const TOKENS = [{ family: "small", role: "rendition", ...directory("small") }];

  test("of the first version: what the user named stands, anything else was never proven", () => {
    expect(load(old(false))).toBe("unproven");
    expect(load(old(true))).toMatchObject({ chosen: true, reason: "by names" });
  });

  test.each([
    ["no text", null, null],
    ["no JSON", "{", null],
    ["something else", "[]", null],
    ["a layout that cannot be read", JSON.stringify({ layout: 7, reason: "", chosen: true }), "unproven"],
    ["families that cannot be read", JSON.stringify({ ...JSON.parse(save(saved(PROVEN))), families: 7 }), "unproven"],
  ])("%s", (_, text, found) => {
    expect(load(text)).toBe(found);
  });
});
