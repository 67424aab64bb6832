/** Reads the first bytes of an object: enough for what its head says. */

import { HaulError } from "../errors.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../stores/source.ts";

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
