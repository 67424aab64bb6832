/** Photos in an archive: listed, asked for once and only when that was said, fetched when they are there, over some nights. */

import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { startSwift } from "../../fixtures/swift/server.ts";
import { PlanTable } from "../../src/catalogue/target-plan.ts";
import { archiveEvents, cold, later, reasonsOf, useClock } from "./cold-bucket.ts";
import { datedPhoto } from "./dated-photo.ts";

useClock();

const BULK = ["--restore-tier", "bulk"];

test("without a word none is asked for: how many, how large, what it would cost and how long it takes is said", async () => {
  await using bucket = await cold(20);
  const ran = await bucket.at.mirror();
  expect(ran.summary).toMatchObject({ exit: 8, outcomes: { stored: 10, skipped: 10, failed: 0 } });
  expect(bucket.asked.size).toBe(0);
  const [before, after] = archiveEvents(ran);
  expect(before).toMatchObject({ photos: 10, waiting: 0, asked: 0 });
  expect(before?.forecast.map(({ tier, hoursTo }) => [tier, hoursTo])).toEqual([
    ["bulk", 12],
    ["standard", 5],
    ["expedited", 5 / 60],
  ]);
  expect(after).toMatchObject({ photos: 10, forecast: [] });
  expect(reasonsOf(ran)).toEqual(["archived: --restore-tier asks for it"]);

  const words = await bucket.at.run(["mirror", "s3://photos", join(bucket.at.folder, "photos"), ...bucket.at.endpoint]);
  expect(words.stdout.replaceAll(/\s+/g, " ")).toMatch(
    /10 photos, .* lie in an archive. To bring them back \(--restore-tier\): bulk: less than 0.01 USD, there within 12 hours; standard/,
  );
  expect(words.stdout).toMatch(/nobody asked for.*--restore-tier bulk/s);
});

test("asked for, waited for over a night, fetched, each once", async () => {
  await using bucket = await cold(20);
  const { at } = bucket;
  const first = await at.mirror(...BULK);
  expect(first.summary).toMatchObject({
    exit: 8,
    outcomes: { stored: 10, skipped: 10 },
    archive: { photos: 0, waiting: 10, asked: 10 },
  });
  expect(reasonsOf(first)).toEqual([
    "waiting for the archive, ready about 2026-12-01 08:00 UTC (asked 2026-11-30, bulk)",
  ]);
  later(2);
  expect((await at.mirror(...BULK)).summary).toMatchObject({ exit: 8, archive: { waiting: 10, asked: 0 } });
  later(22);
  // The night's line need not say it again: what was asked for is fetched.
  expect((await at.mirror()).summary).toMatchObject({ exit: 0, outcomes: { stored: 10, already: 10 } });
  expect(bucket.asked.size).toBe(10);
  expect([...bucket.asked.values(), ...bucket.got.values()].every((times) => times === 1)).toBe(true);
});

test("where nothing is archived the plan is not gone through for it", async () => {
  await using bucket = await cold(4, {}, () => ({}));
  const photos = vi.spyOn(PlanTable.prototype, "photos");
  expect((await bucket.at.mirror(...BULK)).summary).toMatchObject({ exit: 0, outcomes: { stored: 4 } });
  const parts = photos.mock.calls.map(([part]) => part?.archived);
  expect([parts.length > 0, parts.includes(true)]).toEqual([true, false]);
  photos.mockRestore();
});

test("what stays in the archive needs no room: the rest comes to a drive that is too small for all", async () => {
  const size = 2e15;
  await using bucket = await cold(4, {}, () => ({}));
  const body = { size, read: (from: number, to: number) => Buffer.alloc(to - from) };
  const facts = { storageClass: "DEEP_ARCHIVE", etag: `${"0".repeat(32)}-2` };
  bucket.at.server.bucket("photos").put("film.mp4", body, facts);
  expect((await bucket.at.mirror("--dry-run")).exit).toBe(0);
  expect((await bucket.at.mirror("--dry-run", ...BULK)).exit).toBe(6);
  expect((await bucket.at.mirror()).summary).toMatchObject({ exit: 8, outcomes: { stored: 4, skipped: 1 } });
  const asked = await bucket.at.mirror(...BULK, "--yes");
  expect([asked.summary.exit, bucket.asked.size]).toEqual([6, 0]);
});

test("what goes soonest is fetched first", async () => {
  await using bucket = await cold(8);
  for (const [key, days] of [
    ["0004.jpg", 1],
    ["0000.jpg", 3],
    ["0006.jpg", 2],
  ] as const) {
    const photo = bucket.bucket.get(key);
    if (photo) photo.restoring = { tier: "Bulk", readyAt: 0, goesAt: Date.now() + days * 86_400_000 };
  }
  const ran = await bucket.at.mirror("--concurrency", "1");
  expect(ran.photos.map(({ key }) => key).slice(0, 3)).toEqual(["0004.jpg", "0006.jpg", "0000.jpg"]);
  expect(ran.summary).toMatchObject({ exit: 8, outcomes: { stored: 7, skipped: 1 } });
});

test("--wait stays, looks again, and fetches what came", async () => {
  vi.useRealTimers();
  await using bucket = await cold(6, { restoreHours: 2 / 3600 });
  const ran = await bucket.at.mirror(...BULK, "--wait", "20s");
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 6, skipped: 0 } });
  expect([...bucket.asked.values(), ...bucket.got.values()].every((times) => times === 1)).toBe(true);
}, 60_000);

test("a service that lists nothing of it is asked by HEAD, of those alone that were asked for", async () => {
  await using bucket = await cold(12, { listsNoRestores: true, knowsNoTiers: "NotImplemented" });
  const { at } = bucket;
  expect((await at.mirror(...BULK, "--limit", "4")).summary).toMatchObject({ archive: { waiting: 4, photos: 2 } });
  later(2);
  const second = await at.mirror();
  expect(second.summary).toMatchObject({ exit: 8, requests: { head: 4 } });
  later(24);
  expect((await at.mirror(...BULK)).summary).toMatchObject({ exit: 8, archive: { waiting: 2, asked: 2 } });
  later(24);
  expect((await at.mirror(...BULK)).summary).toMatchObject({ exit: 0 });
  expect(bucket.inVain).toEqual([]);
});

test("Intelligent-Tiering says it by a GET, takes no days, and what comes back stays", async () => {
  const facts = { storageClass: "INTELLIGENT_TIERING", archiveStatus: "DEEP_ARCHIVE_ACCESS" };
  await using bucket = await cold(8, {}, () => facts);
  const first = await bucket.at.mirror(...BULK);
  expect(first.summary).toMatchObject({ exit: 8, archive: { waiting: 4, asked: 4 } });
  later(72);
  expect((await bucket.at.mirror(...BULK)).summary).toMatchObject({ exit: 0, outcomes: { stored: 4 } });
  expect(bucket.inVain).toEqual([]);
});

test("what is found by a GET alone is asked for in the same run, within the limits and the price that was agreed to", async () => {
  const tiering = { storageClass: "INTELLIGENT_TIERING", archiveStatus: "ARCHIVE_ACCESS" };
  await using bucket = await cold(16, {}, (nth) => (nth % 4 === 0 ? { storageClass: "GLACIER" } : tiering));
  const { at, asked } = bucket;
  // Four of each; an expedited request of one class costs 0.01, and nobody told what it costs of the other.
  const fast = ["--restore-tier", "expedited", "--max-cost", "0.05"];
  expect((await at.mirror(...fast, "--limit", "14")).summary).toMatchObject({ archive: { asked: 4, photos: 4 } });
  // All that was found is asked for where the limit has room for it, and no more than that.
  expect((await at.mirror(...BULK, "--limit", "3")).summary).toMatchObject({ archive: { asked: 3, photos: 1 } });
  later(1);
  const last = await at.mirror(...BULK);
  expect(last.summary).toMatchObject({ archive: { asked: 1, photos: 0, waiting: 4 }, outcomes: { stored: 4 } });
  expect([asked.size, Math.max(...asked.values())]).toEqual([8, 1]);
  expect(bucket.inVain).toEqual([]);
});

test("OVH's archive is asked by the first GET, and asked again when it said that it will be ready", async () => {
  await using bucket = await cold(0);
  const { at } = bucket;
  const swift = await startSwift({ key: "a-key-of-some-length" });
  for (const key of ["a.jpg", "b.jpg"]) swift.container("photos").put(key, datedPhoto(1500, key));
  swift.faults.arm({ fault: "sealed", method: "GET", path: /a\.jpg/, times: 1 });
  const env = { ST_AUTH: swift.auth, ST_USER: swift.user, ST_KEY: "a-key-of-some-length" };
  const night = () => at.run(["mirror", "swift://photos", join(at.folder, "photos"), "--json"], { env });
  const first = await night();
  expect(first.summary).toMatchObject({ exit: 8, outcomes: { stored: 1, skipped: 1 }, archive: { waiting: 1 } });
  expect(reasonsOf(first)).toEqual(["waiting for the archive, ready about 2026-12-01 00:00 UTC (asked 2026-11-30)"]);
  later(1);
  expect((await night()).summary).toMatchObject({ exit: 8, requests: { get: 0 }, archive: { waiting: 1 } });
  later(4);
  expect((await night()).summary).toMatchObject({ exit: 0, outcomes: { stored: 1, already: 1 } });
  await swift.close();
});

describe("the bill is no surprise", () => {
  test("above --max-cost nothing is asked for where nobody can say yes, and nothing fetched either", async () => {
    await using bucket = await cold(6);
    const fast = ["--restore-tier", "expedited", "--max-cost", "0.01"];
    const refused = await bucket.at.mirror(...fast);
    expect(refused.summary).toMatchObject({ exit: 2, error: expect.stringMatching(/about 0.03 USD.*--max-cost 0.01/) });
    expect(refused.stderr).toMatch(/say --yes, or --max-cost 1/);
    expect([bucket.asked.size, bucket.got.size]).toEqual([0, 0]);
    expect((await bucket.at.mirror(...fast, "--yes")).summary).toMatchObject({ exit: 8, archive: { asked: 3 } });
  });

  test("a tier that the class has not is refused before", async () => {
    await using bucket = await cold(6, {}, () => ({ storageClass: "DEEP_ARCHIVE" }));
    const refused = await bucket.at.mirror("--restore-tier", "expedited");
    expect(refused.summary).toMatchObject({ exit: 2, error: expect.stringMatching(/DEEP_ARCHIVE.*expedited/) });
    expect(bucket.asked.size).toBe(0);
  });

  test("of two classes the one that has the tier is asked", async () => {
    await using bucket = await cold(8, {}, (nth) => ({ storageClass: nth % 4 === 0 ? "GLACIER" : "DEEP_ARCHIVE" }));
    const ran = await bucket.at.mirror("--restore-tier", "expedited");
    expect(ran.summary).toMatchObject({ exit: 8, archive: { asked: 2, waiting: 2, photos: 2 } });
    expect(reasonsOf(ran)).toContainEqual(expect.stringMatching(/in DEEP_ARCHIVE, which gives nothing back expedited/));
    expect(bucket.asked.size).toBe(2);
  });
});

describe("what goes wrong has its words", () => {
  test("no right to ask: three are tried, all are named as failed, and the rest is fetched", async () => {
    await using bucket = await cold(40);
    bucket.at.server.faults.arm({ fault: "access-denied", on: { op: "restore" }, times: 100 });
    const ran = await bucket.at.mirror(...BULK, "--concurrency", "1");
    expect(ran.summary).toMatchObject({ exit: 3, outcomes: { stored: 20, failed: 20 } });
    expect(ran.photos.find(({ outcome }) => outcome === "failed")?.reason).toMatch(
      /s3:RestoreObject.*policy.*--restore/,
    );
    expect(bucket.asked.size).toBe(3);
    bucket.at.server.faults.clear();
    expect((await bucket.at.mirror(...BULK)).summary).toMatchObject({ exit: 8, archive: { asked: 20 } });
  });

  test("403 for another reason is no archive", async () => {
    await using bucket = await cold(6, {}, () => ({}));
    bucket.at.server.faults.arm({ fault: "access-denied", on: { op: "get", key: "0002.jpg" }, times: 10 });
    const ran = await bucket.at.mirror(...BULK);
    expect(ran.summary).toMatchObject({ exit: 3, outcomes: { failed: 1, stored: 5 } });
    expect(ran.summary.archive).toBeUndefined();
  });

  test("no room for the fast ones now: said, and asked for by the next run", async () => {
    await using bucket = await cold(6);
    bucket.at.server.faults.arm({ fault: "no-expedited", times: 3 });
    const fast = ["--restore-tier", "expedited", "--concurrency", "1"];
    const ran = await bucket.at.mirror(...fast);
    expect(ran.summary).toMatchObject({ exit: 8, outcomes: { failed: 0, skipped: 3 } });
    expect(reasonsOf(ran)).toEqual([expect.stringMatching(/no room for expedited/)]);
    expect((await bucket.at.mirror(...fast)).summary).toMatchObject({ exit: 8, archive: { asked: 3 } });
  });

  test("an archive that never becomes ready is named, and not asked again", async () => {
    await using bucket = await cold(4, { restoreHours: Number.POSITIVE_INFINITY });
    await bucket.at.mirror(...BULK);
    later(20 * 24);
    const ran = await bucket.at.mirror(...BULK);
    expect(ran.summary).toMatchObject({ exit: 8, archive: { asked: 0, waiting: 2 } });
    expect(reasonsOf(ran)).toEqual([expect.stringMatching(/was to have it ready by 2026-12-01.*ask the service/)]);
  });

  test("a copy that went this morning is asked for again only when that is said", async () => {
    await using bucket = await cold(4);
    await bucket.at.mirror(...BULK, "--restore-days", "1");
    later(9 * 24);
    const ran = await bucket.at.mirror();
    expect(ran.summary).toMatchObject({ exit: 8, archive: { asked: 0, photos: 2 } });
    expect(reasonsOf(ran)).toEqual([
      expect.stringMatching(/asked for on 2026-11-30.*before its copy went; --restore-tier/),
    ]);
    expect((await bucket.at.mirror(...BULK)).summary).toMatchObject({ exit: 8, archive: { asked: 2 } });
    later(24);
    expect((await bucket.at.mirror()).summary).toMatchObject({ exit: 0 });
    expect(bucket.inVain).toEqual([]);
  });
});
