import { describe, expect, test } from "vitest";
import { AWS_US_EAST_1 } from "../../src/report/aws-prices.ts";
import { estimate, LINES } from "../../src/report/estimate.ts";
import { mediaOf, takeStock, typeOf } from "../../src/report/inventory-counts.ts";
import { inventorySections } from "../../src/report/inventory-sections.ts";
import { plainly } from "../../src/report/screen.ts";
import { pageText } from "../../src/report/terminal.ts";
import { cpuMs } from "../cpu.ts";
import { bucket, exampleInventory, given, object } from "./example-inventory.ts";

const { inventory } = exampleInventory();

describe("what is counted", () => {
  test("every key once, and every original by what it is", () => {
    expect(inventory.total.keys).toBe(18_004);
    expect(inventory.families.reduce((sum, family) => sum + family.keys, 0)).toBe(18_004);
    expect(inventory.families.reduce((sum, family) => sum + family.bytes, 0)).toBe(inventory.total.bytes);
    expect(inventory.originals.keys).toBe(6_002);
    const { photos, videos, untyped } = inventory;
    expect(photos.keys + videos.keys + untyped.keys).toBe(6_002);
    expect(videos.keys).toBe(100);
    for (const list of [inventory.types, inventory.storageClasses, inventory.uploaded]) {
      expect(list.reduce((sum, item) => sum + item.keys, 0)).toBe(6_002);
      expect(list.reduce((sum, item) => sum + item.bytes, 0)).toBe(inventory.originals.bytes);
    }
  });

  test("families have their rule, their evidence and the sizes of their objects", () => {
    const large = inventory.families.find(({ name }) => name === "large");
    expect(large).toMatchObject({
      kind: "rendition",
      keys: 6_000,
      rule: "large/… beside original/…",
      evidence: expect.stringContaining("30 of 30"),
    });
    expect(large?.sizes.reduce((sum, keys) => sum + keys, 0)).toBe(6_000);
    expect(inventory.families[0]?.kind).toBe("original");
  });

  test("an object stands in the size class that it belongs to", () => {
    const stock = takeStock();
    stock.add([object("a", { size: 0 }), object("b", { size: 1024 }), object("c", { size: 1500 })]);
    expect(stock.result({ ...given, families: [] }).families[0]?.sizes).toEqual([
      1,
      ...Array.from({ length: 19 }, () => 0),
      1,
      1,
    ]);
  });

  test("archived, empty, second originals, and what is no photo", () => {
    const stock = takeStock();
    stock.add([
      object("a.nef", { storageClass: "GLACIER" }),
      object("b.jpg", { storageClass: "GLACIER_IR" }),
      object("a.jpg", { rank: 1 }),
      object("c.jpg", { size: 0 }),
      object("x/", { kind: "other", size: 0, reason: "a folder marker" }),
      object("t/c.jpg", { kind: "rendition", family: "t", size: 0, storageClass: "GLACIER" }),
    ]);
    const found = stock.result({ ...given, families: [] });
    expect(found.archived).toEqual({ keys: 1, bytes: 1_000_000 });
    expect(found.alternatives.keys).toBe(1);
    expect(found.empty).toEqual({ keys: 1, bytes: 0, examples: ["c.jpg"] });
    expect(found.others).toEqual([{ name: "a folder marker", keys: 1, bytes: 0 }]);
  });

  test("months that nobody can have are nobody's", () => {
    const stock = takeStock(({ key }) => key);
    stock.add(["2012-06", "2012-13", "0000-00", "1826-01", "9999-01", "x"].map((k) => object(k)));
    expect(stock.result(given).taken.map(({ name }) => name)).toEqual(["1826-01", "2012-06"]);
  });

  test("the keys tell the time only where most of them do", () => {
    expect(inventory.timeBy).toBe("uploaded");
    const stock = takeStock(() => "2012-06");
    stock.add([object("a")]);
    expect(stock.result(given).timeBy).toBe("taken");
    expect(takeStock().result(given).timeBy).toBe("uploaded");
  });
});

test("the biggest are the biggest, in order", () => {
  const stock = takeStock();
  const sizes = Array.from({ length: 500 }, (_, at) => (at * 7919) % 500);
  stock.add(sizes.map((size) => object(`${size}.jpg`, { size })));
  expect(stock.result(given).biggest.map(({ size }) => size)).toEqual([
    499, 498, 497, 496, 495, 494, 493, 492, 491, 490,
  ]);
});

test("strange names without end take no room without end", () => {
  const stock = takeStock();
  for (let at = 0; at < 5_000; at += 1) {
    const odd = { family: `f${at}`, storageClass: `c${at}`, reason: `r${at}`, size: at };
    stock.add([object(`a.x${at}`, odd), object(`b${at}`, { ...odd, kind: "other" })]);
  }
  const found = stock.result({ ...given, families: [] });
  expect(found.families.length).toBeLessThanOrEqual(62);
  for (const list of [found.types, found.storageClasses, found.others]) {
    expect(list.length).toBeLessThanOrEqual(61);
    expect(list.reduce((sum, item) => sum + item.keys, 0)).toBe(5_000);
  }
  expect(found.families.reduce((sum, family) => sum + family.keys, 0)).toBe(10_000);
});

test("a hundred thousand photos are counted quickly", () => {
  const stock = takeStock();
  const started = cpuMs();
  for (const chunk of bucket(100_000)) stock.add(chunk);
  expect(stock.result(given).total.keys).toBe(300_000);
  expect(cpuMs() - started).toBeLessThan(10_000);
});

test.each([
  ["a/IMG_1.JPG", "jpg", "photo"],
  ["a/IMG_1.jpeg", "jpg", "photo"],
  ["a/IMG_1.NEF", "nef", "photo"],
  ["a/IMG_1.HEIC", "heic", "photo"],
  ["a/MVI_1.MOV", "mov", "video"],
  ["a.b/noextension", "none", "other"],
  ["a/file.<script>", "none", "other"],
  ["a/notes.txt", "txt", "other"],
])("%s is of type %s, a %s", (key, type, media) => {
  expect(typeOf(key)).toBe(type);
  expect(mediaOf(type)).toBe(media);
});

describe("the estimate", () => {
  const stock = takeStock();
  stock.add(
    Array.from({ length: 10_000 }, (_, at) => {
      const storageClass = at < 5_000 ? "STANDARD" : "STANDARD_IA";
      return object(`${at}.jpg`, { size: 30_000_000, storageClass });
    }),
  );
  const plan = { photos: 10_000, bytes: 300e9, freeBytes: 100e9, already: 0, skipped: 0 };
  const whole = stock.result({ ...given, plan });

  test("is made of list and get requests, retrieval, and transfer beyond what is free", () => {
    const { costs } = estimate(whole, AWS_US_EAST_1, LINES);
    expect(costs?.requests).toBeCloseTo(0.01 * 0.005 + 5 * 0.0004 + 5 * 0.001, 6);
    expect(costs?.retrieval).toBeCloseTo(150 * 0.01, 6);
    expect(costs?.transfer).toBeCloseTo(200 * 0.09, 6);
    expect(costs?.total).toBeCloseTo(19.507_05, 4);
  });

  test("of half the photos is half of it, but what is free is free only once", () => {
    const half = { ...plan, photos: 5_000, bytes: 150e9 };
    const { costs } = estimate(stock.result({ ...given, plan: half }), AWS_US_EAST_1, LINES);
    expect(costs?.retrieval).toBeCloseTo(75 * 0.01, 6);
    expect(costs?.transfer).toBeCloseTo(50 * 0.09, 6);
  });

  test("of much data takes each step of the price up to its end", () => {
    const much = { ...plan, bytes: 20_000e9 };
    const { costs } = estimate(stock.result({ ...given, plan: much }), AWS_US_EAST_1, LINES);
    expect(costs?.transfer).toBeCloseTo(10_140 * 0.09 + 9_760 * 0.085, 6);
  });

  test("takes the measured speed where there is one", () => {
    expect(estimate(whole, null, [{ line: "as fast as last time", bytesPerSecond: 30_000_000 }]).times).toEqual([
      { line: "as fast as last time", seconds: 10_000 },
    ]);
    expect(estimate(whole, null, LINES).times.map(({ seconds }) => seconds)).toEqual([120_000, 24_000, 2_400]);
  });

  test("says whether it fits, and nothing where nobody knows", () => {
    expect(estimate(whole, null, LINES)).toMatchObject({ fits: false, costs: null });
    const wide = stock.result({ ...given, plan: { ...plan, freeBytes: 300e9 } });
    expect(estimate(wide, null, LINES).fits).toBe(true);
    expect(estimate(stock.result({ ...given, plan: null }), null, LINES).fits).toBeNull();
  });
});

describe("the page on a terminal", () => {
  const wide = { width: Number.POSITIVE_INFINITY, paint: plainly };
  const sections = inventorySections(inventory, estimate(inventory, AWS_US_EAST_1, LINES));
  const page = pageText(sections, wide).join("\n");

  test("answers what people ask", () => {
    expect(page).toMatch(/originals +6,002 +33 GB/);
    expect(page).toMatch(/large +rendition +6,000 .*30 of 30 sampled pairs/);
    expect(page).toMatch(/missing +12 .*large\/0000031\.jpg/);
    expect(page).toMatch(/duplicates +86 +151 MB +41 photos more than once/);
    expect(page).toMatch(/suspect: holiday\/web\/….*--exclude 'holiday\/web\/\*\*'/);
    expect(page).toMatch(/DEEP_ARCHIVE +150/);
    expect(page).toMatch(/space +fits +73 GB free/);
    expect(page).toMatch(/together +0\.03 USD +an estimate, by Amazon S3 list prices/);
  });

  test("shows nothing that a terminal would act upon", () => {
    const stock = takeStock();
    const bad = "\x1b[31m\u202e\n";
    stock.add([object(`${bad}.jpg`, { family: bad, reason: bad, storageClass: bad, size: 0 })]);
    stock.add([object(`${bad}x`, { family: bad, kind: "other", reason: bad })]);
    const hostile = stock.result({
      ...given,
      families: [],
      layout: { name: bad, reason: bad },
      notes: [bad],
      missing: { photos: 1, examples: [bad] },
      suspects: [{ family: bad, keys: 1, bytes: 1, reason: bad, option: bad }],
    });
    for (const line of pageText(inventorySections(hostile, estimate(hostile, null, LINES)), wide)) {
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });
});
