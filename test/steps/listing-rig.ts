/** Listings as buckets have them, and what photohaul says of their keys. */

import { deepEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { RunEvent } from "../../src/events.ts";
import { allLayouts } from "../../src/layouts/all.ts";
import type { CataloguedObject, Listed } from "../../src/model.ts";
import { takeStock } from "../../src/report/inventory-counts.ts";
import type { Given } from "../../src/report/inventory-data.ts";
import { StockAsJudged } from "../../src/run/state.ts";
import { type ClassifyOptions, classifyListing } from "../../src/steps/judge.ts";
import type { LayoutReport } from "../../src/steps/layout-report.ts";
import type { ProvePorts } from "../../src/steps/prove-families.ts";
import type { Source } from "../../src/stores/source.ts";

export interface Told {
  readonly report: LayoutReport;
  readonly events: readonly RunEvent[];
  readonly objects: ReadonlyMap<string, CataloguedObject>;
  /** Keys of that kind. */
  of(kind: CataloguedObject["kind"]): string[];
  /** What `--renditions fallback` would fetch because the original is missing. */
  readonly fallbacks: readonly string[];
  /** Whether its stock was counted while it was judged. It is the one that is read, or this throws. */
  readonly countedAsJudged: boolean;
}

/** Runs over a listing, or one after the other over several listings of one bucket; answers about the last. */
export async function tell(
  listings: readonly Listed[] | readonly (readonly Listed[])[],
  options: Partial<ClassifyOptions> = {},
  cut: Cut | null = null,
): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), "classify-"));
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  try {
    let told: Told | null = null;
    for (const [nth, listing] of (isMany(listings) ? listings : [listings]).entries()) {
      await catalogue.runs.start("mirror");
      await catalogue.listing.add(listing);
      await catalogue.listing.finish();
      const events: RunEvent[] = [];
      const shows = photosOf(listing);
      const judged = new StockAsJudged(takeStock());
      const run = (on: Catalogue) =>
        classifyListing(on, {
          layout: "auto",
          known: allLayouts(),
          emit: (event) => events.push(event),
          signal: new AbortController().signal,
          prove: seeingAll((a, b) => shows(a) === shows(b)),
          onJudged: judged.onJudged,
          ...options,
        });
      if (cut !== null && nth === 0) {
        await run(cutting(catalogue, cut)).catch((error: unknown) => {
          if (error !== THE_CUT) throw error;
        });
        continue;
      }
      const report = await run(catalogue);
      const objects = new Map<string, CataloguedObject>();
      for await (const chunk of catalogue.listing.objects()) for (const o of chunk) objects.set(o.key, o);
      const counted = judged.of((await catalogue.listing.totals()).keys);
      if (counted !== null) deepEqual(counted.result(NOTHING), stockOf([...objects.values()]));
      const fallbacks: string[] = [];
      for await (const chunk of catalogue.plan("t").candidates("fallback")) {
        fallbacks.push(...chunk.filter(({ fallback }) => fallback).map(({ key }) => key));
      }
      const of = (kind: CataloguedObject["kind"]) =>
        [...objects.values()].filter((o) => o.kind === kind).map(({ key }) => key);
      told = { report, events, objects, of, fallbacks, countedAsJudged: counted !== null };
    }
    if (told === null) throw new Error("no listing");
    return told;
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
}

const NOTHING: Given = {
  layout: { name: "", reason: "" },
  families: [],
  duplicates: { groups: 0, keys: 0, bytes: 0 },
  plan: null,
};

function stockOf(objects: readonly CataloguedObject[]) {
  const stock = takeStock();
  stock.add(objects);
  return stock.result(NOTHING);
}

/** On an object, and on copies of it: the photo that `bucket` made it of. */
const PHOTO = Symbol("photo");

/**
 * Which photo each key of a listing shows. What `bucket` did not make shows that which is left of its name without
 * folders, words for a size and extension.
 */
function photosOf(objects: readonly Listed[]): (key: string) => string {
  const made = new Map(objects.map((one) => [one.key, (one as { [PHOTO]?: number })[PHOTO]]));
  return (key) => {
    const name = key.slice(key.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
    const left = name.replace(/^large_|[_-](?:thumb|large|o|\d+x\d+)$/, "").toLowerCase();
    return String(made.get(key) ?? left);
  };
}

/**
 * Pictures that can all be read, without any: two keys show the same picture where `bucket` made them of one photo. What
 * is proven by real pictures is tested in test/pictures and test/scripts.
 */
export function seeingAll(isSame: (a: string, b: string) => boolean): ProvePorts {
  const key = (name: string) => name.slice(name.indexOf(" ") + 1);
  return {
    source: emptyPictures(),
    comparer: {
      missing: null,
      decode: async () => true,
      compare: async (original, rendition) =>
        isSame(key(original), key(rendition))
          ? { verdict: "same", why: "whole or cut to shape", likeness: 0.99 }
          : { verdict: "other", why: "another picture", likeness: 0.1 },
      drop: async () => undefined,
      close: () => undefined,
    },
    emit: () => undefined,
    signal: new AbortController().signal,
    budget: Number.POSITIVE_INFINITY,
  };
}

/** A source whose objects can be opened; what they hold is not looked at. */
function emptyPictures(): Source {
  const head = { size: 1, etag: "", modified: "", contentType: "", contentDisposition: "" };
  return {
    name: "pictures",
    requests: { list: 0, get: 0, head: 0, retried: 0 },
    async *list() {},
    open: async () => ({
      head: { ...head, metadata: {}, checksums: {} },
      bytes: (async function* () {
        yield new Uint8Array(1);
      })(),
    }),
    close: async () => undefined,
  };
}

/** The first run dies at the nth call of this verb of the catalogue (`listing.classify`), after it was done. */
export interface Cut {
  readonly call: string;
  readonly nth: number;
}

const THE_CUT = new Error("the run was cut");

function cutting(catalogue: Catalogue, { call, nth }: Cut): Catalogue {
  let left = nth;
  const cut = <T extends object>(part: T, of: string): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "settings" || name === "listing") return cut(Object(value), `${name}.`);
        if (typeof value !== "function") return value;
        if (of + String(name) !== call) return value.bind(target);
        return async (...args: unknown[]) => {
          const answer: unknown = await Reflect.apply(value, target, args);
          left -= 1;
          if (left === 0) throw THE_CUT;
          return answer;
        };
      },
    });
  return cut(catalogue, "");
}

function isMany(
  listings: readonly Listed[] | readonly (readonly Listed[])[],
): listings is readonly (readonly Listed[])[] {
  return Array.isArray(listings[0]);
}

export function listed(key: string, size: number, more: Partial<Listed> = {}): Listed {
  return {
    key,
    size,
    etag: `${size}-${key}`,
    modified: "2020-01-01T00:00:00.000Z",
    storageClass: "STANDARD",
    ...more,
  };
}

/** Bytes of one photo at three sizes: 12 megapixels, 2,048 and 320 pixels, as cameras and services have them. */
export interface Sizes {
  readonly original: number;
  readonly large: number;
  readonly thumb: number;
}

/** The same photos on every run: sizes of renditions follow the detail in the photo, not only its bytes. */
export function photos(n: number, seed = 1): Sizes[] {
  let state = seed;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return Array.from({ length: n }, () => {
    const detail = normal();
    return {
      original: Math.round(2_500_000 * Math.exp(0.3 * detail + 0.6 * normal())),
      large: Math.round(480_000 * Math.exp(0.3 * detail + 0.1 * normal())),
      thumb: Math.round(19_000 * Math.exp(0.28 * detail + 0.1 * normal())),
    };
  });
}

/** A listing from what is made of each photo. */
export function bucket(
  n: number,
  make: (i: number, sizes: Sizes) => readonly (readonly [key: string, size: number])[],
  seed = 1,
): Listed[] {
  return photos(n, seed).flatMap((sizes, i) =>
    make(i, sizes).map(([key, size]) => {
      return { ...listed(key, size), [PHOTO]: seed * 1_000_000 + i };
    }),
  );
}
