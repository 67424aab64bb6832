/** Forcing the bytes of many files to the medium. */

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { release } from "node:os";
import { inParallel } from "./in-parallel.ts";
import type { SyncFs } from "./syncfs.ts";

/** Files forced to the medium at once: more does not help a drive, fewer wait for each other's journal. */
const FORCED_AT_ONCE = 8;
/** From so many files on, one call for the drive costs less than one for each. */
const MANY = 16;
/** ext4, XFS, Btrfs, F2FS: their syncfs writes back every file and flushes the drive's own cache. FAT's does not. */
const THOROUGH = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010]);

/**
 * True where a drive of this type (`statfs`) can be forced as a whole: 1,024 files of 45 kB in 0.07 s, where
 * fsync(2) of each took 0.5 s eight at a time and 4 s one by one (measured, ext4). Linux tells of writes that
 * failed since 5.8 (syncfs(2)).
 */
export function canSyncfs(type: number): boolean {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const tells = process.platform === "linux" && (major > 5 || (major === 5 && minor >= 8));
  return tells && THOROUGH.has(type);
}

/**
 * Forces files, which are on one drive, to the medium; as a whole drive where that is asked for and works.
 * Errors are those of the system.
 * @param whole where the drive can be forced as a whole; else null
 */
export async function fsyncFiles(files: readonly string[], whole: Pick<SyncFs, "force"> | null): Promise<void> {
  if (whole !== null && files.length >= MANY && (await whole.force())) return;
  await inParallel(files, FORCED_AT_ONCE, async (file) => {
    const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}
