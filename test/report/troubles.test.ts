import { expect, test } from "vitest";
import type { HaulEvent } from "../../src/events.ts";
import { FAILURES_NAMED, OTHER_REASONS } from "../../src/report/findings.ts";
import { NO_TROUBLES, notice } from "../../src/report/troubles.ts";
import { photo } from "./example-run.ts";

function many(event: (at: number) => HaulEvent) {
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
  const troubles = many((at) => ({ type: "warning", code: `c${at % 2}`, message: `m${at}` }));
  expect(troubles.warnings).toEqual([
    { code: "c0", times: 500, message: "m0" },
    { code: "c1", times: 500, message: "m1" },
  ]);
  const odd = many((at) => ({ type: "warning", code: `c${at}`, message: "m" }));
  expect(odd.warnings).toHaveLength(20);
});

test("photos that went well are no trouble", () => {
  expect(notice(NO_TROUBLES, photo("a"))).toBe(NO_TROUBLES);
});
