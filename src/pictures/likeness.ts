/**
 * How alike two pictures are at a place: block by block, free of brightness and contrast. The worst blocks decide,
 * since two photos of one scene agree in most of their blocks and differ in some. Of nine measures tried on 1,854 true
 * renditions and 1,739 other pairs, this one told most of them apart (docs/originals.md).
 */

import { COLOURS, type Crop, type Planes, type Size, sample } from "./planes.ts";

/** A place that a rendition may show: a part of the original, and the part of the rendition that shows it. */
export interface Alignment {
  readonly original: Crop;
  readonly rendition: Crop;
}

export interface Likeness extends Alignment {
  /** Long side at which the two were compared, pixels. */
  readonly long: number;
  /** Blocks in which the rendition itself shows something. */
  readonly blocks: number;
  /** Correlation, −1…1, that all but 5 % of the blocks reach, that half of them reach, and the worst. */
  readonly low: number;
  readonly median: number;
  readonly worst: number;
  /** Pixels of the rendition for one of the original, along each side. */
  readonly scale: { readonly x: number; readonly y: number };
  /** Root mean square of the differences of colour, 0…255. */
  readonly colour: { readonly original: number; readonly rendition: number };
}

/** Compared at this many pixels along the long side, at most. */
const LONG = 256;
/** Blocks along the long side, and along one that is shorter than `SHORT` pixels. */
const GRID = 12;
const COARSE = 8;
const SHORT = 96;
/** Standard deviation, grey levels, from which a block shows something. */
export const TEXTURE = 5;

/** @returns how alike the two are there */
export function compareAt(original: Planes, rendition: Planes, place: Alignment): Likeness {
  const long = longSide(original, rendition, place);
  const size = gridOf(rendition, place.rendition, long);
  const a = blurred(sample(rendition, place.rendition, size), size);
  const b = blurred(sample(original, place.original, size), size);
  const { fits, blocks } = compareBlocks(a, b, size, long);
  const at = (share: number) => fits[Math.floor(fits.length * share)] ?? 0;
  const { full: small } = rendition;
  const { full: large } = original;
  return {
    ...place,
    long,
    blocks,
    low: at(0.05),
    median: at(0.5),
    worst: at(0),
    scale: {
      x: (small.width * place.rendition.width) / (large.width * place.original.width),
      y: (small.height * place.rendition.height) / (large.height * place.original.height),
    },
    colour: {
      original: colourOf(original, place.original),
      rendition: colourOf(rendition, place.rendition),
    },
  };
}

/** One number for a place, fast: for finding it. */
export function correlationAt(original: Planes, rendition: Planes, place: Alignment, long: number): number {
  const size = gridOf(rendition, place.rendition, long);
  return correlate(
    sample(original, place.original, size),
    sample(rendition, place.rendition, size),
    all(size),
    size.width,
  ).r;
}

/** Samples along both sides of a part, `long` along the longer one. */
export function gridOf(picture: Size, part: Crop, long: number): Size {
  const shape = (part.width * picture.width) / (part.height * picture.height);
  const side = (share: number) => Math.max(6, Math.round(long * Math.min(1, share)));
  return { width: side(shape), height: side(1 / shape) };
}

/** Standard deviation of the brightness of a part. */
export function variationOf(picture: Planes, part: Crop, size: Size): number {
  const values = sample(picture, part, size, { soft: 0 });
  return correlate(values, values, all(size), size.width).deviation.a;
}

function longSide(original: Planes, rendition: Planes, place: Alignment): number {
  const pixels = (picture: Planes, part: Crop) => Math.max(part.width * picture.width, part.height * picture.height);
  const most = Math.max(pixels(rendition, place.rendition), pixels(original, place.original));
  const there = Math.min(pixels(rendition, place.rendition), most);
  return Math.round(Math.min(LONG, there, pixels(original, place.original)));
}

/** A rectangle of samples. */
interface Block {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function all({ width, height }: Size): Block {
  return { left: 0, top: 0, right: width, bottom: height };
}

/** Correlations of the blocks that show something, in rising order; corners may be rounded off and do not count. */
function compareBlocks(
  rendition: Float32Array,
  original: Float32Array,
  { width, height }: Size,
  long: number,
): { readonly fits: number[]; readonly blocks: number } {
  const side = long / (long >= SHORT ? GRID : COARSE);
  const across = Math.max(1, Math.round(width / side));
  const down = Math.max(1, Math.round(height / side));
  const fits: number[] = [];
  let blocks = 0;
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      if ((x === 0 || x === across - 1) && (y === 0 || y === down - 1)) continue;
      const block = {
        left: Math.floor((x * width) / across),
        top: Math.floor((y * height) / down),
        right: Math.floor(((x + 1) * width) / across),
        bottom: Math.floor(((y + 1) * height) / down),
      };
      const { r, deviation } = correlate(rendition, original, block, width);
      if (Math.max(deviation.a, deviation.b) >= TEXTURE) fits.push(r);
      if (deviation.a >= TEXTURE) blocks += 1;
    }
  }
  return { fits: fits.sort((p, q) => p - q), blocks };
}

interface Correlation {
  /** Pearson's r, −1…1; 0 where one side does not vary. */
  readonly r: number;
  readonly deviation: { readonly a: number; readonly b: number };
}

function correlate(a: Float32Array, b: Float32Array, block: Block, width: number): Correlation {
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let y = block.top; y < block.bottom; y += 1) {
    for (let at = y * width + block.left; at < y * width + block.right; at += 1) {
      const [p, q] = [a[at] ?? 0, b[at] ?? 0];
      sa += p;
      sb += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const n = (block.bottom - block.top) * (block.right - block.left);
  const va = Math.max(0, aa - (sa * sa) / n);
  const vb = Math.max(0, bb - (sb * sb) / n);
  const r = va * vb > 1e-6 ? (ab - (sa * sb) / n) / Math.sqrt(va * vb) : 0;
  return { r, deviation: { a: Math.sqrt(va / n), b: Math.sqrt(vb / n) } };
}

/** Each sample with its neighbours, so that noise and sharpening weigh less. */
function blurred(plane: Float32Array, { width, height }: Size): Float32Array {
  const out = new Float32Array(plane.length);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - 1), Math.min(height - 1, y + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      let sum = 0;
      for (let v = top; v <= bottom; v += 1) {
        for (let u = left; u <= right; u += 1) sum += plane[v * width + u] ?? 0;
      }
      out[y * width + x] = sum / ((bottom - top + 1) * (right - left + 1));
    }
  }
  return out;
}

function colourOf(picture: Planes, part: Crop): number {
  const size = { width: 16, height: 16 };
  let sum = 0;
  for (const plane of COLOURS) {
    for (const value of sample(picture, part, size, { plane })) sum += value * value;
  }
  return Math.sqrt(sum / (COLOURS.length * size.width * size.height));
}
