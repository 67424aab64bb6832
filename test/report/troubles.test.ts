import { expect, test } from "vitest";
import type { RunEvent } from "../../src/events.ts";
import { lastPage, runSections } from "../../src/report/mirror-sections.ts";
import { plainly } from "../../src/report/screen.ts";
import { pageText } from "../../src/report/terminal.ts";
import { DOUBTS_NAMED, FAILURES_NAMED, NO_TROUBLES, notice, OTHER_REASONS } from "../../src/report/troubles.ts";
import { captured, photo, summary } from "./example-run.ts";

function many(event: (at: number) => RunEvent) {
  let troubles = NO_TROUBLES;
  for (let at = 0; at < 1_000; at += 1) troubles = notice(troubles, event(at));
  return troubles;
}

test("the first failures are named, all are counted", () => {
  const troubles = many((at) => photo(`${at}.jpg`, { outcome: "failed", reason: "gone" }));
  expect(troubles.failed).toBe(1_000);
  expect(troubles.failures).toHaveLength(FAILURES_NAMED);
  expect(troubles.failures[0]).toEqual({ key: "0.jpg", reason: "gone" });
});

test("reasons to skip are counted; when there are too many, together", () => {
  const same = many((at) => photo("a", { outcome: "skipped", reason: `reason ${at % 3}` }));
  expect([...same.skippedFor]).toEqual([
    ["reason 0", 334],
    ["reason 1", 333],
    ["reason 2", 333],
  ]);
  const odd = many((at) => photo("a", { outcome: "skipped", reason: `reason ${at}` }));
  expect(odd.skippedFor.size).toBe(21);
  expect(odd.skippedFor.get(OTHER_REASONS)).toBe(980);
});

test("warnings are counted by code, with the first message of each", () => {
  const two = ["retry", "zone"] as const;
  const troubles = many((at) => ({
    type: "warning",
    code: two[at % 2] ?? "lists",
    message: `m${at}`,
  }));
  expect(troubles.warnings).toEqual([
    { code: "retry", times: 500, message: "m0" },
    { code: "zone", times: 500, message: "m1" },
  ]);
  const odd = many((at) =>
    Object.assign({ type: "warning", code: "retry", message: "m" } as const, { code: `c${at}` }),
  );
  expect(odd.warnings).toHaveLength(20);
});

test("a zone that a neighbour lends is a guess, and that of the other half is none", () => {
  const lent = (zoneFrom: "partner" | "neighbour") => {
    const guess = zoneFrom === "neighbour" ? ["a guess", "an older conflict"] : ["an older conflict"];
    const doubts = zoneFrom === "neighbour" ? (["guess", "conflict"] as const) : (["conflict"] as const);
    const now = { ...captured("exif"), offset: "+02:00", zoneFrom, warnings: guess, doubts };
    return notice(NO_TROUBLES, { type: "zone", target: "t", key: "a", path: "a", captured: now });
  };
  expect(lent("neighbour").doubts).toEqual({ conflict: 0, odd: 0, guess: 1, unknown: 0 });
  expect(lent("neighbour").doubtful).toMatchObject([{ key: "a", doubt: "guess", reason: "a guess" }]);
  expect(lent("partner").doubts.guess).toBe(0);
});

test("photos that went well are no trouble", () => {
  expect(notice(NO_TROUBLES, photo("a", { captured: captured("exif") }))).toBe(NO_TROUBLES);
});

test("dates that deserve a look are counted by photo, and the first of each kind named", () => {
  const doubted = {
    ...captured("video"),
    warnings: ["the zone is guessed", "mvhd says 2018", "the name says 2019"],
    doubts: ["guess", "conflict", "conflict"] as const,
  };
  const troubles = many((at) => photo(`${at}`, at < 900 ? { captured: doubted } : {}));
  expect(troubles.doubts).toEqual({ conflict: 900, odd: 0, guess: 900, unknown: 100 });
  expect(troubles.doubtful).toHaveLength(3 * DOUBTS_NAMED);
  const { local, offset } = doubted;
  expect(troubles.doubtful.slice(0, 3)).toEqual([
    { key: "0", doubt: "guess", captured: { local, offset }, reason: "the zone is guessed" },
    { key: "0", doubt: "conflict", captured: { local, offset }, reason: "mvhd says 2018" },
    { key: "1", doubt: "guess", captured: { local, offset }, reason: "the zone is guessed" },
  ]);
  const page = pageText(lastPage(summary, troubles), { width: Number.POSITIVE_INFINITY, paint: plainly }).join("\n");
  expect(page).toContain("doubtful   900 contradicted by another source, 900 partly guessed");
  expect(page).toContain("  0: taken 2012-06-28 14:03:22 +02:00, mvhd says 2018");
  const [table] = runSections(summary, troubles).filter(({ id }) => id === "doubts");
  expect(table?.table?.rows[0]).toEqual([
    "0",
    "2012-06-28 14:03:22 +02:00",
    "contradicted by another source",
    "mvhd says 2018",
  ]);
  expect(table?.table?.rows).toHaveLength(40);
  expect(table?.table?.more).toBe(2 * 900 + 100 - 40);
});

test("a date that only the upload gives is none", () => {
  const { doubts } = notice(NO_TROUBLES, photo("a", { captured: captured("modified") }));
  expect(doubts.unknown).toBe(1);
});
