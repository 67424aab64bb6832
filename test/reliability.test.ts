import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ended, notShown, PAGE, shownOn } from "./reliability-rows.ts";

const root = join(import.meta.dirname, "..");
const page = readFileSync(PAGE, "utf8");
const named = shownOn(page);

test("the page names tests", () => {
  expect(named.length).toBeGreaterThan(25);
});

/** Those of other runs, too; whether they ran and passed says reliability-reporter.ts. */
test.each(named)("$file is named with: $title", ({ file, title }) => {
  expect(readFileSync(join(root, file), "utf8")).toContain(title);
});

test("no fault is without a test", () => {
  const faults =
    page
      .split("## Verifying")[0]
      ?.split(/^(?=- \*\*)/m)
      .slice(1) ?? [];
  expect(faults.length).toBeGreaterThan(50);
  expect(faults.filter((fault) => !/`test\/[^`]+`(?: [^`"]*)?: "/.test(fault.replace(/\s+/g, " ")))).toEqual([]);
});

describe("a promise is shown by a test that ran and passed, and by nothing else", () => {
  const file = "test/a.test.ts";
  const plainly = 'describe("what", () => test("holds for a"';
  const shown = (title: string, ran: readonly Partial<Ended>[], whole = false, text = plainly) =>
    notShown(
      [{ file, title }],
      ran.map((one) => ({ file, name: "what > holds for a", state: "passed", ...one })),
      { whole, belongs: (one) => one === file, textOf: () => text },
    ).length === 0;

  test.each<[string, string, Partial<Ended>[], boolean]>([
    ["its title", "holds for a", [{}], true],
    ["the title of what it stands in", "what", [{}], true],
    ["the title of a table", "holds for %s", [{}], true],
    ["some of a table, where others were passed over", "holds for $name", [{ state: "skipped" }, {}], true],
    ["a test that was skipped", "holds for a", [{ state: "skipped" }], false],
    ["a test that is to be written", "holds for a", [{ state: "pending" }], false],
    ["one of a table that failed", "holds for %s", [{}, { state: "failed" }], false],
    ["another title", "holds for b", [{}], false],
    ["another title of a table", "shows %s", [{}], false],
    ["a file that is not of this run", "anything", [{ file: "test/b.test.ts" }], true],
  ])("%s", (_, title, ran, right) => {
    expect(shown(title, ran)).toBe(right);
  });

  test("one that is passed over for what the computer lacks may be, one that is switched off may not", () => {
    const skipped = [{ state: "skipped" }] as const;
    const [asked, off] = ['test.skipIf(noPerl)("holds for a"', 'test.skip("holds for a"'];
    expect(shown("holds for a", skipped, false, asked)).toBe(true);
    expect(shown("holds for a", skipped, false, off)).toBe(false);
    expect(shown("holds for a", skipped, false, `test.skipIf(noPerl)("other");\n${off}`)).toBe(false);
  });

  test("a file that did not run shows nothing where all were to run", () => {
    expect(shown("anything", [{ file: "test/b.test.ts" }], true)).toBe(false);
  });
});
