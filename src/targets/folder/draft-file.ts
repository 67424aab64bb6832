/** A draft that a hand writes: one call of the system after the other, in the thread of the hand. */

import { closeSync, futimesSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../errors.ts";
import type { Captured, HandDraft } from "../../model.ts";
import { openNewSync } from "../new-file.ts";
import type { DraftsFolder } from "../target.ts";
import { nextName } from "../temporary-file.ts";
import { UNDATABLE, wordsOf } from "./errno.ts";
import { holdableTime, secondsOf } from "./utimens.ts";

/** What fails is kept for whoever asks what became of it; then no file is left. */
export class DraftFile {
  readonly #file: string;
  readonly #earliest: string;
  /** -1 while it is not open. */
  #handle = -1;
  #isMade = false;
  #size = 0;
  #failure: HandDraft["failure"] = null;

  constructor({ folder, earliestTime }: DraftsFolder) {
    this.#file = join(folder, nextName());
    this.#earliest = earliestTime;
    this.#try(() => {
      this.#handle = openNewSync(this.#file);
      this.#isMade = true;
    });
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  write(bytes: Uint8Array): void {
    this.#try(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at);
      this.#size += bytes.length;
    });
  }

  /** All was written. @param time that the file is to have; null where that is not known yet */
  done(time: { readonly mtime: Date; readonly captured: Captured | null } | null): HandDraft {
    const seconds = time && secondsOf(holdableTime(time.mtime, this.#earliest), time.captured?.utc);
    let undatable = false;
    this.#try(() => {
      undatable = seconds !== null && !setTime(this.#handle, seconds);
      const handle = this.#handle;
      this.#handle = -1;
      closeSync(handle);
    });
    return { file: this.#file, size: this.#size, seconds, undatable, failure: this.#failure };
  }

  /** Gives the space back. */
  drop(): void {
    if (this.#failure === null) this.#fail({ code: "", message: "dropped" });
  }

  #try(work: () => void): void {
    if (this.#failure !== null) return;
    try {
      work();
    } catch (error) {
      this.#fail({ code: codeOf(error), message: wordsOf(error) });
    }
  }

  #fail(failure: NonNullable<HandDraft["failure"]>): void {
    this.#failure = failure;
    if (!this.#isMade) return;
    for (const step of [() => closeSync(this.#handle), () => unlinkSync(this.#file)]) {
      try {
        step();
      } catch {
        // It is closed, or the drive is gone; what is left the next start sweeps.
      }
    }
  }
}

/** @param seconds as `secondsOf` gives them. @returns false when the drive refused the time */
export function setTime(handle: number, seconds: string): boolean {
  try {
    futimesSync(handle, seconds, seconds);
    return true;
  } catch (error) {
    if (UNDATABLE.has(codeOf(error))) return false;
    throw error;
  }
}
