/** A first listing stays pages as long as nobody needs rows; it answers as its rows would. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import { type Seeds, seededHash } from "../../src/catalogue/seeded-hash.ts";
import { StemTable } from "../../src/catalogue/stem-table.ts";
import { compareKeys } from "../../src/key.ts";
import type { CataloguedObject, Classified, Listed } from "../../src/model.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fresh-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const RANGES = [{ family: "thumb", bytes: [2, 40] as const, ratio: [0.1, 0.9] as const }];

const object = fc.record(
  {
    key: fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "😀", "\uffff", "\n"), minLength: 1, maxLength: 6 }),
    size: fc.constantFrom(0, 1, 5, 50, 999, 1000, 5000, 2 ** 40),
    etag: fc.constantFrom("", "e", "f"),
    modified: fc.constantFrom("2012-06-28T12:00:00.000Z", ""),
    storageClass: fc.constantFrom("STANDARD", "GLACIER"),
    version: fc.constantFrom("v1", "v2"),
  },
  { requiredKeys: ["key", "size", "etag", "modified", "storageClass"] },
);
const verdict = fc.record({
  kind: fc.constantFrom("original", "original", "rendition", "rendition", "sidecar", "other"),
  family: fc.constantFrom("original", "thumb", "large"),
  stem: fc.constantFrom("p", "q", "r", "s", null),
  rank: fc.constantFrom(0, 0, 1, 2),
  reason: fc.constantFrom("because", "why not"),
});
const judged = fc.uniqueArray(fc.tuple(object, verdict), { selector: ([{ key }]) => key, maxLength: 25 });
const changed = fc.array(fc.tuple(fc.nat(24), verdict), { maxLength: 3 });

async function list(catalogue: Catalogue, objects: readonly Listed[]): Promise<void> {
  await catalogue.runs.start("inventory");
  const sorted = objects.toSorted((a, b) => compareKeys(a.key, b.key));
  const pages = Array.from({ length: Math.ceil(sorted.length / 4) }, (_, at) => sorted.slice(4 * at, 4 * at + 4));
  // Walks of many ranges: pages come in any order.
  for (const page of pages.toReversed()) await catalogue.listing.add(page);
  await catalogue.listing.finish();
}

async function judge(catalogue: Catalogue, verdicts: ReadonlyMap<string, Classified>): Promise<void> {
  const of = (key: string) => verdicts.get(key) ?? expect.unreachable(key);
  for await (const chunk of catalogue.listing.unclassified()) {
    await catalogue.listing.judge(chunk.map((one) => ({ ...one, ...of(one.key) })));
  }
}

async function all<T>(chunks: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const chunk of chunks) found.push(...chunk);
  return found;
}

async function answers({ listing, ...catalogue }: Catalogue, keys: readonly string[], plan: Catalogue["plan"]) {
  const told: unknown[] = [await listing.totals(), await listing.families(), await listing.duplicates()];
  told.push(await all(listing.unclassified()), await all(listing.objects()), await all(listing.objects("rendition")));
  for (const ranges of [[], RANGES]) told.push(await all(listing.unmatched(1000, ranges)));
  for (const key of keys) told.push(await listing.find(key));
  told.push(await listing.find("none"), await listing.drift("t"));
  for (const renditions of ["skip", "fallback", "keep"] as const) {
    told.push(await plan("t").wantedCount(renditions), await plan("t").keptCount(renditions));
    told.push(await all(plan("t").candidates(renditions)), await plan("t").missingOriginals());
  }
  expect(catalogue.file).not.toBe("");
  return told;
}

function rowsIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare("SELECT count(*) AS n FROM objects").get();
  db.close();
  return Number(row?.n);
}

const MOST = {
  pages: undefined,
  rows: undefined,
  large: { fresh: 0, stems: 0 },
  many: { fresh: 100, stems: 0 },
};

test("pages answer as rows do, also in the next run, and when some verdicts changed", async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(judged, changed, async (objects, changes) => {
      number += 1;
      const verdicts = new Map(objects.map(([{ key }, told]) => [key, told]));
      const anew = changes.flatMap(([at, told]) => {
        const key = objects[at]?.[0].key;
        return key === undefined ? [] : [{ key, ...told }];
      });
      const told: unknown[] = [];
      for (const form of ["pages", "rows", "large", "many"] as const) {
        const file = join(folder, `${form}-${number}.sqlite`);
        const open = () => openCatalogue(file, undefined, MOST[form]);
        let catalogue = open();
        await list(
          catalogue,
          objects.map(([one]) => one),
        );
        await judge(catalogue, verdicts);
        if (form === "rows") await catalogue.listing.akin("p", false);
        await catalogue.listing.classify(anew);
        const keys = [...verdicts.keys()];
        const asked = (one: Catalogue) => answers(one, keys, (target) => one.plan(target));
        told.push(await asked(catalogue));
        await catalogue.close();
        catalogue = open();
        await catalogue.runs.start("inventory");
        await catalogue.listing.goOn([]);
        await catalogue.listing.finish();
        told.push(await asked(catalogue));
        await catalogue.close();
        expect(rowsIn(file)).toBe(form === "pages" || form === "many" ? 0 : objects.length);
      }
      const [first, second, ...asRows] = told;
      expect(asRows).toEqual([first, second, first, second, first, second]);
    }),
    { numRuns: 40 },
  );
});

const A = { key: "a.jpg", size: 10, etag: "ea", modified: "", storageClass: "STANDARD" };
const B = { ...A, key: "b.jpg", etag: "eb" };
const C = { ...A, key: "c.jpg", etag: "ec" };
const PHOTO = { kind: "original", family: "original", stem: "a", rank: 0, reason: "because" } as const;
const TOLD = new Map([A, B, C].map(({ key }) => [key, PHOTO]));

test("a listing out of order, or with a key twice, is rows at once, and keeps what was said last", async () => {
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  await catalogue.runs.start("inventory");
  await catalogue.listing.add([A, C]);
  await catalogue.listing.add([B, { ...C, size: 20 }]);
  expect(await catalogue.listing.finish()).toEqual({ keys: 3, bytes: 40 });
  await judge(catalogue, TOLD);
  expect((await all(catalogue.listing.objects())).map(({ size }) => size)).toEqual([10, 10, 20]);
  await catalogue.close();
  const other = openCatalogue(join(folder, "d.sqlite"));
  await other.runs.start("inventory");
  await other.listing.add([A]);
  await other.listing.add([C, B]);
  await other.listing.finish();
  expect((await all(other.listing.unclassified())).map(({ key }) => key)).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
  await other.close();
});

test.each([
  ["cut before it was whole", [A], false],
  ["cut before anything was judged", [A, B, C], true],
])("a run that was %s leaves nothing undecided for the next one", async (_, listed, whole) => {
  const file = join(folder, "c.sqlite");
  let catalogue = openCatalogue(file);
  await catalogue.runs.start("inventory");
  await catalogue.listing.add(listed);
  if (whole) await catalogue.listing.finish();
  await catalogue.close();
  catalogue = openCatalogue(file);
  await catalogue.runs.start("inventory");
  await catalogue.listing.goOn(whole ? [] : null);
  if (!whole) await catalogue.listing.add([A, B, C]);
  expect(await catalogue.listing.finish()).toEqual({ keys: 3, bytes: 30 });
  await judge(catalogue, TOLD);
  expect(await catalogue.listing.kinds()).toMatchObject({ original: 3 });
  await catalogue.close();
});

test("a run that was cut while pages became rows leaves none of them out of the next one", async () => {
  const file = join(folder, "c.sqlite");
  let catalogue = openCatalogue(file, undefined, MOST.large);
  await catalogue.runs.start("mirror");
  await catalogue.listing.add([A, B]);
  await catalogue.listing.add([C]);
  await catalogue.listing.finish();
  for await (const [one] of catalogue.listing.unclassified()) {
    if (one?.key === C.key) break;
    await catalogue.listing.judge([A, B].map((listed) => ({ ...listed, ...PHOTO })));
  }
  await catalogue.close();
  expect(rowsIn(file)).toBe(2);
  catalogue = openCatalogue(file);
  await catalogue.runs.start("mirror");
  await catalogue.listing.goOn([]);
  expect(await catalogue.listing.finish()).toEqual({ keys: 3, bytes: 30 });
  await judge(catalogue, TOLD);
  const keys = [A, B, C].map(({ key }) => key);
  expect((await all(catalogue.listing.objects())).map(({ key }) => key)).toEqual(keys);
  expect((await all(catalogue.plan("t").candidates("skip"))).map(({ key }) => key)).toEqual(keys);
  expect(await catalogue.plan("t").wantedCount("skip")).toBe(3);
  expect(await catalogue.listing.find("a.jpg")).toMatchObject({ ...A, kind: "original" });
  await catalogue.close();
});

test("what passed by undecided, and became rows meanwhile, passes by again", async () => {
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  await list(catalogue, [A, B, C]);
  for await (const [one] of catalogue.listing.unclassified())
    expect(await catalogue.listing.siblings(String(one?.key))).toEqual([]);
  expect(await all(catalogue.listing.unclassified())).toEqual([A, B, C]);
  await catalogue.close();
});

test("what stayed pages under another bound than today's is all there", async () => {
  const file = join(folder, "c.sqlite");
  let catalogue = openCatalogue(file);
  await list(catalogue, [A, B, C]);
  await judge(catalogue, TOLD);
  await catalogue.close();
  catalogue = openCatalogue(file, undefined, MOST.large);
  await catalogue.runs.start("inventory");
  await catalogue.listing.goOn([]);
  await catalogue.listing.finish();
  expect(await catalogue.listing.kinds()).toMatchObject({ original: 3 });
  expect(await all(catalogue.listing.objects())).toHaveLength(3);
  await catalogue.close();
});

test("nothing is beside a stem once no key has one any more", async () => {
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  await list(catalogue, [A, B, C]);
  await judge(catalogue, TOLD);
  expect(await all(catalogue.listing.unmatched(1000, []))).toHaveLength(3);
  expect(await catalogue.listing.siblings("a")).toHaveLength(3);
  await catalogue.listing.declassify();
  expect(await catalogue.listing.siblings("a")).toEqual([]);
  await catalogue.close();
});

test("a later listing keeps what was decided about what it lists as before, and drops what is gone", async () => {
  for (const anew of [null, [{ after: "a.jpg" }]]) {
    const file = join(folder, `${anew === null ? "whole" : "part"}.sqlite`);
    let catalogue = openCatalogue(file);
    await list(catalogue, [A, B, C]);
    await judge(catalogue, TOLD);
    await catalogue.close();
    catalogue = openCatalogue(file);
    await catalogue.runs.start("inventory");
    await catalogue.listing.goOn(anew);
    await catalogue.listing.add(anew === null ? [A, { ...B, etag: "new" }] : [{ ...B, etag: "new" }]);
    await catalogue.listing.finish();
    expect((await all(catalogue.listing.unclassified())).map(({ key }) => key)).toEqual(["b.jpg"]);
    expect(await catalogue.listing.find("a.jpg")).toMatchObject({ ...A, kind: "original" });
    expect(await catalogue.listing.find("c.jpg")).toBeNull();
    await catalogue.close();
  }
});

test("what rotted in a page is said, and never read as another listing", async () => {
  const file = join(folder, "c.sqlite");
  const catalogue = openCatalogue(file);
  await list(catalogue, [A, B, C]);
  await catalogue.close();
  const db = new DatabaseSync(file);
  const data = Buffer.from(Object(db.prepare("SELECT data FROM waiting").get()).data);
  data[data.length - 12] = (data.at(-12) ?? 0) ^ 1;
  db.prepare("UPDATE waiting SET data = ?").run(data);
  db.close();
  const again = openCatalogue(file);
  await expect(all(again.listing.unclassified())).rejects.toMatchObject({ code: "catalogue" });
  await again.close();
});

test("two stems whose sums collide hide no missing original", () => {
  const seeds: Seeds = [1, 2, 3];
  const [sum, seen] = [new Uint32Array(3), new Map<number, string>()];
  let pair: readonly [string, string] | null = null;
  for (let number = 0; pair === null; number += 1) {
    const stem = `photos/IMG_${number}`;
    seededHash(stem, seeds, sum);
    const [first = 0] = sum;
    const other = seen.get(first);
    seen.set(first, stem);
    if (other !== undefined) pair = [other, stem];
  }
  const table = new StemTable(seeds);
  const of = (stem: string, kind: "original" | "rendition", size: number): CataloguedObject => ({
    ...A,
    ...PHOTO,
    kind,
    stem,
    size,
  });
  const orphan = of(pair[1], "rendition", 5);
  table.add(of(pair[0], "original", 5000), 0);
  table.add(orphan, 1);
  expect(table.isUnmatched(orphan, 1000, new Map())).toBe(true);
  expect([...table.standIns()]).toEqual([1]);
});
