import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { classify } from "../../src/originals/classify.ts";
import { checkLayoutText, loadLayoutFile } from "../../src/originals/layout-file.ts";

const TOML = `id = "mine"
title = "My old service"

[[originals]]
regex = '^full/(?<id>.+)\\.\\w+$'
stem = "{id}"
examples = ["full/2012/IMG_1.jpg"]

[[renditions]]
regex = '^mini/(?<id>.+)\\.\\w+$'
stem = "{id}"
family = "mini"
examples = ["mini/2012/IMG_1.jpg"]

[[tokens]]
family = "proof"
role = "rendition"
suffix = "proof"
`;

const JSON_TEXT = `{
  "id": "mine",
  "tokens": [
    { "family": "original", "role": "original", "directory": { "from": "left", "at": 0, "word": "full" } },
    {
      "family": "mini",
      "role": "rendition",
      "directory": { "from": "left", "at": 0, "word": "mini" }
    }
  ]
}
`;

describe("a right file", () => {
  test.each([
    ["TOML", TOML, true],
    ["JSON", JSON_TEXT, false],
  ])("in %s", (_, text, toml) => {
    const { layout, mistakes } = checkLayoutText(text, toml);
    expect(mistakes).toEqual([]);
    if (layout === null) return;
    const mini = classify({ key: "mini/2012/IMG_1.jpg", size: 1 }, layout);
    const full = classify({ key: "full/2012/IMG_1.jpg", size: 1 }, layout);
    expect([mini.kind, full.kind]).toEqual(["rendition", "original"]);
    expect(mini.stem).toBe(full.stem);
  });
});

/** What is changed in the file, and what is said of it: the line and a part of the reason. */
const MISTAKES: readonly [text: string, from: string, to: string, line: number, reason: string][] = [
  [TOML, 'id = "mine"', 'id = "My Service"', 1, "small letters"],
  [TOML, 'title = "My old service"', "title = 7", 2, "title: Invalid input: expected string"],
  [TOML, "[[originals]]", "[[orignals]]", 4, "orignals"],
  [TOML, "^full/(?<id>.+)", "^full/(?<id>.+", 5, "originals[1].regex: Invalid regular expression"],
  [TOML, 'stem = "{id}"\nexamples = ["full', 'stem = "{nr}"\nexamples = ["full', 6, "{nr} is no named group"],
  [TOML, "full/2012/IMG_1.jpg", "mini/2012/IMG_1.jpg", 7, "should be original, but is rendition"],
  [TOML, 'family = "mini"', 'action = "skip"\nfamily = "mini"', 12, "renditions[1].action"],
  [TOML, "[[renditions]]\n", "[[renditions]]\nkeep = true\n", 10, "keep"],
  [TOML, 'suffix = "proof"', "", 15, "a token needs a directory, a prefix, a suffix or a name"],
  [TOML, "[[tokens]]", "[[tokens", 15, "Invalid TOML"],
  [JSON_TEXT, '"id": "mine"', '"id": "M"', 2, "small letters"],
  [
    JSON_TEXT,
    '"from": "left", "at": 0, "word": "full"',
    '"from": "top", "at": 0, "word": "full"',
    4,
    "tokens[1].directory.from",
  ],
  [JSON_TEXT, '"at": 0, "word": "mini"', '"at": -1, "word": "mini"', 8, "tokens[2].directory.at"],
  [JSON_TEXT, '"role": "rendition"', '"role": "copy"', 7, "tokens[2].role"],
  [JSON_TEXT, '"tokens": [', '"tokens": [,', 3, "Unexpected token"],
  ["{}", "{}", "[]", 1, "expected object"],
  ["{}", "{}", '{"id": "x"}', 1, "at least one rule"],
];

test.each(MISTAKES)("a mistake is named with its line: %#", (text, from, to, line, reason) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const { mistakes } = checkLayoutText(changed, text === TOML);
  expect(mistakes[0]?.message).toContain(reason);
  expect(mistakes[0]?.line).toBe(line);
});

describe("on disk", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "layout-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("a file is read by its ending", async () => {
    writeFileSync(join(folder, "mine.toml"), TOML);
    writeFileSync(join(folder, "mine.json"), JSON_TEXT);
    expect((await loadLayoutFile(join(folder, "mine.toml"))).title).toBe("My old service");
    expect((await loadLayoutFile(join(folder, "mine.json"))).id).toBe("mine");
  });

  test("what is wrong is said with the file, the line and the reason, as wrong use", async () => {
    const file = join(folder, "mine.toml");
    writeFileSync(file, TOML.replace('role = "rendition"', 'role = "copy"'));
    await expect(loadLayoutFile(file)).rejects.toMatchObject({ code: "usage" });
    await expect(loadLayoutFile(file)).rejects.toThrow(`${file}:17: tokens[1].role`);
    await expect(loadLayoutFile(join(folder, "none.toml"))).rejects.toMatchObject({
      code: "usage",
    });
    writeFileSync(file, Buffer.alloc(1_000_001, " "));
    await expect(loadLayoutFile(file)).rejects.toThrow("too large");
  });
});
