/** A target that was copied to a drive of another kind, behind a device of the same number: what is known of the first holds no more. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { work } from "../../../src/targets/folder/folder-worker.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../../scripts/rig.ts";
import { lacks, type MountedDrive, mountDrive } from "./drive.ts";

const missing = [lacks("exfat"), lacks("ntfs")].join("");

describe.skipIf(missing !== "")(`a target on another drive${missing && ` (skipped: no ${missing})`}`, () => {
  let folder: string;
  let drive: MountedDrive;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "photohaul-other-"));
    mkdirSync(at("src"));
    writeFileSync(at("src", "1.jpg"), datedPhoto(4000, "photo 1"));
    drive = await mountDrive("exfat", 64);
  });
  afterEach(async () => {
    await drive.remove();
    rmSync(folder, { recursive: true });
  });

  const at = (...path: string[]) => join(folder, ...path);
  const mirror = (to: string) => runProcess(["mirror", at("src"), to, "--json"], { env: computerIn(folder) }, folder);
  const markerOf = (target: string) => JSON.parse(readFileSync(join(target, ".photohaul", "target.json"), "utf8"));

  test("was on NTFS and lies on exFAT, whose device has the same number: all photos are kept", async () => {
    const ntfs = await mountDrive("ntfs", 64);
    const target = join(drive.folder, "Photos");
    try {
      expect((await mirror(join(ntfs.folder, "Photos"))).exit).toBe(0);
      cpSync(join(ntfs.folder, "Photos"), target, { recursive: true });
    } finally {
      await ntfs.remove();
    }
    const was = markerOf(target);
    expect(was.traits.links).toBe(true);
    writeFileSync(at("src", "2.jpg"), datedPhoto(4000, "photo 2"));
    expect((await mirror(target)).exit).toBe(0);
    // As if the number were the same, whatever the system gave here, and as earlier versions wrote it.
    const now = markerOf(target);
    expect(now.traits.links).toBe(false);
    const { device, type, on } = now.drive;
    for (const stale of [
      { device, type },
      { device, type, on },
    ]) {
      writeFileSync(join(target, ".photohaul", "target.json"), JSON.stringify({ ...was, drive: stale }));
      const name = "on" in stale ? "3.jpg" : "4.jpg";
      writeFileSync(at("src", name), datedPhoto(4000, name));
      const ran = await mirror(target);
      expect(ran.exit, ran.stdout + ran.stderr).toBe(0);
      expect(ran.summary.outcomes).toMatchObject({ stored: 1, failed: 0 });
      expect(markerOf(target).traits).toEqual(now.traits);
    }
    expect(readdirSync(target).filter((name) => name.endsWith(".jpg"))).toHaveLength(4);
  });

  test("refuses links in the midst of a run: names are given by renaming, and none that is taken", () => {
    const one = (name: string) => join(drive.folder, name);
    for (const name of ["a", "b", "c"]) writeFileSync(one(name), name);
    const names = [
      { from: one("a"), to: one("photo") },
      { from: one("b"), to: one("photo") },
      { from: one("c"), to: one("other") },
    ];
    const answer = work({ kind: "rename", names, links: true });
    expect(answer).toMatchObject({ done: 3, failure: null, renamed: [true, false, true], links: false });
    expect(readFileSync(one("photo"), "utf8")).toBe("a");
  });
});
