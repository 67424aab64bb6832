/**
 * A list that only grows, by whole pieces. What a failed piece left is taken off before the next; whatever else has
 * to be cut off is not lost: the list as it was is set aside first. Errors are those of the system.
 */

import { createHash, type Hash } from "node:crypto";
import { constants, copyFile, type FileHandle, link, open, rename, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { codeOf } from "../../errors.ts";
import { type ListMark, LONGEST_LINE } from "../list-lines.ts";
import { NO_LINKS } from "./errno.ts";
import { forceDirectory } from "./fsync.ts";

/** So much is written at once when a list is written anew, in characters. */
const PIECE = 256 * 1024;

export class GrowingFile {
  readonly #file: string;
  readonly #isGood: (line: string) => boolean;
  #handle: FileHandle;
  #digest: ListDigest | null = null;
  /** True once its end is known to be a good line's. */
  #trimmed = false;
  /** True once this handle wrote. */
  #grown = false;

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

  /** As `digestOf`. */
  async digest(upto: number): Promise<ListDigest> {
    return digestOf(await this.#toRead(), upto);
  }

  /** All that it holds, from the beginning. */
  async *chunks(): AsyncGenerator<Buffer> {
    const handle = await this.#toRead();
    for (let at = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(WINDOW), 0, WINDOW, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** @returns the name under which the list as it was is kept now, if anything had to be cut off */
  async append(text: string, force: boolean): Promise<string | null> {
    const { digest, aside } = await this.#ready();
    try {
      this.#grown = true;
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

  /** By fusefat a handle that was open while the file grew reads zeros where that was (tried). */
  async #toRead(): Promise<FileHandle> {
    if (!this.#grown) return this.#handle;
    await this.#handle.close();
    this.#handle = await open(this.#file, "a+");
    this.#grown = false;
    return this.#handle;
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
    const isLinked = stays && (await linked(this.#file, aside));
    if (!isLinked) await copyFile(this.#file, aside, constants.COPYFILE_EXCL);
    await forceFile(aside);
    return basename(aside);
  }
}

/** @returns false where the drive makes no links */
async function linked(file: string, name: string): Promise<boolean> {
  return link(file, name).then(
    () => true,
    (error: unknown) => {
      if (NO_LINKS.has(codeOf(error))) return false;
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

/** Of a list as it is, to go on from. */
export interface ListDigest {
  readonly length: number;
  readonly hash: Hash;
}

/** Read at once; the manifest of 100,000 photos has 40 MB, which take 50 ms. */
const BLOCK = 1024 * 1024;
/** Read at once from the end on. */
const WINDOW = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Of the whole lines of a file; of none where there is no file.
 * @param upto bytes after which to stop, which are whole lines
 */
export async function digestLines(file: string, upto = Number.POSITIVE_INFINITY) {
  const handle = await open(file, "r").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return { length: 0, hash: createHash("sha256") };
  try {
    return await digestOf(handle, upto);
  } finally {
    await handle.close();
  }
}

/** The same of a file that is open, which some drivers of FAT write to no more once it was opened a second time. */
export async function digestOf(handle: FileHandle, upto = Number.POSITIVE_INFINITY): Promise<ListDigest> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(BLOCK);
  let read = 0;
  let whole: ListDigest = { length: 0, hash: hash.copy() };
  while (read < upto) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(BLOCK, upto - read), read);
    if (bytesRead === 0) break;
    const block = buffer.subarray(0, bytesRead);
    const end = block.lastIndexOf(NEWLINE) + 1;
    hash.update(block.subarray(0, end));
    if (end > 0) whole = { length: read + end, hash: hash.copy() };
    hash.update(block.subarray(end));
    read += bytesRead;
  }
  return whole;
}

export function markOf({ length, hash }: ListDigest): ListMark {
  return { length, sha256: hash.copy().digest("hex") };
}

/** True where a list begins with what a mark says: it may have grown since. @param then of the list, as far as the mark goes */
export function isMarked(then: ListDigest, { length, sha256 }: ListMark): boolean {
  return then.length === length && markOf(then).sha256 === sha256;
}

/** Where the last line ends, within so many bytes, that is whole and good; 0 where none is. */
export async function goodEnd(handle: FileHandle, size: number, isGood: (line: string) => boolean): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = await lastLineStart(handle, end);
    const length = end - start;
    if (length <= LONGEST_LINE) {
      const line = await readAt(handle, start, length);
      if (line.at(-1) === NEWLINE && isGood(line.toString("utf8", 0, length - 1))) return end;
    }
    end = start;
  }
  return 0;
}

/** Where the last line before `end` begins; its own newline, if any, is the byte before `end`. */
async function lastLineStart(handle: FileHandle, end: number): Promise<number> {
  for (let upto = end - 1; upto > 0; ) {
    const from = Math.max(0, upto - WINDOW);
    const window = await readAt(handle, from, upto - from);
    const newline = window.lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
    upto = from;
  }
  return 0;
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
