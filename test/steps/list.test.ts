import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/events.ts";
import { compareKeys, decodeKey } from "../../src/key.ts";
import { createLimiter } from "../../src/limiter.ts";
import type { Listed } from "../../src/model.ts";
import { listInto } from "../../src/steps/list.ts";
import { type Behaviour, byUtf16, FarSource } from "./far-source.ts";

const never = new AbortController().signal;

interface How {
  readonly concurrency?: number;
  /** Keys before the first split. */
  readonly splitAfter?: number;
  readonly signal?: AbortSignal;
}

/** Lists a source into a catalogue that only remembers. */
async function list(source: FarSource, { concurrency = 8, splitAfter = 1, signal = never }: How = {}) {
  const got: string[] = [];
  const events: RunEvent[] = [];
  let finished = false;
  const catalogue = {
    pages: async () => [],
    goOn: async () => undefined,
    add: async (objects: readonly Listed[]) => {
      for (const { key } of objects) got.push(key);
    },
    finish: async () => {
      finished = true;
      return { keys: new Set(got).size, bytes: new Set(got).size * 3 };
    },
  };
  const limiter = createLimiter({ concurrency: 1, listConcurrency: concurrency });
  const emit = (event: RunEvent) => events.push(event);
  const listing = listInto(source, catalogue, { limiter, emit, signal, splitAfter });
  const error: unknown = await listing.then(
    () => null,
    (reason: unknown) => reason,
  );
  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
  return { got, events, warnings, error, finished };
}

const sorted = (keys: Iterable<string>) => [...new Set(keys)].sort(compareKeys);
const count = (length: number, key: (n: number) => string) => Array.from({ length }, (_, n) => key(n));
const numbered = (length: number) => count(length, (n) => `IMG_${String(n).padStart(6, "0")}.JPG`);

/** Keys of a few shapes, alike enough to share prefixes, with every trap that the order of bytes has. */
const anyKey = fc.oneof(
  fc.stringMatching(/^[ab01/]{1,6}$/),
  fc.stringMatching(/^(photos|misc)\/20[01][0-9]\/[01][0-9]\/IMG_[0-9]{4}$/),
  fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom("\u{1f600}", "\uffff", "\ud7ff", "\ue000", "é", "a"),
    minLength: 1,
    maxLength: 4,
  }),
  fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => decodeKey(bytes)),
);
const anyKeys = fc.array(anyKey, { maxLength: 120 }).map(sorted);

describe("any keys, pages and concurrency", () => {
  const how = fc.record({ concurrency: fc.integer({ min: 1, max: 12 }), splitAfter: fc.nat(30) });

  test("are listed as by a single walk: each once, none left out", async () => {
    await fc.assert(
      fc.asyncProperty(anyKeys, fc.integer({ min: 1, max: 9 }), how, async (keys, page, options) => {
        const source = new FarSource(keys, { page });
        const { got, warnings, error, finished } = await list(source, options);
        expect(error).toBeNull();
        expect(sorted(got)).toEqual(keys);
        expect(got).toHaveLength(keys.length);
        expect(warnings).toEqual([]);
        expect(finished).toBe(true);
        expect(source.open_).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, Partial<Behaviour>]>([
    ["orders by UTF-16", { order: byUtf16 }],
    ["orders without regard to case", { order: (a, b) => byUtf16(a.toLowerCase(), b.toLowerCase()) || byUtf16(a, b) }],
    ["orders backwards", { order: (a, b) => byUtf16(b, a) }],
    ["ignores where to begin", { ignoresAfter: true }],
    ["ignores where to begin, and orders by UTF-16", { ignoresAfter: true, order: byUtf16 }],
  ])("of a source that %s are none the less all listed", async (_, behaviour) => {
    await fc.assert(
      fc.asyncProperty(anyKeys, fc.integer({ min: 1, max: 9 }), how, async (keys, page, options) => {
        const { got, error } = await list(new FarSource(keys, { page, ...behaviour }), options);
        expect(error).toBeNull();
        expect(sorted(got)).toEqual(keys);
      }),
      { numRuns: 200 },
    );
  });

  test("that come and go meanwhile do not matter to those that stay", async () => {
    const others = fc.array(anyKey, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(anyKeys, others, fc.nat(3), how, async (stay, come, page, options) => {
        const source = new FarSource([...stay, ...come], {
          page: page + 1,
          onRequest: (request, keys) => {
            const key = come[request % come.length] ?? "";
            const at = keys.indexOf(key);
            if (stay.includes(key)) return undefined;
            if (at >= 0) keys.splice(at, 1);
            else keys.splice(keys.filter((other) => compareKeys(other, key) < 0).length, 0, key);
            return undefined;
          },
        });
        const { got, error } = await list(source, options);
        expect(error).toBeNull();
        expect(sorted(got)).toEqual(expect.arrayContaining(stay));
      }),
      { numRuns: 200 },
    );
  });

  test("of which one page fails are not listed at all", async () => {
    await fc.assert(
      fc.asyncProperty(anyKeys, fc.integer({ min: 1, max: 20 }), how, async (keys, doomed, options) => {
        const failure = new HaulError("listing", "a page did not come");
        const source = new FarSource(keys, {
          page: 3,
          onRequest: (request) => {
            if (request === doomed) throw failure;
            return undefined;
          },
        });
        const { error, finished } = await list(source, options);
        const failed = source.requests.list >= doomed;
        expect(error).toBe(failed ? failure : null);
        expect(finished).toBe(!failed);
        expect(source.open_).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a source that misbehaves", () => {
  test("is noticed and told of, once", async () => {
    const keys = numbered(500);
    const careless = await list(new FarSource(keys, { page: 20, ignoresAfter: true }));
    expect(careless.warnings).toEqual(["out-of-order"]);
    const warning = careless.events.find((event) => event.type === "warning");
    expect(warning).toMatchObject({
      message:
        "far://photos does not begin its listing where it is asked to: it is listed one page after the other, which takes longer",
    });
    const strange = count(500, (n) => (n % 2 ? `\u{1f600}${n}` : `\uffee${n}`));
    const disordered = await list(new FarSource(strange, { page: 20, order: byUtf16 }));
    expect(disordered.warnings).toEqual(["out-of-order"]);
    expect(sorted(disordered.got)).toEqual(sorted(strange));
  });

  test("in an order that no page shows is found out at the bounds", async () => {
    // 90 % of the keys are in order; what is wrong is where the two halves are.
    const keys = [...count(300, (n) => `b/${n + 100}`), ...count(300, (n) => `a/${n + 100}`)];
    const halves = (a: string, b: string) => byUtf16(b.slice(0, 1), a.slice(0, 1)) || byUtf16(a, b);
    const { got, warnings } = await list(new FarSource(keys, { page: 10, order: halves }));
    expect(sorted(got)).toEqual(sorted(keys));
    expect(warnings).toEqual(["out-of-order"]);
  });

  test("by shuffling what comes after a key is noticed before the keys are split", async () => {
    const keys = numbered(5000);
    const lastDigits = (key: string) => key.slice(-6, -4);
    const order = (a: string, b: string) => byUtf16(lastDigits(a), lastDigits(b)) || byUtf16(a, b);
    const source = new FarSource(keys, { page: 100, order, filtersByBytes: true });
    const { got, warnings } = await list(source, { splitAfter: 2000 });
    expect(sorted(got)).toEqual(keys);
    expect(warnings).toEqual(["out-of-order"]);
  });

  test("by saying too early that there is no more is asked again at the bounds, save the last", async () => {
    const keys = numbered(2000);
    let mended = 0;
    for (let early = 5; early <= 100; early += 1) {
      const source = new FarSource(keys, {
        page: 20,
        onRequest: (request) => (request === early ? "end" : undefined),
      });
      const { got, error } = await list(source);
      expect(error).toBeNull();
      expect(sorted(got)).toEqual(keys.slice(0, got.length));
      if (got.length === 2000) mended += 1;
    }
    expect(mended).toBeGreaterThan(60);
  });
});

describe("an interrupted listing", () => {
  test("ends at once, is not whole, and leaves no walk behind", async () => {
    const stop = new AbortController();
    const source = new FarSource(numbered(5000), {
      page: 20,
      wait: () => new Promise(setImmediate),
      onRequest: (request) => {
        if (request === 30) stop.abort();
        return undefined;
      },
    });
    const { error, finished } = await list(source, { signal: stop.signal });
    expect(error).toMatchObject({ code: "interrupted" });
    expect(finished).toBe(false);
    expect(source.open_).toBe(0);
    expect(source.requests.list).toBeLessThan(50);
  });
});

describe("what is told", () => {
  test("are totals now and then, the last ones, and that it is whole", async () => {
    const { events } = await list(new FarSource(numbered(3000), { page: 10 }));
    const last = { type: "listing", keys: 3000, bytes: 9000 };
    expect(events.at(-2)).toMatchObject(last);
    expect(events.at(-1)).toMatchObject({
      type: "listed",
      keys: 3000,
      bytes: 9000,
      complete: true,
    });
    expect(events.length).toBeLessThan(20);
  });

  test("of an empty source is that it is empty", async () => {
    const { events, error } = await list(new FarSource([], { page: 10 }));
    expect(error).toBeNull();
    expect(events.at(-1)).toMatchObject({ type: "listed", keys: 0, bytes: 0, complete: true });
  });
});
