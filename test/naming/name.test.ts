import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeKey, encodeKey } from "../../src/key.ts";
import { besidePath, etag8, folded, hash8, keyOfPath, likelyTraits, safePath } from "../../src/naming/name.ts";
import type { Traits } from "../../src/targets/target.ts";

const linux = likelyTraits("linux");
const mac = likelyTraits("darwin");
const windows = likelyTraits("win32");
const fat: Traits = {
  ...windows,
  characters: "ascii",
  longestName: { length: 255, unit: "bytes" },
};
const bmp: Traits = { ...windows, characters: "bmp" };
const tight: Traits = { ...linux, longestName: { length: 143, unit: "bytes" }, longestPath: 900 };
const all = { linux, mac, windows, fat, bmp, tight };

describe("safePath", () => {
  test.each([
    ["2012/IMG_1.JPG", "2012/IMG_1.JPG", "2012/IMG_1.JPG"],
    ["a//b", "a/%2F/b", "a/%2F/b"],
    ["/a", "%2F/a", "%2F/a"],
    ["a/", "a/%2F", "a/%2F"],
    ["", "%2F", "%2F"],
    ["/", "%2F/%2F", "%2F/%2F"],
    [".", "%2E", "%2E"],
    ["../../etc/x", "%2E%2E/%2E%2E/etc/x", "%2E%2E/%2E%2E/etc/x"],
    ["a/./b/..", "a/%2E/b/%2E%2E", "a/%2E/b/%2E%2E"],
    ["...", "...", "..%2E"],
    ["50%", "50%", "50%"],
    ["50%41", "50%2541", "50%2541"],
    ["%2f", "%252f", "%252f"],
    ["%%41", "%%2541", "%%2541"],
    ["a\u0000b\nc\td\u007fe\u0085", "a%00b%0Ac%09d%7Fe%C2%85", "a%00b%0Ac%09d%7Fe%C2%85"],
    ["a:b?c*d", "a:b?c*d", "a%3Ab%3Fc%2Ad"],
    ["a\\b", "a\\b", "a%5Cb"],
    ["end.", "end.", "end%2E"],
    ["end. .", "end. .", "end. %2E"],
    ["end ", "end ", "end%20"],
    [" start", " start", " start"],
    ["CON", "CON", "%43ON"],
    ["x/nul.tar.gz", "x/nul.tar.gz", "x/%6Eul.tar.gz"],
    ["com1 .txt", "com1 .txt", "%63om1 .txt"],
    ["COM\u00b9", "COM\u00b9", "%43OM\u00b9"],
    ["console.jpg", "console.jpg", "console.jpg"],
    [".photohaul/target.json", "%2Ephotohaul/target.json", "%2Ephotohaul/target.json"],
    [".PhotoHaul", "%2EPhotoHaul", "%2EPhotoHaul"],
    [".photohaul.", ".photohaul.", ".photohaul%2E"],
    ["a/.photohaul", "a/.photohaul", "a/.photohaul"],
    ["\u65e5\u672c\ud83d\udcf7.jpg", "\u65e5\u672c\ud83d\udcf7.jpg", "\u65e5\u672c\ud83d\udcf7.jpg"],
  ])("%j lies at %j, under the rules of Windows at %j", (key, plain, strict) => {
    expect(safePath(key, linux)).toBe(plain);
    expect(safePath(key, windows)).toBe(strict);
    expect(keyOfPath(plain)).toBe(key);
    expect(keyOfPath(strict)).toBe(key);
  });

  test("bytes that are not UTF-8 are written as what they are", () => {
    const key = decodeKey(Buffer.from([0x61, 0xff, 0xc3, 0x2f, 0xee, 0xbe, 0x80]));
    expect(safePath(key, linux)).toBe("a%FF%C3/%EE%BE%80");
    expect(keyOfPath("a%FF%C3/%EE%BE%80")).toBe(key);
  });

  test("a drive without Unicode gets ASCII, one with 16 bits no more than those", () => {
    expect(safePath("\u00e9\u{1f4f7}", fat)).toBe("%C3%A9%F0%9F%93%B7");
    expect(safePath("\u00e9\u{1f4f7}", bmp)).toBe("\u00e9%F0%9F%93%B7");
  });

  test("a segment too long is cut before its extension, with the hash of the key up to there", () => {
    const key = `${"d".repeat(300)}/${"\u00e9".repeat(200)}.jpeg`;
    const [folder = "", name = ""] = safePath(key, linux).split("/");
    expect(folder).toBe(`${"d".repeat(246)}~${hash8("d".repeat(300))}`);
    expect(name).toBe(`${"\u00e9".repeat(120)}~${hash8(key)}.jpeg`);
    expect(safePath(`${"d".repeat(300)}/other`, linux)).toBe(`${folder}/other`);
    expect(safePath(key, windows).split("/")[1]).toBe(`${"\u00e9".repeat(200)}.jpeg`);
  });

  test("a cut never divides an escape or a character", () => {
    for (let length = 240; length < 260; length += 1) {
      const escapes = safePath(`${"n".repeat(length)}${"\u0001".repeat(20)}`, linux);
      expect(escapes).toMatch(/^n+(%01)*~[0-9a-f]{8}$/);
      const characters = safePath(`${"n".repeat(length)}${"\u{1f4f7}".repeat(20)}`, windows);
      expect(characters.isWellFormed()).toBe(true);
    }
  });

  test("a path too long as a whole keeps its name, in a folder that stands for its folders", () => {
    const key = `${"folder/".repeat(140)}IMG_1.JPG`;
    expect(safePath(key, tight)).toBe(`~${hash8("folder/".repeat(140).slice(0, -1))}/IMG_1.JPG`);
  });
});

/** Keys as buckets hold them, with what is awkward in them more often than chance would have it. */
const awkward = fc.constantFrom(
  ...'./\\%:*?"<>| \u0000\n\u007f\u0085~'.split(""),
  ..."..|%41|%2F|CON|nul.|.photohaul|\u00e9|e\u0301|\u{1f4f7}|\uef80|\ufffd".split("|"),
);
const textKey = fc
  .array(fc.oneof(awkward, fc.string({ unit: "grapheme", maxLength: 8 })), { maxLength: 40 })
  .map((parts) => parts.join(""));
const byteKey = fc.uint8Array({ maxLength: 1024 }).map((bytes) => decodeKey(bytes));
const anyKey = fc.oneof(textKey, byteKey).map((key) => decodeKey(encodeKey(key).subarray(0, 1024)));
const anyTraits = fc.constantFrom(...Object.values(all));

describe("for every key and target", () => {
  test("the path is relative, goes nowhere else, and is no longer than the target allows", () => {
    fc.assert(
      fc.property(anyKey, anyTraits, fc.constantFrom("", "1a2b3c4d"), (key, traits, tag) => {
        const plain = safePath(key, traits);
        const path = tag === "" ? plain : besidePath(plain, tag, traits);
        const segments = path.split("/");
        expect(segments).not.toContain("");
        expect(segments).not.toContain(".");
        expect(segments).not.toContain("..");
        expect(segments[0]?.toLowerCase()).not.toBe(".photohaul");
        expect(path).not.toMatch(/\p{Cc}/u);
        expect(path.isWellFormed()).toBe(true);
        for (const char of traits.forbidden) expect(path).not.toContain(char);
        if (traits.trimsEnds) expect(segments.filter((name) => /[. ]$/.test(name))).toEqual([]);
        if (traits.characters === "ascii") expect(path).toMatch(/^[\u0020-\u007e]*$/);
        const { length, unit } = traits.longestName;
        const size = (name: string) => (unit === "bytes" ? Buffer.byteLength(name) : name.length);
        expect(Math.max(...segments.map(size))).toBeLessThanOrEqual(length);
        expect(Buffer.byteLength(path)).toBeLessThanOrEqual(traits.longestPath || 4096);
      }),
      { numRuns: 2000 },
    );
  });

  test("the key comes back from the path unless something was cut", () => {
    let whole = 0;
    fc.assert(
      fc.property(anyKey, anyTraits, (key, traits) => {
        const roomy = { ...traits, longestName: { length: 4096, unit: "bytes" as const } };
        const path = safePath(key, { ...roomy, longestPath: 0 });
        expect(keyOfPath(path)).toBe(key);
        if (safePath(key, traits) === path) whole += 1;
      }),
      { numRuns: 2000 },
    );
    expect(whole).toBeGreaterThan(500);
  });

  test("what the target holds to be the same is folded to the same, and folding twice changes nothing", () => {
    fc.assert(
      fc.property(anyKey, anyTraits, (key, traits) => {
        const once = folded(key, traits);
        expect(folded(once, traits)).toBe(once);
        if (traits.foldsCase) expect(folded(key.toUpperCase(), traits)).toBe(once);
        if (traits.foldsUnicode) expect(folded(key.normalize("NFD"), traits)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

test("folding follows the target", () => {
  expect(folded("IMG.jpg", linux)).toBe("IMG.jpg");
  expect(folded("IMG.jpg", windows)).toBe("img.jpg");
  expect(folded("\u00c9", mac)).toBe(folded("e\u0301", mac));
  expect(folded("\u00c9", windows)).not.toBe(folded("e\u0301", windows));
});

test.each([
  ["a/b.jpg", "a/b~1a2b3c4d.jpg"],
  ["a.b/c", "a.b/c~1a2b3c4d"],
  [".hidden", ".hidden~1a2b3c4d"],
  ["a.tar.gz", "a.tar~1a2b3c4d.gz"],
  ["no extension. just dots", "no extension. just dots~1a2b3c4d"],
])("beside %s lies %s", (path, beside) => {
  expect(besidePath(path, "1a2b3c4d", linux)).toBe(beside);
});

test("short forms of ETags and keys", () => {
  expect(etag8("D41D8CD98F00B204E9800998ECF8427E-12")).toBe("d41d8cd9");
  expect(etag8("0x8D")).toMatch(/^[0-9a-f]{8}$/);
  expect(etag8("0x8D")).not.toBe(etag8("0x8E"));
  expect(hash8("abc")).toBe("ba7816bf");
});
