/**
 * A bounded sample of a listing in which groups are whole: it keeps all keys that leave the same behind when
 * a word is taken out of them, or none of them. So shares and pairs counted in it hold for the listing.
 */

import { keyHash } from "../key.ts";
import type { Listed } from "../model.ts";
import type { Slot } from "./key-slots.ts";
import { slotsOf } from "./key-slots.ts";

export interface Member {
  readonly object: Listed;
  readonly slot: Slot;
}

/** Entries (one key in one slot) at most; some 30 MB, and enough for shares to the percent. */
const CAPACITY = 30_000;

export class GroupSample {
  readonly #wanted: (word: string) => boolean;
  readonly #capacity: number;
  readonly #groups = new Map<string, Member[]>();
  #entries = 0;
  #modulus = 1;

  /** @param wanted which words may name a family */
  constructor(wanted: (word: string) => boolean, capacity = CAPACITY) {
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
    const keeps = (residual: string) => keyHash(residual) % this.#modulus === 0;
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
