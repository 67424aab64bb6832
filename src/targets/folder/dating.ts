/**
 * The times of files on one drive. A drive that refuses them, as exFAT does that root mounted for somebody else, is
 * remembered as such on the drive itself, so that the first run that may set times sets them all.
 */

import { constants } from "node:fs";
import { lstat, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../errors.ts";
import type { ManifestEntry } from "../../model.ts";
import { unlinkIfThere } from "../begun.ts";
import type { Keeping } from "../target.ts";
import { TemporaryFile } from "../temporary-file.ts";
import { UNDATABLE } from "./errno.ts";
import { fsyncFiles } from "./fsync.ts";
import { exactOf, holdableTime, secondsOf, utimens } from "./utimens.ts";

const FLAG = "undated";
/** 2001, which every drive can hold. */
const ANY = "1000000000";

export type Dated = Pick<Keeping, "entry" | "mtime">;

/** The drive, as far as times concern it. */
export interface DatedDrive {
  readonly name: string;
  readonly home: string;
  /** The first time that it can hold, ISO 8601. */
  readonly earliestTime: string;
  /** True to force what is dated to the medium. */
  readonly durable: boolean;
  readonly warn: (message: string) => void;
}

export class FileTimes {
  readonly #drive: DatedDrive;
  #saidUndatable = false;

  constructor(drive: DatedDrive) {
    this.#drive = drive;
  }

  /** The time of a photo to the microsecond, as Node takes it; clamped to what the drive can hold. */
  secondsOf({ entry, mtime }: Dated): string {
    return secondsOf(this.#holdable(mtime), entry.captured?.utc);
  }

  /** Of those whose time is known to the nanosecond, when all have the time that Node sets. */
  setExactly(files: readonly (Dated & { readonly file: string })[]): void {
    utimens(
      files.flatMap(({ file, entry, mtime }) => {
        const time = exactOf(this.#holdable(mtime), entry.captured?.utc);
        return time === null ? [] : [{ path: Buffer.from(file), time }];
      }),
    );
  }

  /** A drive that refuses times is told of once. */
  async date(file: string, dated: Dated): Promise<void> {
    if (!(await setTime(file, this.secondsOf(dated)))) await this.sayUndatable();
    this.setExactly([{ ...dated, file }]);
  }

  async dateAndForce(file: string, dated: Dated): Promise<void> {
    await this.date(file, dated);
    if (this.#drive.durable) await fsyncFiles([file], null);
  }

  /** Drivers of FAT in user space may finish the writing of a file, and stamp it, after its time was set. */
  async dateAgain(file: string, dated: Dated): Promise<void> {
    if (this.#saidUndatable || (await hasTime(file, this.#holdable(dated.mtime)))) return;
    await this.dateAndForce(file, dated);
  }

  /** Of a drive that refused times before and takes them now. @param fileOf null where the photo does not lie there */
  async dateAll(
    entries: AsyncIterable<ManifestEntry>,
    fileOf: (path: string) => Promise<string | null>,
  ): Promise<void> {
    for await (const entry of entries) {
      const file = await fileOf(entry.path);
      const mtime = new Date(entry.captured?.utc ?? entry.modified);
      if (file !== null) await this.date(file, { entry, mtime });
    }
    const { name, home, warn } = this.#drive;
    await unlinkIfThere(join(home, FLAG));
    warn(`${name} takes file times now: those of all photos there were set`);
  }

  async sayUndatable(): Promise<void> {
    if (this.#saidUndatable) return;
    this.#saidUndatable = true;
    const { name, home, warn } = this.#drive;
    // What cannot be remembered is in the manifest all the same.
    await writeFile(join(home, FLAG), "").catch(() => undefined);
    const owner = process.getuid?.() ?? "";
    warn(
      `${name} refuses file times, as exFAT and FAT do where another user mounted them: the photos are kept whole, and their dates are in manifest.ndjson only. Mount it with the option uid=${owner}; then the next mirror sets the times, and so does \`photohaul dates ${name}\``,
    );
  }

  #holdable(time: Date): Date {
    return holdableTime(time, this.#drive.earliestTime);
  }
}

/**
 * Whether the drive refused file times before and takes them now, found out by doing.
 * @param drafts a folder that may be written to. Errors are those of the system
 */
export async function takesTimesNow(home: string, drafts: string): Promise<boolean> {
  if ((await lstat(join(home, FLAG)).catch(() => null)) === null) return false;
  const file = await TemporaryFile.create(drafts, 0);
  try {
    return await setTime(file.file, ANY);
  } finally {
    await file.discard();
  }
}

/** @param seconds as `secondsOf` gives them. @returns false when the drive refused the time */
async function setTime(file: string, seconds: string): Promise<boolean> {
  const handle = await open(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    await handle.utimes(seconds, seconds);
    return true;
  } catch (error) {
    if (UNDATABLE.has(codeOf(error))) return false;
    throw error;
  } finally {
    await handle.close();
  }
}

/** True when a file has this time, as far as any drive can hold times (FAT counts two seconds). */
async function hasTime(file: string, mtime: Date): Promise<boolean> {
  return Math.abs((await lstat(file)).mtimeMs - mtime.getTime()) <= 2_000;
}
