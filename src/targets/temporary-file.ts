/** A photo in a file that has no name yet, or in memory in the place of one. */

import { randomBytes } from "node:crypto";
import { closeSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { HandDraft } from "../model.ts";
import type { Ahead } from "../stores/store.ts";
import { type Begun, dropNote, unlinkIfThere } from "./begun.ts";
import { openNew, openNewSync } from "./new-file.ts";

/** The size of a write; smaller photos are written whole. A megabyte writes no faster, and takes 60 MB more (measured). */
const BLOCK = 256 * 1024;
/** So many blocks wait for a drive before the bytes do. */
const QUEUED = 4;

/** A new, empty file in `folder`; errors are those of the operating system. */
export class TemporaryFile {
  readonly file: string;
  /** The same bytes on their way to where they are to lie; null where they wait here. */
  ahead: Ahead | null = null;
  /** Where it was given a name; null while it has none. */
  placed: string | null = null;
  /** Bytes taken so far. */
  size = 0;
  /** What is in memory only, once finished; whoever writes it to `file` sets it to null. */
  held: Uint8Array<ArrayBuffer> | null = null;
  /** Null while there is no file yet. */
  #handle: FileHandle | null;
  readonly #hold: number;
  /** The time that it was given, and whether the drive refused it; null where it was given none. */
  time: Pick<HandDraft, "seconds" | "undatable"> | null = null;
  /** Bytes at the beginning that lie in the file already, and are passed over. */
  #skip = 0;
  /** True where a note beside it says what it is. */
  #isNoted = false;
  #block: Buffer<ArrayBuffer>;
  #filled = 0;
  /** Blocks to be written, and their writing. */
  readonly #queue: Buffer<ArrayBuffer>[] = [];
  #writing: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  private constructor(file: string, handle: FileHandle | null, hold: number, block: Buffer<ArrayBuffer>) {
    this.file = file;
    this.#handle = handle;
    this.#hold = hold;
    this.#block = block;
  }

  /**
   * @param expected bytes, for allocation only
   * @param hold up to so many bytes stay in memory, and the file is not made, until `held` is written
   */
  static async create(folder: string, expected: number, hold = 0): Promise<TemporaryFile> {
    const file = join(folder, nextName());
    const handle = expected > 0 && expected <= hold ? null : await openNew(file);
    // Not of the pool: held bytes are handed to another thread, and with them the memory they lie in.
    const block = expected > 0 && expected < BLOCK ? Buffer.allocUnsafeSlow(expected) : takeBlock();
    return new TemporaryFile(file, handle, hold, block);
  }

  /** One for a large photo, which may be gone on with another time. @param file that is there, with its note */
  static async goOn({ file, length }: Begun): Promise<TemporaryFile> {
    const handle = await (length === 0 ? openNew(file) : open(file, "a"));
    if (length > 0) await handle.truncate(length);
    const made = new TemporaryFile(file, handle, 0, takeBlock());
    made.#skip = length;
    made.#isNoted = true;
    return made;
  }

  /** One that has all its bytes and is finished. @param bytes given away, where they are to be held */
  static async of(
    folder: string,
    bytes: Uint8Array<ArrayBuffer>,
    hold: number,
    ahead: Ahead | null = null,
  ): Promise<TemporaryFile> {
    const isHeld = bytes.length <= hold;
    const file = join(folder, nextName());
    const made = new TemporaryFile(file, isHeld ? null : await openNew(file), hold, NOTHING);
    made.size = bytes.length;
    made.ahead = ahead;
    if (isHeld) made.held = bytes.buffer.byteLength === bytes.length ? bytes : Uint8Array.from(bytes);
    else await made.#writeAll(bytes);
    return made;
  }

  /** One that a hand wrote. @throws what the system said where it could not */
  static written({ file, size, failure, ...time }: HandDraft): TemporaryFile {
    if (failure !== null) throw Object.assign(new Error(failure.message), { code: failure.code });
    const made = new TemporaryFile(file, null, 0, NOTHING);
    made.size = size;
    made.time = time;
    return made;
  }

  /** True while there is no file. */
  get isHeld(): boolean {
    return this.#handle === null;
  }

  /** Takes a copy, so the caller may use its buffer again at once. */
  async write(chunk: Uint8Array): Promise<void> {
    await Promise.all([this.#write(chunk), this.ahead?.write(chunk)]);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    const there = Math.min(this.#skip, chunk.length);
    this.#skip -= there;
    for (let at = there; at < chunk.length; ) {
      if (this.#filled === this.#block.length) await this.#flush();
      const piece = chunk.subarray(at, at + this.#block.length - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
    }
  }

  /** Everything has reached the file (not yet the medium), and the file is closed; or it is held. */
  async finish(): Promise<void> {
    if (this.#handle === null && this.#filled <= this.#hold) {
      this.held = this.#block.subarray(0, this.#filled);
    } else {
      await Promise.all([this.#written(), this.ahead?.finish()]);
      await this.#handle?.close();
      giveBack(this.#block);
    }
    this.#block = NOTHING;
  }

  /** Leaves what came in the file, for whoever goes on with it. */
  async pause(): Promise<void> {
    await this.ahead?.discard();
    await this.#written();
    await this.#handle?.close();
  }

  /** Writes what is held, at once. */
  spill(): void {
    if (this.held === null) return;
    const handle = openNewSync(this.file);
    try {
      writeFileSync(handle, this.held);
    } finally {
      closeSync(handle);
    }
    this.held = null;
  }

  /** Gives the space back unless the file has a name. Safe to call twice. */
  async discard(): Promise<void> {
    const nowhere = this.held !== null;
    this.held = null;
    if (nowhere) return;
    this.#queue.length = 0;
    await this.ahead?.discard();
    // A drive may report on closing that earlier writes failed; the file goes all the same.
    await this.#handle?.close().catch(() => undefined);
    if (this.placed === null) await unlinkIfThere(this.file);
    if (this.#isNoted) await dropNote(this.file);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      const { ahead } = this;
      await Promise.all([this.#handle?.writeFile(bytes), ahead?.write(bytes).then(() => ahead.finish())]);
      await this.#handle?.close();
    } catch (error) {
      await this.discard().catch(() => undefined);
      throw error;
    }
  }

  async #written(): Promise<void> {
    await this.#flush();
    await this.#writing;
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Hands the block over to be written, and waits only where many are. */
  async #flush(): Promise<void> {
    this.#handle ??= await openNew(this.file);
    if (this.#filled === 0) return;
    this.#queue.push(this.#block.subarray(0, this.#filled));
    this.#block = takeBlock();
    this.#filled = 0;
    this.#writing ??= this.#writeQueue(this.#handle);
    if (this.#queue.length >= QUEUED) await this.#writing;
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** In order, all that waits at once: whatever is there after a kill is a beginning. */
  async #writeQueue(handle: FileHandle): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const blocks = this.#queue.splice(0);
        const { bytesWritten } = await handle.writev(blocks);
        await writeRest(handle, blocks, bytesWritten);
        for (const block of blocks) giveBack(block);
      }
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#writing = null;
    }
  }
}

/** A drive may take less than it is given. */
async function writeRest(handle: FileHandle, blocks: readonly Uint8Array[], written: number): Promise<void> {
  let passed = written;
  for (const block of blocks) {
    for (let at = Math.min(passed, block.length); at < block.length; ) {
      at += (await handle.write(block, at, block.length - at)).bytesWritten;
    }
    passed -= Math.min(passed, block.length);
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Blocks of files that are finished, for the next ones: the system makes the memory of a new one page by page, at its
 * first use, and the collector marks the heap anew for every few tens of megabytes.
 */
const spare: Buffer<ArrayBuffer>[] = [];
const MOST_SPARE = 64;

function takeBlock(): Buffer<ArrayBuffer> {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
}

function giveBack({ buffer }: Buffer<ArrayBuffer>): void {
  if (buffer.byteLength === BLOCK && spare.length < MOST_SPARE) spare.push(Buffer.from(buffer));
}

/** Half of a name is chance and tells processes apart, half counts: to ask for chance each time takes 10 µs. */
const RUN = randomBytes(4).toString("hex");
let files = 0;

/** Of a file among the drafts, free of every other. */
export function nextName(): string {
  files = (files + 1) % 2 ** 32;
  return `${RUN}${files.toString(16).padStart(8, "0")}.part`;
}
