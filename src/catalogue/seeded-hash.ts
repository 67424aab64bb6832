/**
 * 96 bits that stand for a text: three sums of 32 bits, seeded anew each run, so that nobody can make two texts that
 * are taken for one. Of two million stems any two are, once in 10^16 runs.
 */

import { randomInt } from "node:crypto";

export type Seeds = readonly [number, number, number];

export function newSeeds(): Seeds {
  return [randomInt(2 ** 32), randomInt(2 ** 32), randomInt(2 ** 32)];
}

/** @param into gets them: an array for each text would be garbage a million times over */
export function seededHash(text: string, [first, second, third]: Seeds, into: Uint32Array): void {
  let [a, b, c] = [first, second, third];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ code, 0xc2b2ae35);
    c = Math.imul(c ^ code, 0x27d4eb2f);
    a ^= a >>> 15;
    b ^= b >>> 13;
    c ^= c >>> 16;
  }
  into[0] = a;
  into[1] = b;
  into[2] = c;
}
