/** The lists of a target that is a folder: one file each, which grows. Errors are those of the system. */

import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../errors.ts";
import { isGoodLine, type ListMark, type ListName, linesOf } from "../list-lines.ts";
import type { Addition, ListFiles } from "../medium.ts";
import type { OnBroken } from "../target.ts";
import { fromErrno } from "./errno.ts";
import { digestLines, GrowingFile, isMarked, markOf } from "./growing-file.ts";

export const LIST_FILES: Readonly<Record<ListName, string>> = { manifest: "manifest.ndjson", sums: "SHA256SUMS" };

const WINDOW = 64 * 1024;

type Files = Readonly<Record<ListName, GrowingFile>>;

export interface FolderListsOptions {
  /** `.photohaul` of the target. */
  readonly home: string;
  /** True to force each addition to the medium. */
  readonly durable: boolean;
  /** Told under which name a list is kept that had to be cut, or was written anew. */
  readonly onAside: (name: string) => void;
}

export class FolderLists implements ListFiles {
  readonly #options: FolderListsOptions;
  /** Null when the target was opened for reading. */
  readonly #files: Files | null;

  private constructor(options: FolderListsOptions, files: Files | null) {
    this.#options = options;
    this.#files = files;
  }

  static async open(options: FolderListsOptions): Promise<FolderLists> {
    const file = (list: ListName) =>
      GrowingFile.open(join(options.home, LIST_FILES[list]), (line) => isGoodLine(list, line));
    const sums = await file("sums");
    try {
      return new FolderLists(options, { sums, manifest: await file("manifest") });
    } catch (error) {
      await sums.close();
      throw error;
    }
  }

  static toRead(home: string): FolderLists {
    return new FolderLists({ home, durable: false, onAside: () => undefined }, null);
  }

  async *lines(list: ListName, _signal: AbortSignal, onBroken: OnBroken): AsyncGenerator<string> {
    const file = this.placeOf(list);
    const told = { onRest: () => onBroken("cut"), onForm: () => onBroken("form") };
    try {
      // A file that was opened a second time takes no more writes from some drivers of FAT.
      if (this.#files !== null) {
        yield* linesOf(this.#files[list].chunks(), told);
        return;
      }
      const handle = await open(file, "r");
      try {
        const chunks: AsyncIterable<Buffer> = handle.createReadStream({ autoClose: false, highWaterMark: WINDOW });
        yield* linesOf(chunks, told);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw fromErrno(error, `reading ${file}`);
    }
  }

  placeOf(list: ListName): string {
    return join(this.#options.home, LIST_FILES[list]);
  }

  mark(list: ListName): Promise<ListMark> {
    return this.#looking(list, async (file) => (await this.#files?.[list].mark()) ?? markOf(await digestLines(file)));
  }

  follows(list: ListName, mark: ListMark): Promise<boolean> {
    const { length } = mark;
    return this.#looking(list, async (file) =>
      isMarked((await this.#files?.[list].digest(length)) ?? (await digestLines(file, length)), mark),
    );
  }

  async append(additions: readonly Addition[]): Promise<void> {
    for (const { list, lines } of additions) {
      const aside = await this.#forWriting()[list].append(lines.join(""), this.#options.durable);
      if (aside !== null) this.#options.onAside(aside);
    }
  }

  async rewrite(
    list: ListName,
    keep: (line: string) => string | null,
    added: AsyncIterable<readonly string[]>,
    signal: AbortSignal,
  ): Promise<void> {
    const kept = this.lines(list, signal, () => undefined);
    this.#options.onAside(await this.#forWriting()[list].replace(both(kept, keep, added)));
  }

  async close(): Promise<void> {
    await Promise.all([this.#files?.sums.close(), this.#files?.manifest.close()]);
  }

  #forWriting(): Files {
    if (this.#files !== null) return this.#files;
    throw new TypeError("the lists were opened for reading");
  }

  async #looking<T>(list: ListName, work: (file: string) => Promise<T>): Promise<T> {
    const file = this.placeOf(list);
    try {
      return await work(file);
    } catch (error) {
      throw fromErrno(error, `looking at ${file}`);
    }
  }
}

async function* both(
  lines: AsyncIterable<string>,
  keep: (line: string) => string | null,
  added: AsyncIterable<readonly string[]>,
): AsyncGenerator<string> {
  for await (const line of lines) {
    const kept = keep(line);
    if (kept !== null) yield kept;
  }
  for await (const batch of added) yield batch.join("");
}
