/**
 * Which of the families that names and sizes suggest are worth a look at their pictures, and in which order: a
 * rendition is proposed for what it was made from in the end, and not for another rendition on the way. A proposal
 * proves nothing.
 */

import type { Features } from "./family-features.ts";

/** Pairs below which a family cannot be told from chance. */
const LEAST_PAIRS = 3;
/** Of its keys, so many must have an original. */
export const JOINED = 0.5;
/** Of the pairs, in so many the rendition has fewer bytes. 3.5 % of copies of 2,048 pixels have more. */
export const SMALLER = 0.85;
/** Of the originals, so many must be named in one way. */
const ONE_PLACE = 0.8;

/** True where the keys pair up, the copies have fewer bytes, and they are neither RAW files nor videos of stills. */
export function isPlausible({ members, joined, smaller, raw, videoOfImage }: Features): boolean {
  return joined >= LEAST_PAIRS && joined >= members * JOINED && smaller >= SMALLER && raw <= 0.5 && videoOfImage <= 0.5;
}

/**
 * True where the sizes of the pairs have something to do with each other; photos that share no more than a counter
 * have not. To be asked where no word says rendition.
 */
export function isRelated({ joined, correlation, medianRatio }: Features): boolean {
  return correlation >= Math.max(0.1, 2.6 / Math.sqrt(joined)) && medianRatio <= 0.7;
}

/** True where most of the originals are named in one way. */
export function isOfOnePlace(places: readonly string[]): boolean {
  const counts = [...Map.groupBy(places, (place) => place).values()].map(({ length }) => length);
  return Math.max(0, ...counts) >= places.length * ONE_PLACE;
}
