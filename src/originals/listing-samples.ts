/**
 * Samples of a listing that are bounded however long it is, and the same on every run: each keeps what has a hash that
 * is divisible by a number, and doubles the number where it has too much.
 */

import { keyHash } from "../key.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { normalStem } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import { anchorsOf, anchorsOfStem, piecesOf, type Usual } from "./key-anchors.ts";
import { type Slot, slotsOf } from "./key-slots.ts";

/**
 * Entries at most. Of keys: enough that a word in 1 % of them is met 200 times. Of slots (one key in one): some 30 MB, and
 * enough for shares to the percent. Of keys that lie together: some 3 MB.
 */
const MOST = { keys: 20_000, slots: 30_000, together: 20_000 };

/** Keys, evenly over the listing. */
export class KeySample {
  readonly #capacity: number;
  #kept: Listed[] = [];
  #modulus = 1;
  #seen = 0;

  constructor(capacity = MOST.keys) {
    this.#capacity = capacity;
  }

  /** How many keys were offered. */
  get seen(): number {
    return this.#seen;
  }

  get objects(): readonly Listed[] {
    return this.#kept;
  }

  add(object: Listed): void {
    this.#seen += 1;
    if (keyHash(object.key) % this.#modulus !== 0) return;
    this.#kept.push(object);
    while (this.#kept.length > this.#capacity) {
      this.#modulus *= 2;
      this.#kept = this.#kept.filter(({ key }) => keyHash(key) % this.#modulus === 0);
    }
  }
}

/** A key in one of its slots. */
export interface Member {
  readonly object: Listed;
  readonly slot: Slot;
}

/**
 * Groups are whole in it: it keeps all keys that leave the same behind when a word is taken out of them, or none of them.
 * So shares and pairs counted in it hold for the listing.
 */
export class GroupSample {
  readonly #wanted: (word: string) => boolean;
  readonly #capacity: number;
  readonly #groups = new Map<string, Member[]>();
  #entries = 0;
  #modulus = 1;

  /** @param wanted which words may name a family */
  constructor(wanted: (word: string) => boolean, capacity = MOST.slots) {
    this.#wanted = wanted;
    this.#capacity = capacity;
  }

  /** One in how many groups is kept. */
  get modulus(): number {
    return this.#modulus;
  }

  /** The groups by what their keys leave behind. */
  get groups(): ReadonlyMap<string, readonly Member[]> {
    return this.#groups;
  }

  add(object: Listed): void {
    const keeps = (hash: number) => hash % this.#modulus === 0;
    for (const slot of slotsOf(object.key, this.#wanted, keeps)) {
      const group = this.#groups.get(slot.residual);
      if (group === undefined) this.#groups.set(slot.residual, [{ object, slot }]);
      else group.push({ object, slot });
      this.#entries += 1;
    }
    while (this.#entries > this.#capacity && this.#groups.size > 1) this.#thin();
  }

  #thin(): void {
    this.#modulus *= 2;
    for (const [residual, group] of this.#groups) {
      if (keyHash(residual) % this.#modulus === 0) continue;
      this.#groups.delete(residual);
      this.#entries -= group.length;
    }
  }
}

/** Keys that one anchor brought together. */
interface Together {
  /** Those that may be the photo itself. */
  readonly own: Listed[];
  /** Those that may be made from it. */
  readonly made: Listed[];
}

/** What more keys have in common is no photo's name. */
const MOST_TOGETHER = 200;
/** A piece of a name that so many keys have, about, is looked at together with its folder. */
const USUAL = 30;
const LEAST_COUNT = 3;
/** A whole name that so many keys have, and this share of them, may be that of a copy, or of every original. */
const SET_NAME = { least: 3, share: 0.01 };
const NOTHING: Together = { own: [], made: [] };

/** Keys that may be of one photo lie together in it, whatever a service adds to the photo's name: all of them, or none. */
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
  constructor(objects: readonly Listed[], scale: number, capacity = MOST.together) {
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
function usualIn(objects: readonly Listed[], scale: number): Usual {
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
