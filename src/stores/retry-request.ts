/** A request of a listing, made again as often as may help. */

import { HaulError } from "../errors.ts";
import { retrying } from "../retry.ts";
import type { RequestCounts } from "./source.ts";

export interface Asking {
  readonly requests: RequestCounts;
  /** Told of each request that is made again. */
  readonly onRetry?: ((error: HaulError) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * What does not pass by asking again ends the listing, and with it the run.
 * @throws HaulError that ends a run
 */
export async function retryRequest<T>(
  attempt: (number: number) => Promise<T>,
  { requests, onRetry, signal }: Asking,
): Promise<T> {
  try {
    return await retrying(attempt, {
      signal,
      onRetry: (error) => {
        requests.retried += 1;
        onRetry?.(error);
      },
    });
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    throw new HaulError("listing", `The listing broke off. ${error.message}`, { cause: error });
  }
}
