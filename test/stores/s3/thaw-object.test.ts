/** What an archive answers by the embedded server's clock, and what is asked of services that know fewer words. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ObjectFacts } from "../../../fixtures/s3/bucket.ts";
import type { Features } from "../../../fixtures/s3/features.ts";
import { HaulError } from "../../../src/errors.ts";
import type { Listed, Tier } from "../../../src/model.ts";
import type { Archive, Source } from "../../../src/stores/source.ts";
import { HOSTILE_KEYS, signal } from "../../contract/source-rig.ts";
import { type OpenOptions, type S3Rig, s3Rig } from "../s3-rig.ts";

const START = Date.parse("2026-11-30T20:00:00Z");
const HOUR = 3_600_000;
let rig: S3Rig;
let source: Source;
beforeEach(() => {
  // What signs and what checks it go by one clock.
  vi.useFakeTimers({ toFake: ["Date"], now: START });
});
afterEach(async () => {
  vi.useRealTimers();
  await source.close();
  await rig.close();
});

async function open(facts: ObjectFacts, features: Features = {}, keys = ["a.jpg"]): Promise<Archive> {
  rig = await s3Rig({ features });
  for (const key of keys) rig.server.bucket("photos").put(key, "photo", facts);
  return archiveOf();
}

async function archiveOf(options: OpenOptions = {}): Promise<Archive> {
  source = await rig.open(options);
  if (source.archive === undefined) throw new Error("S3 has no archive");
  return source.archive;
}

async function listed(archive: Archive): Promise<Listed[]> {
  const all: Listed[] = [];
  for await (const page of archive.list({}, signal)) all.push(...page.objects);
  return all;
}

async function first(archive: Archive): Promise<Listed> {
  const [object] = await listed(archive);
  if (object === undefined) throw new Error("nothing is listed");
  return object;
}

const bulk = { tier: "bulk", days: 2 } as const;

test("asked, on its way, there, asked again, and gone", async () => {
  const archive = await open({ storageClass: "DEEP_ARCHIVE" });
  const object = await first(archive);
  expect(object.returning).toBeUndefined();
  expect(await archive.look(object, signal)).toBeNull();
  expect(await archive.ask(object, bulk, signal)).toBe("asked");
  expect(await archive.ask(object, bulk, signal)).toBe("ongoing");
  const ongoing = { ongoing: true, until: "" };
  expect([(await first(archive)).returning, await archive.look(object, signal)]).toEqual([ongoing, ongoing]);
  vi.setSystemTime(START + 48 * HOUR);
  const there = { ongoing: false, until: "2026-12-05T00:00:00.000Z" };
  expect([(await first(archive)).returning, await archive.look(object, signal)]).toEqual([there, there]);
  expect(await archive.ask(object, bulk, signal)).toBe("ready");
  vi.setSystemTime(there.until);
  expect([(await first(archive)).returning, await archive.look(object, signal)]).toEqual([undefined, null]);
});

describe("is asked in the words that it takes", () => {
  test.each<[string, ObjectFacts, Features, Tier, string]>([
    [
      "a tier that the service knows not",
      { storageClass: "GLACIER" },
      { knowsNoTiers: "InvalidArgument" },
      "bulk",
      "asked",
    ],
    ["nor has", { storageClass: "GLACIER" }, { knowsNoTiers: "NotImplemented" }, "standard", "asked"],
    [
      "what comes back to stay",
      { storageClass: "INTELLIGENT_TIERING", archiveStatus: "ARCHIVE_ACCESS" },
      {},
      "bulk",
      "asked",
    ],
    ["what lies in no archive", { storageClass: "GLACIER_IR" }, {}, "bulk", "live"],
  ])("%s", async (_, facts, features, tier, said) => {
    const archive = await open(facts, features);
    expect(await archive.ask(await first(archive), { tier, days: 3 }, signal)).toBe(said);
  });

  test("whatever the key", async () => {
    const archive = await open({ storageClass: "GLACIER" }, {}, [...HOSTILE_KEYS]);
    for (const object of await listed(archive))
      expect(await archive.ask(object, bulk, signal), object.key).toBe("asked");
    expect((await listed(archive)).every(({ returning }) => returning?.ongoing)).toBe(true);
  });
});

describe("says no", () => {
  async function refusal(archive: Archive, tier: Tier): Promise<HaulError> {
    const error: unknown = await archive.ask(await first(archive), { tier, days: 2 }, signal).catch((one) => one);
    if (error instanceof HaulError) return error;
    throw new Error(`asked: ${String(error)}`);
  }

  test("to a tier that the class has not: no other is asked for, which would cost something else", async () => {
    const archive = await open({ storageClass: "DEEP_ARCHIVE" });
    expect(await refusal(archive, "expedited")).toMatchObject({ code: "server", retry: false });
    expect(rig.server.counts.restore).toBe(1);
  });

  test("to who may not ask, and names the right", async () => {
    const archive = await open({ storageClass: "GLACIER" });
    rig.server.faults.arm({ fault: "access-denied", on: { op: "restore" } });
    expect(await refusal(archive, "bulk")).toMatchObject({ code: "forbidden", message: /s3:RestoreObject.*--restore/ });
  });

  test("for now: too many requests, and no room for the fast ones", async () => {
    const archive = await open({ storageClass: "GLACIER" });
    rig.server.faults.arm({ fault: "slow-down", on: { op: "restore" } });
    expect(await refusal(archive, "bulk")).toMatchObject({ code: "throttled", retry: true });
    rig.server.faults.arm({ fault: "no-expedited" });
    expect(await archive.ask(await first(archive), { tier: "expedited", days: 2 }, signal)).toBe("busy");
  });
});

test("of a bucket as it was, the version that was listed is asked for", async () => {
  rig = await s3Rig();
  const bucket = rig.server.bucket("versioned", { versioning: "enabled" });
  const old = bucket.put("a.jpg", "old", { storageClass: "GLACIER", modified: "2020-01-01" });
  bucket.put("a.jpg", "new", { storageClass: "GLACIER", modified: "2024-01-01" });
  const archive = await archiveOf({ bucket: "versioned", asOf: new Date("2021-01-01") });
  expect(await archive.ask(await first(archive), bulk, signal)).toBe("asked");
  expect(old.restoring?.tier).toBe("Bulk");
  expect(bucket.get("a.jpg")?.restoring).toBeUndefined();
  expect((await first(archive)).returning?.ongoing).toBe(true);
});
