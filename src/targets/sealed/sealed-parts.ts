/**
 * The parts of a sealed manifest. A name says the number of its part and what its bytes are, so that damage shows without
 * a key; one that ends a manifest which was written anew says where that begins, and what is before counts no more.
 *
 *   manifest-000007-5f0c3b1a9d2e4f68.ndjson.age
 *   manifest-000009-from-000008-77aa01b2c3d4e5f6.ndjson.age
 */

import { createHash } from "node:crypto";
import type { OwnFile, OwnFiles, Target } from "../target.ts";

const PART = /^manifest-(\d{6,})(?:-from-(\d{6,}))?-([0-9a-f]{16})\.ndjson\.age$/;

export interface SealedPart extends OwnFile {
  readonly number: number;
  /** Of the first part that still counts, where this one ends a manifest that was written anew; else 0. */
  readonly from: number;
  readonly digest: string;
}

export class SealedParts {
  readonly #own: OwnFiles;
  /** The next number, once it is known. */
  #next = 0;

  constructor(own: OwnFiles) {
    this.#own = own;
  }

  /** Those that count, in their order. */
  async list(signal: AbortSignal): Promise<readonly SealedPart[]> {
    const all = await this.#all(signal);
    const from = all.reduce((latest, part) => (part.from > 0 ? part.from : latest), 0);
    return all.filter(({ number }) => number >= from);
  }

  /** Null where it is gone. */
  read({ name }: Pick<SealedPart, "name">, signal: AbortSignal): Promise<Buffer | null> {
    return this.#own.read(name, signal);
  }

  /** Writes one more, durably. @param from as of a part. @returns its number */
  async write(bytes: Buffer, signal: AbortSignal, from: number | "itself" = 0): Promise<number> {
    if (this.#next === 0) this.#next = ((await this.#all(signal)).at(-1)?.number ?? 0) + 1;
    const name = (number: number) => {
      const first = from === "itself" ? number : from;
      return `manifest-${padded(number)}${first === 0 ? "" : `-from-${padded(first)}`}-${digestOf(bytes)}.ndjson.age`;
    };
    while (!(await this.#own.put(name(this.#next), bytes, signal))) this.#next += 1;
    this.#next += 1;
    return this.#next - 1;
  }

  async #all(signal: AbortSignal): Promise<readonly SealedPart[]> {
    const files = await this.#own.list("manifest-", signal);
    const parts = files.flatMap((file) => {
      const [, number, from = 0, digest = ""] = PART.exec(file.name) ?? [];
      return number === undefined ? [] : [{ ...file, number: Number(number), from: Number(from), digest }];
    });
    return parts.sort((a, b) => a.number - b.number);
  }
}

/** Names of parts whose bytes are not those that they were written with: what only they say of photos is lost. */
export async function damagedParts({ own }: Pick<Target, "own">, signal: AbortSignal): Promise<readonly string[]> {
  if (own === undefined) return [];
  const parts = new SealedParts(own);
  const damaged: string[] = [];
  for (const part of await parts.list(signal)) {
    const bytes = await parts.read(part, signal);
    if (bytes === null || digestOf(bytes) !== part.digest) damaged.push(part.name);
  }
  return damaged;
}

/** True for the name of any part. */
export function isPart(name: string): boolean {
  return PART.test(name);
}

/** How far they have got: another text as soon as a byte of one is. */
export function markOf(parts: readonly OwnFile[]): string {
  const hash = createHash("sha256");
  for (const { name, tag } of parts) hash.update(`${name} ${tag}\n`);
  return `${parts.length} ${hash.digest("hex")}`;
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function padded(number: number): string {
  return String(number).padStart(6, "0");
}
