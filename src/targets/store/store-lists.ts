/** The lists of a target in a store: read as they are, held against what is remembered, mended. */

import { HaulError } from "../../errors.ts";
import type { ManifestEntry } from "../../model.ts";
import { markText, parseMark } from "../folder/list-mark.ts";
import { sumsLine } from "../folder/sums-line.ts";
import type { Lists, ListsMending, OnBroken, Sum } from "../target.ts";
import type { Opened } from "./opening.ts";
import {
  type List,
  linesOfPart,
  MANIFEST,
  manifestLine,
  markOfParts,
  partsOf,
  type ReadLine,
  readEntry,
  readSum,
  SUMS,
} from "./parts.ts";
import { textUpload } from "./prefix-writer.ts";

export class StoreLists implements Lists {
  readonly #opened: Opened;
  readonly #alone: (work: () => Promise<void>) => Promise<void>;

  /** @param alone does work when nothing else is written to the lists */
  constructor(opened: Opened, alone: (work: () => Promise<void>) => Promise<void>) {
    this.#opened = opened;
    this.#alone = alone;
  }

  async mark(signal: AbortSignal): Promise<string> {
    const { manifest, sums } = await this.#parts(signal);
    return markText(markOfParts(manifest), markOfParts(sums));
  }

  async follows(mark: string, signal: AbortSignal): Promise<boolean> {
    const then = parseMark(mark);
    if (then === null) return false;
    const now = await this.#parts(signal);
    return (["manifest", "sums"] as const).every((list) => {
      const { bytes: number, sha256 } = then[list];
      const first = markOfParts(now[list].slice(0, number));
      return first.bytes === number && first.sha256 === sha256;
    });
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.#read(MANIFEST, readEntry, signal, onBroken);
  }

  sums(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<Sum> {
    return this.#read(SUMS, readSum, signal, onBroken);
  }

  async mend({ manifest, sums }: ListsMending, signal: AbortSignal): Promise<void> {
    const { writing, name } = this.#opened;
    if (writing === null) throw new HaulError("read-only", `${name} was opened for reading only`);
    await this.#alone(async () => {
      if (sums.clean) await this.#clean(SUMS, readSum, sumsLine, sums.isWrong, signal);
      await writing.ledger.sum(sums.add, signal);
      if (manifest.clean) await this.#clean(MANIFEST, readEntry, manifestLine, manifest.isWrong, signal);
      await writing.ledger.amend(manifest.add, signal);
    });
  }

  async #parts(signal: AbortSignal) {
    const { prefixWriter } = this.#opened;
    const [manifest, sums] = await Promise.all([
      partsOf(prefixWriter, MANIFEST, signal),
      partsOf(prefixWriter, SUMS, signal),
    ]);
    return { manifest, sums };
  }

  async *#read<T>(list: List, read: ReadLine<T>, signal: AbortSignal, onBroken?: OnBroken): AsyncGenerator<T> {
    const { prefixWriter, warn, name } = this.#opened;
    if (signal.aborted) throw new HaulError("interrupted", "interrupted");
    let broken = 0;
    const count: OnBroken = (how) => {
      if (how !== "form") broken += 1;
      onBroken?.(how);
    };
    for (const { path } of await partsOf(prefixWriter, list, signal)) {
      const text = (await prefixWriter.readText(path, signal)) ?? "";
      yield* linesOfPart(text, read, count);
    }
    if (broken > 0) {
      const what = list === MANIFEST ? "the manifest" : "SHA256SUMS";
      warn(`${name}: ${broken} lines of ${what} cannot be read, or hold a date that is none`);
    }
  }

  /** Each part that is not as it was written is set aside under another name, and then holds its good lines. */
  async #clean<T extends Sum>(
    list: List,
    read: ReadLine<T>,
    written: (item: T) => string,
    isWrong: (item: Sum) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { prefixWriter, warn } = this.#opened;
    for (const { path, number } of await partsOf(prefixWriter, list, signal)) {
      const bytes = (await prefixWriter.readBytes(path, signal)) ?? Buffer.alloc(0);
      let broken = 0;
      const all = linesOfPart(bytes.toString("utf8"), read, () => {
        broken += 1;
      });
      const good = all.filter((item) => !isWrong(item));
      if (broken === 0 && good.length === all.length) continue;
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
      const aside = `.photohaul/before-${stamp}-${path.slice(".photohaul/".length)}`;
      const { kept } = await prefixWriter.put(textUpload(aside, bytes), signal);
      if (kept === "occupied") throw new HaulError("occupied", `${aside} is taken (${number})`);
      await prefixWriter.replace(path, good.map(written).join(""), false, signal);
      warn(`${prefixWriter.name}/${aside} holds a part of a list as it was: it had to be mended`);
    }
  }
}
