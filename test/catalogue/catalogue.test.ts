import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import { HaulError } from "../../src/errors.ts";
import { compareKeys } from "../../src/key.ts";
import type { Kind, Listed, ManifestEntry } from "../../src/model.ts";

let folder: string;
let catalogue: Catalogue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  catalogue = openCatalogue(join(folder, "state", "photos.sqlite"));
});
afterEach(async () => {
  await catalogue.close();
  rmSync(folder, { recursive: true });
});

function listed(key: string, more: Partial<Listed> = {}): Listed {
  return {
    key,
    size: 10,
    etag: `etag-${key}`,
    modified: "2014-01-01T00:00:00.000Z",
    storageClass: "STANDARD",
    ...more,
  };
}

function entry(key: string, more: Partial<ManifestEntry> = {}): ManifestEntry {
  return {
    path: key,
    key,
    etag: `etag-${key}`,
    size: 10,
    sha256: `sha-${key}`,
    md5: "",
    captured: null,
    modified: "2014-01-01T00:00:00.000Z",
    storedAt: "2026-01-01T00:00:00.000Z",
    ...more,
  };
}

const verdict = (key: string, kind: Kind, stem: string | null = null, family: string = kind) => ({
  key,
  kind,
  family,
  stem,
  rank: 0,
  reason: "because",
});

async function collect<T>(chunks: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
}

async function run(objects: readonly Listed[]): Promise<void> {
  await catalogue.runs.start("mirror");
  await catalogue.listing.add(objects);
  await catalogue.listing.finish();
}

describe("listing", () => {
  test("keeps more than a chunk of keys, in the order of their bytes", async () => {
    const keys = Array.from({ length: 2345 }, (_, n) => `${(n * 7919) % 2345}`);
    keys.push("\u{1f600}", "\uffff", "é", "e\u0301", "a\nb", "a\u0000b");
    await run(keys.map((key) => listed(key)));
    const back = (await collect(catalogue.listing.unclassified())).map((object) => object.key);
    expect(back).toEqual([...keys].sort(compareKeys));
  });

  test("gives back every field, and a changed size is judged anew", async () => {
    const object = listed("a", { size: 7, storageClass: "GLACIER", version: "v1" });
    await run([object]);
    expect(await collect(catalogue.listing.unclassified())).toEqual([object]);
    await catalogue.listing.classify([verdict("a", "original", "s")]);
    expect(await collect(catalogue.listing.unclassified())).toEqual([]);
    await run([object]);
    expect(await collect(catalogue.listing.unclassified())).toEqual([]);
    await run([{ ...object, size: 0 }]);
    expect(await collect(catalogue.listing.unclassified())).toHaveLength(1);
  });

  test("totals count a key once however often it was listed, and remember the whole listing before", async () => {
    expect(await catalogue.listing.previousTotals()).toBeNull();
    await catalogue.runs.start("mirror");
    await catalogue.listing.add([listed("a"), listed("b")]);
    await catalogue.listing.add([listed("b", { size: 20 })]);
    expect(await catalogue.listing.finish()).toEqual({ keys: 2, bytes: 30 });
    await catalogue.runs.start("mirror");
    await catalogue.listing.add([listed("a")]); // breaks off: never finished
    await catalogue.runs.start("mirror");
    expect(await catalogue.listing.previousTotals()).toEqual({ keys: 2, bytes: 30 });
  });
});

describe("what is wanted", () => {
  const photos = [
    listed("large/1", { size: 5 }),
    listed("large/2", { size: 5 }),
    listed("note.xmp"),
    listed("original/1"),
    listed("original/3", { size: 0 }),
    listed("large/3", { size: 5 }),
    listed("tile/1", { size: 1 }),
    listed("tile/2", { size: 1 }),
  ];
  beforeEach(async () => {
    await run(photos);
    await catalogue.listing.classify(
      photos.map(({ key }) => {
        if (key === "note.xmp") return verdict(key, "sidecar");
        const [family = "", stem = ""] = key.split("/");
        return verdict(key, family === "original" ? "original" : "rendition", stem, family);
      }),
    );
  });
  const keys = async (renditions: "skip" | "fallback" | "keep") =>
    (await collect(catalogue.plan("t").candidates(renditions))).map((object) => object.key);

  test("skip takes originals and sidecars only", async () => {
    expect(await keys("skip")).toEqual(["note.xmp", "original/1", "original/3"]);
  });
  test("fallback adds the largest rendition where the original is missing or empty", async () => {
    expect(await keys("fallback")).toEqual(["large/2", "large/3", "note.xmp", "original/1", "original/3"]);
    expect(await catalogue.plan("t").missingOriginals()).toEqual({
      photos: 2,
      examples: ["large/2", "large/3"],
    });
    expect(await catalogue.plan("t").wantedCount("fallback")).toBe(5);
    expect(await catalogue.plan("t").wantedCount("skip")).toBe(3);
    const all = await collect(catalogue.plan("t").candidates("fallback"));
    expect(all.filter((object) => object.fallback).map((object) => object.key)).toEqual(["large/2", "large/3"]);
  });
  test("of several targets: what any of them wants, and what is kept wherever it is wanted", async () => {
    const any = (...targets: string[]) => catalogue.wantedOnAny(targets, "fallback");
    expect(await any("t")).toEqual({ wanted: 5, settled: 0 });
    expect(await any("t", "u")).toEqual({ wanted: 5, settled: 0 });
    const keep = (target: string, key: string) => catalogue.kept(target).add([{ entry: entry(key), folded: key }]);
    await keep("t", "original/1");
    await keep("t", "note.xmp");
    await keep("u", "note.xmp");
    expect(await any("t", "u")).toEqual({ wanted: 5, settled: 1 });
    expect(await any("t")).toEqual({ wanted: 5, settled: 2 });
    expect(await any("u")).toEqual({ wanted: 5, settled: 1 });
    expect(await catalogue.wantedOnAny(["t", "u"], "keep")).toEqual({ wanted: 8, settled: 1 });
  });
  test("keep takes everything but other", async () => {
    expect(await keys("keep")).toHaveLength(photos.length);
  });
  test("what is kept with its ETag is not wanted again; a new ETag is, and says that it replaces", async () => {
    await catalogue.kept("t").add([{ entry: entry("original/1"), folded: "original/1" }]);
    expect(await keys("skip")).toEqual(["note.xmp", "original/3"]);
    expect(await catalogue.plan("t").keptCount("skip")).toBe(1);
    expect(await catalogue.plan("u").keptCount("skip")).toBe(0);
    await run(photos.map((object) => (object.key === "original/1" ? { ...object, etag: "new" } : object)));
    const [, again] = await collect(catalogue.plan("t").candidates("skip"));
    expect(again).toMatchObject({ key: "original/1", replaces: true });
    expect(await catalogue.listing.drift("t")).toEqual({ gone: 0, changed: 1 });
  });
  test("nothing stands in for an original that was kept before it was gone", async () => {
    await catalogue.kept("t").add([{ entry: entry("original/1"), folded: "original/1" }]);
    await run(photos.filter(({ key }) => key !== "original/1"));
    expect(await keys("fallback")).toEqual(["large/2", "large/3", "note.xmp", "original/3"]);
    expect((await collect(catalogue.plan("u").candidates("fallback"))).map((object) => object.key)).toContain(
      "large/1",
    );
  });
  test("gone is what is kept and listed no more", async () => {
    await catalogue.kept("t").add([
      { entry: entry("original/1"), folded: "original/1" },
      { entry: entry("original/1", { etag: "older" }), folded: "original/1~" },
      { entry: entry("original/0"), folded: "original/0" },
    ]);
    expect(await catalogue.listing.drift("t")).toEqual({ gone: 1, changed: 0 });
  });
  test("counts kinds, families, siblings and duplicates", async () => {
    expect(await catalogue.listing.kinds()).toEqual({ original: 2, rendition: 5, sidecar: 1, other: 0 });
    expect((await catalogue.listing.families()).map((f) => [f.name, f.keys, f.bytes])).toEqual([
      ["original", 2, 10],
      ["large", 3, 15],
      ["tile", 2, 2],
      ["sidecar", 1, 10],
    ]);
    expect((await catalogue.listing.siblings("1")).map((o) => o.key)).toEqual(["large/1", "original/1", "tile/1"]);
    await run([listed("original/1", { etag: "x" }), listed("original/4", { etag: "x" })]);
    await catalogue.listing.classify([verdict("original/4", "original", "4")]);
    expect(await catalogue.listing.duplicates()).toEqual({ groups: 1, keys: 2, bytes: 10 });
  });
});

describe("plan", () => {
  test("comes back oldest first, with owners of its paths known", async () => {
    const objects = [
      listed("a", { modified: "2016-01-01T00:00:00.000Z" }),
      listed("b", { modified: "2015-01-01T00:00:00.000Z" }),
    ];
    await run(objects);
    await catalogue.listing.classify([verdict("a", "original"), verdict("b", "original")]);
    const wanted = await collect(catalogue.plan("t").candidates("skip"));
    await catalogue
      .plan("t")
      .add(wanted.map((object) => ({ object, path: object.key.toUpperCase(), folded: object.key })));
    const plan = await collect(catalogue.plan("t").photos());
    expect(plan.map((p) => [p.object.key, p.path])).toEqual([
      ["b", "B"],
      ["a", "A"],
    ]);
    expect(await catalogue.plan("t").ownerOf("a")).toBe("a");
    expect(await catalogue.plan("t").ownerOf("c")).toBeNull();
    await catalogue.plan("t").clear();
    expect(await catalogue.plan("t").ownerOf("a")).toBeNull();
    await catalogue.kept("t").add([{ entry: entry("c"), folded: "c" }]);
    expect(await catalogue.plan("t").ownerOf("c")).toBe("c");
  });
});

describe("kept", () => {
  test("gives back the whole entry", async () => {
    const whole = entry("a", {
      captured: {
        local: "2012-06-28T14:03:22",
        offset: "+02:00",
        utc: "2012-06-28T12:03:22Z",
        source: "exif",
        precision: "s",
      },
    });
    await catalogue.kept("t").add([{ entry: whole, folded: "a" }]);
    expect(await catalogue.kept("t").find("a")).toEqual([whole]);
    expect(await catalogue.kept("t").findBytes("a", "sha-a")).toEqual(whole);
    expect(await catalogue.kept("t").findBytes("a", "sha-b")).toBeNull();
  });
});

describe("fate", () => {
  test("is a failure until the photo is kept, and then where it lies", async () => {
    await run([listed("a")]);
    await catalogue.kept("t").fail("a", "the connection broke");
    expect(await catalogue.kept("t").statusOf(listed("a"))).toMatchObject({
      kept: null,
      failure: { reason: "the connection broke" },
    });
    expect(await catalogue.kept("u").statusOf(listed("a"))).toEqual({ kept: null, failure: null });
    await catalogue.kept("t").add([{ entry: entry("a"), folded: "a" }]);
    expect(await catalogue.kept("t").statusOf(listed("a"))).toEqual({ kept: entry("a"), failure: null });
    expect((await catalogue.kept("t").statusOf(listed("a", { etag: "new" }))).kept).toBeNull();
  });
});

describe("the file", () => {
  test("is private, and remembers settings and runs", async () => {
    expect(statSync(catalogue.file).mode & 0o777).toBe(0o600);
    await catalogue.settings.set("zone", "Europe/Berlin");
    await catalogue.runs.start("mirror");
    await catalogue.runs.end('{"exit":0}');
    await catalogue.close();
    catalogue = openCatalogue(catalogue.file);
    expect(await catalogue.settings.get("zone")).toBe("Europe/Berlin");
    expect(await catalogue.settings.get("other")).toBeNull();
    expect(await catalogue.runs.last(5)).toMatchObject([{ command: "mirror", summary: '{"exit":0}' }]);
  });
  test("is held by one run at a time", () => {
    expect(() => openCatalogue(catalogue.file)).toThrow(expect.objectContaining({ code: "locked" }));
  });
  test("that is damaged is an error that says so, and frees the lock", () => {
    const file = join(folder, "bad.sqlite");
    writeFileSync(file, "this is no database, whatever its name may promise".repeat(100));
    expect(() => openCatalogue(file)).toThrow(HaulError);
    expect(() => openCatalogue(file)).toThrow(/is damaged/);
    expect(existsSync(file)).toBe(true);
  });
});
