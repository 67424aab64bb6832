/**
 * A bounded sample of a listing in which keys that may be of one photo lie together, whatever a service adds to
 * the photo's name: all of them, or none.
 */

import { fileKindOf } from "../keys/file-kinds.ts";
import { normalStem } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import { anchorsOf, anchorsOfStem, piecesOf, type Usual } from "./key-anchors.ts";

/** Keys that one anchor brought together. */
export interface Together {
  /** Those that may be the photo itself. */
  readonly own: Listed[];
  /** Those that may be made from it. */
  readonly made: Listed[];
}

/** Entries at most; some 3 MB. */
const CAPACITY = 20_000;
/** What more keys have in common is no photo's name. */
const MOST_TOGETHER = 200;
/** A piece of a name that so many keys have, about, is looked at together with its folder. */
const USUAL = 30;
const LEAST_COUNT = 3;
/** A whole name that so many keys have, and this share of them, may be that of a copy, or of every original. */
const SET_NAME = { least: 3, share: 0.01 };
const NOTHING: Together = { own: [], made: [] };

export class PhotoSample {
  readonly #usual: Usual;
  readonly #capacity: number;
  readonly #groups = new Map<number, Together>();
  #entries = 0;
  #modulus = 1;

  /**
   * @param objects an even sample of the listing, from which it is known what many keys have in their names
   * @param scale how many keys of the listing one of these stands for
   */
  constructor(objects: readonly Listed[], scale: number, capacity = CAPACITY) {
    this.#usual = usualIn(objects, scale);
    this.#capacity = capacity;
  }

  get groups(): Iterable<Together> {
    return this.#groups.values();
  }

  /** One in how many groups is kept. */
  get modulus(): number {
    return this.#modulus;
  }

  /** What lies together with the photo of a stem; null where the sample does not say. */
  around(stem: string, by: "name" | "folder"): Together | null {
    for (const anchor of anchorsOfStem(stem, by, this.#usual)) {
      if (anchor % this.#modulus !== 0) continue;
      const group = this.#groups.get(anchor);
      if (group !== NOTHING) return group ?? { own: [], made: [] };
    }
    return null;
  }

  add(object: Listed): void {
    if (fileKindOf(object.key) === "sidecar") return;
    const keeps = (hash: number) => hash % this.#modulus === 0;
    anchorsOf(normalStem(object.key), this.#usual, keeps, (anchor, own) => {
      this.#put(anchor, own, object);
    });
    while (this.#entries > this.#capacity && this.#groups.size > 1) this.#thin();
  }

  #put(anchor: number, own: boolean, object: Listed): void {
    let group = this.#groups.get(anchor);
    if (group === undefined) {
      group = { own: [], made: [] };
      this.#groups.set(anchor, group);
    } else if (group === NOTHING) return;
    const list = own ? group.own : group.made;
    if (list.at(-1) === object) return;
    list.push(object);
    this.#entries += 1;
    if (group.own.length + group.made.length <= MOST_TOGETHER) return;
    this.#entries -= group.own.length + group.made.length - 1;
    this.#groups.set(anchor, NOTHING);
  }

  #thin(): void {
    this.#modulus *= 2;
    for (const [anchor, group] of this.#groups) {
      if (anchor % this.#modulus === 0) continue;
      this.#groups.delete(anchor);
      this.#entries -= group === NOTHING ? 1 : group.own.length + group.made.length;
    }
  }
}

/**
 * What many keys of a listing have in their names.
 * @param scale how many keys of the listing one of these stands for
 */
export function usualIn(objects: readonly Listed[], scale: number): Usual {
  const words = new Map<number, number>();
  const names = new Map<number, number>();
  for (const { key } of objects) {
    piecesOf(normalStem(key), (piece, whole) => {
      const counts = whole ? names : words;
      counts.set(piece, (counts.get(piece) ?? 0) + 1);
    });
  }
  return {
    words: above(words, Math.max(LEAST_COUNT, USUAL / scale)),
    names: above(names, Math.max(SET_NAME.least, objects.length * SET_NAME.share)),
  };
}

function above(counts: ReadonlyMap<number, number>, least: number): ReadonlySet<number> {
  return new Set([...counts].filter(([, n]) => n >= least).map(([hash]) => hash));
}
