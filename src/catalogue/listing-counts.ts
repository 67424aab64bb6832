/** What is counted of a listing as its objects go by, in the order of their keys. */

import type { CataloguedObject, Kind } from "../model.ts";
import { newSeeds, seededHash } from "./seeded-hash.ts";
import { StemTable } from "./stem-table.ts";

export class ListingCounts {
  readonly families = new Map<string, { name: string; kind: Kind; keys: number; bytes: number }>();
  /** Null where there are too many keys to hold the stem of each: only those of renditions matter then. */
  stems: StemTable | null;
  /** True where there is one, as only then stems matter. */
  renditions = false;
  /** Bytes of the smallest original that has any. */
  smallest = Number.POSITIVE_INFINITY;
  /** True where some original is not the truest of its photo by its name. */
  ranked = false;
  readonly #seeds = newSeeds();
  readonly #hash = new Uint32Array(3);
  /** Of the ETag and size of each original that has both. */
  #bodies = new Float64Array(1024);
  #originals = 0;
  #keys = 0;
  #family = { name: "", kind: "other" as Kind, keys: 0, bytes: 0 };

  /** @param stems whether they are counted as well */
  constructor(stems: boolean) {
    this.stems = stems ? new StemTable() : null;
  }

  add(object: CataloguedObject): void {
    const { kind, family: name, size, etag, rank } = object;
    if (this.#family.name !== name || this.#family.kind !== kind) this.#family = this.#familyOf(name, kind);
    this.#family.keys += 1;
    this.#family.bytes += size;
    this.stems?.add(object, this.#keys);
    this.#keys += 1;
    this.renditions ||= kind === "rendition";
    if (kind !== "original") return;
    this.ranked ||= rank > 0;
    if (size === 0) return;
    this.smallest = Math.min(this.smallest, size);
    if (etag === "") return;
    if (this.#originals === this.#bodies.length) this.#bodies = grown(this.#bodies);
    this.#bodies[this.#originals] = this.bodyOf(etag, size);
    this.#originals += 1;
  }

  #familyOf(name: string, kind: Kind) {
    const id = `${kind} ${name}`;
    const family = this.families.get(id) ?? { name, kind, keys: 0, bytes: 0 };
    this.families.set(id, family);
    return family;
  }

  /** 53 bits that stand for an ETag and a size; others may have them too. */
  bodyOf(etag: string, size: number): number {
    seededHash(etag, this.#seeds, this.#hash);
    const [a = 0, b = 0] = this.#hash;
    return ((a ^ size) >>> 0) * 2 ** 21 + (b >>> 11);
  }

  /** Those that more than one original has. */
  twice(): Set<number> {
    const bodies = this.#bodies.slice(0, this.#originals).sort();
    const twice = new Set<number>();
    for (let at = 1; at < bodies.length; at += 1) {
      const body = bodies[at] ?? 0;
      if (body === bodies[at - 1]) twice.add(body);
    }
    return twice;
  }
}

function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(2 * numbers.length);
  more.set(numbers);
  return more;
}
