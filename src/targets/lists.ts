/** The lists of a target: added to, read as they are, held against what is remembered, mended. */

import { stopIf } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import { ENTRIES, type ListForm, markText, parseMark, SUMS } from "./list-lines.ts";
import type { ListFiles, Medium } from "./medium.ts";
import type { ListMending, Lists, ListsMending, OnBroken, Sum } from "./target.ts";

/** So many lines are added at once. */
const BATCH = 1000;

type Alone = <T>(doing: string, work: () => Promise<T>) => Promise<T>;

export class TargetLists implements Lists {
  readonly #medium: Pick<Medium, "name" | "warn" | "drafts">;
  readonly #files: ListFiles;
  readonly #alone: Alone;

  /** @param alone does work when nothing else is written to the target */
  constructor(medium: Pick<Medium, "name" | "warn" | "drafts" | "lists">, alone: Alone) {
    this.#medium = medium;
    this.#files = medium.lists;
    this.#alone = alone;
  }

  async mark(signal: AbortSignal): Promise<string> {
    const manifest = await this.#files.mark("manifest", signal);
    return markText({ manifest, sums: await this.#files.mark("sums", signal) });
  }

  async follows(mark: string, signal: AbortSignal): Promise<boolean> {
    const then = parseMark(mark);
    if (then === null) return false;
    const manifest = await this.#files.follows("manifest", then.manifest, signal);
    return manifest && (await this.#files.follows("sums", then.sums, signal));
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.#read(ENTRIES, signal, onBroken);
  }

  sums(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<Sum> {
    return this.#read(SUMS, signal, onBroken);
  }

  /** Adds a line for each entry to both lists. After an error no entry counts, and the same call may be made again. */
  async add(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    if (entries.length === 0) return;
    const additions = [
      { list: SUMS.list, lines: entries.map(SUMS.write) },
      { list: ENTRIES.list, lines: entries.map(ENTRIES.write) },
    ];
    await this.#files.append(additions, signal);
  }

  /** Adds a line for each entry to the manifest alone: its bytes are in SHA256SUMS already. */
  async amend(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    await this.#append(ENTRIES.list, written(entries, ENTRIES.write), signal);
  }

  async mend({ manifest, sums }: ListsMending, signal: AbortSignal): Promise<void> {
    const { drafts, name } = this.#medium;
    if (drafts === null) throw new HaulError("read-only", `${name} was opened for reading only`);
    await this.#alone("mending the lists", async () => {
      await this.#mend(SUMS, sums, signal);
      await this.#mend(ENTRIES, manifest, signal);
    });
  }

  async #mend<T extends Sum>(
    { list, read, write }: ListForm<T>,
    { clean, isWrong, add }: ListMending<T>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!clean) return this.#append(list, written(add, write), signal);
    const keep = (line: string): string | null => {
      const { item, broken } = read(line);
      if (item === null || isWrong(item)) return null;
      return broken === null ? `${line}\n` : write(item);
    };
    await this.#files.rewrite(list, keep, written(add, write), signal);
  }

  async #append(
    list: ListForm<unknown>["list"],
    batches: AsyncIterable<readonly string[]>,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const lines of batches) await this.#files.append([{ list, lines }], signal);
  }

  async *#read<T>({ list, read }: ListForm<T>, signal: AbortSignal, onBroken?: OnBroken): AsyncGenerator<T> {
    let unreadable = 0;
    const tell: OnBroken = (how) => {
      if (how === "unreadable" || how === "flawed") unreadable += 1;
      onBroken?.(how);
    };
    stopIf(signal);
    for await (const line of this.#files.lines(list, signal, tell)) {
      stopIf(signal);
      const { item, broken } = read(line);
      if (broken !== null) tell(broken);
      if (item !== null) yield item;
    }
    if (unreadable === 0) return;
    this.#medium.warn(`${this.#files.placeOf(list)}: ${unreadable} lines cannot be read, or hold a date that is none`);
  }
}

/** The lines of items, in batches. */
async function* written<T>(
  items: AsyncIterable<T> | Iterable<T>,
  write: (item: T) => string,
): AsyncGenerator<readonly string[]> {
  let lines: string[] = [];
  for await (const item of items) {
    if (lines.push(write(item)) < BATCH) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}
