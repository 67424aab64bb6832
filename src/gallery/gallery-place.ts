/**
 * Where a gallery lies: the page, and beside it a folder with its scripts, data and thumbnails. What is in it follows from
 * the photos and their lists, so it is replaced; each file is whole under its name, or as it was. Nothing else is written to.
 */

import { constants, existsSync } from "node:fs";
import { access, lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, HaulError } from "../errors.ts";
import { headOf } from "../local/files.ts";
import { GALLERY_MARK, GALLERY_PAGE, OWN_FOLDER } from "../manifest-entry.ts";
import { fromErrno } from "../targets/folder/errno.ts";
import { freeBytes } from "../targets/folder/open-folder.ts";

const LARGEST_DATA = 64 * 1024 * 1024;

export class GalleryPlace {
  /** The page itself. */
  readonly page: string;
  /** The folder of its files, from the page: with a slash at its end. */
  readonly below: string;
  readonly #root: string;
  readonly #folder: string;
  readonly #made = new Set<string>();
  #drafts = 0;

  /** @param inTarget true in the target itself, whose own folder has the files then */
  constructor(root: string, inTarget: boolean) {
    this.#root = root;
    this.page = join(root, GALLERY_PAGE);
    this.below = inTarget ? `${OWN_FOLDER}/gallery/` : "gallery-files/";
    this.#folder = join(root, this.below);
  }

  /** @throws HaulError `usage` where something else has the page's name or the folder's, and what the system says */
  async make(): Promise<void> {
    const there = await lstat(this.page).catch(() => null);
    if (there !== null && !there.isFile()) throw notOurs(this.page, "no file");
    if (there !== null && !headOf(this.page).includes(GALLERY_MARK))
      throw notOurs(this.page, "no gallery of photohaul's");
    await folderAt(this.#folder.replace(/[/\\]$/, ""));
    const names = await readdir(this.#folder).catch(() => []);
    // What a run that was cut had not given its name.
    for (const name of names.filter((one) => /^new-\d+-\d+$/.test(one)))
      await rm(join(this.#folder, name), { force: true });
  }

  /** Bytes that may be written; null where the system does not say. */
  async freeBytes(): Promise<number | null> {
    return freeBytes(this.#root);
  }

  /** Texts of the data files of an earlier gallery, one after the other. */
  async *earlier(): AsyncGenerator<string> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => /^data-[\w-]+\.js$/.test(one))) {
      const file = join(this.#folder, name);
      if (((await lstat(file).catch(() => null))?.size ?? LARGEST_DATA) >= LARGEST_DATA) continue;
      yield await readFile(file, "utf8").catch(() => "");
    }
  }

  /** Whether what lies there was made of just this. @param of 64 hex digits */
  async isMadeOf(of: string): Promise<boolean> {
    const index = await readFile(join(this.#folder, "index.js"), "utf8").catch(() => "");
    return index.startsWith(`photohaul.index({"of":"${of}"`) && existsSync(this.page);
  }

  async has(name: string): Promise<boolean> {
    return access(join(this.#folder, name), constants.R_OK).then(
      () => true,
      () => false,
    );
  }

  /** Writes a file of the folder, unless it is so already. @returns true where it was written. @throws HaulError */
  async put(name: string, text: string): Promise<boolean> {
    return this.#replace(join(this.#folder, name), Buffer.from(text));
  }

  async putPage(text: string): Promise<boolean> {
    return this.#replace(this.page, Buffer.from(text));
  }

  /** A thumbnail, whose name says what it is of. @throws HaulError */
  async putNew(folder: string, name: string, bytes: Uint8Array): Promise<void> {
    if (!this.#made.has(folder)) await folderAt(join(this.#folder, folder));
    this.#made.add(folder);
    await this.#write(join(this.#folder, folder, name), bytes, false);
  }

  async #replace(file: string, bytes: Buffer): Promise<boolean> {
    const there = await readFile(file).catch(() => null);
    if (there?.equals(bytes) === true) return false;
    await this.#write(file, bytes, true);
    return true;
  }

  /** @param forced to the medium before it has its name; a thumbnail that a power cut took is told by the browser */
  async #write(file: string, bytes: Uint8Array, forced: boolean): Promise<void> {
    this.#drafts += 1;
    const draft = join(this.#folder, `new-${process.pid}-${this.#drafts}`);
    try {
      const handle = await open(draft, "wx");
      try {
        await handle.writeFile(bytes);
        if (forced) await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw fromErrno(error, `writing ${file}`);
    }
  }
}

async function folderAt(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw fromErrno(error, `making ${folder}`);
  }
  if (!(await lstat(folder)).isDirectory()) throw notOurs(folder, "no folder");
}

function notOurs(file: string, what: string): HaulError {
  const says = `${file} is ${what}, and is not written over. Move it away, or name another folder with --out`;
  return new HaulError("usage", says);
}
