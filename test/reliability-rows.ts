/** What docs/reliability.md says is shown by which test, and whether a run of the tests showed it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

export const PAGE = join(import.meta.dirname, "..", "docs", "reliability.md");

/** A test that the page names. */
export interface Shown {
  /** `test/scripts/adopt.test.ts` */
  readonly file: string;
  /** Of the test, of what it stands in, or a piece of these; as it is written, `%s` and all. */
  readonly title: string;
}

/** How one test ended. */
export interface Ended {
  readonly file: string;
  /** With the titles of what it stands in, filled in. */
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped" | "pending";
}

/** Every `test/….test.ts`: "title", "title" of the page. */
export function shownOn(page: string = readFileSync(PAGE, "utf8")): readonly Shown[] {
  const text = page.replace(/\s+/g, " ");
  return [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)`((?:(?::|,) "[^"]+")+)/g)].flatMap(
    ([, file = "", titles = ""]) => [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
  );
}

interface Run {
  readonly whole: boolean;
  readonly belongs: (file: string) => boolean;
  readonly textOf: (file: string) => string;
}

/** What stands for a value in the title of a table's test (vitest, `test.each`). */
const FILLED_IN = /%[sdifjoOc#$%]|\$[\w.]+/;

/**
 * What is promised and was not shown: no test of that title ran and passed, or one failed.
 * @param whole true where every file of these tests was to run: then one that did not shows nothing
 * @param belongs whether a file is one of these tests
 * @param textOf a test's file
 * @returns a sentence each
 */
export function notShown(
  rows: readonly Shown[],
  ran: readonly Ended[],
  { whole, belongs, textOf }: Run,
): readonly string[] {
  const files = new Set(ran.map(({ file }) => file));
  return rows.flatMap(({ file, title }) => {
    const must = files.has(file) || (whole && belongs(file));
    if (!must) return [];
    const matches = matcher(title);
    const same = ran.filter((one) => one.file === file && matches(one.name));
    const passed = same.some(({ state }) => state === "passed");
    if (passed && same.every(({ state }) => state !== "failed")) return [];
    if (same.some(({ state }) => state === "skipped") && hangsOnComputer(textOf(file), title)) return [];
    const how = same.length === 0 ? "no such test ran" : same.map(({ state }) => state)[0];
    return [`docs/reliability.md: ${file}: "${title}" did not run and pass (${how})`];
  });
}

/**
 * True for a test that is passed over where a program or a right is missing (`skipIf`, `runIf`), as it is written; what
 * is switched off by `skip` or `todo` shows nothing anywhere.
 */
function hangsOnComputer(text: string, title: string): boolean {
  const before = text.slice(0, Math.max(0, text.indexOf(title)));
  return /\b(skipIf|runIf)\(/.test(before) && !/\.(skip|todo)\b(?!If)[^;]*$/.test(before.slice(-200));
}

function matcher(title: string): (name: string) => boolean {
  const parts = title.split(FILLED_IN).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(parts.join(".*"), "s");
  return (name) => pattern.test(name);
}
