/** Listings as other stores than Amazon write them, and entries that lack something. */

import { describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import type { Features } from "../../fixtures/s3/features.ts";
import { inOrder, keysOf, listAll } from "../contract/source-rig.ts";
import { type S3Rig, s3Rig } from "./s3-rig.ts";

async function listing(features: Features, keys: readonly string[]) {
  const rig: S3Rig = await s3Rig({ features: { serverName: "another", ...features } });
  for (const key of keys) await rig.put(key, "photo");
  const flaws: string[] = [];
  const source = await rig.open({ onFlaw: (message) => flaws.push(message) });
  const close = async () => {
    await source.close();
    await rig.close();
  };
  return { rig, source, flaws, close };
}

describe.each<Features>([{}, { keyForm: "path" }, { keyForm: "raw" }])(
  "keys as a store with %j writes them",
  (features) => {
    test.each<readonly string[][]>([
      [["a+b.jpg", "c d.jpg", "50% off.jpg", "plain.jpg"]],
      [["a+b.jpg", "plain.jpg"]],
      [["c d.jpg", "plain.jpg"]],
      [["a+b c.jpg", "100%25.jpg"]],
      [["+.jpg", "%41 b.jpg", "é ü.jpg"]],
      // Both that a text can stand for are there, and seven keys are a page.
      [["a b.jpg", "a+b.jpg"]],
      [["a b.jpg", ...Array.from({ length: 7 }, (_, n) => `a!${n}.jpg`), "a+b.jpg"]],
      [["a+b.jpg", ...Array.from({ length: 7 }, (_, n) => `b${n}.jpg`)]],
      [["100% b.jpg", "100%25 b.jpg"]],
    ])("%j", async (keys) => {
      const { source, close } = await listing(features, keys);
      expect(await keysOf(source)).toEqual(inOrder(keys));
      await close();
    });
  },
);

test("where a plus may be a blank, the store is asked once, and Amazon's never", async () => {
  const { rig, source, close } = await listing({}, ["c d.jpg", "e f.jpg", "g h.jpg"]);
  await keysOf(source);
  await keysOf(source);
  expect(rig.server.counts.head).toBe(1);
  expect(source.requests.head).toBe(1);
  await close();
  const amazon = await listing({ serverName: "AmazonS3" }, ["c d.jpg"]);
  await keysOf(amazon.source);
  expect(amazon.rig.server.counts.head).toBe(0);
  await amazon.close();
});

test.each<Features>([{ keyTokens: true }, { losesTokens: true }, { keyTokens: true, keyForm: "path" }])(
  "is whole with tokens of %j, whatever characters the keys have",
  async (features) => {
    const keys = Array.from({ length: 30 }, (_, n) => `°é+ &<写真>\u{1f600}/${String(n).padStart(2, "0")}.jpg`);
    const { source, close } = await listing(features, keys);
    expect(await keysOf(source)).toEqual(inOrder(keys));
    await close();
  },
);

describe("of a store that", () => {
  const without = (element: RegExp) => (xml: string) => xml.replace(element, "");
  const IS_TRUNCATED = /<IsTruncated>\w+<\/IsTruncated>/;
  const OF_SECOND = /<KeyCount>\d+<\/KeyCount>|<NextContinuationToken>[^<]*<\/NextContinuationToken>/g;

  test.each<[string, Features]>([
    ["refuses the second API as a bad request", { v1Only: "bad-request" }],
    [
      "answers it as the first, and names no marker",
      { v1Only: "silently", writesPage: without(/<Marker\/?>([^<]*<\/Marker>)?/) },
    ],
    ["names no marker in the first", { v1Only: true, writesPage: without(/<Marker\/?>([^<]*<\/Marker>)?/) }],
    ["does not say whether more follow", { writesPage: without(IS_TRUNCATED) }],
    ["says that as a number", { writesPage: (xml) => xml.replace(">true<", ">1<").replace(">false<", ">0<") }],
    ["has no token", { writesPage: without(OF_SECOND) }],
    ["has neither", { writesPage: (xml) => without(IS_TRUNCATED)(without(OF_SECOND)(xml)) }],
    [
      "says so of each page, and begins with the key that it is to begin after",
      { inclusiveStartAfter: true, writesPage: (xml) => without(OF_SECOND)(xml.replace(">true<", ">false<")) },
    ],
    [
      "says of each page that it is the last",
      { writesPage: (xml) => without(OF_SECOND)(xml.replace(">true<", ">false<")) },
    ],
  ])("%s every key comes", async (_, features) => {
    const { source, flaws, close } = await listing(features, KEYS);
    expect([...new Set(await keysOf(source))]).toEqual(KEYS);
    expect(flaws).toEqual([]);
    await close();
  });

  test.each([1, 99])("loses an entry of a page is asked for it again (%i times)", async (times) => {
    let left = times;
    const writesPage = (xml: string) => (left-- > 0 ? xml.replace(/<Contents>.*?<\/Contents>/s, "") : xml);
    const { source, flaws, close } = await listing({ writesPage }, KEYS);
    const keys = await keysOf(source);
    if (times === 1) expect([keys, flaws]).toEqual([KEYS, []]);
    else expect(flaws).toEqual([expect.stringMatching(/has 1 keys more than/)]);
    await close();
  });

  test.each<Features>([{ ignorePrefix: true }, { ignorePrefix: true, v1Only: true }])(
    "does not heed a prefix (%j) the keys of others are left out, which is said",
    async (features) => {
      const { rig, flaws, close } = await listing(features, [...KEYS, "2011/a.jpg", "2013/a.jpg", "2014/a.jpg"]);
      const year = await rig.open({ prefix: "2012/", onFlaw: (message) => flaws.push(message) });
      expect(await keysOf(year)).toEqual(KEYS);
      expect(flaws).toEqual([expect.stringContaining("do not begin so")]);
      await year.close();
      await close();
    },
  );

  test("encodes some keys, and others not, every key comes", async () => {
    // Of `a b` and `a%20b` a listing that is half encoded makes one.
    const half = (xml: string) => xml.replace("<Key>a%2520b.jpg</Key>", "<Key>a%20b.jpg</Key>");
    const keys = ["a b.jpg", "a!.jpg", "a%20b.jpg", "c.jpg"];
    const { source, flaws, close } = await listing({ keyForm: "path", writesPage: half }, keys);
    expect(await keysOf(source)).toEqual(inOrder(keys));
    expect(flaws).toEqual([]);
    await close();
  });

  test("names two objects by one key says that one of them is lost", async () => {
    const { rig, close } = await listing({ writesPage: (xml) => xml.replace("<Key>b.jpg<", "<Key>a.jpg<") }, []);
    rig.server.bucket("photos").put("a.jpg", "one");
    rig.server.bucket("photos").put("b.jpg", "another");
    const lost: (string | undefined)[] = [];
    const source = await rig.open({ onFlaw: (_, _key, how) => lost.push(how) });
    expect([...new Set(await keysOf(source))]).toEqual(["a.jpg"]);
    expect(lost).toEqual(["lost"]);
    await source.close();
    await close();
  });
});

const KEYS = Array.from({ length: 30 }, (_, n) => `2012/${String(n).padStart(2, "0")}.jpg`);

describe("an entry", () => {
  test.each<[FaultName, number, RegExp | null]>([
    ["entry-unsized", 0, null],
    ["entry-undated", 0, /without a date/],
    ["entry-nameless", 5, /without a name/],
  ])("that is flawed for good (%s) costs itself, and not the listing", async (fault, lost, says) => {
    const { rig, source, flaws, close } = await listing({}, KEYS);
    rig.server.faults.arm({ fault, on: { op: "list" }, times: 99 });
    const listed = await listAll(source);
    expect(listed).toHaveLength(KEYS.length - lost);
    expect(listed.every(({ size }) => size === 5)).toBe(true);
    if (says === null) expect(flaws).toEqual([]);
    else expect(flaws[0]).toMatch(says);
    await close();
  });

  test("without a size that the store names nowhere counts as empty, which is said", async () => {
    const { rig, source, flaws, close } = await listing({}, KEYS);
    rig.server.faults.arm({ fault: "entry-unsized", on: { op: "list" }, times: 3 });
    rig.server.faults.arm({ fault: "access-denied", on: { op: "head" }, times: 9 });
    const sizes = (await listAll(source)).map(({ size }) => size);
    expect(sizes).toEqual([0, ...KEYS.slice(1).map(() => 5)]);
    expect(flaws).toEqual([expect.stringContaining(`${KEYS[0]} is listed without a size`)]);
    await close();
  });

  test("that is flawed once is asked for again", async () => {
    const { rig, source, flaws, close } = await listing({}, KEYS);
    rig.server.faults.arm({ fault: "entry-undated", on: { op: "list" }, times: 2 });
    const dates = (await listAll(source)).map(({ modified }) => modified);
    expect(dates).not.toContain("");
    expect(flaws).toEqual([]);
    await close();
  });
});

test("pages without an entry that say for ever that more follow end the listing", async () => {
  const { rig, close } = await listing({}, KEYS);
  const patient = await rig.open({ mostEmpty: 20 });
  const armed = rig.server.faults.arm({ fault: "empty-page", on: { op: "list" }, times: 999 });
  await expect(listAll(patient)).rejects.toThrow(/pages without an entry/);
  expect(armed.fired).toBe(21);
  await patient.close();
  await close();
});

test("what a page that is none says is told in short", async () => {
  const { rig, source, close } = await listing({}, KEYS);
  rig.server.faults.arm({ fault: "endless-entity", on: { op: "list" }, times: 9 });
  await expect(listAll(source)).rejects.toThrow(/^.{50,600}$/s);
  await close();
});
