/** A mirror of 2,000 photos of which half lie in archives, over some nights with all that can go wrong with one. */

import { expect, test } from "vitest";
import type { Arming } from "../../fixtures/s3/faults.ts";
import { archiveEvents, cold, later, useClock } from "../scripts/cold-bucket.ts";

useClock();

const PHOTOS = 2000;
const CLASSES = [
  { storageClass: "GLACIER" },
  { storageClass: "DEEP_ARCHIVE" },
  { storageClass: "INTELLIGENT_TIERING", archiveStatus: "ARCHIVE_ACCESS" },
];
/** Requests to the archive that are refused, and those of which the answer is lost. */
const REFUSED = 5 + 3;
const UNHEARD = 2;
const NIGHTS: readonly (readonly Arming[])[] = [
  [
    { fault: "slow-down", on: { op: "restore" }, skip: 20, times: 5 },
    { fault: "internal-error", on: { op: "restore" }, skip: 200, times: 3 },
  ],
  [
    { fault: "restores-unlisted", times: 1 },
    { fault: "cut-body", on: { op: "get", key: /^00[02]0/ }, times: 2 },
    { fault: "copy-goes", skip: 3, times: 5 },
    { fault: "reset", on: { op: "head" }, times: 2 },
    { fault: "lost-answer", on: { op: "restore" }, skip: 2, times: UNHEARD },
  ],
  [{ fault: "copy-goes", skip: 30, times: 3 }],
  [],
  [],
];

test("five nights, and all is home: none is asked for twice, none fetched twice, and what was said is what was asked", async () => {
  await using bucket = await cold(PHOTOS, {}, (nth) => CLASSES[(nth / 2) % CLASSES.length] ?? {});
  const { at } = bucket;
  const stored = new Map<string, number>();
  const exits: number[] = [];
  let asked = 0;
  let said = 0;
  for (const armings of NIGHTS) {
    for (const arming of armings) at.server.faults.arm(arming);
    const ran = await at.mirror("--restore-tier", "bulk", "--restore-days", "2", "--limit", "900");
    exits.push(ran.exit);
    at.server.faults.assertAllFired();
    at.server.faults.clear();
    expect(ran.summary.outcomes.failed, ran.stderr).toBe(0);
    for (const { key, outcome } of ran.photos) {
      if (outcome === "stored") stored.set(key, (stored.get(key) ?? 0) + 1);
    }
    asked += ran.summary.archive?.asked ?? 0;
    said += archiveEvents(ran).reduce((sum, { forecast, photos }) => sum + (forecast.length > 0 ? photos : 0), 0);
    later(24);
  }
  expect(exits).toEqual([8, 8, 8, 8, 0]);
  expect([stored.size, Math.max(...stored.values())]).toEqual([PHOTOS, 1]);
  // What was on its way already when it was asked for is what was taken and not heard of, and asked for again.
  expect(bucket.inVain).toHaveLength(UNHEARD);
  const requests = [...bucket.asked.values()].reduce((sum, times) => sum + times, 0);
  expect([said, asked]).toEqual([asked, requests - UNHEARD - REFUSED]);
}, 300_000);
