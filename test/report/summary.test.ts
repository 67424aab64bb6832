import { describe, expect, test } from "vitest";
import type { DateSource } from "../../src/model.ts";
import { count, datedBy, finish, mismatch, startSummary } from "../../src/report/summary.ts";
import { captured, events, extras, photo, run, summary } from "./example-run.ts";

test("the summary is what the events said, with every field that is promised", () => {
  expect(summary).toEqual({
    type: "summary",
    command: "mirror",
    dryRun: false,
    source: "s3://photos",
    targets: ["/media/usb"],
    keys: 1500,
    bytes: 2_140_000_000,
    complete: true,
    kinds: { original: 500, rendition: 1000, sidecar: 0, other: 0 },
    layout: {
      name: "auto",
      families: [
        { name: "original", rule: "original/…", keys: 500, bytes: 1_480_000_000 },
        { name: "large", rule: "large/…", keys: 1000, bytes: 660_000_000 },
      ],
    },
    plan: { photos: 6, bytes: 6_000_000, freeBytes: 73_000_000_000 },
    outcomes: { stored: 5, already: 493, skipped: 1, failed: 1 },
    dated: { exif: 1, name: 2, metadata: 0, unknown: 2 },
    gone: 4,
    changed: 1,
    requests: { list: 2, get: 7, head: 0, retried: 1 },
    seconds: 10,
    exit: 3,
    fallbacks: 0,
    storedBytes: 5_000_000,
    unprovable: 2,
    perTarget: [
      {
        target: "/media/usb",
        plan: { photos: 6, bytes: 6_000_000, freeBytes: 73_000_000_000 },
        outcomes: { stored: 5, already: 493, skipped: 1, failed: 1 },
        storedBytes: 5_000_000,
      },
    ],
  });
  expect(Object.keys(summary)[0]).toBe("type");
});

test("a run that ended early says why", () => {
  const early = finish(startSummary(run), { ...extras, exit: 6, error: "The drive is full" });
  expect(early.error).toBe("The drive is full");
  expect(early.complete).toBe(false);
});

test("what a limit left for the next run counts as skipped", () => {
  const tally = events.reduce(count, startSummary(run));
  expect(finish(tally, { ...extras, leftOver: 7 }).outcomes.skipped).toBe(8);
});

test("counting does not change what was counted before", () => {
  const before = startSummary(run);
  const frozen = structuredClone(before);
  count(before, photo("a.jpg", { captured: captured("exif") }));
  expect(before).toEqual(frozen);
});

test.each<[DateSource, string]>([
  ["exif", "exif"],
  ["xmp", "xmp"],
  ["video", "video"],
  ["name", "name"],
  ["key", "name"],
  ["metadata", "metadata"],
  ["modified", "unknown"],
])("a date from %s counts as %s", (source, bucket) => {
  expect(datedBy(captured(source))).toBe(bucket);
  const tally = count(startSummary(run), photo("a.jpg", { captured: captured(source) }));
  expect(tally.dated[bucket]).toBe(1);
});

test("no date at all counts as unknown", () => {
  expect(datedBy(undefined)).toBe("unknown");
});

describe("the program checks itself", () => {
  test("sums that agree are no mismatch", () => {
    expect(mismatch(summary, 500)).toBeNull();
  });

  test.each([
    ["a key without a kind", { kinds: { ...extras.kinds, rendition: 999 } }, 500, /1499 were given/],
    ["a key with two kinds", { kinds: { ...extras.kinds, other: 1 } }, 500, /1501 were given/],
    ["a photo without an outcome", {}, 501, /501 photos .* 500 outcomes/],
    ["a photo with two outcomes", {}, 499, /499 photos .* 500 outcomes/],
    ["two outcomes, though it ended early", { exit: 130 }, 499, /499 photos .* 500 outcomes/],
    ["two kinds, though it ended early", { exit: 6, kinds: { ...extras.kinds, other: 1 } }, 500, /1501/],
  ])("%s is told in words", (_what, other, photos, words) => {
    expect(mismatch({ ...summary, ...other }, photos)).toMatch(words);
  });

  test("a stored photo whose date nobody counted is told", () => {
    expect(mismatch({ ...summary, dated: { ...summary.dated, exif: 0 } }, 500)).toMatch(/4 dates/);
  });

  test("a run that ended early owes nothing for what it never reached", () => {
    const tally = events.slice(0, 5).reduce(count, startSummary(run));
    expect(mismatch(finish(tally, { ...extras, exit: 130 }), 500)).toBeNull();
    expect(mismatch(finish(tally, { ...extras, exit: 0 }), 500)).toMatch(/494 outcomes/);
  });

  test("a dry run owes no outcomes", () => {
    const dry = { ...run, dryRun: true };
    const tally = events.slice(1, 5).reduce(count, startSummary(dry));
    expect(mismatch(finish(tally, { ...extras, exit: 0 }), 500)).toBeNull();
  });
});
