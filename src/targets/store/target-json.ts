/** `.photohaul/target.json` in a bucket: which target this is, what it holds, what its store was found to do. */

import { z } from "zod";
import { MEMORY_SHAPE, type Memory } from "../../catalogue/target-memory.ts";
import { HaulError } from "../../errors.ts";

export const MARKER = ".photohaul/target.json";

/** Found out by doing, when the target was first used. */
export interface Abilities {
  /** A write with `If-None-Match: *` is refused where something lies. */
  readonly onlyNew: boolean;
  /** The same for objects that are written in parts. */
  readonly onlyNewInParts: boolean;
  /** Copies within itself, only what has the ETag that was named, and over nothing that other writes would spare. */
  readonly copies: boolean;
  /** Takes and checks `x-amz-checksum-sha256`. */
  readonly sha256: boolean;
}

/** What may be assumed of a store that nobody tried. */
export const UNTRIED: Abilities = {
  onlyNew: false,
  onlyNewInParts: false,
  copies: false,
  sha256: false,
};

/** Which names the store takes for one, as a drive may (`Traits`). */
export interface Folds {
  readonly foldsCase: boolean;
  readonly foldsUnicode: boolean;
}

export const NO_FOLDS: Folds = { foldsCase: false, foldsUnicode: false };

export interface Marker extends Memory {
  readonly id: string;
  readonly createdAt: string;
  /** Null before the store was tried. */
  readonly can: Abilities | null;
  /** Null before it was tried; earlier versions never did. */
  readonly folds: Folds | null;
}

const shape = z.object({
  id: z.string().min(1),
  createdAt: z.string(),
  ...MEMORY_SHAPE,
  can: z
    .object({
      onlyNew: z.boolean(),
      onlyNewInParts: z.boolean(),
      copies: z.boolean(),
      sha256: z.boolean(),
    })
    .nullable()
    .catch(null),
  folds: z.object({ foldsCase: z.boolean(), foldsUnicode: z.boolean() }).nullable().catch(null),
});

/** @throws HaulError `wrong-drive` when it says nothing usable */
export function parseMarker(text: string, target: string): Marker {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw new HaulError("wrong-drive", `${target}/${MARKER} cannot be read`, { cause });
  }
}

export function writtenMarker(marker: Marker): string {
  return `${JSON.stringify(marker, null, 2)}\n`;
}
