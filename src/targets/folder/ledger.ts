/**
 * The two lists on a target that say what was kept: SHA256SUMS and manifest.ndjson. They only grow. A line
 * counts once it is whole and ends in a newline; what a cut run left after the last such line is taken off
 * before anything is added. SHA256SUMS is written first, so that it names all that the manifest names.
 */

import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { parseEntry } from "../../entry-line.ts";
import type { ManifestEntry } from "../../model.ts";
import { takeOffTorn } from "./lines.ts";

export const MANIFEST = "manifest.ndjson";
export const SUMS = "SHA256SUMS";

/** Both lists, open for adding; errors are those of the operating system. */
export class Ledger {
  readonly #sums: GrowingFile;
  readonly #manifest: GrowingFile;

  private constructor(sums: GrowingFile, manifest: GrowingFile) {
    this.#sums = sums;
    this.#manifest = manifest;
  }

  static async open(folder: string): Promise<Ledger> {
    const sums = await GrowingFile.open(join(folder, SUMS), isSumsLine);
    try {
      return new Ledger(sums, await GrowingFile.open(join(folder, MANIFEST), isEntryLine));
    } catch (error) {
      await sums.close();
      throw error;
    }
  }

  /** Adds a line for each entry to both lists. After an error no entry counts, and the same call may be made again. */
  async add(entries: readonly ManifestEntry[], force: boolean): Promise<void> {
    if (entries.length === 0) return;
    await this.#sums.append(entries.map(sumsLine).join(""), force);
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    await this.#manifest.append(lines.join(""), force);
  }

  /** Bytes of the manifest. */
  get size(): number {
    return this.#manifest.size;
  }

  /** Adds a line for each entry to the manifest alone: its bytes are in SHA256SUMS already. */
  async amend(entries: readonly ManifestEntry[], force: boolean): Promise<void> {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
    await this.#manifest.append(lines.join(""), force);
  }

  async close(): Promise<void> {
    await Promise.all([this.#sums.close(), this.#manifest.close()]);
  }
}

/** As `sha256sum` writes it: a name with a backslash or a newline has them escaped, and the line says so. */
export function sumsLine(entry: Pick<ManifestEntry, "path" | "sha256">): string {
  const escaped = entry.path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `${escaped === entry.path ? "" : "\\"}${entry.sha256}  ${escaped}\n`;
}

/** A file that only grows, by whole pieces: what a failed piece left is taken off before the next. */
class GrowingFile {
  readonly #handle: FileHandle;
  #size: number;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  static async open(file: string, isGood: (line: string) => boolean): Promise<GrowingFile> {
    const handle = await open(file, "a+");
    try {
      return new GrowingFile(handle, await takeOffTorn(handle, isGood));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  async append(text: string, force: boolean): Promise<void> {
    const { size } = await this.#handle.stat();
    if (size !== this.#size) await this.#handle.truncate(this.#size);
    try {
      await this.#handle.appendFile(text);
      if (force) await this.#handle.sync();
      this.#size += Buffer.byteLength(text);
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function isSumsLine(line: string): boolean {
  return /^\\?[0-9a-f]{64} [ *]./.test(line);
}

function isEntryLine(line: string): boolean {
  return parseEntry(line) !== null;
}
