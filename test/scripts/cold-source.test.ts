/** Photos in an archive: listed, asked for once and only when that was said, fetched when they are there, over some nights. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bucket, ObjectFacts } from "../../fixtures/s3/bucket.ts";
import type { Features } from "../../fixtures/s3/features.ts";
import type { ArchiveEvent } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

const HOUR = 3_600_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-30T20:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function later(hours: number): void {
  vi.setSystemTime(Date.now() + hours * HOUR);
}

/** How often each key was asked for, and fetched. */
interface Counted {
  readonly asked: Map<string, number>;
  readonly got: Map<string, number>;
}

interface Cold {
  readonly at: Rig;
  readonly bucket: Bucket;
  readonly counted: Counted;
}

const names = (count: number) => Array.from({ length: count }, (_, nth) => `${String(nth).padStart(4, "0")}.jpg`);

/** Photos of which every second lies in an archive. */
async function cold(
  count: number,
  features: Features = {},
  facts: ObjectFacts = { storageClass: "GLACIER" },
): Promise<Cold> {
  const counted = { asked: new Map<string, number>(), got: new Map<string, number>() };
  const count1 = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  const at = await rig(
    {
      features,
      onRequest: (operation, _, key) => {
        if (operation === "restore") count1(counted.asked, key);
        if (operation === "get" && key !== "") count1(counted.got, key);
      },
    },
    (server) => {
      for (const [nth, key] of names(count).entries()) {
        server.bucket("photos").put(key, datedPhoto(1200 + (nth % 50), nth), nth % 2 === 0 ? facts : {});
      }
    },
  );
  return { at, bucket: at.server.bucket("photos"), counted };
}

function archiveEvents({ events }: Ran): ArchiveEvent[] {
  return events.filter((event) => event.type === "archive");
}

const ASK = ["--restore-tier", "bulk"];

test("without a word none is asked for: how many, how large, what it would cost and how long it takes is said", async () => {
  const { at, counted } = await cold(20);
  await using _ = at;
  const first = await at.mirror();
  expect(first.summary).toMatchObject({ exit: 8, outcomes: { stored: 10, skipped: 10, failed: 0 } });
  expect(counted.asked.size).toBe(0);
  const [before, after] = archiveEvents(first);
  expect(before).toMatchObject({ photos: 10, waiting: 0, asked: 0 });
  expect(before?.forecast.map(({ tier, hoursTo }) => [tier, hoursTo])).toEqual([
    ["bulk", 12],
    ["standard", 5],
    ["expedited", 5 / 60],
  ]);
  expect(after).toMatchObject({ photos: 10, forecast: [] });
  const reasons = new Set(first.photos.filter(({ outcome }) => outcome === "skipped").map(({ reason }) => reason));
  expect([...reasons]).toEqual(["archived: --restore-tier asks for it"]);
});

test("asked for, waited for over a night, fetched what goes soonest first, each once", async () => {
  const { at, counted } = await cold(20);
  await using _ = at;
  const first = await at.mirror(...ASK);
  expect(first.summary).toMatchObject({
    exit: 8,
    outcomes: { stored: 10, skipped: 10 },
    archive: { photos: 0, waiting: 10, asked: 10 },
  });
  expect(first.photos.find(({ outcome }) => outcome === "skipped")?.reason).toBe(
    "waiting for the archive, ready about 2026-12-01 08:00 UTC (asked 2026-11-30, bulk)",
  );
  later(2);
  const second = await at.mirror(...ASK);
  expect(second.summary).toMatchObject({ exit: 8, archive: { waiting: 10, asked: 0 } });
  later(22);
  const third = await at.mirror(...ASK);
  expect(third.summary).toMatchObject({ exit: 0, outcomes: { stored: 10, already: 10 } });
  expect(counted.asked.size).toBe(10);
  expect([...counted.asked.values(), ...counted.got.values()].every((times) => times === 1)).toBe(true);
});
