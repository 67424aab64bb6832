import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeKey } from "../../src/key.ts";
import { csvWriter } from "../../src/report/csv.ts";
import { forHtml, forJson, forMarkdown, forTerminal, shortened } from "../../src/report/escape.ts";

const anything = fc.string({ unit: "binary", maxLength: 60 });
/** Any bytes, as a bucket may name an object. */
const anyKey = fc.uint8Array({ maxLength: 60 }).map(decodeKey);
const hostile = fc.oneof(
  anything,
  anyKey,
  fc.string({ unit: fc.constantFrom(...Array.from("\x1b[3\r\n\t\u202e<&>\"'|`=+-@,")) }),
);

describe("what is shown on a terminal", () => {
  test.each([
    ["IMG_0001.jpg", "IMG_0001.jpg"],
    ["Łódź/été 写真 👨‍👩‍👧.jpg", "Łódź/été 写真 👨‍👩‍👧.jpg"],
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\x1b[2Jgone", "\\x1b[2Jgone"],
    ["\u009b31mred", "\\x9b31mred"],
    ["gpj.\u202eexe", "gpj.\\u{202e}exe"],
    ["a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"],
    [decodeKey(Uint8Array.of(0x61, 0xff, 0x62)), "a\\xffb"],
    ["half \ud83d", "half \\u{d83d}"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
  ])("%j is %j", (text, shown) => {
    expect(forTerminal(text)).toBe(shown);
  });

  test("nothing that a terminal acts upon is left, whatever comes", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forTerminal(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\p{Cs}]/u);
      }),
    );
  });
});

describe("a line of JSON", () => {
  test("means the same and holds no control", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = forJson({ key: text });
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(line)).toEqual({ key: text });
      }),
    );
  });
});

describe("a cell of CSV", async () => {
  const csvText = await csvWriter();
  test.each([
    ["IMG_0001.jpg", "IMG_0001.jpg"],
    ["a,b", '"a,b"'],
    ['5" disk', '"5"" disk"'],
    ["=1+1", "'=1+1"],
    ["+49", "'+49"],
    ["-rf", "'-rf"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ["'quoted", "''quoted"],
    ["＝1", "'＝1"],
    ["", ""],
  ])("%j is %j", (text, cell) => {
    expect(csvText([[text]])).toBe(`${cell}\r\n`);
  });

  test("one apostrophe taken away gives the text back", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const cell = csvText([[text]]).slice(0, -2);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(read).not.toMatch(/^[=+\-@\t\r]/);
        expect(read.replace(/^'/, "")).toBe(text);
      }),
    );
  });
});

test("HTML takes text for text", () => {
  expect(forHtml(`<img src=x onerror="alert('1')">&\u202e`)).toBe(
    "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;\\u{202e}",
  );
  fc.assert(
    fc.property(hostile, (text) => {
      expect(forHtml(text)).not.toMatch(/[<>"']/);
    }),
  );
});

test("Markdown takes text for text", () => {
  expect(forMarkdown("a|b_c*<b>[x](y)")).toBe("a\\|b\\_c\\*&lt;b&gt;\\[x\\](y)");
  expect(forMarkdown("# not a title")).toBe("\\# not a title");
  expect(forMarkdown("12. not a list")).toBe("12\\. not a list");
  expect(forMarkdown("http://a.b @you us-east-1")).toBe("http\\://a.b \\@you us-east-1");
  fc.assert(
    fc.property(hostile, (text) => {
      expect(forMarkdown(text)).not.toMatch(/[\n\r<>]/);
    }),
  );
});

test("long paths are cut in the middle, by characters", () => {
  expect(shortened("2012/holidays/IMG_0001.jpg", 15)).toBe("2012/ho…001.jpg");
  expect(shortened("short.jpg", 15)).toBe("short.jpg");
  expect(Array.from(shortened("👨".repeat(30), 9))).toHaveLength(9);
});
