/** Whatever was counted before, and whatever was written since, the catalogue answers as one that never counted. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { Classified, Listed } from "../../src/model.ts";

const TARGETS = ["t", "u"];
const KEYS = ["o1", "r1", "o2", "r2", "r3", "s4", "x5"];
const KINDS = { o: "original", r: "rendition", s: "sidecar", x: "other" } as const;

type Step =
  | { readonly do: "list" | "go on"; readonly objects: readonly Listed[] }
  | { readonly do: "keep"; readonly target: string; readonly object: Listed }
  | { readonly do: "forget"; readonly target: string }
  | { readonly do: "nothing new" | "judge" | "classify" | "declassify" | "reopen" };

const object = fc.record({
  key: fc.constantFrom(...KEYS),
  etag: fc.constantFrom("e", "f"),
  size: fc.constantFrom(0, 1, 5000),
  modified: fc.constant("2012-06-28T12:00:00.000Z"),
  storageClass: fc.constantFrom("STANDARD", "GLACIER"),
});
const objects = fc.uniqueArray(object, { selector: ({ key }) => key, maxLength: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("list" as const, "go on" as const), objects }),
  fc.record({ do: fc.constant("keep" as const), target: fc.constantFrom(...TARGETS), object }),
  fc.record({ do: fc.constant("forget" as const), target: fc.constantFrom(...TARGETS) }),
  fc.record({ do: fc.constantFrom("nothing new", "judge", "classify", "declassify", "reopen") }),
);

/** By the first letter of its key; what has one number belongs to one photo. */
function verdict({ key }: Listed): Classified & { readonly key: string } {
  const kind = Object.entries(KINDS).find(([letter]) => key.startsWith(letter))?.[1] ?? "other";
  return { key, kind, family: kind, stem: key.slice(1), rank: 0, reason: "because" };
}

function entryOf({ key, etag, size }: Listed) {
  const digests = { sha256: "0".repeat(64), md5: "1".repeat(32) };
  const at = "2026-01-01T00:00:00.000Z";
  return { path: `${key}-${etag}`, key, etag, size, ...digests, captured: null, modified: at, storedAt: at };
}

async function take(catalogue: Catalogue, taken: Step): Promise<void> {
  const { listing } = catalogue;
  if (taken.do === "list" || taken.do === "go on") {
    await catalogue.runs.start("mirror");
    await listing.goOn(taken.do === "list" ? null : [{ after: "o1" }]);
    await listing.add(taken.objects.filter(({ key }) => taken.do === "list" || key > "o1"));
    await listing.finish();
  } else if (taken.do === "nothing new") {
    await catalogue.runs.start("mirror");
    await listing.goOn([]);
    await listing.finish();
  } else if (taken.do === "judge") {
    for await (const chunk of listing.unclassified()) {
      await listing.judge(chunk.map((one) => ({ ...one, ...verdict(one) })));
    }
  } else if (taken.do === "classify") {
    for await (const chunk of listing.unclassified()) await listing.classify(chunk.map(verdict));
  } else if (taken.do === "declassify") await listing.declassify();
  else if (taken.do === "forget") await catalogue.kept(taken.target).forget();
  else if (taken.do === "keep") {
    await catalogue.kept(taken.target).add([{ entry: entryOf(taken.object), folded: taken.object.key }]);
  }
}

async function answers(catalogue: Catalogue) {
  const { listing } = catalogue;
  const told: unknown[] = [await listing.totals(), await listing.families(), await listing.duplicates()];
  for await (const chunk of listing.unclassified()) told.push(chunk);
  for (const target of TARGETS) {
    const plan = catalogue.plan(target);
    told.push(await listing.drift(target), await plan.missingOriginals());
    for (const renditions of ["skip", "fallback", "keep"] as const) {
      told.push(await plan.keptCount(renditions), await plan.wantedCount(renditions));
      for await (const chunk of plan.candidates(renditions)) told.push(chunk);
      told.push(await catalogue.wantedOnAny(TARGETS, renditions));
    }
  }
  return told;
}

/** @param asked true to count after every step */
async function answersAfter(steps: readonly Step[], asked: boolean) {
  const folder = mkdtempSync(join(tmpdir(), "counted-"));
  let catalogue = openCatalogue(join(folder, "c.sqlite"));
  try {
    for (const one of steps) {
      await take(catalogue, one);
      // What stands in is known for a run: to keep changes it for the next one.
      if (one.do === "reopen" || one.do === "keep") {
        await catalogue.close();
        catalogue = openCatalogue(join(folder, "c.sqlite"));
      }
      if (asked) await answers(catalogue);
    }
    return await answers(catalogue);
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
}

test("what was counted before is answered only as long as it holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 9 }), async (steps) => {
      expect(await answersAfter(steps, true)).toEqual(await answersAfter(steps, false));
    }),
    { numRuns: 40 },
  );
});

test("nobody else writes objects, or what is kept: whoever does has to forget what was counted", () => {
  const folder = join(import.meta.dirname, "../../src/catalogue");
  const writes = /(?:INTO|UPDATE|DELETE FROM) (?:objects|kept|stand_ins)\b/;
  const writers = readdirSync(folder).filter((name) => writes.test(readFileSync(join(folder, name), "utf8")));
  expect(writers.sort()).toEqual(["kept.ts", "listed-pages.ts", "listing.ts", "object-rows.ts", "target-plan.ts"]);
});
