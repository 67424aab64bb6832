/** How much of time a reading covers: a day, a month, a year; and how far two of them are apart. */

import { instantOf, type Reading } from "./parse-candidate.ts";
import type { Moment } from "./resolve-zone.ts";

const MINUTE = 60_000;

/** A reading with its place on the world's clock. */
export interface Placed {
  readonly reading: Reading;
  readonly moment: Moment;
}

/** Milliseconds from the beginning of what was written to its end; 0 where it is exact to the second. */
export function spanOf({ time: { clock, precision } }: Reading): number {
  const date = new Date(clock);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (precision) {
    case "year":
      return Date.UTC(year + 1, 0, 1) - clock;
    case "month":
      return Date.UTC(year, month + 1, 1) - clock;
    case "day":
      return Date.UTC(year, month, day + 1) - clock;
    case "minute":
      return MINUTE;
    default:
      return 0;
  }
}

/**
 * True where one lies within the other by the wall clock and says more. What stands at its very beginning, the first
 * of a month, midnight, says no more: programs fill up with that what they do not know.
 */
export function refines(fine: Placed, coarse: Placed): boolean {
  const span = spanOf(coarse.reading);
  const after = fine.moment.clock - coarse.moment.clock;
  const end = after + spanOf(fine.reading);
  return spanOf(fine.reading) < span && after > 0 && end <= span;
}

/** How far two readings are apart at the least, in milliseconds; each covers the day or month that it names. */
export function distance({ reading, moment }: Placed, other: Reading): number {
  const instant = instantOf(other);
  const apart = instant === null ? other.time.clock - moment.clock : instant - moment.instant;
  const early = apart + spanOf(other);
  const late = apart - spanOf(reading);
  return late > 0 ? late : early < 0 ? -early : 0;
}
