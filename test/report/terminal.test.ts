import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forTerminal } from "../../src/report/escape.ts";
import { inventorySections } from "../../src/report/inventory-sections.ts";
import { lastPage, runSections } from "../../src/report/mirror-sections.ts";
import { fitted, plainly, screenOf, wrapped } from "../../src/report/screen.ts";
import { columns, paragraph, type Section } from "../../src/report/section.ts";
import { lineText, pageText } from "../../src/report/terminal.ts";
import { exampleInventory } from "./example-inventory.ts";
import { summary, troubles } from "./example-run.ts";

const { inventory, estimate } = exampleInventory();
const WIDE: Section = {
  id: "wide",
  title: "写真の一覧",
  rows: [{ label: "保存", text: "写真 写真 写真 写真 写真 写真 写真 写真 写真 写真" }],
  table: {
    columns: columns("名前", "#keys", "why"),
    rows: [
      ["家族/写真👨‍👩‍👧.jpg", "1", "a sentence that says why, and does so at some length, as sentences may"],
      ["a.jpg", "1,000", "short"],
    ],
    more: 3,
  },
};
const SECTIONS = [
  ...inventorySections(inventory, estimate),
  ...runSections(summary, troubles),
  ...lastPage(summary, troubles),
  WIDE,
];

/** Every word of a page, each as it was written. */
function wordsOf({ title, rows = [], notes = [], table }: Section): string[] {
  const texts = rows.flatMap(({ label, text, figure }) => [label, text ?? `${figure?.value} ${figure?.note}`]);
  const shown = table?.shown === "last" ? table.rows.slice(-30) : (table?.rows.slice(0, 12) ?? []);
  return [title, ...texts, ...notes, ...shown.flat()].flatMap((text) => forTerminal(text).split(/\s+/));
}

describe.each([40, 60, 80, 200])("on a terminal of %d columns", (width) => {
  const lines = pageText(SECTIONS, { width, paint: plainly });

  test("no line is wider, unless one word is", () => {
    const over = lines.filter((line) => stringWidth(line) > width);
    expect(over.filter((line) => line.trim().split(/\s+/).length > 1)).toEqual([]);
  });

  test("no word is cut, and none is lost", () => {
    const shown = new Set(lines.flatMap((line) => line.split(/\s+/)).map((word) => word.replace(/[,:]$/, "")));
    const words = SECTIONS.flatMap(wordsOf).map((word) => word.replace(/[,:]$/, ""));
    expect(words.filter((word) => !shown.has(word))).toEqual([]);
  });
});

test("columns stand below each other whatever the letters are wide", () => {
  const lines = pageText([WIDE], { width: 80, paint: plainly });
  expect(lines).toEqual([
    "",
    "写真の一覧",
    "  保存       写真 写真 写真 写真 写真 写真 写真 写真 写真 写真",
    "  名前              keys  why",
    "  家族/写真👨‍👩‍👧.jpg      1  a sentence that says why, and does so at some length,",
    "                          as sentences may",
    "  a.jpg            1,000  short",
    "  … and 3 more",
  ]);
});

test("a line that goes on is wrapped below its beginning, and a name of blanks stays as it is", () => {
  const line = { label: "failed", tone: "bad", text: "a  b.jpg: the connection was reset while it was read" } as const;
  expect(lineText(line, { width: 40, paint: plainly })).toEqual([
    "failed  a  b.jpg: the connection was",
    "        reset while it was read",
  ]);
});

test("a note takes the whole width, text below a title stands in", () => {
  expect(pageText([{ ...paragraph("one two three"), title: "Title" }], { width: 9, paint: plainly })).toEqual([
    "",
    "Title",
    "  one two",
    "  three",
  ]);
  expect(wrapped("abcdefghijk l", "", "  ", 8)).toEqual(["abcdefghijk", "  l"]);
});

describe("the width", () => {
  const stream = (isTTY: boolean, columns_?: number) =>
    Object.assign({ isTTY }, { columns: columns_ }) as NodeJS.WriteStream;
  beforeEach(() => {
    vi.stubEnv("COLUMNS", undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test("an error is wrapped below its beginning, and a key in it stays whole", () => {
    const page = "photohaul: nothing under that name, and no other\n  It means that nothing was written anywhere.";
    expect(fitted(page, stream(true, 40))).toBe(
      "photohaul: nothing under that name, and\n  no other\n  It means that nothing was written\n    anywhere.",
    );
    expect(fitted(page, stream(false))).toBe(page);
  });

  test.each([
    ["the terminal's", stream(true, 132), undefined, 132],
    ["never less than 40", stream(true, 12), undefined, 40],
    ["80 where the terminal does not say it", stream(true), undefined, 80],
    ["80 where the terminal says 0", stream(true, 0), undefined, 80],
    ["that of COLUMNS, where it does not", stream(true, 0), "100", 100],
    ["without end in a file, so that each fact is a line", stream(false), undefined, Number.POSITIVE_INFINITY],
    ["that of COLUMNS, in a file too", stream(false), "60", 60],
    ["no word that is no number", stream(false), "wide", Number.POSITIVE_INFINITY],
  ])("is %s", (_what, at, asked, width) => {
    vi.stubEnv("COLUMNS", asked);
    expect(screenOf(at).width).toBe(width);
  });
});
