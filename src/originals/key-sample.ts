/** A bounded sample of keys, evenly over the listing, and the words that are frequent in it. */

import { keyHash } from "../key.ts";
import { senseOf, type WordSense } from "../keys/family-words.ts";
import type { Listed } from "../model.ts";
import { wordsOf } from "./key-slots.ts";

/** Enough that a word in 1 % of the keys is met 200 times. */
const CAPACITY = 20_000;
/** A family below this share of the keys is not looked for unless its name speaks. */
const LEAST_SHARE = 0.01;
/** Frequent words looked at, at most: more than that are names of people or places. */
const MOST_WORDS = 200;

export class KeySample {
  readonly #capacity: number;
  #kept: Listed[] = [];
  #modulus = 1;
  #seen = 0;

  constructor(capacity = CAPACITY) {
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

/** The words that may name a family: those that speak, and the frequent ones that could. */
export function wantedWords(objects: readonly Listed[]): (word: string) => boolean {
  const counts = new Map<string, number>();
  for (const { key } of objects) {
    for (const word of wordsOf(key, couldName)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const least = Math.max(3, objects.length * LEAST_SHARE);
  const frequent = new Set(
    [...counts]
      .filter(([, n]) => n >= least)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_WORDS)
      .map(([word]) => word),
  );
  return (word) => frequent.has(word) || speaks(senseOf(word));
}

function speaks(sense: WordSense): boolean {
  return sense === "rendition" || sense === "original";
}

/** Not counters, years, days or months: photos of different days share these without being of one photo. */
function couldName(word: string): boolean {
  return senseOf(word) !== "kept" && !/^(?:|\d{1,2}|19[3-9]\d|20[0-3]\d|0\d+|\d{5,})$/.test(word);
}
