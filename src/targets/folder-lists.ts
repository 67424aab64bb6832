/** The lists of a target that is a folder: read as they are, held against what is remembered, mended. */

import { join } from "node:path";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import { fromErrno } from "./folder/errno.ts";
import { digestLines, follows, markOf, markText, parseMark } from "./folder/list-mark.ts";
import { entriesIn, MANIFEST, SUMS, sumsIn } from "./folder/manifest.ts";
import type { OpenedFolder } from "./open-folder.ts";
import type { Lists, ListsMending, OnBroken, Sum } from "./target.ts";

export class FolderLists implements Lists {
  readonly #drive: OpenedFolder;
  readonly #manifest: string;
  readonly #sums: string;
  readonly #alone: (work: () => Promise<void>) => Promise<void>;

  /** @param alone does work on the drive when nothing else is done there */
  constructor(drive: OpenedFolder, alone: (work: () => Promise<void>) => Promise<void>) {
    this.#drive = drive;
    this.#manifest = join(drive.home, MANIFEST);
    this.#sums = join(drive.home, SUMS);
    this.#alone = alone;
  }

  async mark(): Promise<string> {
    const { writing } = this.#drive;
    if (writing !== null) return this.#reading(this.#manifest, () => writing.ledger.mark());
    const lists = [this.#manifest, this.#sums] as const;
    const [manifest, sums] = await this.#reading(this.#manifest, () =>
      Promise.all([digestLines(lists[0]), digestLines(lists[1])]),
    );
    return markText(markOf(manifest), markOf(sums));
  }

  async follows(mark: string): Promise<boolean> {
    const then = parseMark(mark);
    if (then === null) return false;
    return this.#reading(this.#manifest, async () => {
      const manifest = await follows(this.#manifest, then.manifest);
      return manifest && (await follows(this.#sums, then.sums));
    });
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.#linesOf(this.#manifest, entriesIn, signal, onBroken);
  }

  sums(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<Sum> {
    return this.#linesOf(this.#sums, sumsIn, signal, onBroken);
  }

  async mend(mending: ListsMending): Promise<void> {
    const { writing, name } = this.#drive;
    if (writing === null) throw new HaulError("read-only", `${name} was opened for reading only`);
    await this.#alone(() => writing.ledger.mend(mending, writing.force));
  }

  async *#linesOf<T>(
    file: string,
    read: (file: string, onBroken: OnBroken) => AsyncIterable<T>,
    signal: AbortSignal,
    onBroken?: OnBroken,
  ): AsyncGenerator<T> {
    let broken = 0;
    const count: OnBroken = (how) => {
      if (how === "unreadable" || how === "flawed") broken += 1;
      onBroken?.(how);
    };
    try {
      for await (const line of read(file, count)) {
        if (signal.aborted) throw new HaulError("interrupted", "interrupted");
        yield line;
      }
    } catch (error) {
      throw fromErrno(error, `reading ${file}`);
    }
    if (broken > 0) this.#drive.warn(`${file}: ${broken} lines cannot be read, or hold a date that is none`);
  }

  async #reading<T>(file: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fromErrno(error, `looking at ${file}`);
    }
  }
}
