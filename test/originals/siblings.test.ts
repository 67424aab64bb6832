/** What lies beside a key of a proven family, and what does not: each is told by what it is, and not by its name alone. */

import { expect, test } from "vitest";
import type { CataloguedObject } from "../../src/model.ts";
import type { Verdict } from "../../src/originals/classify.ts";
import { reconcile } from "../../src/originals/siblings.ts";

const RANGE = { bytes: [1000, 50_000], ratio: [0.01, 0.5] } as const;

function of(key: string, size: number, kind: "original" | "rendition" = "original") {
  const family = kind === "original" ? "original" : "web";
  const told = { kind, family, stem: "a", rank: 0, reason: "named so" };
  return {
    key,
    size,
    etag: "",
    modified: "",
    storageClass: "",
    ...told,
  } satisfies CataloguedObject;
}

const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  kind: "rendition",
  family: "web",
  stem: "a",
  rank: 0,
  reason: "named so",
  needs: "larger-if-any",
  range: RANGE,
  ...more,
});

const kindOf = (key: string, size: number, beside: CataloguedObject[], more?: Partial<Verdict>) =>
  reconcile(of(key, size, "rendition"), verdict(more), beside).kind;

test.each([
  ["a picture beside a picture", "a.jpg", 9000, [of("a.jpeg", 90_000)], "rendition"],
  ["its bytes are those of a photo", "a.jpg", 60_000, [of("a.jpeg", 900_000)], "original"],
  ["beside a video of its name", "a.jpg", 9000, [of("a.mov", 90_000)], "rendition"],
  ["beside a RAW file", "a.jpg", 9000, [of("a.nef", 90_000)], "rendition"],
  ["beside a document", "a.jpg", 9000, [of("a.pdf", 90_000)], "original"],
  ["beside layers that nothing decodes", "a.jpg", 9000, [of("a.psd", 90_000)], "original"],
  ["beside layers and their picture", "a.jpg", 9000, [of("a.psd", 990_000), of("a.jpeg", 90_000)], "rendition"],
  ["without an original", "a.jpg", 9000, [], "rendition"],
  ["without an original, with the bytes of a photo", "a.jpg", 60_000, [], "original"],
] as const)("%s", (_, key, size, beside, kind) => {
  expect(kindOf(`web/${key}`, size, [...beside])).toBe(kind);
});

test("a document beside one, where such were compared", () => {
  const extensions = ["resized"];
  expect(kindOf("web/a.jpg", 9000, [of("a.resized", 90_000)], { extensions })).toBe("rendition");
});

test("of a video a larger still proves nothing", () => {
  const beside = [of("a.heic", 900_000), of("a.mov", 300_000)];
  const { range: _, ...bare } = verdict({ needs: "larger" });
  expect(reconcile(of("web/a.mov", 400_000, "rendition"), bare, beside).kind).toBe("original");
  expect(reconcile(of("web/a.mov", 200_000, "rendition"), bare, beside).kind).toBe("rendition");
});
