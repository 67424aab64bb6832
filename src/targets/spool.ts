/**
 * A folder on this computer in which photos wait on their way to a target that takes only whole ones. They
 * are files, also the small ones: ExifTool reads files.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { HaulError } from "../errors.ts";
import { holdLock, type Lock } from "../local/lock.ts";
import { fromErrno } from "./folder/errno.ts";
import { sweep, TemporaryFile } from "./folder/temporary.ts";
import { untilAborted } from "./folder/until-aborted.ts";
import type { Draft } from "./target.ts";

/** A photo that waits. */
export class SpooledDraft implements Draft {
  readonly file: string;
  readonly size: number;
  readonly #temporary: TemporaryFile;
  readonly #forget: (draft: SpooledDraft) => void;

  constructor(temporary: TemporaryFile, forget: (draft: SpooledDraft) => void) {
    this.file = temporary.file;
    this.size = temporary.size;
    this.#temporary = temporary;
    this.#forget = forget;
  }

  async discard(): Promise<void> {
    this.#forget(this);
    await this.#temporary.discard();
  }
}

/** One process at a time uses a spool, and so writes to its target from this computer. */
export class Spool {
  readonly folder: string;
  readonly #lock: Lock;
  readonly #drafts = new Set<SpooledDraft>();

  private constructor(folder: string, lock: Lock) {
    this.folder = folder;
    this.#lock = lock;
  }

  /**
   * Opens the folder, made if missing, and takes away what a killed run left there.
   * @param target for messages
   * @throws HaulError `locked`, `full`, `read-only`, `unwritable`
   */
  static async open(folder: string, target: string): Promise<Spool> {
    let lock: Lock | undefined;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      lock = holdLock(join(folder, "lock"), `the target ${target}`);
      await sweep(folder);
      return new Spool(folder, lock);
    } catch (error) {
      lock?.release();
      throw fromErrno(error, `making room for photos on their way, in ${folder}`);
    }
  }

  /** As `Target.stage`. */
  async stage(bytes: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<Draft> {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted");
    const temporary = await this.#here(() => TemporaryFile.create(this.folder, size));
    try {
      for await (const chunk of untilAborted(bytes, signal)) {
        await this.#here(() => temporary.write(chunk));
      }
      await this.#here(() => temporary.finish());
    } catch (error) {
      await temporary.discard().catch(() => undefined);
      throw error;
    }
    const draft = new SpooledDraft(temporary, (gone) => this.#drafts.delete(gone));
    this.#drafts.add(draft);
    return draft;
  }

  async close(): Promise<void> {
    for (const draft of this.#drafts) await draft.discard().catch(() => undefined);
    this.#lock.release();
  }

  async #here<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fromErrno(error, `writing a photo on its way to ${this.folder}`);
    }
  }
}
