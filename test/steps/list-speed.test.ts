/** How many round trips a listing takes, counted on a clock on which a page takes 100 ms and nothing else any time. */

import { describe, expect, test } from "vitest";
import type { KeptPage } from "../../src/catalogue/catalogue.ts";
import { createLimiter } from "../../src/limiter.ts";
import type { Listed } from "../../src/model.ts";
import { listInto } from "../../src/steps/list.ts";
import { VirtualClock } from "../limiter/virtual-clock.ts";
import { digestOf, FarSource } from "./far-source.ts";

const PAGE = 1000;
const MS = 100;

/** @param kept pages of the listing before */
async function measure(keys: readonly string[], kept: readonly KeptPage[] = []) {
  const clock = new VirtualClock();
  const source = new FarSource(keys, { page: PAGE, wait: () => clock.sleep(MS) });
  let got = 0;
  const catalogue = {
    pages: async () => kept,
    goOn: async () => undefined,
    add: async (objects: readonly Listed[]) => {
      got += objects.length;
    },
    finish: async () => ({ keys: got, bytes: 0 }),
  };
  const limiter = createLimiter({ concurrency: 1, listConcurrency: "auto", now: clock.now });
  const { signal } = new AbortController();
  await clock.until(listInto(source, catalogue, { limiter, emit: () => {}, signal }));
  const pages = Math.max(1, Math.ceil(keys.length / PAGE));
  expect(got).toBe(kept.length > 0 ? 0 : keys.length);
  return { requests: source.requests.list, pages, faster: (pages * MS) / clock.now() };
}

const count = (length: number, key: (n: number) => string) => Array.from({ length }, (_, n) => key(n));
/** Sixteen digits that look random; a digest would take half the time of the test. */
const hex = (n: number) => half(n, 1) + half(n, 2);
const half = (n: number, seed: number) => {
  let mixed = Math.imul(n ^ (seed << 24), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, "0");
};
const day = (n: number, of: number) => {
  const first = Date.UTC(2009, 0, 3);
  const date = new Date(first + (n / of) * (Date.UTC(2026, 10, 21) - first));
  return date.toISOString().slice(0, 10).replaceAll("-", "/");
};
const point = String.fromCodePoint;
const MANY = 400_000;

describe("a listing of 400,000 keys is at least ten times faster than a serial one", () => {
  test.each<[string, (n: number) => string]>([
    ["flat, random hex names", (n) => `${hex(n)}.jpg`],
    ["a deep tree of dates", (n) => `photos/originals/${day(n, MANY)}/IMG_${n % 10_000}_${n}.jpg`],
    ["90 % under one prefix", (n) => (n % 10 ? `users/main/library/${hex(n)}` : `misc-${n % 7}/${n}`)],
    ["emoji and ideographs", (n) => `${point(0x1f300 + ((n * 7919) % 1500), 0x4e00 + ((n * 104_729) % 20_000))}/é${n}`],
    [
      "three renditions, numbered",
      (n) => `${["large", "original", "tile"][n % 3]}/${String(Math.floor(n / 3)).padStart(8, "0")}.jpg`,
    ],
  ])("%s", async (_, key) => {
    const { requests, pages, faster } = await measure(count(MANY, key));
    expect(faster).toBeGreaterThan(10);
    expect(requests / pages).toBeLessThan(2);
  });
});

test("a later listing of 400,000 keys is at least thirty times faster than a serial one, whatever they are called", async () => {
  const keys = count(MANY, (n) => `IMG_${String(n).padStart(8, "0")}.jpg`);
  const { requests, pages, faster } = await measure(keys, pagesOf(keys));
  expect(faster).toBeGreaterThan(30);
  expect(requests).toBe(pages + 1);
});

/** As a listing in one row would have left them. */
function pagesOf(keys: readonly string[]): KeptPage[] {
  return Array.from({ length: Math.ceil(keys.length / PAGE) }, (_, n) => {
    const on = keys.slice(n * PAGE, (n + 1) * PAGE);
    const after = keys[n * PAGE - 1] ?? "";
    return { after, last: on.at(-1) ?? "", keys: on.length, bytes: 0, digest: digestOf(on) };
  });
}

describe("a small bucket costs no more requests than it must", () => {
  test.each([
    [0, 1],
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [1999, 2],
    [2000, 3],
    [3000, 6],
    [10_000, 20],
  ])("%i keys: at most %i requests", async (keys, most) => {
    const { requests } = await measure(count(keys, (n) => `2012/IMG_${String(n).padStart(6, "0")}.jpg`));
    expect(requests).toBeLessThanOrEqual(most);
  });
});
