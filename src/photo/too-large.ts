/**
 * Too large: photos that a target can hold in no file, as FAT32 none of 4 GiB. The plan knows them, so that they
 * are told before the transfer, and no byte of them is fetched in vain.
 */

import type { Listed } from "../model.ts";
import { bytes } from "../report/units.ts";
import type { TooLarge } from "../summaries.ts";
import type { Place, Transfer } from "./merge-plans.ts";

type Holder = Pick<Place["target"], "name" | "traits">;

const FAT = 4 * 1024 ** 3 - 1;
const EXAMPLES = 10;

export function isTooLarge(size: number, { traits }: Pick<Holder, "traits">): boolean {
  return traits.largestFile > 0 && size > traits.largestFile;
}

/** True where none of the targets that want it can hold it: it costs no transfer, and counts for no limit. */
export function fitsNowhere({ object, wanted }: Transfer): boolean {
  return wanted.every(({ place }) => isTooLarge(object.size, place.target));
}

/** Why, and what to do, for people. */
export function tooLargeWords(size: number, { name, traits }: Holder): string {
  const fat = traits.largestFile === FAT ? ", as on every FAT32 drive" : "";
  return `it has ${bytes(size)}, and no file on ${name} can have more than ${bytes(traits.largestFile)}${fat}: add another target, or use a drive with exFAT`;
}

/** Counts what is too large for some targets, names the first, and remembers no more of the others. */
export class TooLargeCount {
  readonly #most: number;
  readonly #examples: string[] = [];
  #photos = 0;
  #bytes = 0;

  constructor(holders: readonly Pick<Holder, "traits">[]) {
    this.#most = Math.max(0, ...holders.map(({ traits }) => traits.largestFile));
  }

  add({ key, size }: Pick<Listed, "key" | "size">): void {
    this.#photos += 1;
    this.#bytes += size;
    if (this.#examples.length < EXAMPLES) this.#examples.push(key);
  }

  /** As it stands in an event: nothing where there are none. */
  result(): { readonly tooLarge?: TooLarge } {
    if (this.#photos === 0) return {};
    const [photos, size, examples] = [this.#photos, this.#bytes, [...this.#examples]];
    return { tooLarge: { photos, bytes: size, most: this.#most, examples } };
  }
}
