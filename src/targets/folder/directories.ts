/** The folders inside a target: made when needed, never followed out of it, forced to the medium. */

import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../errors.ts";
import { inParallel } from "../../in-parallel.ts";
import { folderOf } from "../../key.ts";
import { forceDirectory } from "./fsync.ts";

/** Enough for any batch; forgetting costs one look at each folder. */
const REMEMBERED = 10_000;

export class Directories {
  readonly #root: string;
  readonly #reserved: string;
  /** Seen to be real folders inside the target. */
  readonly #good = new Set<string>();
  /** Changed since they were last forced to the medium. */
  readonly #changed = new Set<string>();

  /** @param reserved the folder `.photohaul`, which no path may enter, under whatever name */
  constructor(root: string, reserved: string) {
    this.#root = root;
    this.#reserved = reserved;
  }

  /**
   * Makes sure that a folder is there, its parents included, each of them a real folder and not a link.
   * A folder met for the first time in this run is forced to the medium with its name, even when it was
   * there: a run that was killed may have made it.
   * @param path relative to the target; "" is the target itself
   * @returns false when a file, a link or the reserved folder stands in the way
   */
  async ensure(path: string): Promise<boolean> {
    if (path === "" || this.#good.has(path)) return true;
    const parent = folderOf(path);
    if (!(await this.ensure(parent))) return false;
    if (!(await this.#makeOrFind(join(this.#root, path), parent === ""))) return false;
    if (this.#good.size >= REMEMBERED) this.#good.clear();
    this.#good.add(path);
    this.#changed.add(parent);
    return true;
  }

  /** Looks at each folder anew: one was removed by somebody else. */
  forget(): void {
    this.#good.clear();
  }

  /** Something in this folder was given a name. */
  touch(path: string): void {
    this.#changed.add(path);
  }

  /** Forces every changed folder to the medium, where the drive can do that. */
  async force(): Promise<void> {
    await inParallel([...this.#changed], 8, async (path) => {
      await forceDirectory(join(this.#root, path)).catch((error: unknown) => {
        // What lay in one that was removed is missed by whoever put it there.
        if (codeOf(error) === "ENOENT") this.#changed.delete(path);
        throw error;
      });
      this.#changed.delete(path);
    });
  }

  async #makeOrFind(folder: string, top: boolean): Promise<boolean> {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const found = await lstat(folder);
    if (!found.isDirectory()) return false;
    // FAT and NTFS give `.photohaul` a second, short name (PHOTOH~1).
    return !top || found.ino !== (await lstat(this.#reserved)).ino;
  }
}
