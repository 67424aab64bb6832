/** `--bwlimit`: one budget of bytes a second for everything that is being fetched. */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "./errors.ts";

export interface Bandwidth {
  /** False where bytes may always come as fast as they do. */
  readonly limited: boolean;
  /**
   * Passes a stream on no faster than the budget, which all streams share. Over any stretch of time no more
   * than the rate times it passes, and one second's worth. A rate that changes holds within a second, also for
   * streams that wait.
   * Throws HaulError `interrupted` when aborted while waiting.
   */
  slow(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Bytes a second at a moment; null for no limit. The same moment always has the same rate. */
export type RateAt = (now: number) => number | null;

/** After this time a stream that waits looks whether the rate is another one, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

/**
 * @param rateAt null for no limit at any time: streams then pass untouched
 * @param now milliseconds since the epoch; a clock that is set back makes nobody wait longer
 */
export function createBandwidth(
  rateAt: RateAt | null,
  now: () => number,
  pause: typeof pauseFor = pauseFor,
): Bandwidth {
  if (rateAt === null) return { limited: false, slow: (bytes) => bytes };
  const budget = new Budget(rateAt, now);
  return {
    limited: true,
    async *slow(bytes, signal) {
      for await (const chunk of bytes) {
        const turn = budget.take(chunk.length);
        for (let wait = budget.wait(turn); wait > 0; wait = budget.wait(turn)) {
          await pause(Math.min(wait, LOOK_AGAIN_MS), signal);
        }
        yield chunk;
      }
    },
  };
}

/** Bytes that were asked for stand in a queue; time pays for them at the rate that holds. */
class Budget {
  readonly #rateAt: RateAt;
  readonly #now: () => number;
  #taken = 0;
  #paid = 0;
  #at: number;

  constructor(rateAt: RateAt, now: () => number) {
    this.#rateAt = rateAt;
    this.#now = now;
    this.#at = now();
  }

  /** @returns the place in the queue */
  take(bytes: number): number {
    this.#settle();
    this.#taken += bytes;
    return this.#taken;
  }

  /** Milliseconds until that place is paid for, at the rate of now. */
  wait(place: number): number {
    const rate = this.#settle();
    return rate === null ? 0 : ((place - this.#paid) / rate) * 1000;
  }

  #settle(): number | null {
    const now = this.#now();
    const rate = this.#rateAt(now);
    const passed = Math.max(0, now - this.#at) / 1000;
    this.#at = now;
    // What nobody used is good for a second and no longer.
    if (rate === null) this.#paid = this.#taken;
    else this.#paid = Math.min(this.#paid + rate * passed, this.#taken + rate);
    return rate;
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw new HaulError("interrupted", "interrupted while keeping to --bwlimit", { cause: error });
  }
}
