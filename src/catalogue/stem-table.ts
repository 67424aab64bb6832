/**
 * What is listed of each photo at most, in typed arrays: 60 bytes a stem, where a million stems as text would take 100 MB.
 */

import { ARCHIVES, type CataloguedObject, type FamilyRange } from "../model.ts";
import { newSeeds, type Seeds, seededHash } from "./seeded-hash.ts";

const FEWEST = 1024;
/** The share of the places that may be taken. */
const FULL = 0.7;
/** No number of an object, and no rank of one. */
const NO_NUMBER = 0xff_ff_ff_ff;
const NO_RANK = 0xff_ff;

/** Columns of `#sizes`: bytes of the largest and the smallest original that has any, of the largest rendition, of what would stand in. */
const [LARGEST, SMALLEST, RENDITION, BEST] = [0, 1, 2, 3];
const SIZES = 4;
/** Bits of `#flags`. */
const THERE = 1;
const READABLE = 2;
const BEST_ARCHIVED = 4;

interface Arrays {
  readonly hashes: Uint32Array;
  /** -1 for none. */
  readonly sizes: Float64Array;
  /** The least rank of an original that has bytes. */
  readonly ranks: Uint16Array;
  /** The number of the rendition that would stand in. */
  readonly best: Uint32Array;
  readonly flags: Uint8Array;
}

export class StemTable {
  readonly #seeds: Seeds;
  readonly #hash = new Uint32Array(3);
  #of: Arrays = arraysFor(FEWEST);
  #used = 0;

  constructor(seeds: Seeds = newSeeds()) {
    this.#seeds = seeds;
  }

  /** Makes room for the stem of an object. */
  mention({ stem }: CataloguedObject): void {
    if (stem !== null) this.#enter(stem);
  }

  /**
   * @param number of the object in the order of keys: of what is as good the first stands in
   * @param mentioned true to leave out what was not mentioned
   */
  add({ kind, stem, size, rank, storageClass }: CataloguedObject, number: number, mentioned = false): void {
    if (stem === null || (kind !== "original" && kind !== "rendition")) return;
    if (mentioned && this.#of.flags[this.#slotOfStem(stem)] === 0) return;
    const at = this.#enter(stem);
    const { sizes, ranks, flags } = this.#of;
    const archived = ARCHIVES.has(storageClass);
    if (kind === "rendition") this.#rendition(at, size, archived, number);
    else {
      this.#most(at, LARGEST, size);
      if (size === 0) return;
      const smallest = sizes[SIZES * at + SMALLEST] ?? -1;
      if (smallest < 0 || size < smallest) sizes[SIZES * at + SMALLEST] = size;
      ranks[at] = Math.min(ranks[at] ?? NO_RANK, rank);
      if (!archived) flags[at] = (flags[at] ?? 0) | READABLE;
    }
  }

  #rendition(at: number, size: number, archived: boolean, number: number): void {
    this.#most(at, RENDITION, size);
    const { sizes, best, flags } = this.#of;
    const bits = flags[at] ?? 0;
    const isArchived = (bits & BEST_ARCHIVED) !== 0;
    const better = archived === isArchived ? size > (sizes[SIZES * at + BEST] ?? -1) : isArchived;
    if (best[at] !== NO_NUMBER && !better) return;
    sizes[SIZES * at + BEST] = size;
    best[at] = number;
    flags[at] = archived ? bits | BEST_ARCHIVED : bits & ~BEST_ARCHIVED;
  }

  #most(at: number, column: number, size: number): void {
    const { sizes } = this.#of;
    sizes[SIZES * at + column] = Math.max(sizes[SIZES * at + column] ?? -1, size);
  }

  /**
   * Whether its stem bears an object out, as `Listing.unmatched` says it.
   * @param ranges by family
   */
  isUnmatched(object: CataloguedObject, below: number, ranges: ReadonlyMap<string, FamilyRange>): boolean {
    const { kind, stem, size, rank, family } = object;
    if (stem === null) return false;
    if (kind === "original") {
      if (size >= 1 && size < below) return true;
      return rank > 0 && (this.#of.ranks[this.#slotOfStem(stem)] ?? NO_RANK) >= rank;
    }
    if (kind !== "rendition") return false;
    const at = SIZES * this.#slotOfStem(stem);
    const { sizes } = this.#of;
    const largest = sizes[at + LARGEST] ?? -1;
    if (largest <= size) return true;
    const range = ranges.get(family);
    if (range === undefined) return false;
    const smallest = sizes[at + SMALLEST] ?? -1;
    const { bytes, ratio } = range;
    return size < bytes[0] || size > bytes[1] || size < largest * ratio[0] || size > smallest * ratio[1];
  }

  /** True where some rendition has no original that is larger. */
  anyOrphan(): boolean {
    const { sizes, flags } = this.#of;
    return flags.some((bits, at) => {
      const rendition = sizes[SIZES * at + RENDITION] ?? -1;
      return bits !== 0 && rendition >= 0 && (sizes[SIZES * at + LARGEST] ?? -1) <= rendition;
    });
  }

  /** Numbers of the renditions that stand in for an original which cannot be read, rising. */
  standIns(): Uint32Array {
    const { best, flags } = this.#of;
    return best.filter((number, at) => number !== NO_NUMBER && ((flags[at] ?? 0) & READABLE) === 0).sort();
  }

  #enter(stem: string): number {
    if (this.#used > FULL * this.#of.flags.length) this.#grow();
    const at = this.#slotOfStem(stem);
    const { hashes, flags } = this.#of;
    if (flags[at] !== 0) return at;
    this.#used += 1;
    flags[at] = THERE;
    hashes.set(this.#hash, 3 * at);
    return at;
  }

  /** Where a stem is, or would be. */
  #slotOfStem(stem: string): number {
    seededHash(stem, this.#seeds, this.#hash);
    return slotOf(this.#of, this.#hash[0] ?? 0, this.#hash[1] ?? 0, this.#hash[2] ?? 0);
  }

  #grow(): void {
    const from = this.#of;
    const to = arraysFor(2 * from.flags.length);
    for (let at = 0; at < from.flags.length; at += 1) {
      const bits = from.flags[at] ?? 0;
      if (bits === 0) continue;
      const hash = from.hashes.subarray(3 * at, 3 * at + 3);
      const place = slotOf(to, hash[0] ?? 0, hash[1] ?? 0, hash[2] ?? 0);
      to.hashes.set(hash, 3 * place);
      to.sizes.set(from.sizes.subarray(SIZES * at, SIZES * (at + 1)), SIZES * place);
      to.ranks[place] = from.ranks[at] ?? NO_RANK;
      to.best[place] = from.best[at] ?? NO_NUMBER;
      to.flags[place] = bits;
    }
    this.#of = to;
  }
}

function arraysFor(size: number): Arrays {
  return {
    hashes: new Uint32Array(3 * size),
    sizes: new Float64Array(SIZES * size).fill(-1),
    ranks: new Uint16Array(size).fill(NO_RANK),
    best: new Uint32Array(size).fill(NO_NUMBER),
    flags: new Uint8Array(size),
  };
}

function slotOf({ hashes, flags }: Arrays, a: number, b: number, c: number): number {
  const mask = flags.length - 1;
  let at = a & mask;
  while (flags[at] !== 0 && (hashes[3 * at] !== a || hashes[3 * at + 1] !== b || hashes[3 * at + 2] !== c)) {
    at = (at + 1) & mask;
  }
  return at;
}
