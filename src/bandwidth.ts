/** `--bwlimit`: one budget of bytes a second for everything that is being fetched. */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "./errors.ts";

export interface Bandwidth {
  /**
   * Passes a stream on no faster than the budget, which all streams share. Over any stretch of time no more
   * than the rate times it passes, and one second's worth.
   * Throws HaulError `interrupted` when aborted while waiting.
   */
  slow(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** @param bytesPerSecond null for no limit: streams then pass untouched */
export function createBandwidth(bytesPerSecond: number | null, now: () => number): Bandwidth {
  if (bytesPerSecond === null) return { slow: (bytes) => bytes };
  /** When the bytes let through so far would have come at exactly the rate. */
  let spentUntil = now();
  return {
    async *slow(bytes, signal) {
      for await (const chunk of bytes) {
        spentUntil = Math.max(spentUntil, now() - 1000) + (chunk.length / bytesPerSecond) * 1000;
        const wait = spentUntil - now();
        if (wait > 0) await pause(wait, signal);
        yield chunk;
      }
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw new HaulError("interrupted", "interrupted while keeping to --bwlimit", { cause: error });
  }
}
