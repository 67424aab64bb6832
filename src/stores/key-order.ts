/** Puts a listing that comes in any order into that of keys, in little memory: what is more lies in files meanwhile. */

import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compareKeys } from "../key.ts";

/** Entries that lie in memory: some 10 MB of them. */
const HELD = 20_000;

interface Keyed {
  readonly key: string;
}

/** Takes entries, then gives them back once, by key and, where keys are equal, in the order of `second`. */
export class KeyOrder<T extends Keyed> implements AsyncDisposable {
  readonly #second: (entry: T) => string;
  readonly #most: number;
  readonly #runs: string[] = [];
  #held: T[] = [];
  #folder: string | null = null;

  /** @param most entries in memory; for tests */
  constructor(second: (entry: T) => string, most = HELD) {
    this.#second = second;
    this.#most = most;
  }

  async add(entry: T): Promise<void> {
    if (this.#held.push(entry) >= this.#most) await this.#spill();
  }

  /** To be asked once. */
  async *entries(): AsyncGenerator<T> {
    if (this.#runs.length === 0) {
      yield* this.#sorted();
      return;
    }
    await this.#spill();
    yield* this.#merged();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#held = [];
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }

  #sorted(): T[] {
    return this.#held.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: T, b: T): number {
    const [first, other] = [this.#second(a), this.#second(b)];
    return compareKeys(a.key, b.key) || (first < other ? -1 : Number(first > other));
  }

  async #spill(): Promise<void> {
    this.#folder ??= await mkdtemp(join(tmpdir(), "photohaul-listing-"));
    const file = join(this.#folder, String(this.#runs.length));
    await writeFile(file, this.#sorted().map(lineOf));
    this.#runs.push(file);
    this.#held = [];
  }

  async *#merged(): AsyncGenerator<T> {
    const runs = this.#runs.map((file) => createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]());
    try {
      const next = async (at: number): Promise<T | null> => {
        const line = await runs[at]?.next();
        return line === undefined || line.done === true ? null : JSON.parse(line.value);
      };
      const heads: (T | null)[] = [];
      for (const at of runs.keys()) heads.push(await next(at));
      for (;;) {
        let least = -1;
        for (const [at, head] of heads.entries()) {
          if (head !== null && (least < 0 || this.#isBefore(head, heads[least]))) least = at;
        }
        const head = heads[least];
        if (head === undefined || head === null) return;
        yield head;
        heads[least] = await next(least);
      }
    } finally {
      for (const run of runs) await run.return?.();
    }
  }

  #isBefore(entry: T, other: T | null | undefined): boolean {
    return other === null || other === undefined || this.#compare(entry, other) < 0;
  }
}

/** Readline ends a line also where JSON writes these two as they are (U+2028, U+2029). */
function lineOf(entry: Keyed): string {
  const text = JSON.stringify(entry).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `${text}\n`;
}
