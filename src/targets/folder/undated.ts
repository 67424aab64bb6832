/**
 * A drive that refuses file times, as exFAT does that root mounted for somebody else, is remembered as such on the drive
 * itself, so that the first run that may set times sets them all.
 */

import { lstat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTime } from "./rename-no-replace.ts";
import { TemporaryFile, unlinkIfThere } from "./temporary.ts";

const FLAG = "undated";
/** 2001, which every drive can hold. */
const ANY = "1000000000";

/** @param home `.photohaul` of the target. Best effort: what cannot be remembered is in the manifest all the same */
export async function rememberUndated(home: string): Promise<void> {
  await writeFile(join(home, FLAG), "").catch(() => undefined);
}

export async function isUndated(home: string): Promise<boolean> {
  return (await lstat(join(home, FLAG)).catch(() => null)) !== null;
}

export async function forgetUndated(home: string): Promise<void> {
  await unlinkIfThere(join(home, FLAG));
}

/** Found out by doing. @param drafts a folder that may be written to. Errors are those of the system */
export async function takesTimes(drafts: string): Promise<boolean> {
  const file = await TemporaryFile.create(drafts, 0);
  try {
    return await setTime(file.file, ANY);
  } finally {
    await file.discard();
  }
}
