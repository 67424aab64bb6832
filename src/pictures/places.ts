/**
 * Where in an original a rendition may lie. The usual places are those where services put one: the whole, the
 * largest cut of its shape, the whole between even bars. Anything else is searched for, and proves nothing, as a zoom
 * lens beside a wide one shows a part too.
 */

import { type Alignment, correlationAt, gridOf, TEXTURE, variationOf } from "./likeness.ts";
import { type Crop, type Planes, sample, WHOLE } from "./planes.ts";

/** Shapes that differ less are one shape: sides are rounded, and some services cut a row or two. */
const SAME_SHAPE = 0.03;
/** Long side, in samples, at which a cut is moved to where it fits best. */
const SLIDE = 48;
/** Bars that are thinner, in pixels, hold nothing to be looked at. */
const THIN_BAR = 2;
/** Searched at this many samples, then moved at those. */
const TEMPLATE = 24;
const FINER = [64, 128] as const;
/** Parts from the largest cut down to a third of it, each a little smaller. */
const SMALLEST_PART = 0.35;
const SMALLER = 0.945;
/** So many of the best scales are moved. */
const BEST = 3;

/** The places where services put a rendition. */
export function usualPlaces(original: Planes, rendition: Planes): Alignment[] {
  const shape = shapeOfPlaces(original, rendition);
  const whole = Math.abs(shape - 1) < SAME_SHAPE;
  const cut = largestCut(original, rendition);
  const along = slide(original, rendition, cut);
  const cuts = [...new Set([along, 0.5])].map((at) => ({
    original: movedCut(cut, at),
    rendition: WHOLE,
  }));
  if (whole) return [{ original: WHOLE, rendition: WHOLE }, ...cuts];
  return [...cuts, ...betweenBars(rendition, shape)];
}

/** The sides of the largest cut of the rendition's shape, in shares of the original. */
function largestCut(original: Planes, rendition: Planes): { readonly width: number; readonly height: number } {
  const shape = shapeOfPlaces(original, rendition);
  return { width: Math.min(1, shape), height: Math.min(1, 1 / shape) };
}

/** Width to height of the rendition, in those of the original. */
function shapeOfPlaces({ full: large }: Planes, { full: small }: Planes): number {
  return (small.width * large.height) / (small.height * large.width);
}

type Cut = ReturnType<typeof largestCut>;

/** A cut at a share (0…1) of its free way: it has one, along one side. */
function movedCut(cut: Cut, at: number): Crop {
  return { ...cut, x: (1 - cut.width) * at, y: (1 - cut.height) * at };
}

/** The share of its way at which the cut fits best. */
function slide(original: Planes, rendition: Planes, cut: Cut): number {
  const rate = (at: number) =>
    correlationAt(original, rendition, { original: movedCut(cut, at), rendition: WHOLE }, SLIDE);
  let best = { at: 0.5, fit: rate(0.5) };
  const consider = (at: number, gain: number) => {
    if (at < 0 || at > 1) return;
    const fit = rate(at);
    if (fit > best.fit + gain) best = { at, fit };
  };
  const steps = Math.ceil(Math.max(1 - cut.width, 1 - cut.height) * SLIDE);
  if (steps === 0) return best.at;
  for (let k = 0; k <= steps; k += 1) consider(k / steps, 0.002);
  for (let step = 0.5 / steps, least = step / 10; step > least; step /= 2) {
    const { at } = best;
    consider(at - step, 0.0005);
    consider(at + step, 0.0005);
  }
  return best.at;
}

/** The whole original in the middle of the rendition, where what lies around it is even. */
function betweenBars(rendition: Planes, shape: number): Alignment[] {
  const { width, height } = rendition.full;
  const box = {
    width: Math.round(width * Math.min(1, 1 / shape)),
    height: Math.round(height * Math.min(1, shape)),
  };
  return [Math.floor, Math.ceil].flatMap((round) => {
    const part = {
      x: round((width - box.width) / 2) / width,
      y: round((height - box.height) / 2) / height,
      width: box.width / width,
      height: box.height / height,
    };
    return isEvenAround(rendition, part) ? [{ original: WHOLE, rendition: part }] : [];
  });
}

function isEvenAround(rendition: Planes, part: Crop): boolean {
  const lying = part.width === 1;
  const bar = lying ? part.y : part.x;
  if (bar * (lying ? rendition.height : rendition.width) < THIN_BAR) return true;
  // Not up to the photo itself, whose edge blurs into the bar.
  const edge = 0.7 * bar;
  return [0, 1 - edge].every((from) => {
    const place = lying ? { x: 0, y: from, width: 1, height: edge } : { x: from, y: 0, width: edge, height: 1 };
    const size = lying ? { width: 48, height: 4 } : { width: 4, height: 48 };
    return variationOf(rendition, place, size) < TEXTURE;
  });
}

/** The place of the whole rendition in the original: every scale and place coarsely, then moved while that fits better. */
export function searchPlace(original: Planes, rendition: Planes): Alignment {
  const tops = coarsePlaces(original, rendition)
    .sort((a, b) => b.fit - a.fit)
    .slice(0, BEST)
    .map(({ part }) => moved(original, rendition, part, 1 / TEMPLATE, 32))
    .sort((a, b) => b.fit - a.fit);
  let part = tops[0]?.part ?? WHOLE;
  for (const long of FINER) ({ part } = moved(original, rendition, part, 1 / long, long));
  return { original: part, rendition: WHOLE };
}

interface Fitted {
  readonly part: Crop;
  readonly fit: number;
}

function coarsePlaces(original: Planes, rendition: Planes): Fitted[] {
  const size = gridOf(rendition, WHOLE, TEMPLATE);
  const template = centred(sample(rendition, WHOLE, size));
  const cut = largestCut(original, rendition);
  const found: Fitted[] = [];
  for (let scale = 1; scale >= SMALLEST_PART; scale *= SMALLER) {
    const width = Math.max(size.width, Math.round(size.width / (cut.width * scale)));
    const height = Math.max(size.height, Math.round(size.height / (cut.height * scale)));
    const plane = sample(original, WHOLE, { width, height });
    let best: Fitted = { part: WHOLE, fit: -1 };
    for (let y = 0; y + size.height <= height; y += 1) {
      for (let x = 0; x + size.width <= width; x += 1) {
        const fit = templateFit(plane, y * width + x, width, template, size.width);
        if (fit <= best.fit) continue;
        const part = {
          x: x / width,
          y: y / height,
          width: size.width / width,
          height: size.height / height,
        };
        best = { part, fit };
      }
    }
    found.push(best);
  }
  return found;
}

/** The same values about a mean of 0. */
function centred(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** Correlation of a template, whose mean is 0, with the part of a plane that begins at `from`. */
function templateFit(plane: Float32Array, from: number, width: number, template: Float32Array, across: number): number {
  let [sum, squares, both, own] = [0, 0, 0, 0];
  for (let j = 0, row = from; j < template.length; row += width) {
    for (let x = 0; x < across; x += 1, j += 1) {
      const value = plane[row + x] ?? 0;
      const wanted = template[j] ?? 0;
      sum += value;
      squares += value * value;
      both += value * wanted;
      own += wanted * wanted;
    }
  }
  const variance = squares - (sum * sum) / template.length;
  return variance * own > 1e-6 ? both / Math.sqrt(variance * own) : 0;
}

/** Along x and y, larger and smaller as a whole, and along each side. */
const MOVES: readonly (readonly [x: number, y: number, width: number, height: number])[] = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [-0.5, -0.5, 1, 1],
  [0, 0, 1, 1],
  [-0.5, 0, 1, 0],
  [0, -0.5, 0, 1],
];

/** Moves a part by ever smaller steps (shares of itself) while it fits better. */
function moved(original: Planes, rendition: Planes, start: Crop, first: number, long: number): Fitted {
  const size = gridOf(rendition, WHOLE, long);
  const template = centred(sample(rendition, WHOLE, size, { soft: 0.8 }));
  const rate = (part: Crop) =>
    templateFit(sample(original, part, size, { soft: 0.8 }), 0, size.width, template, size.width);
  let best: Fitted = { part: start, fit: rate(start) };
  for (let step = first; step > 0.2 / long; step /= 2) {
    for (const [x, y, width, height] of MOVES) {
      for (const by of [step, -step]) {
        const { part } = best;
        const next = {
          x: part.x + x * by * part.width,
          y: part.y + y * by * part.height,
          width: part.width * (1 + width * by),
          height: part.height * (1 + height * by),
        };
        if (!isInside(next)) continue;
        const fit = rate(next);
        if (fit > best.fit) best = { part: next, fit };
      }
    }
  }
  return best;
}

/** A little over the edge is rounding. */
function isInside({ x, y, width, height }: Crop): boolean {
  return x >= 0 && y >= 0 && x + width <= 1.002 && y + height <= 1.002;
}
