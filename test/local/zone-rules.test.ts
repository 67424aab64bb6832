import { describe, expect, test } from "vitest";
import { offsetAt } from "../../src/dates/zone.ts";
import { offsetByRules, readZoneRules } from "../../src/local/zone-rules.ts";

/** Rules as the files of the tz database end with them, and the zone that has kept them since 2010 or longer. */
const RULES: readonly [rules: string, zone: string][] = [
  ["UTC0", "UTC"],
  ["CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin"],
  ["GMT0BST,M3.5.0/1,M10.5.0", "Europe/London"],
  ["IST-1GMT0,M10.5.0,M3.5.0/1", "Europe/Dublin"],
  ["EST5EDT,M3.2.0,M11.1.0", "America/New_York"],
  ["NST3:30NDT,M3.2.0,M11.1.0", "America/St_Johns"],
  ["AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney"],
  ["NZST-12NZDT,M9.5.0,M4.1.0/3", "Pacific/Auckland"],
  ["<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "Australia/Lord_Howe"],
  ["<+0545>-5:45", "Asia/Kathmandu"],
  ["JST-9", "Asia/Tokyo"],
  ["IST-2IDT,M3.4.4/26,M10.5.0", "Asia/Jerusalem"],
];

test.each(RULES)("the rules %s are those of %s", (text, zone) => {
  const rules = readZoneRules(text);
  expect(rules).not.toBeNull();
  if (rules === null) return;
  const hour = 3_600_000;
  for (let at = Date.UTC(2014, 0); at < Date.UTC(2020, 0); at += 7 * hour) {
    if (offsetByRules(rules, at) !== offsetAt(zone, at))
      expect.fail(`${new Date(at).toISOString()}: ${offsetByRules(rules, at)}`);
  }
});

describe("a day of the year", () => {
  const at = (text: string, time: string) => {
    const rules = readZoneRules(text);
    return rules === null ? null : offsetByRules(rules, Date.parse(time));
  };
  test("counts with J from 1 and without the 29th of February, else from 0 and with it", () => {
    for (const [rules, first] of [
      ["AAA0BBB,J60/0,J300", "2016-03-01"],
      ["AAA0BBB,60/0,300", "2016-03-01"],
      ["AAA0BBB,J60/0,J300", "2015-03-01"],
      ["AAA0BBB,59/0,300", "2015-03-01"],
    ] as const) {
      expect(at(rules, `${first}T00:00:00Z`)).toBe(60);
      expect(at(rules, `${first}T00:00:00Z`.replace("03-01T00:00:00", "02-28T23:59:59"))).toBe(0);
    }
  });
});

test.each(["", "Europe/Berlin", "C-1", "CET", "CET-1CEST,M3.5.0", "CET-99", "CET-1CEST,x,y", "+02:00"])(
  "%j is no rule",
  (text) => {
    expect(readZoneRules(text)).toBeNull();
  },
);
