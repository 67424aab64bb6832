import { expect, test } from "vitest";
import type { CataloguedObject } from "../../src/model.ts";
import { PairSample } from "../../src/originals/pair-sample.ts";

/** A rendition of a photo; the photo's name is its stem. */
function rendition(family: string, stem: string, key = `${family}/${stem}.jpg`): CataloguedObject {
  return {
    key,
    size: 10_000,
    etag: "",
    modified: "2020-01-01T00:00:00.000Z",
    storageClass: "STANDARD",
    kind: "rendition",
    family,
    stem,
    rank: 0,
    reason: "",
  };
}

function sampled(objects: readonly CataloguedObject[]) {
  const sample = new PairSample();
  for (const object of objects) sample.add(object);
  return sample.samples;
}

const name = (nth: number) => `img_${String(nth).padStart(6, "0")}`;
const many = (family: string, count: number) => Array.from({ length: count }, (_, nth) => rendition(family, name(nth)));

test("of a small family all, of a large one a few hundred, however large it is", () => {
  expect(sampled(many("small", 29)).get("small")?.chosen).toHaveLength(29);
  const large = sampled(many("small", 50_000)).get("small");
  expect(large).toMatchObject({ keys: 50_000, pictures: 50_000, bytes: 500_000_000 });
  expect(large?.chosen.length).toBeGreaterThan(100);
  expect(large?.chosen.length).toBeLessThan(500);
});

test("the same ones on every run, and mostly the same ones when some are new", () => {
  const keys = (objects: readonly CataloguedObject[]) =>
    (sampled(objects).get("small")?.chosen ?? []).slice(0, 30).map(({ object }) => object.key);
  const first = keys(many("small", 5000));
  expect(keys(many("small", 5000))).toEqual(first);
  const later = new Set(keys(many("small", 5100)));
  expect(first.filter((key) => later.has(key)).length).toBeGreaterThan(20);
});

test("families of the same photos are looked at in the same photos, so that an original serves all", () => {
  const samples = sampled([...many("large", 3000), ...many("square", 3000), ...many("tile", 3000)]);
  const stems = ["large", "square", "tile"].map((family) =>
    (samples.get(family)?.chosen ?? []).slice(0, 30).map(({ object }) => object.stem),
  );
  expect(stems[1]).toEqual(stems[0]);
  expect(stems[2]).toEqual(stems[0]);
});

test("some are neighbours by key, which bursts and second scans are", () => {
  const chosen = (sampled(many("small", 5000)).get("small")?.chosen ?? []).slice(0, 30);
  const numbers = new Set(chosen.map(({ object }) => Number(object.stem?.slice(4))));
  const neighbours = [...numbers].filter((nth) => numbers.has(nth + 1));
  expect(neighbours.length).toBeGreaterThanOrEqual(8);
  expect(numbers.size - neighbours.length).toBeGreaterThanOrEqual(10);
  // Neighbours are visited one after the other, by one order.
  for (const nth of neighbours) {
    const orders = chosen
      .filter(({ object }) => [name(nth), name(nth + 1)].includes(object.stem ?? ""))
      .map(({ order }) => order);
    expect(orders.length).toBe(2);
  }
});

test("a folder of a few among thousands is looked into", () => {
  const objects = [
    ...Array.from({ length: 4000 }, (_, nth) => rendition("small", `a/${name(nth)}`, `a/small/${name(nth)}.jpg`)),
    ...Array.from({ length: 12 }, (_, album) =>
      Array.from({ length: 5 }, (__, nth) => {
        const photo = `b${album}/${name(nth)}`;
        return rendition("small", photo, `b${album}/small/${name(nth)}.jpg`);
      }),
    ).flat(),
  ];
  const chosen = (sampled(objects).get("small")?.chosen ?? []).slice(0, 30);
  const folders = new Set(chosen.map(({ object }) => object.key.split("/")[0]));
  expect(folders.size).toBeGreaterThanOrEqual(6);
});

test("sizes in a name are one family; videos and RAW files are counted, and not looked at", () => {
  const objects = [
    rendition("150x150", "a"),
    rendition("300x225", "b"),
    rendition("300x225", "c", "300x225/c.mov"),
    rendition("300x225", "d", "300x225/d.NEF"),
  ];
  const samples = sampled(objects);
  expect([...samples.keys()]).toEqual(["#x#"]);
  const one = samples.get("#x#");
  expect(one).toMatchObject({ keys: 4, pictures: 2 });
  expect(one?.chosen.map(({ object }) => object.stem).toSorted()).toEqual(["a", "b"]);
});

test("families beyond sixty have no sample, and so are not proven", () => {
  const objects = Array.from({ length: 90 }, (_, nth) => {
    const letter = String.fromCharCode(97 + (nth % 26));
    return rendition(`${letter}${letter.repeat(Math.floor(nth / 26))}`, "a");
  });
  expect(sampled(objects).size).toBe(60);
});
