import { describe, expect, test } from "vitest";
import { estimate, LINES } from "../../src/report/estimate.ts";
import { html } from "../../src/report/html.ts";
import type { ContactPair } from "../../src/report/html-pictures.ts";
import { takeStock } from "../../src/report/inventory-counts.ts";
import type { Report } from "../../src/report/report-page.ts";
import { exampleInventory, given, object } from "./example-inventory.ts";
import { run, summary, troubles } from "./example-run.ts";

const PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==";
const report: Report = { run, summary, troubles, ...exampleInventory(600), pairs: [] };

function pair(src: string, note = "same shape"): ContactPair {
  return {
    family: "large",
    original: { key: "original/a.jpg", bytes: 3_000_000, src },
    rendition: { key: "large/a.jpg", bytes: 300_000, src },
    note,
  };
}

function times<T>(number: number, value: T): T[] {
  return Array.from({ length: number }, () => value);
}

/** Every element of a page, without what stands between them. */
function tags(page: string): string[] {
  return page.match(/<[a-z!/][^>]*>/gi) ?? [];
}

test("the page is whole in itself and may load nothing", () => {
  const page = html({ ...report, pairs: [pair(PIXEL)] });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain(`content="default-src 'none';style-src 'unsafe-inline';img-src data:"`);
  expect(page).not.toMatch(/<script|<link|<iframe|url\(|@import|https?:/i);
  const sources = tags(page).flatMap((tag) => /src="([^"]*)"/.exec(tag)?.[1] ?? []);
  expect(sources).toEqual([PIXEL, PIXEL]);
});

test("elements that are opened are closed, in order", () => {
  const empty = new Set(["meta", "img", "rect", "polygon", "!doctype"]);
  const open: string[] = [];
  for (const tag of tags(html({ ...report, pairs: [pair(PIXEL)] }))) {
    const name = /^<\/?([a-z0-9!]+)/i.exec(tag)?.[1]?.toLowerCase() ?? "";
    if (empty.has(name) || tag.endsWith("/>") || (name === "rect" && tag.startsWith("</"))) continue;
    if (tag.startsWith("</")) expect(open.pop()).toBe(name);
    else if (name !== "rect") open.push(name);
  }
  expect(open).toEqual([]);
});

test("it tells what there is, what failed, what dated the photos, and draws it", () => {
  const page = html(report);
  for (const id of ["outcomes", "dates", "failures", "glance", "time", "families", "sizes"]) {
    expect(page).toContain(`<section id="${id}"`);
  }
  expect(page).toContain("f\\x1b[2J.jpg");
  expect(page).toContain("some photos failed");
  expect(html({ ...report, summary: { ...summary, exit: 0 } })).toContain("all is well");
  expect(html({ ...report, inventory: null, estimate: null })).toContain('id="failures"');
});

describe("hostile names", () => {
  const bad = `"><script>alert('1')</script><img src=x onerror=alert(1)>\u202e\x1b`;
  const picture = { key: "a", bytes: 1, src: PIXEL };
  const stock = takeStock();
  const odd = { family: bad, reason: bad, storageClass: bad, size: 0 };
  stock.add([object(bad, odd), object(bad, { ...odd, kind: "other" })]);
  stock.add([object(bad, { ...odd, kind: "rendition", size: 9_000, modified: bad })]);
  const inventory = stock.result({
    ...given,
    families: [{ name: bad, kind: "original", rule: bad, keys: 1, bytes: 1, evidence: bad }],
    layout: { name: bad, reason: bad },
    notes: [bad],
    missing: { photos: 1, examples: [bad] },
    suspects: [{ family: bad, keys: 1, bytes: 1, reason: bad, option: bad }],
  });
  const page = html({
    run: { ...run, version: bad, startedAt: bad },
    summary: { ...summary, source: bad, targets: [bad], error: bad },
    troubles: {
      failures: [{ key: bad, reason: bad }],
      failed: 1,
      skippedFor: new Map([[bad, 1]]),
      warnings: [{ code: bad, times: 1, message: bad }],
      doubts: { conflict: 1, odd: 0, guess: 0, unknown: 0 },
      doubtful: [{ key: bad, doubt: "conflict", captured: { local: bad, offset: bad }, reason: bad }],
    },
    inventory,
    estimate: estimate(inventory, null, LINES),
    pairs: [
      pair(PIXEL, bad),
      { ...pair(PIXEL), original: { ...picture, src: `${PIXEL}"onerror="alert(1)` } },
      { ...pair(PIXEL), rendition: { ...picture, src: "javascript:alert(1)" } },
      { ...pair(PIXEL), rendition: { ...picture, src: "data:image/svg+xml;base64,AAAA" } },
    ],
  });

  test("open no element and no attribute", () => {
    const known = html({ ...report, pairs: [pair(PIXEL)] });
    const names = (text: string) => new Set(text.match(/<[a-z0-9!]+/gi));
    expect([...names(page)].filter((name) => !names(known).has(name))).toEqual([]);
    expect(tags(page).filter((tag) => /\son\w+=/i.test(tag.replace(/"[^"]*"/g, "")))).toEqual([]);
    expect(page).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });

  test("are shown as they are written", () => {
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
  });

  test("a picture that is anything but a picture is left out", () => {
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).not.toContain("javascript:");
  });
});

test("time is drawn without gaps: a bar a month, or a year where that would be too many", () => {
  const at = (modified: string) => object("a", { modified: `${modified}-01T00:00:00Z` });
  const draw = (...months: string[]) => {
    const stock = takeStock();
    stock.add(months.map(at));
    const page = html({ ...report, inventory: stock.result(given) });
    return {
      width: /aria-label="Originals by (month|year)" viewBox="0 0 (\d+) /.exec(page)?.slice(1),
      bars: [...page.matchAll(/<title>(\d{4}[^<]*)<\/title>/g)].map((match) => match[1]),
    };
  };
  expect(draw("2011-11", "2012-02", "2012-02")).toEqual({
    width: ["month", "4"],
    bars: ["2011-11: 1 original", "2012-02: 2 originals"],
  });
  expect(draw("2001-03", "2001-09", "2012-02")).toEqual({
    width: ["year", "12"],
    bars: ["2001: 2 originals", "2012: 1 original"],
  });
  expect(draw("2012-02").width).toBeUndefined();
});

test("whatever the bucket, the page is no larger than 2 MB", () => {
  const long = "\u{e0041}".repeat(1024);
  const stock = takeStock((item) => item.modified.slice(0, 7));
  for (let at = 0; at < 20_000; at += 1) {
    const name = `${long}${at}`;
    const year = 1820 + (at % 280);
    const modified = `${year}-${String((at % 12) + 1).padStart(2, "0")}-01T00:00:00Z`;
    const kind = (["original", "rendition", "sidecar", "other"] as const)[at % 4] ?? "other";
    const odd = { kind, family: name, reason: name, storageClass: name, size: 10 * at, modified };
    stock.add([object(name, odd)]);
  }
  const inventory = stock.result({
    ...given,
    families: [],
    layout: { name: long, reason: long },
    notes: times(500, long),
    missing: { photos: 9, examples: times(500, long) },
    suspects: Array.from({ length: 500 }, () => {
      return { family: long, keys: 1, bytes: 1, reason: long, option: long };
    }),
  });
  const page = html({
    run,
    summary: { ...summary, source: long, error: long },
    troubles: {
      failures: times(200, { key: long, reason: long }),
      failed: 9_999_999,
      skippedFor: new Map(Array.from({ length: 21 }, (_, at) => [`${long}${at}`, at])),
      warnings: times(20, { code: long, times: 1, message: long }),
      doubts: { conflict: 9_999, odd: 9_999, guess: 9_999, unknown: 9_999 },
      doubtful: times(200, { key: long, doubt: "guess", captured: null, reason: long }),
    },
    inventory,
    estimate: estimate(inventory, null, LINES),
    pairs: times(200, pair(`data:image/jpeg;base64,${"A".repeat(60_000)}`, long)),
  });
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
  expect(page.match(/<img /g)?.length).toBeGreaterThan(8);
});
