/** One place twice, by real mounts: what is bound or mounted below a source or a target lies in it. A clone is another place. */

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../../scripts/rig.ts";
import { lacks, mountImage } from "./drive.ts";

const DRIVE = new URL("../drive.sh", import.meta.url).pathname;
const canBind = spawnSync("unshare", ["--mount", "true"]).status === 0;

let folder: string;
let mounted: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-places-"));
  for (const name of ["src/2012", "usb", "shared"]) mkdirSync(at(name), { recursive: true });
  for (const n of [1, 2, 3]) writeFileSync(at("src", "2012", `${n}.jpg`), datedPhoto(4000, `photo ${n}`));
});
afterEach(() => {
  for (const point of mounted.toReversed()) execFileSync("umount", [point]);
  mounted = [];
  rmSync(folder, { recursive: true });
});

const at = (...path: string[]) => join(folder, ...path);
const bind = (from: string, to: string) => {
  mkdirSync(at(to), { recursive: true });
  execFileSync("mount", ["--bind", at(from), at(to)]);
  mounted.push(at(to));
};
const run = (...args: string[]) => runProcess([...args, "--json"], { env: computerIn(folder) }, folder);
const mirror = (to = "usb") => run("mirror", at("src"), at(to));

describe.skipIf(!canBind)("a folder that is bound below another one", () => {
  test.each([
    ["the target below the source", "usb", "src/usb"],
    ["the source below the target", "src", "usb/src"],
    ["a part of the source below the target", "src/2012", "usb/2012"],
    ["what is around the target below the source", "", "src/all"],
  ])("is seen: %s", async (_, from, to) => {
    const before = readdirSync(at("usb"));
    mkdirSync(at(to), { recursive: true });
    bind(from, to);
    for (const more of [[], ["--dry-run"]]) expect((await run("mirror", at("src"), at("usb"), ...more)).exit).toBe(2);
    execFileSync("umount", [mounted.pop() ?? ""]);
    expect(readdirSync(at("usb")).filter((name) => name !== "src" && name !== "2012")).toEqual(before);
  });

  test("is seen where it lies below both, and where the target was used before", async () => {
    expect((await mirror()).exit).toBe(0);
    bind("usb", "src/usb");
    expect((await mirror()).exit).toBe(2);
    execFileSync("umount", [mounted.pop() ?? ""]);
    bind("shared", "src/shared");
    bind("shared", "usb/shared");
    expect((await mirror()).exit).toBe(2);
  });

  test("a copy of the target inside the source is another place", async () => {
    expect((await mirror()).exit).toBe(0);
    cpSync(at("usb"), at("src", "old"), { recursive: true });
    const ran = await mirror();
    expect(ran.exit).toBe(0);
    expect((await mirror()).summary.outcomes).toMatchObject({ stored: 0, failed: 0 });
  });
});

describe.each(["exfat", "fat32"] as const)("two spellings of one folder on %s", (kind) => {
  test.skipIf(lacks(kind) !== "")("are one place, as targets, and as source and target", async () => {
    execFileSync("bash", [DRIVE, "up", kind, "64", at("drive.img"), at("usb")]);
    mounted.push(at("usb"));
    expect((await run("mirror", at("src"), at("usb", "New"), at("usb", "new"))).exit, "both new").toBe(2);
    mkdirSync(at("usb", "Photos"));
    for (const [one, other] of [
      ["Photos", "photos"],
      ["Newer", "newer"],
    ] as const) {
      const before = readdirSync(at("usb"));
      const twice = await run("mirror", at("src"), at("usb", one), at("usb", other));
      expect(twice.exit, twice.stdout).toBe(2);
      expect(twice.stderr).toMatch(/are one place/);
      expect(readdirSync(at("usb"))).toEqual(before);
    }
    for (const inside of ["photos", "photos/sub", ""]) {
      const into = await run("mirror", at("usb", "Photos"), at("usb", inside));
      expect(into.exit, inside + into.stdout).toBe(2);
    }
    expect(readdirSync(at("usb", "Photos"))).toEqual([]);
    expect((await run("mirror", at("src"), at("usb", "Photos"))).exit).toBe(0);
    const again = await run("mirror", at("src"), at("usb", "photos"));
    expect(again.exit).toBe(0);
    expect(again.summary.outcomes).toMatchObject({ stored: 0, failed: 0 });
  });
});

describe.each(["ext4", "exfat", "fat32", "ntfs"] as const)("two clones of a drive with %s", (kind) => {
  test.skipIf(lacks(kind) !== "")("are two places in one run, and each has its own checks", async () => {
    const [one, two] = [at("one.img"), at("two.img")];
    execFileSync("bash", [DRIVE, "up", kind, "300", one, at("a")]);
    mounted.push(at("a"));
    expect((await mirror("a")).exit).toBe(0);
    expect((await run("verify", at("a"), "--days", "1")).exit).toBe(0);
    execFileSync("bash", [DRIVE, "down", at("a")]);
    mounted = [];
    copyFileSync(one, two);
    for (const [image, folderOf] of [
      [one, "a"],
      [two, "b"],
    ] as const) {
      await mountImage(kind, image, at(folderOf));
      mounted.push(at(folderOf));
    }
    writeFileSync(at("src", "2012", "4.jpg"), datedPhoto(4000, "photo 4"));
    for (const _ of [1, 2]) {
      const ran = await run("mirror", at("src"), at("a"), at("b"));
      expect(ran.exit, ran.stdout + ran.stderr).toBe(0);
    }
    for (const name of ["a", "b"]) expect(readdirSync(at(name, "2012"))).toHaveLength(4);
    expect((await run("verify", at("a"), at("b"))).exit).toBe(0);
    expect(readdirSync(at("state", "photohaul", "checks")).filter((name) => name.endsWith(".sqlite"))).toHaveLength(
      // fusefat does not say which image it is.
      kind === "fat32" ? 1 : 2,
    );
  });
});
