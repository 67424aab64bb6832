/** Thousands of photos asked of an archive that takes so many requests in a second, as Amazon's does. */

import { expect, test } from "vitest";
import { archiveEvents, cold } from "../scripts/cold-bucket.ts";

const PHOTOS = 2000;

test("a region's limit of requests slows the run down, and all are asked for, each once, and come home", async () => {
  await using bucket = await cold(2 * PHOTOS, { restoresPerSecond: 250, restoreHours: 1 / 3600 });
  const { at } = bucket;
  const first = await at.mirror("--restore-tier", "bulk", "--concurrency", "32");
  expect(first.photos.flatMap(({ outcome, reason }) => (outcome === "failed" ? [reason] : []))).toEqual([]);
  expect(first.summary.outcomes, first.stderr).toMatchObject({ failed: 0 });
  expect(archiveEvents(first).at(-1)).toMatchObject({ asked: PHOTOS, photos: 0 });
  const requests = [...bucket.asked.values()].reduce((sum, times) => sum + times, 0);
  // Refused ones were asked for again.
  expect([bucket.asked.size, requests > PHOTOS, bucket.inVain.length]).toEqual([PHOTOS, true, 0]);
  const second = await at.mirror();
  expect(second.summary).toMatchObject({ exit: 0, outcomes: { failed: 0, skipped: 0 } });
  expect([...bucket.got.values()].every((times) => times === 1)).toBe(true);
}, 300_000);
