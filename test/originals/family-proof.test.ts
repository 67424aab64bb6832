import { describe, expect, test } from "vitest";
import { judgeFamily, pairsWanted, unitOf } from "../../src/originals/family-proof.ts";
import { newPairsSay } from "../../src/originals/proven-family.ts";
import { bytesBearOut, wider } from "../../src/originals/size-range.ts";
import { controls, pairs } from "./compared-pairs.ts";

const SAME = pairs(30);

describe("a family of which a sample was compared", () => {
  const judged = (found: typeof SAME, beside = controls(29)) => judgeFamily(found, beside, 500, false);

  test.each([
    ["30 the same", SAME, "proven"],
    ["12 the same, and 18 that show nothing", [...pairs(12), ...pairs(18, "too little to see")], "proven"],
    ["12 the same, and 18 of equal size", [...pairs(12), ...pairs(18, "equal size")], "proven"],
    ["12 the same, and 18 that could not be read", [...pairs(12), ...pairs(18, "could not be read")], "proven"],
    ["27 the same, and 3 not quite alike", [...pairs(27), ...pairs(3, "not quite alike")], "proven"],
    ["26 the same, and 4 not quite alike", [...pairs(26), ...pairs(4, "not quite alike")], "none"],
    ["26 the same, and 4 parts", [...pairs(26), ...pairs(4, "a part")], "none"],
    ["26 the same, and 4 no smaller", [...pairs(26), ...pairs(4, "no smaller")], "none"],
    ["26 the same, and 4 grey", [...pairs(26), ...pairs(4, "grey")], "none"],
    ["11 the same, and 19 that show nothing", [...pairs(11), ...pairs(19, "too little to see")], "none"],
    ["29 the same, and another picture", [...pairs(29), ...pairs(1, "another picture")], "none"],
    ["29 the same, and one of more detail", [...pairs(29), ...pairs(1, "more detail")], "none"],
    ["29 the same, and another time", [...pairs(29), ...pairs(1, "taken at another time")], "none"],
    ["16 of 30 written by an editor", [...pairs(14), ...pairs(16, undefined, { edited: true })], "none"],
    ["4 of 30 written by an editor", [...pairs(26), ...pairs(4, undefined, { edited: true })], "none"],
    ["3 of 30 written by an editor", [...pairs(27), ...pairs(3, undefined, { edited: true })], "proven"],
    ["30 that are archived", pairs(30, "archived"), "none"],
    ["nothing", [], "none"],
  ] as const)("%s: %#", (_, found, state) => {
    const proof = judged([...found]);
    expect(proof.state).toBe(state);
    expect(proof.sameKeys).toEqual([]);
    expect(proof.holdsForVideos).toBe(state === "proven");
  });

  test("one rendition that looks like another photo takes the worth from all", () => {
    const proof = judged(SAME, controls(29, 1));
    expect(proof.state).toBe("none");
    expect(proof.evidence).toBe(
      "30 of 30 compared pairs show the same picture, but small/0.jpg cannot be told from large/1.jpg, which is another photo",
    );
  });

  test("it says what was seen, what was not, and why it is not proven", () => {
    const found = [...pairs(9), ...pairs(2, "archived"), ...pairs(3, "cannot be decoded")];
    expect(judged(found).evidence).toBe(
      "9 of 9 compared pairs show the same picture; 2 archived; 3 cannot be decoded, but 12 must be the same",
    );
    expect(judged(pairs(30, "could not be read")).evidence).toBe(
      "no pair could be compared; 30 could not be read, but 12 must be the same",
    );
  });

  test.each([
    ["could not be read", false, false],
    ["archived", false, false],
    ["without a decoder", false, false],
    ["cannot be decoded", true, false],
    ["larger than is fetched", true, false],
    ["beyond what --proof-bytes allows", true, true],
  ] as const)("%s: whether another run may tell more", (why, final, stoppedShort) => {
    const found = [...pairs(5), ...pairs(25, why)];
    expect(judged(found)).toMatchObject({ state: "none", final, stoppedShort });
    // What shows something else settles it, whatever else could not be read.
    expect(judged([...found, ...pairs(1, "another picture")])).toMatchObject({
      final: true,
      stoppedShort: false,
    });
  });

  test("what was compared and is not the same is no rendition, whatever the family is", () => {
    const { otherKeys, state } = judged([...pairs(28), ...pairs(2, "not quite alike")]);
    expect(state).toBe("proven");
    expect(otherKeys).toEqual(["small/not quite alike 0.jpg", "small/not quite alike 1.jpg"]);
  });
});

describe("a family of fewer than 30, compared whole", () => {
  const judged = (found: typeof SAME, beside = controls(3)) => judgeFamily(found, beside, found.length, true);

  test("only what was the same itself is a rendition", () => {
    const found = [...pairs(8), ...pairs(2, "another picture"), ...pairs(1, "archived")];
    const proof = judged(found);
    expect(proof.state).toBe("each");
    expect(proof.sameKeys).toEqual(pairs(8).map(({ child, bytes }) => [child, bytes.child]));
    expect(proof.holdsForVideos).toBe(false);
  });

  test("one pair is enough, and says nothing of videos", () => {
    expect(judged(pairs(1), [])).toMatchObject({ state: "each", holdsForVideos: false });
    expect(judged(pairs(12))).toMatchObject({ state: "each", holdsForVideos: true });
  });

  test.each([
    ["most are not quite alike", [...pairs(4), ...pairs(5, "not quite alike")]],
    ["most show something else", [...pairs(4), ...pairs(5, "another picture")]],
    ["all were exported by somebody", pairs(9, undefined, { edited: true })],
    ["nothing is the same", pairs(9, "too little to see")],
  ])("none is a rendition where %s", (_, found) => {
    expect(judged(found)).toMatchObject({ state: "none", sameKeys: [] });
  });

  test("an export by somebody is none among renditions", () => {
    const { sameKeys } = judged([...pairs(5), ...pairs(1, undefined, { edited: true, from: 90 })]);
    expect(sameKeys).toEqual(pairs(5).map(({ child, bytes }) => [child, bytes.child]));
  });

  test("none is one where a picture cannot be told from another photo", () => {
    expect(judged(pairs(9), controls(4, 1))).toMatchObject({ state: "none", sameKeys: [] });
  });
});

describe("bytes bear out that a key is a rendition", () => {
  const range = { bytes: [5000, 40_000], ratio: [0.003, 0.06] } as const;
  test.each([
    ["as the sample was", 10_000, 1_000_000, "image", "image", true],
    ["no fewer than its original", 10_000, 10_000, "image", "image", false],
    ["fewer than any copy has", 4999, 1_000_000, "image", "image", false],
    ["more than any copy has", 40_001, 4_000_000, "image", "image", false],
    ["too many for its original", 30_000, 400_000, "image", "image", false],
    ["too few for its original", 6000, 9_000_000, "image", "image", false],
    ["a video that is smaller", 900_000, 1_000_000, "video", "video", true],
    ["a video that is not", 1_000_000, 1_000_000, "video", "video", false],
    ["the still of a video", 10_000, 90_000_000, "image", "video", true],
    ["a copy of a RAW file", 10_000, 30_000_000, "image", "raw", true],
  ] as const)("%s", (_, child, parent, of, beside, told) => {
    expect(bytesBearOut(child, parent, range, { child: of, parent: beside })).toBe(told);
  });

  test("the range is generous: twice the bytes, three times the ratio of what was seen", () => {
    const { range: found } = judgeFamily(SAME, [], 100, false);
    expect(found?.bytes).toEqual([5000, 25_800]);
    expect(found?.ratio[1]).toBeCloseTo(0.03, 3);
    expect(wider(found, null)).toEqual(found);
    expect(wider(range, found)?.bytes).toEqual([5000, 40_000]);
  });
});

describe("a few new pairs in a family that was proven", () => {
  test.each([
    ["all the same", pairs(5), 0, 5, "holds"],
    ["one and four that show nothing", [...pairs(1), ...pairs(4, "too little to see")], 0, 90, "holds"],
    ["another picture", [...pairs(4), ...pairs(1, "another picture")], 0, 5, "ends"],
    ["not quite alike", [...pairs(4), ...pairs(1, "not quite alike")], 0, 5, "ends"],
    ["like another photo", pairs(5), 1, 5, "ends"],
    ["none readable, and more that were not tried", pairs(5, "could not be read"), 0, 9, "open"],
    ["none readable, and that is all", pairs(5, "could not be read"), 0, 5, "holds"],
  ] as const)("%s", (_, found, alike, keys, said) => {
    expect(newPairsSay(found, controls(4, alike), keys)).toBe(said);
  });
});

test("sizes in a name are one family, and large families are asked more", () => {
  expect(unitOf("150x150")).toBe(unitOf("300x225"));
  expect(unitOf("thumb")).toBe("thumb");
  expect([30, 10_000, 10_001].map(pairsWanted)).toEqual([30, 30, 60]);
});
