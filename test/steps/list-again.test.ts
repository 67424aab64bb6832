/** Listings of one source, one after the other, into one catalogue: each ends as a listing from the beginning would. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import { HaulError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/events.ts";
import { compareKeys } from "../../src/key.ts";
import { createLimiter } from "../../src/limiter.ts";
import type { Listed } from "../../src/model.ts";
import { listInto } from "../../src/steps/list.ts";
import type { KeyRange, Page, Source } from "../../src/stores/source.ts";

/** A bucket: its keys with their ETags. */
type State = ReadonlyMap<string, string>;

class PagedSource implements Source {
  readonly name = "paged://photos";
  readonly requests = { list: 0, get: 0, head: 0, retried: 0 };
  state: State = new Map();
  page = 3;
  /** Told of each request, from 1 on; may throw. */
  onRequest: (request: number) => void = () => undefined;
  /** Lists backwards. */
  backwards = false;

  async *list({ after = "" }: KeyRange): AsyncGenerator<Page> {
    const rest = this.#after(after);
    for (let at = 0; ; at += this.page) {
      this.#count();
      const objects = rest.slice(at, at + this.page);
      yield { objects, digest: (count) => digestOf(objects.slice(0, count)) };
      if (at + this.page >= rest.length) return;
    }
  }

  async digest(after: string, count: number): Promise<string | null> {
    this.#count();
    const objects = this.#after(after).slice(0, count);
    return objects.length < count ? null : digestOf(objects);
  }

  open = () => Promise.reject(new HaulError("missing", "there are keys only"));
  close = async () => undefined;

  #count(): void {
    this.requests.list += 1;
    this.onRequest(this.requests.list);
  }

  #after(after: string): Listed[] {
    const keys = [...this.state.keys()].sort(compareKeys).filter((key) => compareKeys(key, after) > 0);
    if (this.backwards) keys.reverse();
    return keys.map((key) => ({
      key,
      size: 3,
      etag: this.state.get(key) ?? "",
      modified: "2012-06-28T12:00:00.000Z",
      storageClass: "STANDARD",
    }));
  }
}

const digestOf = (objects: readonly Listed[]) =>
  createHash("sha256")
    .update(JSON.stringify(objects.map(({ key, etag }) => [key, etag])))
    .digest("hex");

interface Bench {
  readonly source: PagedSource;
  catalogue: Catalogue;
  /** One run; answers what it warned of. */
  readonly list: (state?: State) => Promise<string[]>;
  /** What the catalogue says is listed. */
  readonly listed: () => Promise<State>;
  /** Closes the catalogue and opens it again. */
  readonly reopen: () => Promise<void>;
}

async function withBench(page: number, work: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "again-"));
  const file = join(folder, "c.sqlite");
  const source = new PagedSource();
  source.page = page;
  const { signal } = new AbortController();
  const bench: Bench = {
    source,
    catalogue: openCatalogue(file),
    async list(state = source.state) {
      source.state = state;
      source.requests.list = 0;
      await bench.catalogue.runs.start("mirror");
      const warnings: string[] = [];
      const emit = (event: RunEvent) => void (event.type === "warning" && warnings.push(event.code));
      const limiter = createLimiter({ concurrency: 1, listConcurrency: 4 });
      await listInto(source, bench.catalogue.listing, { limiter, emit, signal, splitAfter: 1 });
      return warnings;
    },
    listed: () => listedIn(bench.catalogue),
    async reopen() {
      await bench.catalogue.close();
      bench.catalogue = openCatalogue(file);
    },
  };
  try {
    await work(bench);
  } finally {
    await bench.catalogue.close();
    rmSync(folder, { recursive: true });
  }
}

/** Nothing is decided about any key here. */
async function listedIn(catalogue: Catalogue): Promise<State> {
  const found: [string, string][] = [];
  for await (const objects of catalogue.listing.unclassified()) {
    found.push(...objects.map(({ key, etag }) => [key, etag] as [string, string]));
  }
  return new Map(found);
}

const inOrder = (state: State) => [...state].sort(([a], [b]) => compareKeys(a, b));
const key = fc.oneof(
  fc.stringMatching(/^[ab]{1,2}\/[0-9]{1,2}$/),
  fc.string({ unit: fc.constantFrom("\u{1f600}", "\uffff", "a", "é"), minLength: 1, maxLength: 3 }),
);
const states = fc
  .tuple(
    fc.uniqueArray(key, { minLength: 12, maxLength: 40 }),
    fc.array(fc.array(fc.tuple(key, fc.constantFrom("gone", "e1", "e2")), { maxLength: 4 }), { maxLength: 4 }),
  )
  .map(([keys, edits]) => {
    let state: State = new Map(keys.map((one) => [one, "e1"]));
    return [state, ...edits.map((changes) => (state = edited(state, changes)))];
  });

function edited(before: State, changes: readonly (readonly [string, string])[]): State {
  const state = new Map([...before, ...changes]);
  for (const [one, etag] of changes) if (etag === "gone") state.delete(one);
  return state;
}

/** Two orders differ for these, so that the second listing begins from the beginning. */
const UNORDERED: State = new Map(
  ["b/0", "b/1", "😀", "😀😀", "a", "a/0", "\uffff", "b/2", "😀a", "a/1", "😀\uffff", "é"].map((one) => [one, "e1"]),
);

const numbered = (count: number): State =>
  new Map(Array.from({ length: count }, (_, n) => [`IMG_${String(n).padStart(4, "0")}.jpg`, "e1"]));

describe("listings of one source, one after the other", () => {
  test("each ends as one from the beginning would, whatever came, went or changed", async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.integer({ min: 1, max: 5 }), (runs, page) =>
        withBench(page, async (bench) => {
          for (const state of runs) {
            expect(await bench.list(state)).toEqual([]);
            expect([...(await bench.listed())]).toEqual(inOrder(state));
            expect(await bench.catalogue.listing.totals()).toEqual({ keys: state.size, bytes: 3 * state.size });
          }
        }),
      ),
      { numRuns: 60 },
    );
  });

  test("one that is cut anywhere leaves the next to find what is there, and calls nothing gone", async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.integer({ min: 1, max: 5 }), fc.nat(20), fc.boolean(), (runs, page, cut, reverted) =>
        withBench(page, async (bench) => {
          const [first = new Map(), second = first] = runs;
          await bench.list(first);
          bench.source.onRequest = (request) => {
            if (request > cut) throw new HaulError("listing", "cut");
          };
          const ended = await bench.list(second).then(
            () => "whole",
            () => "cut",
          );
          await bench.reopen();
          if (ended === "cut") {
            expect([...(await bench.listed()).keys()]).toEqual(expect.arrayContaining([...first.keys()]));
          }
          bench.source.onRequest = () => undefined;
          const third = reverted ? first : (runs[2] ?? second);
          await bench.list(third);
          expect([...(await bench.listed())]).toEqual(inOrder(third));
        }),
      ),
      { numRuns: 60, examples: [[[UNORDERED, new Map([...UNORDERED].slice(2))], 4, 4, false]] },
    );
  });

  test("one in which nothing changed asks for each page once and for what follows, and enters nothing", async () => {
    await withBench(5, async ({ source, catalogue, list }) => {
      await list(numbered(60));
      const pages = await catalogue.listing.pages();
      await list();
      expect(source.requests.list).toBe(pages.length + 1);
      expect(await catalogue.listing.pages()).toEqual(pages);
    });
  });

  test("one in which a page changed lists that page anew, and keeps its neighbours", async () => {
    await withBench(5, async ({ source, catalogue, list, listed }) => {
      await list(numbered(60));
      const pages = await catalogue.listing.pages();
      const state = edited(numbered(60), [["IMG_0012.jpg", "e2"]]);
      await list(state);
      expect([...(await listed())]).toEqual(inOrder(state));
      expect(source.requests.list).toBeLessThan(pages.length + 4);
      expect((await catalogue.listing.pages()).map(({ after }) => after)).toEqual(pages.map(({ after }) => after));
    });
  });

  test("one whose source has another order since then lists everything, one page after the other", async () => {
    await withBench(5, async ({ source, catalogue, list, listed }) => {
      await list(numbered(60));
      source.backwards = true;
      expect(await list()).toEqual(["out-of-order"]);
      expect([...(await listed()).keys()]).toEqual([...numbered(60).keys()]);
      expect(await catalogue.listing.pages()).toEqual([]);
    });
  });

  test("the page of a target's marker is shown by each of them", async () => {
    await withBench(5, async ({ source, list }) => {
      const marker = "IMG_0012/.photohaul/target.json";
      await list(edited(numbered(60), [[marker, "e1"]]));
      const shown: string[] = [];
      const pages = source.list.bind(source);
      source.list = async function* (range) {
        for await (const page of pages(range)) {
          shown.push(...page.objects.map((object) => object.key));
          yield page;
        }
      };
      await list();
      expect(shown).toContain(marker);
    });
  });

  test("what is kept and gone, or changed, on an unchanged page and on another is told apart", async () => {
    await withBench(5, async ({ catalogue, list }) => {
      await list(numbered(60));
      const entry = (name: string) => ({
        path: name,
        key: name,
        etag: "e1",
        size: 3,
        sha256: "0".repeat(64),
        md5: "1".repeat(32),
        captured: null,
        modified: "2012-06-28T12:00:00.000Z",
        storedAt: "2026-01-01T00:00:00.000Z",
      });
      const names = ["IMG_0001.jpg", "IMG_0031.jpg", "IMG_0044.jpg"];
      await catalogue.kept("t").add(names.map((name) => ({ entry: entry(name), folded: name })));
      await list(
        edited(numbered(60), [
          ["IMG_0031.jpg", "gone"],
          ["IMG_0044.jpg", "e2"],
        ]),
      );
      expect(await catalogue.listing.drift("t")).toEqual({ gone: 1, changed: 1 });
      await list();
      expect(await catalogue.listing.drift("t")).toEqual({ gone: 1, changed: 1 });
      await list(numbered(60));
      expect(await catalogue.listing.drift("t")).toEqual({ gone: 0, changed: 0 });
    });
  });
});
