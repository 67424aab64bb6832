/**
 * Whether one picture is a smaller copy of another: told by pixels alone. A wrong `same` loses an original, a wrong
 * `other` costs space only, so what is not clear is `undecided`.
 *
 * | in this order                                                    | verdict    | why               |
 * |------------------------------------------------------------------|------------|-------------------|
 * | as many pixels as the original                                   | undecided  | equal size        |
 * | compared at fewer than 32 pixels                                 | undecided  | too small         |
 * | shows something in fewer than 12 blocks (fog, a blank page)      | undecided  | too little to see |
 * | half of at least 24 blocks correlate below 0.5                   | other      | another picture   |
 * | 5 % of the blocks below 0.85 (0.93 where it was searched for)    | undecided  | not quite alike   |
 * | searched for, with more pixels than the original has there       | other      | more detail       |
 * | searched for                                                     | undecided  | a part            |
 * | no fewer pixels than the original has there                      | undecided  | no smaller        |
 * | the original has colour and it has none                          | undecided  | grey              |
 * | else                                                             | same       | whole, or cut to shape |
 *
 * The figures were measured; docs/originals.md has them, with the risks that are left.
 */

import { compareAt, type Likeness } from "./likeness.ts";
import { searchPlace, usualPlaces } from "./places.ts";
import { type Planes, upright } from "./planes.ts";

export const REASONS = {
  "equal size": "undecided",
  "too small": "undecided",
  "too little to see": "undecided",
  "another picture": "other",
  "not quite alike": "undecided",
  "more detail": "other",
  "a part": "undecided",
  "no smaller": "undecided",
  grey: "undecided",
  "whole or cut to shape": "same",
} as const;
export type PairReason = keyof typeof REASONS;

export interface PairVerdict {
  readonly verdict: "same" | "other" | "undecided";
  readonly why: PairReason;
  /** Correlation that all but 5 % of the blocks reach, −1…1: what the verdict rests on. */
  readonly likeness: number;
}

const LEAST_LONG = 32;
const LEAST_BLOCKS = 12;
const ALIKE = { usual: 0.85, searched: 0.93 };
const UNLIKE = 0.5;
/** Pixels of the rendition for each of the original from which it is no smaller, and surely larger. */
const SCALE = { smaller: 0.97, larger: 1.03 };
/** Colour (root mean square, 0…255) of an original that has some, and the share of it that a copy keeps. */
const COLOUR = { some: 6, kept: 0.3 };

/**
 * Compares two decoded pictures, each turned upright and as it is stored.
 * @param searches false where only `same` matters: what is found by searching never is, and searching takes longest
 */
export function comparePictures(original: Planes, rendition: Planes, searches = true): PairVerdict {
  const { found, usual } = bestPlace(original, rendition, searches);
  const why = reasonOf(original, rendition, found, usual);
  return { verdict: REASONS[why], why, likeness: Math.round(found.low * 1000) / 1000 };
}

function reasonOf(original: Planes, rendition: Planes, found: Likeness, usual: boolean): PairReason {
  const pixels = ({ full }: Planes) => full.width * full.height;
  if (pixels(original) === pixels(rendition)) return "equal size";
  if (found.long < LEAST_LONG) return "too small";
  if (found.blocks < LEAST_BLOCKS) return "too little to see";
  if (found.median < UNLIKE && found.blocks >= 2 * LEAST_BLOCKS) return "another picture";
  if (found.low < (usual ? ALIKE.usual : ALIKE.searched)) return "not quite alike";
  const scale = Math.max(found.scale.x, found.scale.y);
  if (!usual) return scale > SCALE.larger ? "more detail" : "a part";
  if (scale > SCALE.smaller) return "no smaller";
  const { colour } = found;
  const grey = colour.original >= COLOUR.some && colour.rendition < COLOUR.kept * colour.original;
  return grey ? "grey" : "whole or cut to shape";
}

interface Best {
  readonly found: Likeness;
  readonly usual: boolean;
}

/** An original and a rendition, each turned in one way. */
type PlanesPair = readonly [original: Planes, rendition: Planes];

/** The usual places first; the search only where none of them fits and there is something to find. */
function bestPlace(original: Planes, rendition: Planes, searches: boolean): Best {
  const [first, ...more] = waysSeen(original, rendition);
  let found = bestUsual(first);
  for (const way of more) if (found.low < ALIKE.usual) found = better(found, bestUsual(way));
  const nothing = found.blocks < LEAST_BLOCKS || found.long < LEAST_LONG;
  if (found.low >= ALIKE.usual || nothing || !searches) return { found, usual: true };
  const searched = [first, ...more]
    .map(([large, small]) => compareAt(large, small, searchPlace(large, small)))
    .reduce(better);
  return searched.low > found.low ? { found: searched, usual: false } : { found, usual: true };
}

function bestUsual([original, rendition]: PlanesPair): Likeness {
  return usualPlaces(original, rendition)
    .map((place) => compareAt(original, rendition, place))
    .reduce(better);
}

function better(a: Likeness, b: Likeness): Likeness {
  return b.low > a.low ? b : a;
}

/** Turned upright, and as stored where that differs: tags get lost, and are kept where they are wrong. */
function waysSeen(original: Planes, rendition: Planes): readonly [PlanesPair, ...PlanesPair[]] {
  const ways = (picture: Planes) => {
    const turned = picture.orientation > 1 && picture.orientation < 9;
    return turned ? ([upright(picture), picture] as const) : ([picture] as const);
  };
  const renditions = ways(rendition);
  const [first, ...others] = ways(original).flatMap((large) => renditions.map((small): PlanesPair => [large, small]));
  return [first ?? [original, rendition], ...others];
}
