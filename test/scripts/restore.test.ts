import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RestoreSummary } from "../../src/events.ts";
import { type Ran, type Rig, rig } from "./rig.ts";
import { sample } from "./sample.ts";

/** The sample, mirrored under names of its dates, and brought back under its own. */
describe("restore", () => {
  let on: Rig;
  let mirrored: Ran;
  const byDate = ["--name", "{yyyy}/{mm}/{name}-{etag8}.{ext}", "--timezone", "Europe/Berlin"];
  beforeAll(async () => {
    on = await rig();
    mirrored = await on.mirror(...byDate);
    expect(mirrored.exit).toBe(0);
  });
  afterAll(() => on[Symbol.asyncDispose]());

  const target = () => join(on.folder, "photos");
  const restore = async (folder: string, ...more: string[]) => {
    const ran = await on.run(["restore", target(), join(on.folder, folder), "--json", ...more]);
    const last: RestoreSummary = Object(JSON.parse(ran.stdout.trimEnd().split("\n").at(-1) ?? ""));
    return { ...ran, last };
  };
  const at = (folder: string, path: string) => join(on.folder, folder, path);

  test("brings everything back, byte for byte, dated and under its own name; again: nothing", async () => {
    const { exit, stderr, photos, last } = await restore("back");
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    expect(last).toMatchObject({
      command: "restore",
      photos: mirrored.photos.length,
      outcomes: { stored: mirrored.photos.length, already: 0, skipped: 0, failed: 0 },
      unwanted: 0,
    });
    const bodies = new Map(sample().map(({ key, body }) => [key, body]));
    for (const { key, path } of photos) {
      expect(readFileSync(at("back", path ?? "")).equals(bodies.get(key) ?? Buffer.alloc(0)), key).toBe(true);
      const kept = mirrored.photos.find((photo) => photo.key === key);
      expect(statSync(at("back", path ?? "")).mtimeMs, key).toBe(statSync(join(target(), kept?.path ?? "")).mtimeMs);
    }
    expect(photos.find(({ key }) => key === "original/2012/06/IMG_0001.jpg")?.path).toBe(
      "original/2012/06/IMG_0001.jpg",
    );
    const again = await restore("back");
    expect(again.last.outcomes).toMatchObject({ stored: 0, already: mirrored.photos.length });
    expect((await on.run(["verify", at("back", "")])).exit).toBe(0);
  });

  test("goes on where it was cut, and brings again what was deleted", async () => {
    await restore("half", "--since", "2012");
    const some = readdirSync(at("half", "original/2012/06"))[0] ?? "";
    rmSync(at("half", `original/2012/06/${some}`));
    const { exit, last } = await restore("half");
    expect(exit).toBe(0);
    expect(last.outcomes.stored + last.outcomes.already).toBe(mirrored.photos.length);
    expect(last.outcomes.stored).toBeGreaterThan(0);
    expect(last.outcomes.already).toBeGreaterThan(0);
    statSync(at("half", `original/2012/06/${some}`));
  });

  test("brings what was taken in a span of days, by the clock where it was taken", async () => {
    const { last, photos } = await restore("span", "--since", "2012-06", "--until", "2012-06");
    const june = mirrored.photos.filter(({ captured }) => captured?.local.startsWith("2012-06"));
    expect(june.length).toBeGreaterThan(0);
    for (const { key } of june) expect(photos.map((photo) => photo.key)).toContain(key);
    expect(last.unwanted).toBe(mirrored.photos.length - photos.length);
  });

  test("brings what its globs say, and a dry run only counts", async () => {
    const dry = await restore("dry", "--include", "*.HEIC", "--include", "*.heic", "--dry-run");
    expect(dry.exit).toBe(0);
    expect(dry.last.outcomes.skipped).toBeGreaterThan(0);
    expect(() => statSync(at("dry", ""))).toThrow(/ENOENT/);
    const wet = await restore("dry", "--include", "*.HEIC", "--include", "*.heic");
    expect(wet.last.outcomes.stored).toBe(dry.last.outcomes.skipped);
  });

  test("never overwrites: what has the name keeps it", async () => {
    mkdirSync(at("mine", "original/2012/06"), { recursive: true });
    writeFileSync(at("mine", "original/2012/06/IMG_0001.jpg"), "mine");
    const { exit, photos } = await restore("mine", "--include", "**/IMG_0001.jpg");
    expect(exit).toBe(0);
    expect(readFileSync(at("mine", "original/2012/06/IMG_0001.jpg"), "utf8")).toBe("mine");
    const path = photos.find(({ key }) => key === "original/2012/06/IMG_0001.jpg")?.path;
    expect(path).toMatch(/^original\/2012\/06\/IMG_0001~[0-9a-f]{8}\.jpg$/);
    statSync(at("mine", path ?? ""));
  });

  test("a damaged photo is named and not brought", async () => {
    const victim = mirrored.photos.find(({ bytes }) => bytes > 2000);
    const file = join(target(), victim?.path ?? "");
    const good = readFileSync(file);
    writeFileSync(file, good.subarray(1));
    const { exit, photos, stderr, last } = await restore("damaged");
    writeFileSync(file, good);
    expect(exit).toBe(3);
    expect(stderr).toBe("");
    const failed = photos.filter(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject([{ key: victim?.key }]);
    expect(failed[0]?.reason).toMatch(/not those that were kept/);
    expect(last.outcomes.stored).toBe(mirrored.photos.length - 1);
  });

  test("refuses a folder that was never a target, and the target itself", async () => {
    const none = await on.run(["restore", on.folder, at("nowhere", "")]);
    expect(none.exit).toBe(5);
    expect(none.stdout).not.toMatch(/0 photos/);
    expect((await on.run(["restore", target(), target()])).exit).toBe(2);
  });
});
