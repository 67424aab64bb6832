import { expect, test } from "vitest";
import type { PhotoEvent, RunEvent, StartEvent } from "../../src/events.ts";
import { lastPage } from "../../src/report/mirror-sections.ts";
import { plainly } from "../../src/report/screen.ts";
import { count, finish, mismatch, startSummary } from "../../src/report/summary.ts";
import { pageText } from "../../src/report/terminal.ts";
import { NO_TROUBLES } from "../../src/report/troubles.ts";
import { extras, run as oneTarget } from "./example-run.ts";

const run: StartEvent = { ...oneTarget, targets: ["/usb", "s3://b"] };
const plan = { photos: 2, bytes: 20, freeBytes: null, already: 1, skipped: 1 };
const events: readonly RunEvent[] = [
  { type: "listed", keys: 4, bytes: 40, complete: true, seconds: 1 },
  {
    type: "plan",
    ...plan,
    perTarget: [
      { target: "/usb", photos: 1, bytes: 10, freeBytes: 50, already: 2, skipped: 1 },
      { target: "s3://b", photos: 2, bytes: 20, freeBytes: null, already: 1, skipped: 1 },
    ],
  },
  photo("a.jpg", "stored", { "/usb": "stored", "s3://b": "stored" }),
  photo("b.jpg", "failed", { "s3://b": "failed" }),
];

function photo(
  key: string,
  outcome: PhotoEvent["outcome"],
  of: Readonly<Record<string, PhotoEvent["outcome"]>>,
): PhotoEvent {
  const copies = Object.entries(of).map(([target, one]) => ({ target, path: key, outcome: one }));
  return { type: "photo", key, path: key, outcome, bytes: 10, copies };
}

const more = {
  ...extras,
  kinds: { original: 4, rendition: 0, sidecar: 0, other: 0 },
  leftOver: 0,
  exit: 3,
};
const summary = finish(events.reduce(count, startSummary(run)), more);
const photosOf = new Map([
  ["/usb", 4],
  ["s3://b", 4],
]);

test("each target has its own sums, and photos have theirs", () => {
  expect(summary.outcomes).toEqual({ stored: 1, already: 1, skipped: 1, failed: 1 });
  expect(summary.perTarget).toEqual([
    {
      target: "/usb",
      plan: { photos: 1, bytes: 10, freeBytes: 50 },
      outcomes: { stored: 1, already: 2, skipped: 1, failed: 0 },
      storedBytes: 10,
    },
    {
      target: "s3://b",
      plan: { photos: 2, bytes: 20, freeBytes: null },
      outcomes: { stored: 1, already: 1, skipped: 1, failed: 1 },
      storedBytes: 10,
    },
  ]);
  expect(mismatch(summary, 4, photosOf)).toBeNull();
});

test("sums of one target that do not agree are a bug", () => {
  expect(mismatch(summary, 4, new Map([...photosOf, ["s3://b", 5]]))).toContain("on s3://b");
  const lost = finish(events.reduce(count, startSummary(run)), {
    ...more,
    exit: 5,
    lost: new Map([["s3://b", "it is gone"]]),
  });
  expect(lost.perTarget[1]?.error).toBe("it is gone");
  expect(mismatch(lost, 4, new Map([...photosOf, ["s3://b", 9]]))).toBeNull();
  expect(mismatch(lost, 4, new Map([...photosOf, ["s3://b", 3]]))).toContain("on s3://b");
});

test("what a limit left counts on its target", () => {
  const left = finish(events.reduce(count, startSummary(run)), {
    ...more,
    leftOver: 1,
    leftOverOf: new Map([["s3://b", 1]]),
  });
  expect(left.perTarget.map(({ outcomes }) => outcomes.skipped)).toEqual([1, 2]);
});

test("the last page has a line for each of several targets, and none for one", () => {
  const screen = { width: Number.POSITIVE_INFINITY, paint: plainly };
  const page = pageText(lastPage(summary, NO_TROUBLES), screen).filter((line) => line.includes("target"));
  expect(page).toEqual([
    "  target     /usb: 1 photo stored, 10 bytes, 2 already",
    "  target     s3://b: 1 photo stored, 10 bytes, 1 already, 1 failed",
  ]);
  const alone = finish(startSummary(oneTarget), more);
  expect(pageText(lastPage(alone, NO_TROUBLES), screen).join("\n")).not.toContain("  target ");
});
