/** A photo that waits on a drive, or in memory beside it, for its name. */

import type { Draft } from "../target.ts";
import type { TemporaryFile } from "./temporary.ts";

export class FolderDraft implements Draft {
  readonly temporary: TemporaryFile;
  readonly #forget: (draft: FolderDraft) => void;

  constructor(temporary: TemporaryFile, forget: (draft: FolderDraft) => void) {
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

/** @throws TypeError for the draft of another target, which is a bug */
export function draftOf(draft: Draft): FolderDraft {
  if (draft instanceof FolderDraft) return draft;
  throw new TypeError("the draft of another target");
}
