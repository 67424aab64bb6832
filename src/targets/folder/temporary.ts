/** Files under no name that matters: what photos are written into before they are given theirs. */

import { randomBytes } from "node:crypto";
import { type FileHandle, lstat, open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";

/** Only names like this are ever swept. */
const OURS = /^[0-9a-f]{16}\.part$/;
/** Writes of this size keep a slow drive busy; smaller photos are written whole. */
const BLOCK = 1024 * 1024;

/** A new, empty file in `folder`; errors are those of the operating system. */
export class TemporaryFile {
  readonly file: string;
  /** Where it was given a name; null while it has none. */
  placed: string | null = null;
  /** Bytes taken so far. */
  size = 0;
  readonly #handle: FileHandle;
  #block: Buffer;
  #filled = 0;

  private constructor(file: string, handle: FileHandle, expected: number) {
    this.file = file;
    this.#handle = handle;
    this.#block = Buffer.allocUnsafe(expected > 0 && expected < BLOCK ? expected : BLOCK);
  }

  static async create(folder: string, expected: number): Promise<TemporaryFile> {
    const file = join(folder, `${randomBytes(8).toString("hex")}.part`);
    return new TemporaryFile(file, await open(file, "wx"), expected);
  }

  /** Takes a copy, so the caller may use its buffer again at once. */
  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + this.#block.length - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === this.#block.length) await this.#flush();
    }
  }

  /** Everything has reached the file (not yet the medium), and the file is closed. */
  async finish(): Promise<void> {
    await this.#flush();
    this.#block = Buffer.alloc(0);
    await this.#handle.close();
  }

  /** Gives the space back unless the file has a name. Safe to call twice. */
  async discard(): Promise<void> {
    // A drive may report on closing that earlier writes failed; the file goes all the same.
    await this.#handle.close().catch(() => undefined);
    if (this.placed === null) await unlinkIfThere(this.file);
  }

  async #flush(): Promise<void> {
    for (let at = 0; at < this.#filled; ) {
      const { bytesWritten } = await this.#handle.write(this.#block, at, this.#filled - at);
      at += bytesWritten;
    }
    this.#filled = 0;
  }
}

/** Removes what killed runs left behind; only regular files whose names are ours. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (OURS.test(name) && (await lstat(file)).isFile()) await unlinkIfThere(file);
  }
}

export async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
