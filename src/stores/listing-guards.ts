/** What listings have in common: what is asked again, pages that go in circles, a versioned bucket as it was. */

import { HaulError } from "../errors.ts";
import { compareKeys } from "../key.ts";
import type { Listed } from "../model.ts";
import { retrying } from "../retry.ts";
import type { VersionEntry } from "./s3/list-entry.ts";
import type { RequestCounts } from "./source.ts";

/**
 * Takes the pages of a listing of versions in order and returns the objects of that moment. Versions newer
 * than it are passed over; the newest of the others wins; where that is a delete marker, there was no such
 * object. The versions of a key may go on on the next page.
 */
export function createAsOf(asOf: Date): (entries: readonly VersionEntry[]) => Listed[] {
  const moment = asOf.getTime();
  let decided: string | null = null;
  return (entries) => {
    const objects: Listed[] = [];
    for (const { object, deleted } of [...entries].sort(byKeyNewestFirst)) {
      if (object.key === decided || Date.parse(object.modified) > moment) continue;
      decided = object.key;
      if (!deleted) objects.push(object);
    }
    return objects;
  };
}

/** Versions and delete markers may come as two lists; equal times keep the order of the page. */
function byKeyNewestFirst(a: VersionEntry, b: VersionEntry): number {
  return (
    compareKeys(a.object.key, b.object.key) ||
    Number(b.latest) - Number(a.latest) ||
    Date.parse(b.object.modified) - Date.parse(a.object.modified)
  );
}

/** A page that comes a second or third time may be a stumble of the store, and the listing goes on behind it. */
const STUMBLES = 2;

/**
 * Looks at each page of one listing, in order. Brent's rule: one page is remembered, another after 2, 4,
 * 8, … pages, so a loop of any length is noticed before it was gone round many times, in no memory.
 * @throws HaulError `listing` when the remembered page has come again and again
 */
export function createLoopGuard(
  name: string,
): (first: string | undefined, last: string | undefined, token: string) => void {
  let remembered: string | null = null;
  let since = 0;
  let until = 1;
  let again = 0;
  return (first, last, token) => {
    const page = first === undefined ? `token ${token}` : `keys ${first}\0${last}`;
    if (page === remembered) again += 1;
    if (again > STUMBLES) {
      throw new HaulError("listing", `${name}: the store sends the same page of its listing again and again`);
    }
    since += 1;
    if (since < until) return;
    remembered = page;
    again = 0;
    since = 0;
    until *= 2;
  };
}

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
    const { hint } = error;
    throw new HaulError("listing", `The listing broke off. ${error.message}`, { cause: error, hint });
  }
}
