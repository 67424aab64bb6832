/**
 * Finds out what a drive can do by doing it, in a folder of its own: the system's name says little about
 * an exFAT stick behind FUSE, a NAS, or a folder that was made case-blind. Nothing is asked that could
 * take long: a drive is tried in well under a second, and only when it is new or another one than before.
 */

import { link, lstat, mkdir, open, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Traits } from "../../naming/name.ts";

/** What Windows forbids, and so exFAT, FAT and NTFS wherever they are mounted strictly. */
const SUSPECTS = '"*:<>?\\|';
/** A key has 1,024 bytes, each may become four (an empty segment is `%2F/`), and a tag of nine may be added. */
const LONGEST_NEEDED = 4 * 1024 + 16;
const FOUR_GIB = 4 * 1024 ** 3;
/** FAT alone keeps times to two seconds, in nanoseconds, and files below 4 GiB. */
const FAT_GRAIN = 2_000_000_000;
const FAT_EPOCH = "1980-01-02T00:00:00Z";
/** Tried from the earliest; photos older than 1826 do not exist. */
const EARLIEST = ["1826-01-01T00:00:00Z", "1901-12-13T20:45:52Z", "1970-01-01T00:00:00Z", FAT_EPOCH];

/**
 * @param folder an empty folder on the drive, made and removed by the caller
 * @param root the target folder, whose length counts in every path
 * @throws errors of the system when not even a plain file can be made
 */
export async function probe(folder: string, root: string): Promise<Traits> {
  const plain = join(folder, "Plain");
  await writeFile(plain, "photohaul");
  const grain = await timeGranularity(plain);
  return likeWindows({
    foldsCase: await works(() => lstat(join(folder, "pLAIN"))),
    foldsUnicode: await foldsUnicode(folder),
    forbidden: await forbidden(folder),
    characters: await characters(folder),
    trimsEnds: !((await canHold(folder, "dot.")) && (await canHold(folder, "space "))),
    longestName: await longestName(folder),
    longestPath: await longestPath(root),
    links: await works(() => link(plain, join(folder, "link"))),
    timeGranularity: grain,
    earliestTime: await earliestTime(plain),
    largestFile: grain === FAT_GRAIN ? FOUR_GIB - 1 : await largestFile(folder),
  });
}

/**
 * Linux counts names in bytes; a drive that counts them in UTF-16 there, or takes no colon, is exFAT, FAT,
 * NTFS or a Windows share. Its driver may allow names that Windows cannot open, so the rules of Windows hold for it. One
 * without links is exFAT or FAT, whose times begin in 1980; a driver may seem to take earlier ones and
 * forget them when the drive is unmounted. (A day later than 1980 began, since FAT stores local time.)
 */
function likeWindows(found: Traits): Traits {
  const counts = process.platform === "linux" && found.longestName.unit === "utf16";
  if (!counts && !found.forbidden.includes(":")) return found;
  return {
    ...found,
    foldsCase: true,
    forbidden: SUSPECTS,
    trimsEnds: true,
    earliestTime: found.links ? found.earliestTime : FAT_EPOCH,
  };
}

async function foldsUnicode(folder: string): Promise<boolean> {
  const composed = join(folder, "unicode-\u00e9");
  if (!(await works(() => writeFile(composed, "")))) return false;
  return works(() => lstat(join(folder, "unicode-e\u0301")));
}

async function forbidden(folder: string): Promise<string> {
  if (await canHold(folder, `x${SUSPECTS}x`)) return "";
  let refused = "";
  for (const char of SUSPECTS) if (!(await canHold(folder, `x${char}x`))) refused += char;
  return refused;
}

async function characters(folder: string): Promise<"ascii" | "bmp" | "unicode"> {
  if (!(await canHold(folder, "x\u00f8\u65e5\u672c"))) return "ascii";
  return (await canHold(folder, "x\u{1f4f7}")) ? "unicode" : "bmp";
}

/** Some drives take a name and write another, so the name is looked for. */
async function canHold(folder: string, name: string): Promise<boolean> {
  const file = join(folder, name);
  if (!(await works(() => writeFile(file, "", { flag: "wx" })))) return false;
  return (await readdir(folder)).includes(name);
}

async function longestName(folder: string): Promise<Traits["longestName"]> {
  if (await works(() => writeFile(join(folder, "\u00e9".repeat(255)), ""))) {
    return { length: 255, unit: "utf16" };
  }
  let [fits, tooLong] = [40, 256];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    const worked = await works(() => writeFile(join(folder, "n".repeat(middle)), ""));
    if (worked) fits = middle;
    else tooLong = middle;
  }
  return { length: fits, unit: "bytes" };
}

/** The system refuses a path that is too long before it looks whether anything lies there. */
async function longestPath(root: string): Promise<number> {
  const isTooLong = async (length: number): Promise<boolean> => {
    const path = "p/".repeat(length / 2) + "p".repeat(length % 2);
    return (await errnoOf(() => lstat(join(root, path)))) === "ENAMETOOLONG";
  };
  if (!(await isTooLong(LONGEST_NEEDED))) return 0;
  let [fits, tooLong] = [0, LONGEST_NEEDED];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (await isTooLong(middle)) tooLong = middle;
    else fits = middle;
  }
  return fits;
}

/** Node sets times to the microsecond at best, so finer than that is not told apart. */
async function timeGranularity(file: string): Promise<number> {
  const asked = 1_000_000_001.987654;
  if (!(await works(() => utimes(file, asked, asked)))) return 1_000_000_000;
  const { mtimeNs } = await lstat(file, { bigint: true });
  const fraction = Number(mtimeNs % 1_000_000_000n);
  if (mtimeNs % 2_000_000_000n === 0n) return FAT_GRAIN;
  if (fraction === 0) return 1_000_000_000;
  for (const grain of [10_000_000, 1_000_000, 1_000, 100]) if (fraction % grain === 0) return grain;
  return 1;
}

async function earliestTime(file: string): Promise<string> {
  for (const time of EARLIEST) {
    const asked = new Date(time);
    if (!(await works(() => utimes(file, asked, asked)))) continue;
    const { mtimeMs } = await lstat(file);
    if (Math.abs(mtimeMs - asked.getTime()) <= 2_000) return time;
  }
  return EARLIEST.at(-1) ?? "";
}

/**
 * Where files can have holes, 4 GiB of nothing cost nothing. Elsewhere (exFAT, HFS+) the drive would have
 * to write them, so nothing is tried, and a file that is too large is met when it is written.
 */
async function largestFile(folder: string): Promise<number> {
  const file = join(folder, "large");
  const handle = await open(file, "wx");
  try {
    if (!(await works(() => handle.truncate(1024 * 1024)))) return 0;
    const { blocks } = await handle.stat();
    if (blocks > 64) return 0;
    return (await errnoOf(() => handle.truncate(FOUR_GIB))) === "EFBIG" ? FOUR_GIB - 1 : 0;
  } finally {
    await handle.close();
  }
}

/** Runs `work` with a new folder in `parent` and takes the folder away again. */
export async function withFolder<T>(parent: string, name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(parent, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A drive that is full or read-only refuses everything; that says nothing about names. */
const SAYS_NOTHING = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

async function works(work: () => Promise<unknown>): Promise<boolean> {
  return (await errnoOf(work)) === "";
}

async function errnoOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (SAYS_NOTHING.has(code)) throw error;
    return code;
  }
}
