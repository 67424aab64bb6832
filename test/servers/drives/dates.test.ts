/** `dates` on drives that hold no early times: the first that they hold, told, and taken back. */

import { mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exifBlock } from "../../../fixtures/media/exif.ts";
import { jpegFile } from "../../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../../fixtures/media/picture.ts";
import { runProcess } from "../../scripts/rig.ts";
import { KINDS, lacks, type MountedDrive, mountDrive } from "./drive.ts";

const DOWNLOADED = new Date("2024-03-10T12:00:00.000Z");
const dated = (dateTimeOriginal: string) => jpegFile(blankPicture(8, 8), { exif: exifBlock({ dateTimeOriginal }) });

/** What each makes of 1958, within the half day by which the zones of drives differ. */
const OLDEST = {
  ext4: "1958-06-01T12:00:00Z",
  ntfs: "1958-06-01T12:00:00Z",
  exfat: "1980-01-01T00:00:00Z",
  fat32: "1980-01-01T00:00:00Z",
};

for (const kind of KINDS) {
  const missing = lacks(kind);
  describe.skipIf(missing !== "")(`dates on ${kind}${missing && ` (no ${missing})`}`, () => {
    let drive: MountedDrive;
    beforeAll(async () => {
      drive = await mountDrive(kind, 64);
    });
    afterAll(() => drive.remove());

    test("a photo of 1958 gets the first time that the drive holds, and never one of the future", async () => {
      const folder = join(drive.folder, "Pictures");
      mkdirSync(folder);
      const put = (name: string, bytes: Buffer) => {
        writeFileSync(join(folder, name), bytes);
        utimesSync(join(folder, name), DOWNLOADED, DOWNLOADED);
      };
      put("old.jpg", dated("1958:06:01 12:00:00"));
      put("new.jpg", dated("2012:06:28 14:03:22"));
      const env = { PATH: process.env.PATH, HOME: drive.folder, TZ: "UTC" };
      const dates = (...more: string[]) => runProcess(["dates", folder, ...more], { env, spawned: true }, folder);
      const away = (name: string, from: Date) => Math.abs(statSync(join(folder, name)).mtimeMs - from.getTime());
      const set = await dates("--verbose");
      expect(set.stderr).toBe("");
      expect(set.exit).toBe(0);
      const says = /old\.jpg .*DateTimeOriginal; the drive holds no time before/;
      // The driver of exFAT shows any time until the drive is mounted anew, so nobody can tell.
      if (kind === "fat32") expect(set.stdout).toMatch(says);
      else expect(set.stdout).not.toMatch(says);
      const again = await dates();
      expect(again.stdout).toMatch(/already +2/);
      await drive.unmount();
      await drive.mount("rw");
      expect(away("old.jpg", new Date(OLDEST[kind]))).toBeLessThanOrEqual(14 * 3_600_000);
      expect(away("new.jpg", new Date("2012-06-28T14:03:22Z"))).toBeLessThanOrEqual(2000);
      const undone = await dates("--undo");
      expect(undone.exit).toBe(0);
      for (const name of ["old.jpg", "new.jpg"]) {
        expect(away(name, DOWNLOADED), name).toBeLessThanOrEqual(2000);
      }
    });
  });
}
