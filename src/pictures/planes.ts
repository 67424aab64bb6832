/**
 * A decoded picture as planes of numbers: grey, and how far blue and red differ from it. Kept at halved sizes too,
 * so that any part of it can be sampled at any size without aliasing. Pure arithmetic.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One size of a picture. */
interface Level extends Size {
  /** Grey (0…255), blue − grey, red − grey, row by row. */
  readonly planes: readonly Float32Array[];
}

export interface Planes extends Size {
  /** Pixels of the file, before it was made smaller for comparing; turned as the planes are. */
  readonly full: Size;
  /** EXIF orientation, 1…8, of planes that are as the file stores them; 1 once they are upright. */
  readonly orientation: number;
  /** The largest first, each half of the one before. */
  readonly levels: readonly Level[];
}

/** A rectangle in shares of a picture, 0…1. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };

/** The plane of brightness, and those of colour. */
const GREY = 0;
export const COLOURS = [1, 2] as const;

/** A picture is halved until a side is this short. */
const SMALLEST = 24;

/**
 * @param rgb three bytes a pixel, row by row
 * @param full pixels of the file that they were decoded from
 */
export function planesOf(rgb: Uint8Array, { width, height }: Size, full: Size, orientation: number): Planes {
  const [grey, blue, red] = [0, 0, 0].map(() => new Float32Array(width * height)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0, at = 0; i < grey.length; i += 1, at += 3) {
    const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    // Rec. 601, the weights of JPEG's own brightness.
    const light = 0.299 * r + 0.587 * g + 0.114 * b;
    grey[i] = light;
    blue[i] = b - light;
    red[i] = r - light;
  }
  return withLevels({ width, height, planes: [grey, blue, red] }, full, orientation);
}

/** The picture as a viewer shows it that heeds the EXIF orientation. */
export function upright(picture: Planes): Planes {
  const { orientation, full, levels } = picture;
  const [stored] = levels;
  if (stored === undefined || orientation <= 1 || orientation > 8) return picture;
  const swaps = orientation > 4;
  const turn = ({ width, height }: Size) => (swaps ? { width: height, height: width } : { width, height });
  const size = turn(stored);
  const planes = stored.planes.map((plane) => turnPlane(plane, stored, size, orientation));
  return withLevels({ ...size, planes }, turn(full), 1);
}

/** EXIF 2.32, tag 274: 2 mirrors, 3 turns half round, 6 and 8 a quarter, 4, 5 and 7 do both. */
function turnPlane(plane: Float32Array, from: Size, to: Size, orientation: number): Float32Array {
  const turned = new Float32Array(plane.length);
  const swaps = orientation > 4;
  const flipX = [2, 3, 7, 8].includes(orientation);
  const flipY = [3, 4, 6, 7].includes(orientation);
  for (let y = 0; y < to.height; y += 1) {
    for (let x = 0; x < to.width; x += 1) {
      const [column, row] = swaps ? [y, x] : [x, y];
      const sourceX = flipX ? from.width - 1 - column : column;
      const sourceY = flipY ? from.height - 1 - row : row;
      turned[y * to.width + x] = plane[sourceY * from.width + sourceX] ?? 0;
    }
  }
  return turned;
}

function withLevels(first: Level, full: Size, orientation: number): Planes {
  const levels = [first];
  for (let last = first; last.width > SMALLEST && last.height > SMALLEST; ) {
    last = halved(last);
    levels.push(last);
  }
  return { width: first.width, height: first.height, full, orientation, levels };
}

function halved({ width, height, planes }: Level): Level {
  const size = { width: width >> 1, height: height >> 1 };
  const half = planes.map((plane) => {
    const out = new Float32Array(size.width * size.height);
    for (let y = 0, to = 0; y < size.height; y += 1) {
      for (let x = 0, at = 2 * y * width; x < size.width; x += 1, at += 2, to += 1) {
        const top = (plane[at] ?? 0) + (plane[at + 1] ?? 0);
        const below = (plane[at + width] ?? 0) + (plane[at + width + 1] ?? 0);
        out[to] = (top + below) / 4;
      }
    }
    return out;
  });
  return { ...size, planes: half };
}

/** What to sample. */
interface Sampling {
  readonly plane?: number;
  /** 0…1: how readily a level with fewer pixels than asked for is used; more is softer and faster. */
  readonly soft?: number;
}

/** Brightness (or a difference of colour) of a part of a picture, in `size.width` × `size.height` samples. */
export function sample(
  picture: Planes,
  part: Crop,
  size: Size,
  { plane = GREY, soft = 0.01 }: Sampling = {},
): Float32Array {
  const { width, height } = size;
  const step = Math.min((part.width * picture.width) / width, (part.height * picture.height) / height);
  const depth = Math.floor(Math.log2(Math.max(1e-6, step)) + soft);
  const at = Math.min(picture.levels.length - 1, Math.max(0, depth));
  const level = picture.levels[at];
  const values = level?.planes[plane];
  if (level === undefined || values === undefined) return new Float32Array(width * height);
  // Between two levels each sample is the mean of a few points, so that none of the pixels is passed over.
  const points = Math.max(1, Math.ceil(step / 2 ** at - 0.25));
  const across = pointsAlong(part.x, part.width, width * points, level.width);
  const down = pointsAlong(part.y, part.height, height * points, level.height);
  return gather(values, level.width, across, down, points);
}

interface Points {
  /** The pixel before each point. */
  readonly pixel: Int32Array;
  /** How far the point lies beyond that pixel, 0…1. */
  readonly beyond: Float32Array;
}

function pointsAlong(start: number, share: number, count: number, pixels: number): Points {
  const pixel = new Int32Array(count);
  const beyond = new Float32Array(count);
  for (let k = 0; k < count; k += 1) {
    const along = (start + ((k + 0.5) / count) * share) * pixels - 0.5;
    const inside = Math.min(pixels - 1.001, Math.max(0, along));
    pixel[k] = inside;
    beyond[k] = inside - (pixel[k] ?? 0);
  }
  return { pixel, beyond };
}

/** Bilinear, and the mean of `points` × `points` of them for each sample. */
function gather(values: Float32Array, width: number, across: Points, down: Points, points: number): Float32Array {
  const columns = across.pixel.length / points;
  const out = new Float32Array((columns * down.pixel.length) / points);
  const share = 1 / (points * points);
  for (let y = 0; y < down.pixel.length; y += 1) {
    const row = (down.pixel[y] ?? 0) * width;
    const low = down.beyond[y] ?? 0;
    const first = Math.floor(y / points) * columns;
    for (let x = 0; x < across.pixel.length; x += 1) {
      const at = row + (across.pixel[x] ?? 0);
      const right = across.beyond[x] ?? 0;
      const [a, b] = [values[at] ?? 0, values[at + 1] ?? 0];
      const [c, d] = [values[at + width] ?? 0, values[at + width + 1] ?? 0];
      const top = a + right * (b - a);
      const bottom = c + right * (d - c);
      const to = first + Math.floor(x / points);
      out[to] = (out[to] ?? 0) + share * (top + low * (bottom - top));
    }
  }
  return out;
}
