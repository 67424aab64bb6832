import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GallerySummary } from "../../src/events.ts";
import { MARKS } from "../../src/gallery/row.ts";
import { KEYS, SEALING } from "../contract/sealed-rig.ts";
import { type Rig, rig } from "./rig.ts";

describe("gallery", () => {
  let on: Rig;
  beforeAll(async () => {
    on = await rig();
    expect((await on.mirror("--timezone", "Europe/Berlin")).exit).toBe(0);
  });
  afterAll(() => on[Symbol.asyncDispose]());

  const at = (...path: string[]) => join(on.folder, "photos", ...path);
  const gallery = async (...more: string[]) => {
    const ran = await on.run(["gallery", at(), "--json", ...more]);
    const last: GallerySummary = Object(JSON.parse(ran.stdout.trimEnd().split("\n").at(-1) ?? "{}"));
    return { ...ran, last };
  };
  const entries = () =>
    readFileSync(at(".photohaul", "manifest.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line): { path: string; captured: { source: string; local: string } | null } => JSON.parse(line));

  test("shows every photo of the manifest once, in the year it was taken; again: nothing is looked at or written", async () => {
    const { exit, last } = await gallery();
    expect(exit).toBe(0);
    const photos = entries();
    expect(last).toMatchObject({ photos: photos.length, looked: photos.length, unread: 0, page: at("gallery.html") });
    const shown = readdirSync(at(".photohaul", "gallery")).filter((name) => name.startsWith("data-"));
    const years = new Map<string, string[]>();
    for (const name of shown) {
      const text = readFileSync(at(".photohaul", "gallery", name), "utf8");
      const [, year = "", rows = "[]"] = /^photohaul\("(\w+)",\d+,([\s\S]*)\);\n$/.exec(text) ?? [];
      const parsed: [string][] = JSON.parse(rows);
      years.set(year, [...(years.get(year) ?? []), ...parsed.map(([path]) => path)]);
    }
    for (const { path, captured } of photos) {
      const year = captured === null || captured.source === "modified" ? "unknown" : captured.local.slice(0, 4);
      expect(years.get(year), path).toContain(path);
    }
    expect([...years.values()].flat()).toHaveLength(photos.length);
    const before = statSync(at("gallery.html")).mtimeMs;
    expect((await gallery()).last).toMatchObject({ photos: photos.length, looked: 0, written: 0 });
    expect(statSync(at("gallery.html")).mtimeMs).toBe(before);
  });

  test("a photo is looked at again where the gallery is gone, and one that is missing is told and shown by its name", async () => {
    const [first] = entries();
    const bytes = readFileSync(at(first?.path ?? ""));
    rmSync(at(first?.path ?? ""));
    rmSync(at(".photohaul", "gallery"), { recursive: true });
    const { exit, last, stdout } = await gallery();
    writeFileSync(at(first?.path ?? ""), bytes);
    expect(exit).toBe(0);
    expect(last).toMatchObject({ looked: last.photos, unread: 1 });
    expect(stdout).toMatch(/"code":"gallery"/);
    // Now that it is there again, it alone is looked at.
    expect((await gallery()).last).toMatchObject({ looked: 1, unread: 0, written: 1 });
  });

  test("neither verify nor a mirror nor dates takes the page for a photo", async () => {
    await gallery();
    const verified = await on.run(["verify", at(), "--json"]);
    expect(verified.exit).toBe(0);
    expect(verified.stdout).not.toContain("gallery");
    const again = await on.mirror();
    expect([again.exit, again.photos.length]).toEqual([0, 0]);
    const dated = await on.run(["dates", at(), "--dry-run", "--json"]);
    expect(dated.stdout).not.toContain("gallery");
    // Nor does one that has the folder, or a copy of it, as its source.
    const copied = await on.run(["mirror", at(), join(on.folder, "copy"), "--json"]);
    expect(copied.exit).toBe(0);
    expect(existsSync(join(on.folder, "copy", "gallery.html"))).toBe(false);
    expect(copied.stdout).not.toContain(".photohaul/gallery");
  });

  test("a page of somebody else is not written over", async () => {
    const mine = join(on.folder, "mine");
    expect((await on.run(["mirror", at(), mine])).exit).toBe(0);
    writeFileSync(join(mine, "gallery.html"), "<h1>mine</h1>");
    const { exit, stderr } = await on.run(["gallery", mine]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("is not written over")]);
    expect(readFileSync(join(mine, "gallery.html"), "utf8")).toBe("<h1>mine</h1>");
    const out = join(on.folder, "out");
    expect((await on.run(["gallery", mine, "--out", out])).exit).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(["gallery-files", "gallery.html"]);
  });

  test.each([
    ["a bucket, where no page opens", ["s3://copy"], /--out/],
    ["a folder without photos", ["nothing"], /holds no photos/],
    ["a page in a bucket", ["nothing", "--out", "s3://copy"], /no folder of this computer/],
  ])("%s is refused in words", async (_name, [target = "", ...more], words) => {
    mkdirSync(join(on.folder, "nothing"), { recursive: true });
    const where = target.includes(":") ? target : join(on.folder, target);
    const { exit, stderr } = await on.run(["gallery", where, ...more]);
    expect(exit).not.toBe(0);
    expect(stderr).toMatch(words);
  });
});

describe("mirror --gallery", () => {
  let on: Rig;
  beforeAll(async () => {
    on = await rig();
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const at = (...path: string[]) => join(on.folder, "photos", ...path);
  const index = () => readFileSync(at(".photohaul", "gallery", "index.js"), "utf8");

  test("shows what came, with what only the listing knows; a run that brings nothing leaves the page as it is", async () => {
    const first = await on.mirror("--gallery", "--limit", "40");
    expect(first.exit).toBe(8);
    const some = index();
    const second = await on.mirror("--gallery");
    expect(second.exit).toBe(0);
    expect(index()).not.toBe(some);
    const told: { photos: number; parts: { marks: Record<string, number> }[] } = JSON.parse(
      index().slice("photohaul.index(".length, -3),
    );
    expect(told.photos).toBe(first.summary.outcomes.stored + second.summary.outcomes.stored);
    // One original is missing in the sample, and the best of its renditions stands in.
    expect(told.parts.reduce((sum, { marks }) => sum + (marks[MARKS.standsIn] ?? 0), 0)).toBe(1);
    const before = statSync(at(".photohaul", "gallery", "index.js")).ctimeMs;
    expect((await on.mirror("--gallery")).exit).toBe(0);
    expect(statSync(at(".photohaul", "gallery", "index.js")).ctimeMs).toBe(before);
    // Without the listing at hand the earlier page is believed.
    expect((await on.run(["gallery", at()])).exit).toBe(0);
    expect(index()).toContain(`"${MARKS.standsIn}":1`);
  });

  test("what goes wrong with the page is a warning, and no failure of the run", async () => {
    writeFileSync(at("gallery.html"), "mine");
    rmSync(at(".photohaul", "gallery"), { recursive: true });
    const ran = await on.mirror("--gallery");
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain('"code":"gallery"');
    expect(readFileSync(at("gallery.html"), "utf8")).toBe("mine");
  });

  test("a line without any folder is refused before it begins", async () => {
    const { exit, stderr } = await on.run(["mirror", "s3://photos", "s3://copy", "--gallery", ...on.endpoint]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("--out FOLDER")]);
  });
});

test("a sealed target is shown to whom has the key, in a folder of their own", async () => {
  await using on = await rig();
  expect((await on.mirror(...SEALING, "--gallery")).exit).toBe(0);
  const target = join(on.folder, "photos");
  expect(existsSync(join(target, "gallery.html"))).toBe(false);
  const key = join(on.folder, "key");
  writeFileSync(key, `${KEYS[0]}\n`, { mode: 0o600 });
  const out = join(on.folder, "out");
  const marker = join(target, ".photohaul", "target.json");
  const text = readFileSync(marker);
  for (const isLost of [false, true]) {
    if (isLost) rmSync(marker);
    const refused = await on.run(["gallery", target, "--identity", key]);
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining("--out FOLDER")]);
    expect(existsSync(join(target, "gallery.html"))).toBe(false);
  }
  writeFileSync(marker, text);
  const { exit, stdout } = await on.run(["gallery", target, "--identity", key, "--out", out, "--json"]);
  expect(exit).toBe(0);
  const last: GallerySummary = Object(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}"));
  expect(last.thumbnails).toBeGreaterThan(0);
  expect(readdirSync(join(out, "gallery-files"))).toContain("index.js");
});

test("a bucket is shown in a folder of this computer, by the heads of its photos", async () => {
  await using on = await rig();
  on.server.bucket("copy");
  const reach = ["--target-endpoint", on.server.endpoint];
  expect((await on.run(["mirror", "s3://photos", "s3://copy", ...on.endpoint, ...reach])).exit).toBe(0);
  const out = join(on.folder, "out");
  const { exit, stdout } = await on.run(["gallery", "s3://copy", "--out", out, ...reach, "--json"]);
  expect(exit).toBe(0);
  const last: GallerySummary = Object(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}"));
  expect(last).toMatchObject({ photos: last.looked, unread: 0, page: join(out, "gallery.html") });
  const text = readFileSync(join(out, "gallery-files", "index.js"), "utf8");
  expect(text).toContain('"originals":false');
  const again = await on.run(["gallery", "s3://copy", "--out", out, ...reach, "--json"]);
  expect(again.stdout).toContain('"looked":0');
});
