import { describe, expect, test } from "vitest";
import { allLayouts, findLayout } from "../../src/layouts/all.ts";
import type { Layout } from "../../src/layouts/layout.ts";
import { layoutData, parseLayout } from "../../src/layouts/layout-data.ts";
import { classify } from "../../src/originals/classify.ts";
import { wrongExamples } from "../../src/originals/layout-file.ts";
import { load, sameRules, save } from "../../src/originals/saved-layout.ts";
import { cpuMs } from "../cpu.ts";

const layouts = allLayouts();

test("every service has a name of its own and is found by it", () => {
  expect(new Set(layouts.map(({ id }) => id)).size).toBe(layouts.length);
  expect(layouts.length).toBeGreaterThan(40);
  for (const layout of layouts) expect(findLayout(layout.id.toUpperCase())).toBe(layout);
  expect(findLayout("no such service")).toBeNull();
});

describe.each(layouts)("$id", (layout) => {
  test("takes each of its examples for what it says it is", () => {
    expect(wrongExamples(layout)).toEqual([]);
  });

  test("gives every rule at least two examples, which that very rule matches", () => {
    for (const { regex, examples } of [...layout.originals, ...layout.renditions]) {
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const key of examples) expect(key).toMatch(regex);
    }
  });

  test("survives being written down and read again", () => {
    const { layout: again } = parseLayout(JSON.parse(JSON.stringify(layoutData(layout))));
    expect(again).not.toBeNull();
    if (again !== null) expect(sameRules(layout, again)).toBe(true);
    const more = { families: new Map(), refused: [], keys: 7 };
    const loaded = load(save({ layout, reason: "a reason", chosen: true, ...more }));
    expect(loaded).toMatchObject({ reason: "a reason", chosen: true, keys: 7, layout: { id: layout.id } });
  });

  test("answers about a hostile key in no time", () => {
    const hostile = ["a/".repeat(500), "_0".repeat(500), "0/".repeat(500), `${"-1x1".repeat(250)}.jpg`];
    const before = cpuMs();
    for (const key of hostile) classify({ key, size: 1 }, layout);
    expect(cpuMs() - before).toBeLessThan(2000);
  });
});

/** Renditions of services that keep no originals of their own lie beside keys of any name. */
const ORIGINALS: Readonly<Record<string, readonly string[]>> = {
  buffalo: ["share/photo/IMG_1234.jpg", "share/a.jpg"],
  damselfly: ["2023/07/IMG_1234.NEF", "a/DSC_0001.jpg", "x.jpg"],
  qnap: ["Multimedia/2023/IMG_1234.JPG", "Photos/DSC_0001.jpg"],
  tiles: ["pano/DSC_0001.tif", "images/zoomify/1.jpg", "map.png", "pano.jpg", "iiif/abc.jpg"],
};

function joins(layout: Layout): boolean {
  return layout.renditions.some(({ action }) => action === "skip-if-original-present");
}

test.each(layouts.filter(joins))("a rendition of $id finds its original", (layout) => {
  const keys = [...layout.originals.flatMap(({ examples }) => examples), ...(ORIGINALS[layout.id] ?? [])];
  const stems = new Set(keys.map((key) => classify({ key, size: 1 }, layout).stem));
  for (const rule of layout.renditions) {
    if (rule.action !== "skip-if-original-present") continue;
    const found = rule.examples.filter((key) => stems.has(classify({ key, size: 1 }, layout).stem));
    expect(found, `${rule.family}: ${rule.examples[0]}`).not.toEqual([]);
  }
});

test("what is kept though it looks like a rendition is an original", () => {
  const kept: [layout: string, key: string][] = [
    ["google-takeout", "Takeout/Google Photos/Photos from 2020/IMG_0001-edited.jpg"],
    ["google-takeout", "Takeout/Google Fotos/Fotos von 2021/IMG_20210101_120000-bearbeitet(1).jpg"],
    ["icloud", "2023/07/14/IMG_1234-adjusted.JPG"],
    ["icloud", "2023/07/14/IMG_1234_HEVC.MOV"],
    ["wordpress", "wp-content/uploads/2023/07/IMG_1234-e1689325530123.jpg"],
    ["chevereto", "2014/03/15/IMG_4821.or.jpg"],
  ];
  for (const [name, key] of kept) {
    const layout = findLayout(name);
    expect(layout === null ? null : classify({ key, size: 1 }, layout).kind, key).toBe("original");
  }
});

test("the truest original of a photo has the lowest rank", () => {
  const ranks = (name: string, keys: readonly string[]) => {
    const layout = findLayout(name);
    return layout === null ? [] : keys.map((key) => classify({ key, size: 1 }, layout).rank);
  };
  const lychee = "3f/a1/9c4be07d21f85a6630dd14c27e9b";
  expect(ranks("lychee", [`raw/${lychee}.nef`, `original/${lychee}_orig.jpg`, `original/${lychee}.jpg`])).toEqual([
    0, 1, 2,
  ]);
  expect(ranks("ghost", ["content/images/2024/06/beach_o.jpg", "content/images/2024/06/beach.jpg"])).toEqual([0, 1]);
});
