import { expect, test } from "vitest";
import type { DatesSummary } from "../../src/events.ts";
import { datesSections } from "../../src/report/target-sections.ts";

const INTERRUPTED: DatesSummary = {
  type: "summary",
  command: "dates",
  targets: ["Pictures"],
  dryRun: false,
  undo: false,
  files: 0,
  outcomes: { set: 0, already: 0, unknown: 0, failed: 0 },
  dated: {},
  doubts: { guess: 0, conflict: 0, odd: 0 },
  zone: "UTC",
  record: null,
  birthTimes: false,
  faults: 0,
  seconds: 1,
  exit: 130,
  error: "interrupted after 0 files",
};
const said = (differs: Partial<DatesSummary>) => JSON.stringify(datesSections({ ...INTERRUPTED, ...differs }));

test.each<[Partial<DatesSummary>, RegExp]>([
  [{}, /nothing was changed, and every photo has the time that it had\. Run the same line again/],
  [{ undo: true }, /nothing was taken back/],
  [{ dryRun: true }, /nothing was changed\. Run/],
  [
    { files: 2, outcomes: { set: 2, already: 0, unknown: 0, failed: 0 } },
    /2 files.*What is counted here is done, all else is as it was/,
  ],
])("a run that was interrupted, with %j, says what was done and what was not", (differs, says) => {
  expect(said(differs)).toMatch(says);
});

test("a folder without photos is told in words", () => {
  const { error: _error, ...ended } = INTERRUPTED;
  expect(JSON.stringify(datesSections({ ...ended, exit: 0 }))).toMatch(/There is no photo and no video in this folder/);
});
