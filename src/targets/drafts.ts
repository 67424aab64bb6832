/** Photos that wait for their name: in files of one folder, small ones in memory beside it. */

import { dirname, join } from "node:path";
import { stopIf, untilAborted } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { HandDraft } from "../model.ts";
import type { Ahead } from "../stores/store.ts";
import { BegunPhotos } from "./begun.ts";
import type { Bytes, Draft, LargePhoto } from "./target.ts";
import { nextName, TemporaryFile } from "./temporary-file.ts";

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
  /** Begins to send what is written to a file to where it is to lie; absent, or null, where it waits until then. */
  readonly ahead?: (signal: AbortSignal) => Ahead | null;
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
    const { folder, hold, attempt, ahead = () => null } = this.#options;
    if ("file" in bytes) {
      // It is ours now, and is given back in the end: also where the run is to end.
      return attempt("writing a photo", async () => this.take(bytes));
    }
    stopIf(signal);
    if (bytes instanceof Uint8Array) {
      const sent = bytes.length > hold ? ahead(signal) : null;
      return this.#draftOf(await attempt("writing a photo", () => TemporaryFile.of(folder, bytes, hold, sent)));
    }
    const making = () => (large === undefined ? TemporaryFile.create(folder, size, hold) : this.#largeFile(large));
    const draft = this.#draftOf(await attempt("making a file", making));
    const { temporary } = draft;
    if (!temporary.isHeld) temporary.ahead = ahead(signal);
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

  /** What a hand wrote. @throws what the system said where it could not */
  take(written: HandDraft): FileDraft {
    return this.#draftOf(TemporaryFile.written(written));
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
