/**
 * Every entry of the fault list, alone and together, at 10 % of the requests that it concerns: the run ends with all
 * photos right and exit 0, or with exit 3 and each failure named, and then the next run mends it. Each fault is shown
 * to have struck. At 1 %: rare-faults.test.ts, which runs beside this.
 */

import { describe, expect, test } from "vitest";
import { openFaultBucket, PATIENCE } from "./fault-bucket.ts";
import { alone, NAMES, together } from "./fault-promise.ts";
import { runMirror } from "./mirror-run.ts";

test.each([
  ["slow-down", true],
  ["reset", false],
] as const)("requests that meet %s are made again and counted, and fewer made at once: %s", async (fault, fewer) => {
  await using bucket = await openFaultBucket(100, 1000);
  bucket.faults.arm({ fault, on: { op: "get" }, skip: 30, times: 5 });
  const { events, summary } = await runMirror(bucket.at);
  bucket.faults.assertAllFired();
  expect(summary).toMatchObject({ exit: 0, requests: { list: 2, get: 105, retried: 5 } });
  const halved = events.some((event) => event.type === "pace" && event.reason.includes("SlowDown"));
  expect(halved).toBe(fewer);
});

describe.concurrent("at 10 %", () => {
  test.each(NAMES)("%s alone is survived, or named and mended by the next run", PATIENCE, (fault) => alone(fault, 0.1));

  test("all together are survived, or named and mended by the next run", PATIENCE, () => together(0.1));

  test("all together are survived, or named and mended where no hand takes photos", PATIENCE, () => together(0.1, 0));
});
