/** A target in an archive class: asked by restore and verify, once, waited for, and every photo told with what became of it. */

import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Features } from "../../fixtures/s3/features.ts";
import { archiveEvents, cold, later, reasonsOf, useClock } from "./cold-bucket.ts";

useClock();

const BULK = ["--restore-tier", "bulk"];

async function coldTarget(features: Features = {}) {
  const bucket = await cold(6, features, () => ({}));
  const { at } = bucket;
  at.server.bucket("second");
  const target = "s3://second/copy";
  const reach = ["--target-endpoint", at.server.endpoint];
  const line = ["mirror", "s3://photos", target, ...at.endpoint, ...reach];
  expect((await at.run([...line, "--storage-class", "GLACIER", "--cold-above", "1"])).exit).toBe(0);
  return { bucket, run: (verb: string, ...more: string[]) => at.run([verb, target, ...more, ...reach, "--json"]) };
}

test("is asked by restore, once, and brought by the next", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  const back = join(bucket.at.folder, "back");
  const first = await run("restore", back, ...BULK);
  expect(first.summary).toMatchObject({ exit: 8, outcomes: { skipped: 6, failed: 0 }, archived: 0 });
  expect(reasonsOf(first)).toEqual([expect.stringMatching(/^waiting for the archive, ready about .*bulk/)]);
  const second = await run("restore", back, ...BULK);
  expect(second.summary).toMatchObject({ exit: 8, outcomes: { skipped: 6 } });
  expect(bucket.asked.size).toBe(6);
  expect([...bucket.asked.values()].every((times) => times === 1)).toBe(true);
  later(13);
  expect((await run("restore", back)).summary).toMatchObject({ exit: 0, outcomes: { stored: 6 } });
});

test("is asked by verify --read, and proven by its digests without", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  expect((await run("verify")).exit).toBe(0);
  expect(bucket.asked.size).toBe(0);
  expect((await run("verify", "--read")).exit).toBe(3);
  expect((await run("verify", "--read", ...BULK)).exit).toBe(8);
  expect(bucket.asked.size).toBe(6);
  later(13);
  expect((await run("verify", "--read")).exit).toBe(0);
});

test.each([
  ["not-found", "restore", { exit: 3, outcomes: { failed: 1, skipped: 5 } }, 5],
  ["access-denied", "restore", { exit: 3, outcomes: { failed: 1, skipped: 5 } }, 5],
  ["no-expedited", "restore", { exit: 8, outcomes: { failed: 0, skipped: 6 } }, 5],
  ["access-denied", "head", { exit: 8, outcomes: { failed: 0, skipped: 6 } }, 6],
] as const)(
  "%s for one photo (%s) is that photo's trouble, and the others are asked for",
  async (fault, op, end, n) => {
    const { bucket, run } = await coldTarget();
    await using _ = bucket;
    bucket.at.server.faults.arm({ fault, on: { op, key: /0003/ }, times: 100 });
    expect((await run("restore", join(bucket.at.folder, "back"), ...BULK)).summary).toMatchObject(end);
    const second = bucket.at.server.bucket("second");
    expect(second.keys().filter((key) => second.get(key)?.restoring !== undefined)).toHaveLength(n);
    expect((await run("verify", "--read", ...BULK)).exit).toBe(end.exit);
  },
);

test("that refuses everybody is not asked for each, and each is named with the reason", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  bucket.at.server.faults.arm({ fault: "access-denied", on: { op: "restore" }, times: 100 });
  const ran = await run("restore", join(bucket.at.folder, "back"), ...BULK);
  expect(ran.summary).toMatchObject({ exit: 3, outcomes: { failed: 6 } });
  for (const reason of reasonsOf(ran)) expect(reason).toMatch(/s3:RestoreObject/);
});

test("and not at a price that nobody agreed to", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  const refused = await run(
    "restore",
    join(bucket.at.folder, "back"),
    "--restore-tier",
    "expedited",
    "--max-cost",
    "0.01",
  );
  expect(refused.summary).toMatchObject({ exit: 2, error: expect.stringMatching(/--max-cost/) });
  expect(bucket.asked.size).toBe(0);
});

test("what these credentials may not ask for is named, each with its outcome, and three are tried", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  bucket.at.server.faults.arm({ fault: "access-denied", on: { op: "restore" }, times: 100 });
  const ran = await run("restore", join(bucket.at.folder, "back"), ...BULK);
  expect(ran.summary).toMatchObject({ exit: 3, outcomes: { failed: 6, skipped: 0 }, archived: 6 });
  expect(ran.photos.map(({ outcome }) => outcome)).toEqual(Array(6).fill("failed"));
  expect(ran.photos[0]?.reason).toMatch(/s3:RestoreObject.*policy s3:\/\/second --restore/);
  const read = await run("verify", "--read", ...BULK);
  expect(read.summary).toMatchObject({ exit: 3, conditions: { archived: 6 } });
  const checks = read.events.filter((event) => event.type === "check");
  expect(checks.map(({ reason }) => reason)).toEqual(Array(6).fill(expect.stringMatching(/s3:RestoreObject/)));
});

test("--limit bounds what is asked for", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  const back = join(bucket.at.folder, "back");
  const ran = await run("restore", back, ...BULK, "--limit", "2");
  expect(ran.summary).toMatchObject({ exit: 8, outcomes: { skipped: 6 } });
  expect(bucket.asked.size).toBe(2);
  expect(reasonsOf(ran)).toContain("archived, and not asked for in this run");
  expect((await run("verify", "--read", ...BULK, "--limit", "1")).exit).toBe(8);
  expect(bucket.asked.size).toBe(3);
});

test("what is on its way is said to be, without the option too, and what nobody asked for fails", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  const back = join(bucket.at.folder, "back");
  await run("restore", back, ...BULK, "--limit", "2");
  const ran = await run("restore", back);
  expect(ran.summary).toMatchObject({ exit: 3, outcomes: { skipped: 2, failed: 4 }, archived: 4 });
  expect(archiveEvents(ran)[0]).toMatchObject({ photos: 4, waiting: 2, asked: 0 });
});

test("--wait stays until they are here, for restore and for verify", async () => {
  vi.useRealTimers();
  const { bucket, run } = await coldTarget({ restoreHours: 2 / 3600 });
  await using _ = bucket;
  const back = join(bucket.at.folder, "back");
  const ran = await run("restore", back, ...BULK, "--wait", "20s");
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 6, skipped: 0, failed: 0 } });
  for (const version of ["0000", "0003"].map((name) => bucket.at.server.bucket("second").get(`copy/${name}.jpg`))) {
    delete version?.restoring;
  }
  const read = await run("verify", "--read", ...BULK, "--wait", "20s");
  expect(read.summary).toMatchObject({ exit: 0, conditions: { whole: 6, archived: 0 }, checked: { photos: 6 } });
}, 60_000);

test("at a price that nobody agreed to every photo is named all the same", async () => {
  const { bucket, run } = await coldTarget();
  await using _ = bucket;
  const price = ["--restore-tier", "expedited", "--max-cost", "0.01"];
  const ran = await run("restore", join(bucket.at.folder, "back"), ...price);
  expect(ran.summary).toMatchObject({ exit: 2, outcomes: { failed: 6 } });
  expect(reasonsOf(ran)).toEqual(["archived, and not asked for"]);
});
