/**
 * Finds out what a drive can do by doing it, in a folder of its own: the system's name says little about
 * an exFAT stick behind FUSE, a NAS, or a folder that was made case-blind. Nothing is asked that could
 * take long: a drive is tried in well under a second, and only when it is new or another one than before.
 */

import { link, lstat, mkdir, open, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, HaulError } from "../../errors.ts";
import type { Traits } from "../../naming/name.ts";
import type { Disk } from "../../stores/store.ts";

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
 * @param disk an empty folder on the drive, made and removed by the caller
 * @throws errors of the system when not even a plain file can be made
 */
export async function probe(disk: Disk): Promise<Traits> {
  const plain = "Plain";
  await disk.make(plain);
  const grain = await timeGranularity(disk, plain);
  const found = {
    foldsCase: await works(() => disk.find("pLAIN")),
    foldsUnicode: await foldsUnicode(disk),
    forbidden: await forbidden(disk),
    characters: await characters(disk),
    trimsEnds: !((await canHold(disk, "dot.")) && (await canHold(disk, "space "))),
    longestName: await longestName(disk),
    longestPath: await longestPath(disk),
    links: await works(() => disk.link(plain, "link")),
    timeGranularity: grain,
    earliestTime: await earliestTime(disk, plain),
    largestFile: grain === FAT_GRAIN ? FOUR_GIB - 1 : await disk.largestFile(),
  };
  return likeWindows(found, disk.countsBytes);
}

/**
 * False where a glance shows that the traits are those of another file system: cheap enough for every run.
 * @param disk as for `probe`. @throws as `probe`
 */
export async function seemsRight(disk: Disk, { links, foldsCase }: Traits): Promise<boolean> {
  const plain = "Plain";
  await disk.make(plain);
  const foldsNow = await works(() => disk.find("pLAIN"));
  // Names that would not fold may be held to, so that Windows can read them.
  return (foldsCase || !foldsNow) && links === (await works(() => disk.link(plain, "link")));
}

/**
 * Linux counts names in bytes; a drive that counts them in UTF-16 there, or takes no colon, is exFAT, FAT,
 * NTFS or a Windows share. Its driver may allow names that Windows cannot open, so the rules of Windows hold for it. One
 * without links is exFAT or FAT, whose times begin in 1980; a driver may seem to take earlier ones and
 * forget them when the drive is unmounted. (A day later than 1980 began, since FAT stores local time.)
 */
function likeWindows(found: Traits, countsBytes: boolean): Traits {
  const counts = countsBytes && found.longestName.unit === "utf16";
  if (!counts && !found.forbidden.includes(":")) return found;
  return {
    ...found,
    foldsCase: true,
    forbidden: SUSPECTS,
    trimsEnds: true,
    earliestTime: found.links ? found.earliestTime : FAT_EPOCH,
  };
}

async function foldsUnicode(disk: Disk): Promise<boolean> {
  if (!(await works(() => disk.make("unicode-\u00e9")))) return false;
  return works(() => disk.find("unicode-e\u0301"));
}

async function forbidden(disk: Disk): Promise<string> {
  if (await canHold(disk, `x${SUSPECTS}x`)) return "";
  let refused = "";
  for (const char of SUSPECTS) if (!(await canHold(disk, `x${char}x`))) refused += char;
  return refused;
}

async function characters(disk: Disk): Promise<"ascii" | "bmp" | "unicode"> {
  if (!(await canHold(disk, "x\u00f8\u65e5\u672c"))) return "ascii";
  return (await canHold(disk, "x\u{1f4f7}")) ? "unicode" : "bmp";
}

/** Some drives take a name and write another, so the name is looked for. */
async function canHold(disk: Disk, name: string): Promise<boolean> {
  return (await works(() => disk.make(name))) && (await disk.names()).includes(name);
}

async function longestName(disk: Disk): Promise<Traits["longestName"]> {
  if (await works(() => disk.make("\u00e9".repeat(255)))) return { length: 255, unit: "utf16" };
  let [fits, tooLong] = [40, 256];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (await works(() => disk.make("n".repeat(middle)))) fits = middle;
    else tooLong = middle;
  }
  return { length: fits, unit: "bytes" };
}

/** The system refuses a path that is too long before it looks whether anything lies there. */
async function longestPath(disk: Disk): Promise<number> {
  const isTooLong = (length: number) => disk.isTooLong("p/".repeat(length / 2) + "p".repeat(length % 2));
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
async function timeGranularity(disk: Disk, file: string): Promise<number> {
  const time = await dated(disk, file, 1_000_000_001.987654);
  if (time === null) return 1_000_000_000;
  const fraction = Number(time % 1_000_000_000n);
  if (time % 2_000_000_000n === 0n) return FAT_GRAIN;
  if (fraction === 0) return 1_000_000_000;
  for (const grain of [10_000_000, 1_000_000, 1_000, 100]) if (fraction % grain === 0) return grain;
  return 1;
}

async function earliestTime(disk: Disk, file: string): Promise<string> {
  for (const time of EARLIEST) {
    const asked = Date.parse(time);
    const came = await dated(disk, file, asked / 1000);
    if (came !== null && Math.abs(Number(came / 1_000_000n) - asked) <= 2_000) return time;
  }
  return EARLIEST.at(-1) ?? "";
}

/** Null where the drive refuses the time. */
async function dated(disk: Disk, file: string, seconds: number): Promise<bigint | null> {
  let time: bigint | null = null;
  const taken = await works(async () => {
    time = await disk.date(file, seconds);
  });
  return taken ? time : null;
}

/**
 * A folder of this computer as a disk.
 * @param root the target folder, whose length counts in every path
 */
export function localDisk(folder: string, root: string): Disk {
  const at = (name: string) => join(folder, name);
  return {
    countsBytes: process.platform === "linux",
    make: (name) => writeFile(at(name), "", { flag: "wx" }),
    find: async (name) => void (await lstat(at(name))),
    names: () => readdir(folder),
    link: (from, to) => link(at(from), at(to)),
    async date(name, seconds) {
      // A string, as a negative number is "now" to Node.
      await utimes(at(name), String(seconds), String(seconds));
      return (await lstat(at(name), { bigint: true })).mtimeNs;
    },
    isTooLong: async (path) => (await errnoOf(() => lstat(join(root, path)))) === "ENAMETOOLONG",
    largestFile: () => largestFile(folder),
  };
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

/** A drive that is full or read-only refuses everything, and a line that breaks all the same; that says nothing about names. */
const SAYS_NOTHING = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

async function works(work: () => Promise<unknown>): Promise<boolean> {
  return (await errnoOf(work)) === "";
}

async function errnoOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    if (error instanceof HaulError) throw error;
    const code = codeOf(error) || "unknown";
    if (SAYS_NOTHING.has(code)) throw error;
    return code;
  }
}
