/**
 * The manifest and the sums of a target in a bucket: numbered parts that are written once, one pair for each
 * batch, the sums first, so that they name all that the manifest names. Always in the store's usual class:
 * lists in cold storage could not be read when they are needed.
 */

import type { ManifestEntry } from "../../model.ts";
import { sumsLine } from "../folder/sums-line.ts";
import type { Sum } from "../target.ts";
import { type List, MANIFEST, manifestLine, partsOf, SUMS } from "./parts.ts";
import { type PrefixWriter, textUpload } from "./prefix-writer.ts";

/** Lines of a part that is written alone. */
const LINES = 1000;

type AnyIterable<T> = AsyncIterable<T> | Iterable<T>;

/** Open for adding. */
export class PartedLedger {
  readonly #prefixWriter: PrefixWriter;
  #next: number;

  private constructor(prefixWriter: PrefixWriter, next: number) {
    this.#prefixWriter = prefixWriter;
    this.#next = next;
  }

  static async open(prefixWriter: PrefixWriter, signal: AbortSignal): Promise<PartedLedger> {
    const parts = await Promise.all([MANIFEST, SUMS].map((list) => partsOf(prefixWriter, list, signal)));
    const last = parts.flat().reduce((most, { number }) => Math.max(most, number), 0);
    return new PartedLedger(prefixWriter, last + 1);
  }

  /** Writes a part of each list. After an error no entry counts, and the same call may be made again. */
  async add(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    if (entries.length === 0) return;
    await this.#write(SUMS, entries.map(sumsLine), signal);
    await this.#write(MANIFEST, entries.map(manifestLine), signal);
    this.#next += 1;
  }

  /** Writes parts of the manifest alone: their photos are in the sums already. As `add`. */
  async amend(entries: AnyIterable<ManifestEntry>, signal: AbortSignal): Promise<void> {
    await this.#addAlone(MANIFEST, entries, manifestLine, signal);
  }

  /** Writes parts of the sums alone. As `add`. */
  async sum(sums: AnyIterable<Sum>, signal: AbortSignal): Promise<void> {
    await this.#addAlone(SUMS, sums, sumsLine, signal);
  }

  async #addAlone<T>(
    list: List,
    items: AnyIterable<T>,
    written: (item: T) => string,
    signal: AbortSignal,
  ): Promise<void> {
    let lines: string[] = [];
    const write = async () => {
      if (lines.length === 0) return;
      await this.#write(list, lines, signal);
      this.#next += 1;
      lines = [];
    };
    for await (const item of items) {
      if (lines.push(written(item)) >= LINES) await write();
    }
    await write();
  }

  /** Under the next number that is free: another computer may write to the same target. */
  async #write(list: List, lines: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const parcel = textUpload(list.path(String(this.#next).padStart(6, "0")), lines.join(""));
      if ((await this.#prefixWriter.put(parcel, signal)).kept !== "occupied") return;
      this.#next += 1;
    }
  }
}
