/** Photos that wait for their name: in files of one folder, small ones in memory beside it. */

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stopIf, untilAborted } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { HandDraft } from "../model.ts";
import { type Begun, BegunPhotos, dropNote, unlinkIfThere } from "./begun.ts";
import type { Bytes, Draft, LargePhoto } from "./target.ts";

export class FileDraft implements Draft {
  readonly temporary: TemporaryFile;
  readonly #forget: (draft: FileDraft) => void;

  constructor(temporary: TemporaryFile, forget: (draft: FileDraft) => void) {
    this.temporary = temporary;
    this.#forget = forget;
  }

  get size(): number {
    return this.temporary.size;
  }

  /** Whoever asks gets a file, also of a photo that was held in memory; a drive that takes none says so when it is kept. */
  get file(): string | undefined {
    try {
      this.temporary.spill();
    } catch {
      return undefined;
    }
    return this.temporary.placed ?? this.temporary.file;
  }

  async discard(): Promise<void> {
    this.#forget(this);
    await this.temporary.discard();
  }
}

/** @throws TypeError for the draft of another kind of target, which is a bug */
export function temporaryOf(draft: Draft): TemporaryFile {
  if (draft instanceof FileDraft) return draft.temporary;
  throw new TypeError("the draft of another target");
}

export interface DraftsOptions {
  readonly folder: string;
  /** Photos up to so many bytes wait in memory until something asks for their file. */
  readonly hold: number;
  /** Does work in the folder; what fails is thrown as a target's trouble. */
  readonly attempt: <T>(doing: string, work: () => Promise<T>) => Promise<T>;
}

export class Drafts {
  readonly begun: BegunPhotos;
  readonly #options: DraftsOptions;
  readonly #waiting = new Set<FileDraft>();

  constructor(options: DraftsOptions) {
    this.#options = options;
    this.begun = new BegunPhotos(options.folder);
  }

  /** As `Target.stage`. */
  async stage(bytes: Bytes, size: number, signal: AbortSignal, large?: LargePhoto): Promise<Draft> {
    const { folder, hold, attempt } = this.#options;
    if ("file" in bytes) {
      // It is ours now, and is given back in the end: also where the run is to end.
      return attempt("writing a photo", async () => this.#draftOf(TemporaryFile.written(bytes)));
    }
    stopIf(signal);
    if (bytes instanceof Uint8Array) {
      return this.#draftOf(await attempt("writing a photo", () => TemporaryFile.of(folder, bytes, hold)));
    }
    const making = () => (large === undefined ? TemporaryFile.create(folder, size, hold) : this.#largeFile(large));
    const draft = this.#draftOf(await attempt("making a file", making));
    const { temporary } = draft;
    let came = true;
    try {
      for await (const chunk of untilAborted(bytes, signal)) {
        came = false;
        await attempt("writing a photo", () => temporary.write(chunk));
        came = true;
      }
      came = false;
      await attempt("writing a photo", () => temporary.finish());
      return draft;
    } catch (error) {
      // Only what stopped on its way here may go on another time; another object never does.
      const goesOn = large !== undefined && came && !(error instanceof HaulError && error.code === "changed");
      await (goesOn ? this.#pause(draft) : draft.discard()).catch(() => undefined);
      throw error;
    }
  }

  async #largeFile({ object, begun }: LargePhoto): Promise<TemporaryFile> {
    const { folder } = this.#options;
    const ours = begun !== null && dirname(begun.file) === folder ? begun : null;
    await this.begun.drop(object, ours?.file);
    if (ours !== null) return TemporaryFile.goOn(ours);
    const file = join(folder, nextName());
    await this.begun.note(file, object);
    return TemporaryFile.goOn({ file, length: 0 });
  }

  async #pause(draft: FileDraft): Promise<void> {
    this.#waiting.delete(draft);
    await draft.temporary.pause();
  }

  #draftOf(temporary: TemporaryFile): FileDraft {
    const draft = new FileDraft(temporary, (gone) => this.#waiting.delete(gone));
    this.#waiting.add(draft);
    return draft;
  }

  /** Discards those that still wait. */
  async close(): Promise<void> {
    for (const draft of this.#waiting) await draft.discard().catch(() => undefined);
  }
}

/** The size of a write; smaller photos are written whole. A megabyte writes no faster, and takes 60 MB more (measured). */
const BLOCK = 256 * 1024;

/** A new, empty file in `folder`; errors are those of the operating system. */
export class TemporaryFile {
  readonly file: string;
  /** Where it was given a name; null while it has none. */
  placed: string | null = null;
  /** Bytes taken so far. */
  size = 0;
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
  #held: Uint8Array<ArrayBuffer> | null = null;

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
    const handle = expected > 0 && expected <= hold ? null : await open(file, "wx");
    // Not of the pool: held bytes are handed to another thread, and with them the memory they lie in.
    const block = expected > 0 && expected < BLOCK ? Buffer.allocUnsafeSlow(expected) : takeBlock();
    return new TemporaryFile(file, handle, hold, block);
  }

  /** One for a large photo, which may be gone on with another time. @param file that is there, with its note */
  static async goOn({ file, length }: Begun): Promise<TemporaryFile> {
    const handle = await open(file, length === 0 ? "wx" : "a");
    if (length > 0) await handle.truncate(length);
    const made = new TemporaryFile(file, handle, 0, takeBlock());
    made.#skip = length;
    made.#isNoted = true;
    return made;
  }

  /** One that has all its bytes and is finished. @param bytes given away, where they are to be held */
  static async of(folder: string, bytes: Uint8Array<ArrayBuffer>, hold: number): Promise<TemporaryFile> {
    const isHeld = bytes.length <= hold;
    const file = join(folder, nextName());
    const made = new TemporaryFile(file, isHeld ? null : await open(file, "wx"), hold, NOTHING);
    made.size = bytes.length;
    if (isHeld) made.#held = bytes.buffer.byteLength === bytes.length ? bytes : Uint8Array.from(bytes);
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

  /** What is in memory only, once finished; whoever writes it to `file` sets it to null. */
  get held(): Uint8Array<ArrayBuffer> | null {
    return this.#held;
  }

  set held(bytes: Uint8Array<ArrayBuffer> | null) {
    this.#held = bytes;
  }

  /** Takes a copy, so the caller may use its buffer again at once. */
  async write(chunk: Uint8Array): Promise<void> {
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
      this.#held = this.#block.subarray(0, this.#filled);
    } else {
      await this.#flush();
      await this.#handle?.close();
      giveBack(this.#block);
    }
    this.#block = NOTHING;
  }

  /** Leaves what came in the file, for whoever goes on with it. */
  async pause(): Promise<void> {
    await this.#flush();
    await this.#handle?.close();
  }

  /** Writes what is held, at once. */
  spill(): void {
    if (this.#held !== null) writeFileSync(this.file, this.#held, { flag: "wx" });
    this.#held = null;
  }

  /** Gives the space back unless the file has a name. Safe to call twice. */
  async discard(): Promise<void> {
    const nowhere = this.#held !== null;
    this.#held = null;
    if (nowhere) return;
    // A drive may report on closing that earlier writes failed; the file goes all the same.
    await this.#handle?.close().catch(() => undefined);
    if (this.placed === null) await unlinkIfThere(this.file);
    if (this.#isNoted) await dropNote(this.file);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      await this.#handle?.writeFile(bytes);
      await this.#handle?.close();
    } catch (error) {
      await this.discard().catch(() => undefined);
      throw error;
    }
  }

  async #flush(): Promise<void> {
    this.#handle ??= await open(this.file, "wx");
    for (let at = 0; at < this.#filled; ) {
      const { bytesWritten } = await this.#handle.write(this.#block, at, this.#filled - at);
      at += bytesWritten;
    }
    this.#filled = 0;
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

function giveBack(block: Buffer<ArrayBuffer>): void {
  if (block.length === BLOCK && spare.length < MOST_SPARE) spare.push(block);
}

/** Half of a name is chance and tells processes apart, half counts: to ask for chance each time takes 10 µs. */
const RUN = randomBytes(4).toString("hex");
let files = 0;

/** Of a file among the drafts, free of every other. */
export function nextName(): string {
  files = (files + 1) % 2 ** 32;
  return `${RUN}${files.toString(16).padStart(8, "0")}.part`;
}
