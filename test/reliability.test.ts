import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs", "reliability.md"), "utf8");

/** Every `test/….test.ts`: "title", "title" of the page. */
const named = [...page.matchAll(/`(test\/[\w./-]+\.test\.ts)`((?:(?::|,) "[^"]+")+)/g)].flatMap(
  ([, file = "", titles = ""]) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
);

test("the page names tests", () => {
  expect(named.length).toBeGreaterThan(25);
});

test.each(named)("$file shows: $title", ({ file, title }) => {
  expect(readFileSync(join(root, file), "utf8")).toContain(title);
});

test("no row of a table is without a test", () => {
  const rows = page
    .split("## Verifying")[0]
    ?.split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (fault |-)/.test(line));
  expect(rows?.filter((row) => !/`test\/[^`]+`: "/.test(row))).toEqual([]);
});
