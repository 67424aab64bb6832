/** What a bucket's listing does when the store or the way to it fails; the contract has what it does when not. */

import { beforeEach, describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { refused } from "../contract/source.contract.ts";
import { inOrder, keysOf, listAll, read, signal } from "../contract/source-rig.ts";
import { useS3 } from "./s3-hooks.ts";
import { s3Rig } from "./s3-rig.ts";

const KEYS = Array.from({ length: 30 }, (_, n) => `2012/${String(n).padStart(2, "0")}.jpg`);
const s3 = useS3();

describe("a listing", () => {
  beforeEach(async () => {
    for (const key of KEYS) await s3.rig.put(key, "photo");
  });

  test.each<[FaultName, ErrorCode]>([
    ["slow-down", "throttled"],
    ["internal-error", "server"],
    ["service-unavailable", "throttled"],
    ["request-timeout", "server"],
    ["bad-gateway", "server"],
    ["reset", "broken"],
    ["silence", "broken"],
    ["cut-body", "broken"],
    ["short-body", "broken"],
    ["stall", "broken"],
    ["page-not-xml", "listing"],
    ["page-cut", "listing"],
    ["error-in-200", "listing"],
    ["out-of-order", "listing"],
    ["key-twice", "listing"],
  ])("is whole in spite of %s on the way", async (fault, trouble) => {
    s3.rig.server.faults.arm({ fault, on: { op: "list" }, skip: 2, times: 2 });
    expect(await keysOf(s3.source)).toEqual(KEYS);
    expect(s3.retries.map((error) => error.code)).toEqual([trouble, trouble]);
    // Five pages, one that is behind them, and two that were asked for again.
    expect(s3.source.requests).toMatchObject({ list: 8, retried: 2 });
    expect(s3.rig.server.counts.list).toBe(8);
  });

  test("waits as long as the store asks", async () => {
    s3.rig.server.faults.arm({ fault: "slow-down-retry-after", on: { op: "list" } });
    const before = performance.now();
    expect(await keysOf(s3.source)).toEqual(KEYS);
    expect(performance.now() - before).toBeGreaterThan(990);
  });

  test("goes on over a page without keys", async () => {
    s3.rig.server.faults.arm({ fault: "empty-page", on: { op: "list" }, skip: 1, times: 3 });
    expect(await keysOf(s3.source)).toEqual(KEYS);
  });

  test.each<[FaultName, ErrorCode]>([
    ["page-cut", "listing"],
    ["access-denied", "denied"],
    ["expired-token", "credentials"],
    ["no-such-bucket", "no-bucket"],
  ])("ends with an error, never short, when %s stays", async (fault, trouble) => {
    s3.rig.server.faults.arm({ fault, on: { op: "list" }, skip: 2, times: 9 });
    const got: string[] = [];
    const listing = (async () => {
      for await (const { objects } of s3.source.list({}, signal)) got.push(...objects.map((o) => o.key));
    })();
    const error = await refused(listing, trouble, true);
    expect(error.endsRun).toBe(true);
    expect(got).toEqual(KEYS.slice(0, 14));
  });

  test("broken off by trouble that would concern one photo ends the run all the same", async () => {
    s3.rig.server.faults.arm({ fault: "internal-error", on: { op: "list" }, times: 9 });
    const error = await refused(keysOf(s3.source), "listing", false);
    expect(error.message).toContain("The listing broke off. s3://photos: the store has trouble (500");
  });

  test("that goes round in circles is noticed", async () => {
    s3.rig.server.faults.arm({ fault: "token-loop", on: { op: "list" }, skip: 1, times: 99 });
    await refused(keysOf(s3.source), "listing", false);
    expect(s3.rig.server.counts.list).toBeLessThan(9);
  });

  test("of a store that ignores start-after shows what the store shows", async () => {
    const other = await s3Rig({ features: { ignoreStartAfter: true } });
    for (const key of KEYS) await other.put(key, "photo");
    const careless = await other.open();
    expect(await keysOf(careless, { after: "2012/09.jpg" })).toEqual(KEYS);
    await careless.close();
    await other.close();
  });

  test("of a prefix has the keys that begin so", async () => {
    await s3.rig.put("2013/a b+c.jpg", "photo");
    await s3.rig.put("2013", "photo");
    const year = await s3.open({ prefix: "2013/" });
    expect(year.name).toBe("s3://photos/2013/");
    expect(await keysOf(year)).toEqual(["2013/a b+c.jpg"]);
    expect(await keysOf(await s3.open({ prefix: "2013" }))).toEqual(["2013", "2013/a b+c.jpg"]);
    expect(await keysOf(await s3.open({ prefix: "2014" }))).toEqual([]);
  });

  test("asks for one page more than there are", async () => {
    await keysOf(await s3.open({ pageKeys: 8 }));
    expect(s3.rig.server.counts.list).toBe(5);
    await keysOf(await s3.open({ pageKeys: 10 }));
    expect(s3.rig.server.counts.list).toBe(5 + 4);
  });

  test("goes on behind the last key where a page says that more follow, and not where", async () => {
    s3.rig.server.faults.arm({ fault: "token-missing", on: { op: "list" }, times: 99 });
    expect(await keysOf(s3.source)).toEqual(KEYS);
    expect(s3.retries).toEqual([]);
  });

  test("is whole though every page says that it is the last", async () => {
    s3.rig.server.faults.arm({ fault: "truncated-lies", on: { op: "list" }, times: 99 });
    expect(await keysOf(s3.source)).toEqual(KEYS);
    expect(await keysOf(await s3.open({ pageKeys: 10 }))).toEqual(KEYS);
    expect(s3.rig.server.counts.list).toBe(6 + 4);
    s3.rig.server.faults.clear();
    s3.rig.server.faults.arm({ fault: "truncated-lies", skip: 1 });
    s3.rig.server.faults.arm({ fault: "empty-page", skip: 1 });
    expect(await keysOf(s3.source)).toEqual(KEYS);
    s3.rig.server.faults.assertAllFired();
  });

  test.each<[string, object]>([
    ["ignores start-after", { ignoreStartAfter: true }],
    ["knows only the first API", { v1Only: true }],
    ["has an order of its own", { ownOrder: true }],
    ["has an order of its own, and ignores start-after", { ownOrder: true, ignoreStartAfter: true }],
  ])("of a store that %s ends, also where its last page is full", async (_, features) => {
    const other = await s3Rig({ features });
    for (const key of KEYS) await other.put(key, "photo");
    const careless = await other.open({ pageKeys: 10 });
    expect(inOrder([...new Set(await keysOf(careless))])).toEqual(KEYS);
    await careless.close();
    await other.close();
  });

  test("refused outright is not asked for again, nor is a store that has done nothing yet believed to err", async () => {
    s3.rig.server.faults.arm({ fault: "no-such-bucket", on: { op: "list" } });
    await refused(keysOf(s3.source), "no-bucket", false);
    expect(s3.rig.server.counts.list).toBe(1);
  });

  test.each<FaultName>(["access-denied", "expired-token", "clock-skew", "no-such-bucket", "redirect"])(
    "is whole in spite of one %s among good answers",
    async (fault) => {
      s3.rig.server.faults.arm({ fault, on: { op: "list" }, skip: 1, times: 2 });
      expect(await keysOf(s3.source)).toEqual(KEYS);
    },
  );

  test("goes on behind a page that comes again", async () => {
    s3.rig.server.faults.arm({ fault: "token-loop", on: { op: "list" }, skip: 1 });
    const keys = await keysOf(s3.source);
    expect([...new Set(keys)]).toEqual(KEYS);
    expect(keys.length).toBeGreaterThan(KEYS.length);
  });
});

describe("a bucket as it was", () => {
  test("has the version of the day, and nothing that was deleted or not yet there", async () => {
    const photos = s3.rig.server.bucket("photos");
    photos.versioning = "enabled";
    const day = (n: number) => `2020-01-0${n}T12:00:00.000Z`;
    for (let n = 1; n <= 9; n += 1) photos.put("often.jpg", `${n}`, { modified: day(n) });
    photos.put("late.jpg", "late", { modified: day(8) });
    photos.put("old.jpg", "old", { modified: day(1) });
    photos.put("deleted.jpg", "once", { modified: day(2) });
    photos.delete("deleted.jpg");
    photos.put("plain.jpg", "p", { modified: day(4) });
    const then = await s3.open({ asOf: new Date("2020-01-05T00:00:00Z"), pageKeys: 3 });
    const listed = await listAll(then);
    expect(listed.map(({ key, size }) => [key, size])).toEqual([
      ["deleted.jpg", 4],
      ["often.jpg", 1],
      ["old.jpg", 3],
      ["plain.jpg", 1],
    ]);
    const [, often] = listed;
    if (often === undefined) throw new Error("not listed");
    expect(String(await read(then, often))).toBe("4");
    expect(await keysOf(await s3.open({ asOf: new Date("2019-01-01"), pageKeys: 3 }))).toEqual([]);
    expect(await keysOf(await s3.open({ asOf: new Date(), pageKeys: 3 }))).toEqual([
      "late.jpg",
      "often.jpg",
      "old.jpg",
      "plain.jpg",
    ]);
    expect(await keysOf(then, { after: "often.jpg" })).toEqual(["old.jpg", "plain.jpg"]);
  });
});

describe("the digest of a page", () => {
  const HOSTILE = [...KEYS, "a b+c%.jpg", "é.jpg", "\u{1f600}.jpg"];
  beforeEach(async () => {
    for (const key of HOSTILE) await s3.rig.put(key, "photo");
  });

  /** Each page by the key before it, with its digests of so many keys. */
  async function digests() {
    const found: { after: string; count: number; digest: string | null | undefined }[] = [];
    let after = "";
    for await (const { objects, digest } of s3.source.list({}, signal)) {
      for (const count of [objects.length, Math.ceil(objects.length / 2)]) {
        found.push({ after, count, digest: digest?.(count) });
      }
      after = objects.at(-1)?.key ?? after;
    }
    return found;
  }

  test("is the one that the store gives when the same keys are asked for alone", async () => {
    for (const { after, count, digest } of await digests()) {
      expect(digest).toEqual(expect.any(String));
      expect(await s3.source.digest?.(after, count, signal)).toBe(digest);
      expect(await s3.source.digest?.(after, 1000, signal)).toBeNull();
    }
  });

  test.each<[string, () => Promise<void>]>([
    ["comes", () => s3.rig.put("2012/03a.jpg", "photo")],
    ["goes", () => s3.rig.remove("2012/03.jpg")],
    ["is written over", () => s3.rig.put("2012/03.jpg", "another")],
  ])("is another when a key of it %s", async (_, change) => {
    const [first] = await digests();
    await change();
    expect(await s3.source.digest?.("", first?.count ?? 0, signal)).not.toBe(first?.digest);
  });

  test("is asked for again where the way to the store fails", async () => {
    const [first] = await digests();
    s3.rig.server.faults.arm({ fault: "cut-body", on: { op: "list" }, times: 2 });
    expect(await s3.source.digest?.("", first?.count ?? 0, signal)).toBe(first?.digest);
  });
});
