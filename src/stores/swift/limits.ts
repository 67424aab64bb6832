/** What a Swift takes, as its `/info` says; where it says nothing, what Swift takes by default. */

import { z } from "zod";
import type { SwiftAccount } from "./account.ts";

export interface Limits {
  /** Bytes of an object in one piece. */
  readonly largestPiece: number;
  /** Bytes of an object's name. */
  readonly longestName: number;
  /** Pieces of a static large object; 0 where the store makes none. */
  readonly mostSegments: number;
}

/** Defaults of swift/common/constraints.py and middleware/slo.py. */
export const USUAL_LIMITS: Limits = { largestPiece: 5_368_709_122, longestName: 1024, mostSegments: 1000 };

const Info = z.object({
  swift: z.object({
    max_file_size: z.number().int().positive().default(USUAL_LIMITS.largestPiece),
    max_object_name_length: z.number().int().positive().default(USUAL_LIMITS.longestName),
  }),
  slo: z.object({ max_manifest_segments: z.number().int().default(USUAL_LIMITS.mostSegments) }).optional(),
});

/** Asks once. @throws HaulError where the store cannot be reached */
export async function readLimits(account: SwiftAccount, signal: AbortSignal): Promise<Limits> {
  const read = Info.safeParse(await account.info(signal));
  if (!read.success) return USUAL_LIMITS;
  const { swift, slo } = read.data;
  return {
    largestPiece: swift.max_file_size,
    longestName: swift.max_object_name_length,
    mostSegments: slo?.max_manifest_segments ?? 0,
  };
}
