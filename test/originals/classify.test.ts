import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileKindOf } from "../../src/keys/file-kinds.ts";
import { allLayouts } from "../../src/layouts/all.ts";
import { EVERYTHING_ORIGINAL, type Layout } from "../../src/layouts/layout.ts";
import { classifier, classify } from "../../src/originals/classify.ts";

/** Originals, large ones and tiles in directories; thumbs by suffix, only beside a larger photo. */
const NAMED: Layout = {
  ...EVERYTHING_ORIGINAL,
  id: "auto",
  tokens: [
    {
      family: "original",
      role: "original",
      rank: 0,
      needs: "nothing",
      directory: { from: "left", at: 0, word: "original" },
    },
    {
      family: "large",
      role: "rendition",
      rank: 0,
      needs: "nothing",
      directory: { from: "left", at: 0, word: "large" },
    },
    { family: "thumb", role: "rendition", rank: 0, needs: "larger-if-any", suffix: "thumb" },
    { family: "#x#", role: "rendition", rank: 0, needs: "larger", suffix: "#x#" },
  ],
};

const TABLE: readonly [key: string, size: number, kind: string, family: string, stem: string | null][] = [
  ["original/2012/IMG_1.jpg", 9, "original", "original", "2012/img_1"],
  ["large/2012/IMG_1.jpeg", 9, "rendition", "large", "2012/img_1"],
  ["LARGE/2012/IMG_1.JPG", 9, "rendition", "large", "2012/img_1"],
  ["large/2012/IMG_1.NEF", 9, "original", "large", null],
  ["original/large/IMG_1.jpg", 9, "original", "original", "large/img_1"],
  ["2012/large/IMG_1.jpg", 9, "original", "original", "2012/large/img_1"],
  ["enlarge/2012/IMG_1.jpg", 9, "original", "original", "enlarge/2012/img_1"],
  ["large", 9, "original", "original", "large"],
  ["large/", 0, "other", "folder marker", null],
  ["large/", 5, "rendition", "large", ""],
  ["a/b_thumb.jpg", 9, "rendition", "thumb", "a/b"],
  ["a/_thumb.jpg", 9, "original", "original", "a/_thumb"],
  ["a/bthumb.jpg", 9, "original", "original", "a/bthumb"],
  ["a/b-150x150.jpg", 9, "rendition", "#x#", "a/b"],
  ["a/b-150x.jpg", 9, "original", "original", "a/b-150x"],
  ["original/2012/IMG_1.xmp", 9, "sidecar", "sidecar", "2012/img_1"],
  ["original/2012/IMG_1.jpg.xmp", 9, "sidecar", "sidecar", "2012/img_1"],
  ["original/2012/my.trip.xmp", 9, "sidecar", "sidecar", "2012/my.trip"],
  ["IMG_1.AAE", 9, "sidecar", "sidecar", "img_1"],
  ["photos/.DS_Store", 9, "other", "litter", null],
  ["backup/.photohaul/manifest-000001.ndjson", 9, "other", ".photohaul", null],
  [".photohaul/probe-\u00e9", 9, "other", ".photohaul", null],
  ["2012/.photohaul/probe-e\u0301", 9, "other", ".photohaul", null],
  [".photohaul/before-20260102T030405678Z-target.json", 9, "other", ".photohaul", null],
  [".photohaul/dates-2026-01-02T03-04-05-678Z.undone", 9, "other", ".photohaul", null],
  [".photohaul/probe-x.jpg", 9, "original", "original", ".photohaul/probe-x"],
  [".photohaul/segments/0123456789abcdef/000001", 9, "other", ".photohaul", null],
  ["photos/._IMG_1.jpg", 9, "other", "litter", null],
  ["photos/Thumbs.db", 9, "other", "litter", null],
  ["__MACOSX/photos/._x.jpg", 9, "other", "litter", null],
  ["__MACOSX/photos/x.jpg", 9, "original", "original", "__macosx/photos/x"],
  ["photos/._holiday.jpg", 3_000_000, "original", "original", "photos/._holiday"],
  ["#recycle/x.jpg", 9, "other", "litter", null],
  [".Trash-1000/files/x.jpg", 9, "other", "litter", null],
  [".TrashTheDress/x.jpg", 9, "original", "original", ".trashthedress/x"],
  [".stversions/IMG_1~20200101-000000.jpg", 9, "original", "original", ".stversions/img_1~20200101-000000"],
  ["my@eaDir/x.jpg", 9, "original", "original", "my@eadir/x"],
  ["photos/Thumbs.db.jpg", 9, "original", "original", "photos/thumbs.db"],
  ["what.is.this", 9, "original", "original", "what.is"],
  ["photos/@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_M.jpg", 9, "rendition", "@eaDir", "photos/img_1"],
  ["photos/@eaDir/IMG_1.jpg/SYNOINDEX_MEDIA_INFO", 9, "other", "litter", null],
  ["notes.txt", 9, "original", "original", "notes"],
  ["\u0000\n/../x.jpg", 9, "original", "original", "\u0000\n/../x"],
];

test.each(TABLE)("%j of %i bytes", (key, size, kind, family, stem) => {
  const verdict = classify({ key, size }, NAMED);
  expect([verdict.kind, verdict.family, verdict.stem]).toEqual([kind, family, stem]);
});

test("an original of no bytes says that it counts as missing", () => {
  expect(classify({ key: "original/a.jpg", size: 0 }, NAMED).reason).toContain("counts as missing");
  expect(classify({ key: "original/a.jpg", size: 1 }, NAMED).reason).not.toContain("missing");
});

test("a video needs a larger one beside it, whatever its folder is called", () => {
  expect(classify({ key: "large/a.MOV", size: 9 }, NAMED).needs).toBe("larger");
  expect(classify({ key: "large/a.jpg", size: 9 }, NAMED).needs).toBe("nothing");
});

describe("whatever the key", () => {
  const words = fc.constantFrom("original", "large", "thumb", "2012", "IMG_1", "@eaDir", "x_thumb", "é", "", "..");
  const ending = fc.constantFrom(".jpg", ".NEF", ".mov", ".xmp", ".json", "", "_thumb.jpg", ".jpg.xmp", "/");
  const keys = fc.oneof(
    fc.tuple(fc.array(words, { maxLength: 5 }), ending).map(([parts, end]) => parts.join("/") + end),
    fc.string({ unit: "binary", minLength: 1 }),
  );
  const deciders = [NAMED, EVERYTHING_ORIGINAL, ...allLayouts()].map((layout) => ({
    layout,
    decide: classifier(layout),
  }));

  test("one kind, with a reason; the same twice", () => {
    fc.assert(
      fc.property(keys, fc.nat(), (key, size) => {
        for (const { layout, decide } of deciders) {
          const verdict = decide({ key, size });
          expect(verdict.reason).not.toBe("");
          expect(verdict).toEqual(classify({ key, size }, layout));
        }
      }),
    );
  });

  test("a RAW file is never a rendition, and nothing is one without a rule that matches it", () => {
    fc.assert(
      fc.property(keys, fc.nat(), (key, size) => {
        for (const { layout, decide } of deciders) {
          const { kind, family } = decide({ key, size });
          if (kind !== "rendition") continue;
          expect(fileKindOf(key)).not.toBe("raw");
          const rules = layout.renditions.some(({ regex }) => regex.test(key));
          const tokens = layout.tokens.some((rule) => rule.role === "rendition" && rule.family === family);
          expect(rules || tokens || family === "@eaDir").toBe(true);
        }
      }),
    );
  });
});
