import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidenceIn, type WordFeatures } from "../../src/originals/family-confidence.ts";

/** A family that nobody would doubt: 200 thumbnails of 200 photos. */
const CLEAR: WordFeatures = {
  members: 200,
  joined: 200,
  named: 0,
  smaller: 1,
  medianRatio: 0.01,
  single: 1,
  later: 1,
  correlation: 0.3,
  spread: -0.3,
  raw: 0,
  videoOfImage: 0,
  sibling: 0.8,
  company: 1,
  word: "thumb",
  weak: false,
};

const TABLE: readonly [what: string, change: Partial<WordFeatures>, confidence: string][] = [
  ["as it is", {}, "sure"],
  ["a few larger than their original", { smaller: 0.965, medianRatio: 0.24 }, "sure"],
  ["no parent at all", { joined: 0 }, "suspect"],
  ["a fifth without parents", { joined: 158 }, "suspect"],
  ["a tenth larger", { smaller: 0.9 }, "suspect"],
  ["as large as their parents", { medianRatio: 0.95, sibling: -1, company: 0 }, "suspect"],
  ["RAW files among them", { raw: 0.01 }, "suspect"],
  ["videos of stills", { videoOfImage: 0.6 }, "suspect"],
  ["a people's word, alone", { word: "web", company: 0, sibling: Number.NEGATIVE_INFINITY }, "likely"],
  ["a people's word beside a program's", { word: "large", medianRatio: 0.2 }, "sure"],
  ["a word that says nothing, two sizes", { word: "foo" }, "sure"],
  ["a word that says nothing, one size", { word: "foo", sibling: Number.NEGATIVE_INFINITY }, "likely"],
  ["a word that says nothing, few photos", { word: "foo", members: 60, joined: 60 }, "likely"],
  [
    "a word that says nothing, sizes that have nothing to do with each other",
    { word: "foo", sibling: Number.NEGATIVE_INFINITY, correlation: 0.02 },
    "suspect",
  ],
  [
    "no word, few photos, no second size",
    { word: "foo", members: 60, joined: 60, sibling: -1, correlation: 0.1 },
    "suspect",
  ],
  ["named originals, whatever the sizes", { word: "large", named: 200, smaller: 0.6, sibling: -1 }, "sure"],
  ["named originals, most of them larger", { word: "large", named: 200, smaller: 0.4 }, "suspect"],
  ["named originals for a third, sizes that go together", { named: 60, joined: 60 }, "sure"],
  ["named originals for a third, nothing else", { named: 60, joined: 60, sibling: 0.1 }, "suspect"],
];

test.each(TABLE)("%s", (_, change, confidence) => {
  const judged = confidenceIn({ ...CLEAR, ...change });
  expect(judged.confidence, judged.reason).toBe(confidence);
});

describe("whatever the numbers", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const r = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(Number.NaN));
  const evidence = fc.record({
    members: fc.integer({ min: 100, max: 5000 }),
    joined: fc.integer({ min: 0, max: 100 }),
    named: fc.constant(0),
    smaller: share,
    medianRatio: fc.double({ min: 0, max: 3, noNaN: true }),
    single: share,
    later: share,
    correlation: r,
    spread: r,
    raw: share,
    videoOfImage: share,
    sibling: fc.oneof(r, fc.constant(Number.NEGATIVE_INFINITY)),
    company: share,
    word: fc.constantFrom("thumb", "web", "foo", "#x#"),
    weak: fc.boolean(),
  });

  test("nothing is believed that does not join, is not smaller, or is RAW", () => {
    fc.assert(
      fc.property(evidence, (e) => {
        if (confidenceIn(e).confidence === "suspect") return;
        expect(e.joined / e.members).toBeGreaterThanOrEqual(0.8);
        expect(e.smaller).toBeGreaterThanOrEqual(0.93);
        expect(e.raw).toBe(0);
      }),
    );
  });

  test("a family without named originals always needs them beside it", () => {
    fc.assert(
      fc.property(evidence, (e) => {
        expect(confidenceIn(e).needs).not.toBe("nothing");
      }),
    );
  });

  test("every answer says why", () => {
    fc.assert(fc.property(evidence, (e) => confidenceIn(e).reason !== ""));
  });
});
