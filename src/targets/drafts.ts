/** Photos that wait for their name: in files of one folder, small ones in memory beside it. */

import type { Bytes, Draft } from "./target.ts";
import { TemporaryFile } from "./temporary.ts";
import { stopIf, untilAborted } from "./until-aborted.ts";

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
  readonly #options: DraftsOptions;
  readonly #waiting = new Set<FileDraft>();

  constructor(options: DraftsOptions) {
    this.#options = options;
  }

  /** As `Target.stage`. */
  async stage(bytes: Bytes, size: number, signal: AbortSignal): Promise<Draft> {
    const { folder, hold, attempt } = this.#options;
    stopIf(signal);
    if (bytes instanceof Uint8Array) {
      return this.#draftOf(await attempt("writing a photo", () => TemporaryFile.of(folder, bytes, hold)));
    }
    const draft = this.#draftOf(await attempt("making a file", () => TemporaryFile.create(folder, size, hold)));
    const { temporary } = draft;
    try {
      for await (const chunk of untilAborted(bytes, signal)) {
        await attempt("writing a photo", () => temporary.write(chunk));
      }
      await attempt("writing a photo", () => temporary.finish());
      return draft;
    } catch (error) {
      await draft.discard().catch(() => undefined);
      throw error;
    }
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
