/** Notices a store that sends the same pages round and round. */

import { HaulError } from "../../errors.ts";

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
