/** Whether the bytes of a key bear out that it is a rendition: each key's own witness, beside the pictures of a sample. Pure. */

import type { FileKind } from "../keys/file-kinds.ts";

/** Bytes of a rendition, and bytes of it for each of its original, that a witness must lie between. */
export interface SizeRange {
  readonly bytes: readonly [least: number, most: number];
  readonly ratio: readonly [least: number, most: number];
}

/** Bytes of the two of a pair. */
interface SizedPair {
  readonly bytes: { readonly child: number; readonly parent: number };
}

/**
 * How far beyond what the sample showed a witness may lie, as a factor. Bytes of renditions of one size spread log-normally
 * with a deviation of 0.3, those of originals with one of 0.6 (113 camera photos): so one in 10,000 lies outside.
 */
const GENEROUS = { bytes: 2, ratio: 3 };
/** Of the pairs that were the same; null where there is none. */
export function rangeOf(same: readonly SizedPair[]): SizeRange | null {
  if (same.length === 0) return null;
  const around = (values: readonly number[], factor: number) =>
    [Math.min(...values) / factor, Math.max(...values) * factor] as const;
  return {
    bytes: around(
      same.map(({ bytes }) => bytes.child),
      GENEROUS.bytes,
    ),
    ratio: around(
      same.map(({ bytes }) => bytes.child / bytes.parent),
      GENEROUS.ratio,
    ),
  };
}

/**
 * Whether the bytes of a key bear out that it is a rendition of its original: fewer than its original's, and as many as
 * renditions of its family have.
 * @param kinds what the two are by their names; sizes of a photo and a video say nothing of one another
 */
export function bytesBearOut(
  child: number,
  parent: number,
  range: SizeRange,
  kinds: { readonly child: FileKind; readonly parent: FileKind },
): boolean {
  if (child >= parent) return false;
  if (kinds.child === "video") return true;
  if (!sizeBearsOut(child, range, kinds.child)) return false;
  if (kinds.parent !== "image" && kinds.parent !== "unknown") return true;
  const ratio = child / parent;
  return ratio >= range.ratio[0] && ratio <= range.ratio[1];
}

/** Whether a key has as many bytes as renditions of its family have, whatever its original has. */
export function sizeBearsOut(bytes: number, { bytes: [least, most] }: SizeRange, kind: FileKind) {
  return kind === "video" || (bytes >= least && bytes <= most);
}

/** The smallest range that holds two. */
export function wider(a: SizeRange | null, b: SizeRange | null): SizeRange | null {
  if (a === null || b === null) return a ?? b;
  const both = (x: readonly [number, number], y: readonly [number, number]) =>
    [Math.min(x[0], y[0]), Math.max(x[1], y[1])] as const;
  return { bytes: both(a.bytes, b.bytes), ratio: both(a.ratio, b.ratio) };
}
