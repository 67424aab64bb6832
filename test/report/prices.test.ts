import { describe, expect, test } from "vitest";
import { AWS_US_EAST_1 } from "../../src/report/aws-prices.ts";
import { parsePrices } from "../../src/report/price-file.ts";
import {
  bringingBack,
  keeping,
  LINE_NAME,
  leaving,
  moving,
  type PriceTable,
  pricedBy,
  putting,
  tiersOf,
  together,
  UNVERIFIED,
} from "../../src/report/prices.ts";

const photos = (storageClass: string, objects: number, bytes: number) => ({ storageClass, objects, bytes });

describe("the table that comes along", () => {
  test.each(Object.entries(AWS_US_EAST_1.lines))("%s has a value, and a source with its date or none", (name, line) => {
    const [value, source] = line;
    expect(name).toMatch(LINE_NAME);
    expect(value).toBeGreaterThanOrEqual(0);
    if (source !== UNVERIFIED) expect(source).toMatch(/^.+ 20\d\d-\d\d$/);
  });

  test("says for every class what it takes to use it", () => {
    const names = Object.keys(AWS_US_EAST_1.lines).flatMap((line) => /^([A-Z0-9_]+)\.keep$/.exec(line)?.[1] ?? []);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const lines = Object.keys(AWS_US_EAST_1.lines).filter((line) => line.startsWith(`${name}.`));
      expect(lines).toEqual(expect.arrayContaining([`${name}.put`, `${name}.get`, `${name}.keep`]));
      expect(tiersOf(AWS_US_EAST_1, name).length > 0).toBe(["GLACIER", "DEEP_ARCHIVE"].includes(name));
    }
    expect(tiersOf(AWS_US_EAST_1, "GLACIER")).toEqual(["bulk", "standard", "expedited"]);
    expect(tiersOf(AWS_US_EAST_1, "DEEP_ARCHIVE")).toEqual(["bulk", "standard"]);
  });
});

describe("bringing back", () => {
  test("AWS's own example of 15 million objects and 100 TB costs what it says there", () => {
    const many = photos("GLACIER", 15_000_000, 102_400e9);
    expect(bringingBack(AWS_US_EAST_1, many, "standard", 0).amount).toBeCloseTo(750 + 1_024, 6);
    expect(bringingBack(AWS_US_EAST_1, many, "expedited", 0).amount).toBeCloseTo(150_000 + 3_072, 6);
    expect(bringingBack(AWS_US_EAST_1, many, "bulk", 0).amount).toBe(0);
  });

  test("counts the copies that lie in STANDARD meanwhile, and says how long it takes", () => {
    const some = photos("DEEP_ARCHIVE", 33_000, 200e9);
    const back = bringingBack(AWS_US_EAST_1, some, "bulk", 7);
    expect(back.amount).toBeCloseTo(33 * 0.025 + 200 * 0.0025 + 200 * 0.023 * (7 / 30), 6);
    expect(back.hours).toEqual([0, 48]);
    expect(bringingBack(AWS_US_EAST_1, some, "standard", 0)).toMatchObject({ hours: [0, 12] });
  });

  test("has no amount for a class or tier that the table does not know, and says which line it has not", () => {
    const back = bringingBack(AWS_US_EAST_1, photos("DEEP_ARCHIVE", 1, 1), "expedited", 1);
    expect(back).toMatchObject({
      amount: null,
      hours: null,
      lacks: ["DEEP_ARCHIVE.expedited.ask", "DEEP_ARCHIVE.expedited.read"],
    });
    expect(pricedBy(back)).toBe(
      `${AWS_US_EAST_1.name}: no line DEEP_ARCHIVE.expedited.ask, DEEP_ARCHIVE.expedited.read`,
    );
  });
});

describe("keeping", () => {
  test("charges 40 KB an archived object besides, 8 of them as STANDARD", () => {
    const { amount } = keeping(AWS_US_EAST_1, photos("DEEP_ARCHIVE", 1_000_000, 2e12), 12);
    expect(amount).toBeCloseTo(12 * ((2_000 + 32.768) * 0.00099 + 8.192 * 0.023), 6);
  });

  test("charges the least days and the least bytes of a class", () => {
    const month = keeping(AWS_US_EAST_1, photos("DEEP_ARCHIVE", 0, 1e12), 1).amount;
    expect(month).toBeCloseTo(6 * 0.99, 6);
    expect(keeping(AWS_US_EAST_1, photos("STANDARD_IA", 1_000_000, 1e9), 1).amount).toBeCloseTo(131.072 * 0.0125, 6);
    expect(keeping(AWS_US_EAST_1, photos("STANDARD", 1_000_000, 1e9), 1).amount).toBeCloseTo(0.023, 6);
  });
});

test("writing and moving are a request each", () => {
  expect(putting(AWS_US_EAST_1, photos("DEEP_ARCHIVE", 33_000, 0)).amount).toBeCloseTo(1.65, 6);
  expect(moving(AWS_US_EAST_1, photos("GLACIER", 33_000, 0)).amount).toBeCloseTo(0.99, 6);
});

test("leaving Amazon takes each step of the price up to its end", () => {
  expect(leaving(AWS_US_EAST_1, 200e9).amount).toBeCloseTo(9, 6);
  expect(leaving(AWS_US_EAST_1, 90e9).amount).toBe(0);
  expect(leaving(AWS_US_EAST_1, 20_000e9).amount).toBeCloseTo(10_140 * 0.09 + 9_760 * 0.085, 6);
});

describe("what an estimate came from", () => {
  test("is named with it, once each, and what nobody confirmed is said", () => {
    const stored = photos("GLACIER_IR", 1_000, 1e9);
    const all = together([
      moving(AWS_US_EAST_1, stored),
      keeping(AWS_US_EAST_1, stored, 1),
      putting(AWS_US_EAST_1, stored),
    ]);
    expect(pricedBy(all)).toBe(`${AWS_US_EAST_1.name}: usage.ai 2026-05, c3x.dev, read 2026-11; in part unverified`);
    expect(pricedBy(moving(AWS_US_EAST_1, stored))).toBe(`${AWS_US_EAST_1.name}: unverified`);
  });

  test("of which one part is unknown is unknown as a whole", () => {
    const stored = photos("NONE_SUCH", 1_000, 1e9);
    expect(together([putting(AWS_US_EAST_1, stored), leaving(AWS_US_EAST_1, 1)])).toMatchObject({
      amount: null,
      lacks: ["NONE_SUCH.put"],
    });
  });
});

describe("a price table of one's own", () => {
  const text = (data: unknown) => JSON.stringify(data);
  const parsed = (data: unknown): PriceTable => parsePrices(text(data), "own.json");

  test("in the same currency comes in place of the lines that it names", () => {
    const own = parsed({
      name: "mine",
      currency: "USD",
      lines: { "GLACIER.keep": { price: 0.004, source: "bill of 2026-10" }, "out.0": 0.01 },
    });
    expect(own.lines["GLACIER.keep"]).toEqual([0.004, "bill of 2026-10"]);
    expect(own.lines["DEEP_ARCHIVE.keep"]).toEqual(AWS_US_EAST_1.lines["DEEP_ARCHIVE.keep"]);
    expect(leaving(own, 20_000e9)).toMatchObject({ amount: 200, sources: [UNVERIFIED], table: "mine" });
  });

  test("in another currency is all there is", () => {
    const own = parsed({
      name: "Scaleway fr-par",
      currency: "EUR",
      source: "bill of 2026-10",
      lines: { "GLACIER.keep": 0.002 },
    });
    expect(Object.keys(own.lines)).toEqual(["GLACIER.keep"]);
    expect(keeping(own, photos("GLACIER", 1, 1e12), 1)).toMatchObject({ amount: 2, currency: "EUR" });
    expect(putting(own, photos("GLACIER", 1, 1e12)).amount).toBeNull();
    expect(leaving(own, 1e9)).toMatchObject({ amount: null, lacks: ["out.0"] });
  });

  test.each([
    ["no JSON at all", "{", "the file"],
    ["a list", "[]", "the file"],
    ["nothing", "", "the file"],
    ["a line that there is not", text({ name: "x", currency: "USD", lines: { "glacier.keep": 1 } }), "glacier.keep"],
    ["a price below nothing", text({ name: "x", currency: "USD", lines: { list: -1 } }), "lines list"],
    ["a price in words", text({ name: "x", currency: "USD", lines: { list: "cheap" } }), "lines list"],
    ["no currency", text({ name: "x", lines: {} }), "currency"],
    ["a field too many", text({ name: "x", currency: "USD", lines: {}, prices: {} }), "prices"],
    ["a price without end", '{"name":"x","currency":"USD","lines":{"list":1e999}}', "lines list"],
  ])("with %s is refused, and the message names it", (_, wrong, named) => {
    expect(() => parsePrices(wrong, "own.json")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(named) }),
    );
  });
});
