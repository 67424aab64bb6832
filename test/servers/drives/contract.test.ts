/** The target contract on real file systems, as drives have them. */

import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Traits } from "../../../src/targets/target.ts";
import { folderRig } from "../../contract/folder-rig.ts";
import { targetContract } from "../../contract/target.contract.ts";
import { type DriveKind, KINDS, lacks, type MountedDrive, mountDrive } from "./drive.ts";

const bytes = { length: 255, unit: "bytes" } as const;
const utf16 = { length: 255, unit: "utf16" } as const;
const any = { foldsUnicode: false, characters: "unicode", largestFile: 0 } as const;
const linux = { ...any, foldsCase: false, forbidden: "", trimsEnds: false, links: true };
const windows = { ...any, foldsCase: true, forbidden: '"*:<>?\\|', trimsEnds: true };
/** What must be found out about each, whatever its driver pretends. */
const EXPECTED: Record<DriveKind, Omit<Traits, "longestPath">> = {
  ext4: { ...linux, longestName: bytes, timeGranularity: 1, earliestTime: "1901-12-13T20:45:52Z" },
  exfat: {
    ...windows,
    longestName: utf16,
    links: false,
    timeGranularity: 1_000_000_000,
    earliestTime: "1980-01-02T00:00:00Z",
  },
  // fusefat knows no characters but those of ASCII.
  fat32: {
    ...windows,
    longestName: bytes,
    characters: "ascii",
    links: false,
    timeGranularity: 2_000_000_000,
    earliestTime: "1980-01-02T00:00:00Z",
    largestFile: 4 * 1024 ** 3 - 1,
  },
  ntfs: {
    ...windows,
    longestName: utf16,
    links: true,
    timeGranularity: 100,
    earliestTime: "1826-01-01T00:00:00Z",
  },
};

for (const kind of KINDS) {
  const missing = lacks(kind);
  describe.skipIf(missing !== "")(`${kind}${missing && ` (skipped: no ${missing})`}`, () => {
    let drive: MountedDrive;
    beforeAll(async () => {
      drive = await mountDrive(kind, 96);
    });
    afterAll(() => drive.remove());

    test("is found to be what it is", async () => {
      const rig = await folderRig(drive.folder);
      const target = await rig.open();
      // What the system takes as a path, less where the drive is mounted.
      const { longestPath, ...traits } = target.traits;
      expect(traits).toEqual(EXPECTED[kind]);
      expect(longestPath).toBeGreaterThan(3900);
      expect(longestPath).toBeLessThan(4096);
      await target.close();
      await rig.close();
    });

    test("holds what was found, and no more, when names and times are tried by hand", async () => {
      const { longestName, characters, earliestTime, timeGranularity, foldsCase } = EXPECTED[kind];
      const folder = join(drive.folder, "by-hand");
      await mkdir(folder);
      const letter = longestName.unit === "utf16" ? "\u00e9" : "n";
      const write = (name: string) => writeFile(join(folder, name), name);
      await write(letter.repeat(longestName.length));
      await expect(write(letter.repeat(longestName.length + 1))).rejects.toThrow();
      const alike = characters === "ascii" ? ["b"] : ["\u00e9", "e\u0301"];
      for (const name of [...alike, ...(foldsCase ? [] : ["a", "A"])]) await write(name);
      const file = join(folder, alike[0] ?? "");
      const earliest = new Date(earliestTime);
      await utimes(file, earliest, earliest);
      await drive.unmount();
      await drive.mount("rw");
      expect(await readdir(folder)).toHaveLength(1 + alike.length + (foldsCase ? 0 : 2));
      const { mtimeMs } = await stat(file);
      expect(Math.abs(mtimeMs - earliest.getTime())).toBeLessThanOrEqual(timeGranularity / 1e6);
    });

    targetContract(kind, () => folderRig(drive.folder));
  });
}
