import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Planned } from "../../src/catalogue/catalogue.ts";
import { compareKeys } from "../../src/key.ts";
import { likelyTraits } from "../../src/naming/name.ts";
import { mergePlans, type Transfer } from "../../src/photo/merge-plans.ts";

function planned(key: string, day: number): Planned {
  const modified = `2020-01-0${day}T00:00:00.000Z`;
  return {
    object: {
      key,
      modified,
      size: 1,
      etag: "",
      storageClass: "STANDARD",
      kind: "original",
      family: "original",
      stem: null,
      rank: 0,
      reason: "",
      fallback: false,
      replaces: false,
    },
    path: key,
    turn: key > "d" ? `~${modified}` : modified,
  };
}

function inOrder(a: Planned, b: Planned): number {
  if (a.turn !== b.turn) return a.turn < b.turn ? -1 : 1;
  return compareKeys(a.object.key, b.object.key);
}

/** A catalogue of plans by target, in chunks of so many. */
function catalogueOf(plans: readonly (readonly Planned[])[], chunk: number) {
  return {
    plan: (target: string) => ({
      async *photos() {
        const rows = [...(plans[Number(target)] ?? [])].sort(inOrder);
        for (let at = 0; at < rows.length; at += chunk) yield rows.slice(at, at + chunk);
      },
    }),
  };
}

test("every photo comes once, in order, with exactly the targets whose plans name it", async () => {
  const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "é", "\u{1f4f7}", "Ａ", "a/b"));
  const plans = fc.array(keys, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async (sets, chunk) => {
      const day = (key: string) => 1 + (key.charCodeAt(0) % 3);
      const rows = sets.map((set) => set.map((key) => planned(key, day(key))));
      const places = sets.map((_, at) => ({
        target: { name: `t${at}`, id: `${at}`, traits: likelyTraits("linux"), freeBytes: null },
      }));
      const all: Transfer[] = [];
      for await (const some of mergePlans(catalogueOf(rows, chunk), places)) all.push(...some);
      const union = new Map(rows.flat().map((row) => [row.object.key, row]));
      const expected = [...union.values()].sort(inOrder).map(({ object }) => object.key);
      expect(all.map(({ object }) => object.key)).toEqual(expected);
      for (const { object, wanted } of all) {
        const who = places.filter((_, at) => sets[at]?.some((key) => key === object.key));
        expect(wanted.map(({ place }) => place)).toEqual(who);
        for (const { photo } of wanted) expect(photo.object.key).toBe(object.key);
      }
    }),
  );
});
