/**
 * The one retry policy. Waits grow exponentially with full jitter: a random time between nothing and
 * 200 ms × 2ⁿ, never more than 20 s (AWS Architecture Blog, "Exponential Backoff And Jitter"; the cap is
 * that of the AWS SDKs' standard mode). A store that names its own time (Retry-After) is given that time.
 * Whether a request is made again is decided by `HaulError.retry` alone.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "./errors.ts";

/** The longest time before the first repetition, in milliseconds; it doubles with each. */
const BASE_MS = 200;
/** The longest time before any repetition, in milliseconds, unless the store asks for more. */
const CAP_MS = 20_000;
/** A store that asks for more time than this (five minutes) is not waited for: the error stands. */
export const LONGEST_WAIT_MS = 300_000;
/** How often a request is made at most, the first time included. */
export const MOST_ATTEMPTS = 5;

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** How often at most, the first time included; 5 when absent. */
  readonly attempts?: number;
  /** How many of them were made elsewhere; none when absent. */
  readonly made?: number;
  /** Told of each failure that is followed by another attempt, before the wait; in milliseconds. */
  readonly onRetry?: (error: HaulError, waitMs: number) => void;
  /** Replaces the clock and the dice in tests. */
  readonly chance?: Chance;
}

export interface Chance {
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after so many milliseconds; rejects at once when aborted. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
}

const real: Chance = {
  random: () => Math.random(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
};

/**
 * Calls `attempt` (with 1, 2, …, or after those that were made elsewhere) until it succeeds or may not be made again.
 * @throws what the last attempt threw; HaulError `interrupted` when aborted before or while waiting
 */
export async function retrying<T>(attempt: (number: number) => T | Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, attempts = MOST_ATTEMPTS, made = 0, chance = real } = options;
  for (let number = 1 + made; ; number += 1) {
    if (signal.aborted) throw interruptedWait(signal.reason);
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof HaulError) || !error.retry || number >= attempts) throw error;
      const waitMs = waitBefore(number, error, chance);
      if (waitMs > LONGEST_WAIT_MS) throw error;
      options.onRetry?.(error, waitMs);
      await chance.wait(waitMs, signal).catch((cause: unknown) => {
        throw interruptedWait(cause);
      });
    }
  }
}

/** Milliseconds to wait after attempt `number` failed. */
export function waitBefore(number: number, error: HaulError, chance: Pick<Chance, "random"> = real): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** (number - 1));
  return (error.afterMs ?? 0) + chance.random() * ceiling;
}

function interruptedWait(cause: unknown): HaulError {
  return new HaulError("interrupted", "interrupted while waiting to ask again", { cause });
}
