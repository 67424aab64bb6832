/** Giving a finished file its name, and looking at what has the name already. Errors are those of the system. */

import { createHash } from "node:crypto";
import { constants, link, lstat, open, rename, unlink } from "node:fs/promises";

/**
 * Gives `from` the name `to`, if nothing has it. link(2) cannot overwrite. Drives without links (exFAT,
 * FAT) have no call that renames without overwriting, so there the name is looked up first; between the
 * two only a program other than photohaul could put something there, since the target is locked.
 * @returns false when the name is taken; then nothing was changed
 */
export async function renameNoReplace(from: string, to: string, links: boolean): Promise<boolean> {
  if (links) {
    const linked = await unlessTaken(link(from, to));
    if (linked) await unlink(from);
    return linked;
  }
  if (await isTaken(to)) return false;
  await rename(from, to);
  return true;
}

/** True when a regular file with exactly these bytes lies there. */
export async function holdsBytes(file: string, size: number, sha256: string): Promise<boolean> {
  const found = await lstat(file);
  if (!found.isFile() || found.size !== size) return false;
  const hash = createHash("sha256");
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
  }
  return hash.digest("hex") === sha256;
}

/** Why file times could not be set; the photo is worth keeping without them. */
export const UNDATABLE = new Set(["EPERM", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EOVERFLOW"]);

/** @param seconds as `secondsOf` gives them. @returns false when the drive refused the time */
export async function setTime(file: string, seconds: string): Promise<boolean> {
  const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    await handle.utimes(seconds, seconds);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && UNDATABLE.has(String(error.code))) return false;
    throw error;
  } finally {
    await handle.close();
  }
}

/** True when a file has this time, as far as any drive can hold times (FAT counts two seconds). */
export async function hasTime(file: string, mtime: Date): Promise<boolean> {
  return Math.abs((await lstat(file)).mtimeMs - mtime.getTime()) <= 2_000;
}

/**
 * Seconds since 1970, as Node takes them without harm: it reads a negative number as "now", but not the
 * same in a string, and cuts .987 to .986999988, so that half a microsecond goes on top.
 * @param exact the same time in ISO 8601 where more of it is known: kept as well as Node can, to the
 * microsecond. Another time counts for nothing
 */
export function secondsOf(time: Date, exact = ""): string {
  const ms = time.getTime();
  const digits = /\.(\d{4,9})Z$/.exec(exact)?.[1];
  if (digits !== undefined && Date.parse(exact) === ms) {
    return String(Math.floor(ms / 1000) + Number(`0.${digits}`));
  }
  return String(ms % 1000 === 0 ? ms / 1000 : (ms + 0.0005) / 1000);
}

/** Nanoseconds since 1970 where the time is known finer than to a microsecond; else null. @param exact as in `secondsOf` */
export function exactOf(time: Date, exact = ""): bigint | null {
  const digits = /\.(\d{7,9})Z$/.exec(exact)?.[1];
  const ms = time.getTime();
  if (digits === undefined || Date.parse(exact) !== ms) return null;
  const nano = BigInt(digits.padEnd(9, "0")) % 1_000_000n;
  return BigInt(ms) * 1_000_000n + nano;
}

async function unlessTaken(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

async function isTaken(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
