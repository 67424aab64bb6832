/**
 * A list that only grows, by whole pieces. What a failed piece left is taken off before the next; whatever else has
 * to be cut off is not lost: the list as it was is set aside first. Errors are those of the system.
 */

import { createHash } from "node:crypto";
import { constants, copyFile, type FileHandle, link, open, rename, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ListMark } from "../list-lines.ts";
import { codeOf } from "./errno.ts";
import { forceDirectory } from "./fsync.ts";
import { digestOf, goodEnd, type ListDigest, markOf } from "./list-digest.ts";

/** So much is written at once when a list is written anew, in characters. */
const PIECE = 256 * 1024;

export class GrowingFile {
  readonly #file: string;
  readonly #isGood: (line: string) => boolean;
  #handle: FileHandle;
  #digest: ListDigest | null = null;
  /** True once its end is known to be a good line's. */
  #trimmed = false;

  private constructor(file: string, handle: FileHandle, isGood: (line: string) => boolean) {
    this.#file = file;
    this.#handle = handle;
    this.#isGood = isGood;
  }

  /** @param isGood true for a line after which others may be added */
  static async open(file: string, isGood: (line: string) => boolean): Promise<GrowingFile> {
    return new GrowingFile(file, await open(file, "a+"), isGood);
  }

  /** Of what is whole, and of what was added since. */
  async mark(): Promise<ListMark> {
    this.#digest ??= await digestOf(this.#handle);
    return markOf(this.#digest);
  }

  /** @returns the name under which the list as it was is kept now, if anything had to be cut off */
  async append(text: string, force: boolean): Promise<string | null> {
    const { digest, aside } = await this.#ready();
    try {
      await this.#handle.appendFile(text);
      if (force) await this.#handle.sync();
      digest.hash.update(text);
      this.#digest = { length: digest.length + Buffer.byteLength(text), hash: digest.hash };
    } catch (error) {
      await this.#handle.truncate(digest.length).catch(() => undefined);
      throw error;
    }
    return aside;
  }

  /**
   * Writes the whole list anew. A cut at any instant leaves the old one or the new one.
   * @param lines each with its newline
   * @returns the name under which the list as it was is kept now
   */
  async replace(lines: AsyncIterable<string>): Promise<string> {
    const draft = `${this.#file}.new`;
    const handle = await open(draft, "w");
    const hash = createHash("sha256");
    let length = 0;
    const write = async (text: string) => {
      await handle.appendFile(text);
      hash.update(text);
      length += Buffer.byteLength(text);
    };
    try {
      let piece = "";
      for await (const line of lines) {
        piece += line;
        if (piece.length < PIECE) continue;
        await write(piece);
        piece = "";
      }
      await write(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const aside = await this.#setAside(true);
    await this.#handle.close();
    await rename(draft, this.#file);
    await forceDirectory(dirname(this.#file));
    this.#handle = await open(this.#file, "a+");
    this.#digest = { length, hash };
    this.#trimmed = true;
    return aside;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Sees to it that the file ends where the next piece belongs. */
  async #ready(): Promise<{ digest: ListDigest; aside: string | null }> {
    const { size } = await this.#handle.stat();
    const end = this.#trimmed ? this.#digest?.length : undefined;
    const good = end ?? (await goodEnd(this.#handle, size, this.#isGood));
    const aside = good < size ? await this.#setAside(false) : null;
    if (good < size) {
      await this.#handle.truncate(good);
      await this.#handle.sync();
    }
    const known = this.#digest?.length === good ? this.#digest : null;
    const digest = known ?? (await digestOf(this.#handle));
    this.#digest = digest;
    this.#trimmed = true;
    return { digest, aside };
  }

  /** @param stays true where the file itself is not written to any more: then it is aside without being copied */
  async #setAside(stays: boolean): Promise<string> {
    const aside = await asideFor(this.#file);
    const isLinked = stays && (await unless(link(this.#file, aside), NO_LINKS));
    if (!isLinked) await copyFile(this.#file, aside, constants.COPYFILE_EXCL);
    await forceFile(aside);
    return basename(aside);
  }
}

/** How drives say that they know no links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL"];

async function unless(work: Promise<void>, codes: readonly string[]): Promise<boolean> {
  return work.then(
    () => true,
    (error: unknown) => {
      if (codes.includes(codeOf(error))) return false;
      throw error;
    },
  );
}

async function forceFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  await handle.sync();
  await handle.close();
}

/** `20261130T091530`, which every drive holds in a name. */
function stamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
}

/** A free name beside a file, for the file as it was before it is mended. */
export async function asideFor(file: string): Promise<string> {
  const name = `${file}.before-${stamp(new Date())}`;
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!(await stat(free).catch(() => null))) return free;
  }
}
