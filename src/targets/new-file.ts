/** Files that are made among the drafts, whose folder is made again where somebody cleared it away in mid-run. */

import { mkdirSync, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { codeOf } from "../errors.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";

/** A file that is not there yet; errors are those of the system. */
export async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, "wx");
  } catch (error) {
    if (!remadeFolder(error, file)) throw error;
    return open(file, "wx");
  }
}

/** As `openNew`. */
export function openNewSync(file: string): number {
  try {
    return openSync(file, "wx");
  } catch (error) {
    if (!remadeFolder(error, file)) throw error;
    return openSync(file, "wx");
  }
}

/** Whether it is worth trying again: the folder was missing, and none above it was, as that of a drive would be that is gone. */
export function remadeFolder(error: unknown, file: string): boolean {
  if (codeOf(error) !== "ENOENT") return false;
  const folder = dirname(file);
  // On a drive it is as open as the drive; what waits on this computer is nobody else's.
  const mode = basename(dirname(folder)) === OWN_FOLDER ? 0o777 : 0o700;
  try {
    mkdirSync(folder, { mode });
    return true;
  } catch (failure) {
    return codeOf(failure) === "EEXIST";
  }
}
