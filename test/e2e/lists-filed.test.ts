import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, rig, runProcess } from "../scripts/rig.ts";

describe("a photo that a name template filed elsewhere, and SHA256SUMS alone names", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "photohaul-filed-"));
    mkdirSync(at("camera"));
    for (const n of [1, 2, 3, 4, 5, 6]) writeFileSync(at("camera", `IMG_${n}.jpg`), datedPhoto(2000, `photo ${n}`));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (...path: string[]) => join(folder, ...path);
  const manifest = () => at("usb", ".photohaul", "manifest.ndjson");
  const lines = () => readFileSync(manifest(), "utf8").split("\n").filter(Boolean);
  const keys = () => [...new Set(lines().map((line) => String(JSON.parse(line).key)))].sort();
  const mirror = (state: string) =>
    runProcess(["mirror", at("camera"), at("usb"), "--json", ...TEMPLATE], { env: computerIn(folder, state) }, folder);
  const TEMPLATE = ["--name", "by-year/{yyyy}/{name}.{ext}"];
  const filed = () => readdirSync(at("usb", "by-year", "2012")).sort();

  test.each([
    ["state", 3],
    ["elsewhere", 3],
  ])("gets its key back, by the listing (%s)", async (state, exit) => {
    await mirror("state");
    const [photos, before] = [filed(), keys()];
    rmSync(manifest());
    expect((await mirror(state)).exit).toBe(exit);
    const ran = await mirror(state);
    expect(ran).toMatchObject({ exit: 0, summary: { outcomes: { stored: 0, already: 6 } } });
    expect(filed()).toEqual(photos);
    expect(keys()).toEqual(before);
  });

  test("of several with one name each is known by its bytes, and none is kept twice", async () => {
    rmSync(at("camera"), { recursive: true });
    // The later in key order came first, and has the plain name.
    for (const card of ["b", "a"]) {
      mkdirSync(at("camera", card), { recursive: true });
      for (const n of [1, 2, 3]) writeFileSync(at("camera", card, `IMG_${n}.jpg`), datedPhoto(2000, `${card}${n}`));
      expect((await mirror("state")).exit).toBe(0);
    }
    const [photos, before] = [filed(), keys()];
    expect(photos).toHaveLength(6);
    writeFileSync(manifest(), "");
    const told = await mirror("elsewhere");
    expect(told.exit).toBe(3);
    expect(told.stdout).toMatch(/SHA256SUMS names 6 photos that the manifest does not name/);
    expect(filed()).toEqual(photos);
    expect(told.stdout).not.toContain("earlier version");
    const again = await mirror("elsewhere");
    expect(again).toMatchObject({ exit: 0, summary: { gone: 0, outcomes: { stored: 0, already: 6 } } });
    expect(filed()).toEqual(photos);
    expect(keys()).toEqual(expect.arrayContaining(before));
    const env = computerIn(folder, "elsewhere");
    expect((await runProcess(["status"], { env }, folder)).stdout).toMatch(/kept +6 photos/);
  });

  test("in a bucket, is not even fetched; of twins each is one", async () => {
    const bodies = [datedPhoto(2000, "one"), datedPhoto(2000, "two"), datedPhoto(2000, "two")];
    await using on = await rig({}, (server) => {
      for (const [n, body] of bodies.entries()) server.bucket("photos").put(`2012/${n}.jpg`, body);
    });
    const line = ["mirror", "s3://photos", at("usb"), ...on.endpoint, "--json", ...TEMPLATE];
    await on.run(line);
    const before = keys();
    rmSync(manifest());
    on.server.resetCounts();
    const elsewhere = { ...on.env, XDG_STATE_HOME: at("elsewhere") };
    const ran = await on.run(line, { env: elsewhere });
    expect(ran).toMatchObject({ exit: 3, summary: { outcomes: { stored: 0, already: 3 } } });
    expect(on.server.counts.get).toBe(0);
    expect(keys()).toEqual(before);
  });
});
