/** Looks at the pictures of some pairs of a family, before it is believed to be renditions. */

import type { FoundFamily } from "../decide/families.ts";
import { keyHash } from "../decide/key-hash.ts";
import {
  EDITORS,
  judgePairs,
  PAIRS,
  type PairLook,
  type PairsVerdict,
  type Seen,
} from "../decide/pair-verdict.ts";
import { pictureSize } from "../decide/picture-size.ts";
import { HaulError } from "../errors.ts";
import { readHead } from "../metadata/head.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../sources/source.ts";

/** A would-be rendition and its would-be original. */
export interface ObjectPair {
  readonly child: Listed;
  readonly parent: Listed;
}

/** Enough for the size and the date of nearly every photo. */
export const HEAD_BYTES = 128 * 1024;
const AT_ONCE = 4;

/** Looks at pictures of a family before it is believed. */
export function lookerAt(
  source: Source,
  signal: AbortSignal,
): (family: FoundFamily) => Promise<PairsVerdict> {
  return ({ pairs }) => {
    const objects = pairs.map(({ child, parent }) => ({
      child: child.object,
      parent: parent.object,
    }));
    return samplePairs(source, objects, signal);
  };
}

/**
 * Reads the heads of at most 30 pairs, the same ones on every run. An object that cannot be read counts as
 * one that says nothing.
 * @throws HaulError that ends the run
 */
export async function samplePairs(
  source: Source,
  pairs: readonly ObjectPair[],
  signal: AbortSignal,
): Promise<PairsVerdict> {
  const chosen = pairs
    .map((pair) => ({ pair, order: keyHash(pair.child.key) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, PAIRS)
    .map(({ pair }) => pair);
  const looks: PairLook[] = [];
  const waiting = chosen.values();
  const work = async () => {
    for (const { child, parent } of waiting) {
      const seen = {
        child: await look(source, child, signal),
        parent: await look(source, parent, signal),
      };
      looks.push({ child: child.key, parent: parent.key, seen });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...judgePairs(looks), looks };
}

async function look(source: Source, object: Listed, signal: AbortSignal): Promise<Seen | null> {
  const start = await readStart(source, object, HEAD_BYTES, signal);
  return start === null ? null : seenIn(start);
}

/** What the first bytes of a picture tell of it; null where they are of no picture. */
export function seenIn(start: Uint8Array): Seen | null {
  const size = pictureSize(start);
  if (size === null) return null;
  const taken = readHead(start).tags["ExifIFD:DateTimeOriginal"];
  return {
    ...size,
    taken: typeof taken === "string" ? taken : null,
    software: EDITORS.exec(Buffer.from(start).toString("latin1"))?.[0] ?? null,
  };
}

/**
 * The first bytes of an object, `upto` or a little more; null where it cannot be read.
 * @throws HaulError that ends the run
 */
export async function readStart(
  source: Source,
  object: Listed,
  upto: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const { bytes } = await source.open(object, 0, signal);
    for await (const part of bytes) {
      parts.push(part);
      length += part.length;
      if (length >= upto) break;
    }
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    if (parts.length === 0) return null;
  }
  return Buffer.concat(parts);
}
