/**
 * The two lists on a target that say what was kept: SHA256SUMS and manifest.ndjson. They only grow. A line
 * counts once it is whole and ends in a newline; what a cut run left after the last such line is set aside
 * before anything is added. SHA256SUMS is written first, so that it names all that the manifest names.
 */

import { join } from "node:path";
import { parseEntry, parseEntryLine } from "../../entry-line.ts";
import type { ManifestEntry } from "../../model.ts";
import type { ListsMending, OnBroken, Sum } from "../target.ts";
import { codeOf } from "./errno.ts";
import { GrowingFile } from "./growing-file.ts";
import { linesOf } from "./lines.ts";
import { markText } from "./list-mark.ts";
import { parseSumsLine, type SumsLine, sumsLine } from "./sums-line.ts";

export const MANIFEST = "manifest.ndjson";
export const SUMS = "SHA256SUMS";

/** So many lines are added at once. */
const BATCH = 1000;

/** Both lists, open for adding; errors are those of the operating system. */
export class FolderManifest {
  readonly #folder: string;
  readonly #sums: GrowingFile;
  readonly #manifest: GrowingFile;
  readonly #onAside: (name: string) => void;

  private constructor(
    folder: string,
    lists: { sums: GrowingFile; manifest: GrowingFile },
    onAside: (name: string) => void,
  ) {
    this.#folder = folder;
    this.#sums = lists.sums;
    this.#manifest = lists.manifest;
    this.#onAside = onAside;
  }

  /** @param onAside told under which name a list is kept that had to be cut */
  static async open(folder: string, onAside: (name: string) => void = () => undefined): Promise<FolderManifest> {
    const sums = await GrowingFile.open(join(folder, SUMS), isSumsLine);
    try {
      const manifest = await GrowingFile.open(join(folder, MANIFEST), isEntryLine);
      return new FolderManifest(folder, { sums, manifest }, onAside);
    } catch (error) {
      await sums.close();
      throw error;
    }
  }

  /** Adds a line for each entry to both lists. After an error no entry counts, and the same call may be made again. */
  async add(entries: readonly ManifestEntry[], force: boolean): Promise<void> {
    if (entries.length === 0) return;
    await this.#append(this.#sums, entries.map(sumsLine), force);
    await this.amend(entries, force);
  }

  /** Adds a line for each entry to the manifest alone: its bytes are in SHA256SUMS already. */
  async amend(entries: readonly ManifestEntry[], force: boolean): Promise<void> {
    await this.#append(this.#manifest, entries.map(manifestLine), force);
  }

  /** How far both lists have got, as text (list-mark.ts). */
  async mark(): Promise<string> {
    return markText(await this.#manifest.mark(), await this.#sums.mark());
  }

  /** As `Target.mend`. The sums first, so that they name all that the manifest names. */
  async mend({ manifest, sums }: ListsMending, force: boolean): Promise<void> {
    const [file, other] = [join(this.#folder, SUMS), join(this.#folder, MANIFEST)];
    const sound = sums.clean ? without(sumsIn(file), sums.isWrong) : null;
    await this.#mendList(this.#sums, sound, sums.add, sumsLine, force);
    const good = manifest.clean ? without(entriesIn(other), manifest.isWrong) : null;
    await this.#mendList(this.#manifest, good, manifest.add, manifestLine, force);
  }

  async close(): Promise<void> {
    await Promise.all([this.#sums.close(), this.#manifest.close()]);
  }

  async #append(list: GrowingFile, lines: readonly string[], force: boolean): Promise<void> {
    if (lines.length === 0) return;
    const aside = await list.append(lines.join(""), force);
    if (aside !== null) this.#onAside(aside);
  }

  /** @param good what stays of it; null where nothing has to be taken out */
  async #mendList<T>(
    list: GrowingFile,
    good: AsyncIterable<T> | null,
    added: AsyncIterable<T>,
    written: (item: T) => string,
    force: boolean,
  ): Promise<void> {
    if (good !== null) {
      this.#onAside(await list.replace(both(good, added, written)));
      return;
    }
    let batch: string[] = [];
    for await (const item of added) {
      if (batch.push(written(item)) < BATCH) continue;
      await this.#append(list, batch, force);
      batch = [];
    }
    await this.#append(list, batch, force);
  }
}

/** The entries of a manifest; none where there is no file. Errors are those of the system. */
export async function* entriesIn(file: string, onBroken?: OnBroken): AsyncGenerator<ManifestEntry> {
  for await (const line of linesIn(file, onBroken)) {
    const read = parseEntryLine(line);
    if (read === null) onBroken?.("unreadable");
    else {
      if (read.flawed) onBroken?.("flawed");
      else if (line.endsWith("\r")) onBroken?.("form");
      yield read.entry;
    }
  }
}

/** What a SHA256SUMS names; nothing where there is no file. Errors are those of the system. */
export async function* sumsIn(file: string, onBroken?: OnBroken): AsyncGenerator<SumsLine> {
  for await (const line of linesIn(file, onBroken)) {
    const read = parseSumsLine(line);
    if (read === null) onBroken?.("unreadable");
    else {
      if (!read.plain) onBroken?.("form");
      yield read;
    }
  }
}

async function* linesIn(file: string, onBroken?: OnBroken): AsyncGenerator<string> {
  try {
    yield* linesOf(
      file,
      () => onBroken?.("cut"),
      () => onBroken?.("form"),
    );
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

async function* without<T extends Sum>(items: AsyncIterable<T>, isWrong: (item: Sum) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (!isWrong(item)) yield item;
}

async function* both<T>(
  first: AsyncIterable<T>,
  second: AsyncIterable<T>,
  written: (item: T) => string,
): AsyncGenerator<string> {
  for await (const item of first) yield written(item);
  for await (const item of second) yield written(item);
}

function manifestLine(entry: ManifestEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function isSumsLine(line: string): boolean {
  return parseSumsLine(line)?.plain === true;
}

function isEntryLine(line: string): boolean {
  return parseEntry(line) !== null;
}
