/** Forcing bytes and names to the medium: of files (fsync), of a whole drive (syncfs), of folders. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { release } from "node:os";
import type { Readable, Writable } from "node:stream";
import { codeOf } from "../../errors.ts";
import { inParallel } from "../../in-parallel.ts";

/** Files forced to the medium at once: more does not help a drive, fewer wait for each other's journal. */
const FORCED_AT_ONCE = 8;
/** From so many files on, one call for the drive costs less than one for each. */
const MANY = 16;
/**
 * ext4, XFS, Btrfs, F2FS: their syncfs writes back every file and flushes the drive's own cache. FAT's does not. On tmpfs
 * nothing outlasts a power cut, whichever call is made.
 */
const THOROUGH = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x01021994]);

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

/** Systems and drives that cannot force a folder say so in one of these ways. */
const UNFORCEABLE = new Set(["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOTSUP", "ENOSYS", "EBADF"]);

/** Forces a folder, and so the names in it, where the drive can do that. */
export async function forceDirectory(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!UNFORCEABLE.has(codeOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}

const LOOP = 'while read -r _; do if sync -f "$1" 2>/dev/null; then echo y; else echo n; fi; done';

type Shell = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Forces a whole drive to the medium, by a shell that was begun while this process was small. To start a program
 * copies the tables of all memory, and makes every page be copied that is written to afterwards: done for each
 * batch by a process of 300 MB it cost half of all CPU of a run (measured, Linux 6). The shell ends with its
 * standard input, and so with this process however that ends.
 */
export class SyncFs {
  readonly #shell: Shell;
  /** Who waits for an answer; null where the shell has ended. */
  #waiting: ((forced: boolean) => void)[] | null = [];

  /** @param folder on the drive */
  constructor(folder: string) {
    this.#shell = spawn("sh", ["-c", LOOP, "sh", folder], {
      stdio: ["pipe", "pipe", "ignore"],
      cwd: "/",
      // Ctrl-C is for this process, which still has photos to force then.
      detached: true,
    });
    this.#shell.unref();
    this.#shell.on("error", () => this.#end());
    this.#shell.on("exit", () => this.#end());
    this.#shell.stdin.on("error", () => this.#end());
    this.#shell.stdout.on("data", (said: Buffer) => {
      for (const one of said) if (one !== NEWLINE) this.#waiting?.shift()?.(one === YES);
    });
  }

  /** @returns false where the drive cannot be forced so: its files are to be forced one by one */
  force(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#waiting === null) return resolve(false);
      this.#waiting.push(resolve);
      this.#shell.stdin.write("\n");
    });
  }

  close(): void {
    this.#shell.stdin.destroy();
    this.#shell.stdout.destroy();
    this.#end();
  }

  #end(): void {
    for (const answer of this.#waiting ?? []) answer(false);
    this.#waiting = null;
  }
}

const NEWLINE = 0x0a;
const YES = "y".charCodeAt(0);
