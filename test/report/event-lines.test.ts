import { expect, test } from "vitest";
import type { FileEvent } from "../../src/events.ts";
import type { Captured } from "../../src/model.ts";
import { tellEvents } from "../../src/report/event-lines.ts";

const [old, now] = ["2024-03-10T12:00:00.000Z", "1980-01-01T00:00:00.000Z"];
const captured: Captured = {
  local: "1958-06-01T12:00:00",
  offset: null,
  utc: "1958-06-01T11:00:00Z",
  source: "exif",
  precision: "s",
  tag: "DateTimeOriginal",
};
const doubted = { ...captured, warnings: ["no digital camera is as old as 1958"] };
const clamp = "the drive holds no time before 1980-01-01";

/** [why, event, what stands in brackets] */
const LINES: readonly [string, Partial<FileEvent>, string][] = [
  ["by its tag", { captured }, "(DateTimeOriginal)"],
  ["a time that was clamped", { captured, reason: clamp }, `(DateTimeOriginal; ${clamp})`],
  [
    "and one that is doubtful, too",
    { captured: doubted, reason: clamp },
    `(DateTimeOriginal; ${clamp}; no digital camera is as old as 1958)`,
  ],
  [
    "no date at all",
    { outcome: "unknown", new: null, captured: null, reason: "nothing says when it was taken" },
    "(nothing says when it was taken)",
  ],
  ["what was taken back", { captured: null }, `${old} → ${now}`],
];

test.each(LINES)("--verbose says why: %s", (_why, more, expected) => {
  const event: FileEvent = {
    type: "file",
    file: "a.jpg",
    outcome: "set",
    old,
    new: now,
    captured: null,
    ...more,
  };
  expect(tellEvents("verbose")(event)).toEqual({
    plain: [{ label: event.outcome, text: expect.toSatisfy((text: string) => text.endsWith(expected)) }],
  });
  expect(tellEvents("normal")(event)).toEqual({});
});
