import { expect, test } from "vitest";
import { judgePairs, type PairLook, type Seen, showsSame } from "../../src/decide/pair-verdict.ts";

const PHOTO: Seen = { width: 4032, height: 3024, taken: "2012:06:28 14:03:22", software: null };

const PAIRS: readonly [what: string, child: Partial<Seen>, same: boolean][] = [
  ["a smaller one of the same shape", { width: 2048, height: 1536 }, true],
  ["rounded by a pixel", { width: 1023, height: 768 }, true],
  ["without a date", { width: 320, height: 240, taken: null }, true],
  ["cropped to a square", { width: 150, height: 150 }, true],
  ["turned upright", { width: 768, height: 1024 }, true],
  ["the same size", {}, true],
  ["of another shape", { width: 2048, height: 1152 }, false],
  ["larger", { width: 5000, height: 3750 }, false],
  ["taken at another time", { width: 2048, height: 1536, taken: "2012:06:28 14:03:23" }, false],
];

test.each(PAIRS)("%s", (_, child, same) => {
  expect(showsSame({ ...PHOTO, ...child }, PHOTO)).toBe(same);
});

function looks(
  same: number,
  other: number,
  unread: number,
  software: string | null = null,
): PairLook[] {
  const look = (child: Seen | null): PairLook => ({
    child: "c",
    parent: "p",
    seen: { child, parent: PHOTO },
  });
  return [
    ...Array.from({ length: same }, () => look({ ...PHOTO, width: 320, height: 240, software })),
    ...Array.from({ length: other }, () => look({ ...PHOTO, width: 320, height: 100 })),
    ...Array.from({ length: unread }, () => look(null)),
  ];
}

test.each([
  [30, 0, 0, "same"],
  [28, 2, 0, "same"],
  [27, 3, 0, "other"],
  [3, 0, 27, "same"],
  [2, 0, 28, "unknown"],
  [0, 0, 0, "unknown"],
])("%i agree, %i do not, %i cannot be read: %s", (same, other, unread, verdict) => {
  const judged = judgePairs(looks(same, other, unread));
  expect(judged.verdict).toBe(verdict);
  expect(judged.evidence).toContain(`${verdict === "unknown" ? same + other : same} `);
});

test("what a photo editor wrote is somebody's own work", () => {
  expect(judgePairs(looks(30, 0, 0, "Adobe Photoshop")).verdict).toBe("by-hand");
  const edited = looks(30, 0, 0, "Lightroom").map(({ child, parent, seen }) => ({
    child,
    parent,
    seen: { ...seen, parent: { ...PHOTO, software: "Lightroom" } },
  }));
  expect(judgePairs(edited).verdict).toBe("same");
});
