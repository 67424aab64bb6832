import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shareOf, sliceOf } from "../../src/steps/verify-photo.ts";

const due = (...sizes: number[]) => [
  sizes.map((size, at) => ({ path: `${at}.jpg`, size, sha256: "", damaged: false })),
];
const paths = (photos: Iterable<{ readonly path: string }>) => Array.from(photos, ({ path }) => path);

test("slices are disjoint, together everything, and the same every time", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 9 }), (names, of) => {
      const photos = [names.map((path) => ({ path, size: 1, sha256: "", damaged: false }))];
      const parts = Array.from({ length: of }, (_, at) => paths(sliceOf(photos, { part: at + 1, of })));
      expect(parts.flat().toSorted()).toEqual(names.toSorted());
      expect(paths(sliceOf(photos, { part: 1, of }))).toEqual(parts[0]);
    }),
  );
});

describe("a share", () => {
  test.each([
    [[10, 10, 10], 20, 2],
    [[10, 10, 10], 21, 3],
    [[100, 1], 5, 1],
    [[1, 1, 1], 0, 1],
    [[0, 0, 5, 5], 3, 3],
  ])("of photos of %j bytes, up to %i, is %i", (sizes, bytes, photos) => {
    expect(paths(sliceOf(due(...sizes), { bytes }))).toHaveLength(photos);
  });

  test("does not count what is known to be damaged", () => {
    const [photos = []] = due(10, 10, 10, 10);
    const some = [photos.map((photo, at) => ({ ...photo, damaged: at < 2 }))];
    expect(paths(sliceOf(some, { bytes: 10 }))).toEqual(["0.jpg", "1.jpg", "2.jpg"]);
  });
});

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-21T03:30:00Z");
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();

describe("what is due", () => {
  test.each([
    [null, 100],
    [ago(1), 100],
    [ago(0.5), 50],
    [ago(3), 300],
    [ago(400), 3000],
    [ago(-5), 100],
  ])("when the last run was %s", (since, bytes) => {
    expect(shareOf(3000, 30, since, NOW)).toEqual({ bytes });
  });

  test("whenever runs come, everything has been read once when the days are over", () => {
    const gaps = fc.array(fc.double({ min: 0.1, max: 12, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), gaps, (sizes, days) => {
        let waiting = due(...sizes);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        let gone = 0;
        let last: number | null = null;
        for (let at = 0; gone <= 31; at += 1) {
          const now = NOW + gone * DAY;
          const share = shareOf(total, 30, last === null ? null : new Date(last).toISOString(), now);
          const read = new Set(paths(sliceOf(waiting, share)));
          waiting = waiting.map((chunk) => chunk.filter(({ path }) => !read.has(path)));
          last = now;
          gone += days[at % days.length] ?? 1;
        }
        // The first run counts for a day, the last one for the days before it.
        const covered = last === null ? 0 : (last - NOW) / DAY + 1;
        if (covered >= 30) expect(waiting.flat()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
