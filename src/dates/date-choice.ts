/**
 * Which of several dates that can be true is the photo's: the most trusted, unless
 *
 *   it is later than the object's upload   and another that speaks of the moment is not. The upload alone replaces
 *                                          no date: it may be the wrong one of the two
 *   it is a first of January by a device   and two others, each of another origin, agree on another day: clocks that
 *                                          lost their battery begin to run there
 *
 * Of a date that knows only the day, the month or the year, the others that lie within it are that date made finer:
 * each one that says more and lies within what is known so far, in the order of trust.
 */

import { MINUTE } from "../measures.ts";
import { type DateRow, spanOf } from "./date-candidate.ts";
import {
  COMPARED,
  CONFLICT,
  distance,
  inWords,
  oddClock,
  type PlacedReading,
  refines,
  sayTheSame,
} from "./date-doubts.ts";
import { isFactoryDay } from "./implausible.ts";
import type { Surroundings } from "./resolve-zone.ts";

/** A date that can be true. */
export interface PossibleDate extends PlacedReading {
  /** Later than its object by more than clocks can be apart. */
  readonly late: boolean;
}

export interface DateChoice {
  readonly best: PossibleDate;
  /** The same date made finer; `best` itself where nothing says more. */
  readonly finest: PossibleDate;
  /** Why more trusted ones are not the date, in one clause each. */
  readonly passed: ReadonlyMap<PossibleDate, string>;
}

/**
 * @param dates that can be true, in the order of trust, not empty
 * @param fileTime the time of the file itself where it is one that a folder keeps; it only makes others finer
 */
export function chooseDate(
  dates: readonly [PossibleDate, ...PossibleDate[]],
  around: Surroundings,
  fileTime: PossibleDate | null,
): DateChoice {
  const passed = new Map<PossibleDate, string>();
  const best = withoutFactoryClocks(dates, around, passed) ?? withoutLate(dates, passed);
  const finest = finestOf(best, dates.slice(dates.indexOf(best) + 1), around);
  const finer = fileTime !== null && !isBeginning(fileTime, finest);
  return { best, finest: finer ? finestOf(finest, [fileTime], around) : finest, passed };
}

const QUARTER = 15 * MINUTE;

/** True for the time that a vague date gave a file, in whatever zone: the beginning of that day, month or year. */
function isBeginning({ moment: { instant } }: PossibleDate, { moment }: PossibleDate): boolean {
  return instant % QUARTER === 0 && Math.abs(instant - moment.clock) <= 56 * QUARTER;
}

function finestOf(best: PossibleDate, others: readonly PossibleDate[], around: Surroundings): PossibleDate {
  let finest = best;
  if (best.reading.candidate.row === "user") return best;
  for (const other of others) {
    if (spanOf(finest.reading) === 0) break;
    if (refines(other, finest) && oddClock(other, around) === null) finest = other;
  }
  return finest;
}

/** Times of a file or of a change, which are seldom those of the moment. */
const COPIED = new Set<DateRow>(["object-mtime", "modify"]);

/** Fills in why those before it are not the date. */
function withoutLate(
  dates: readonly [PossibleDate, ...PossibleDate[]],
  passed: Map<PossibleDate, string>,
): PossibleDate {
  const [first] = dates;
  if (!first.late) return first;
  const weak = COPIED.has(first.reading.candidate.row);
  const other = dates.find(
    ({ late, reading: { candidate, time } }) => !late && (weak || (COMPARED.has(candidate.row) && knowsDay(time))),
  );
  if (other === undefined) return first;
  for (const one of dates.slice(0, dates.indexOf(other))) {
    passed.set(one, `later than the object itself, and ${other.reading.candidate.tag} is not`);
  }
  return other;
}

function knowsDay({ precision }: PlacedReading["reading"]["time"]): boolean {
  return precision !== "month" && precision !== "year";
}

const DEVICE = new Set<DateRow>(["exif-original", "exif-digitized", "embedded", "video-content", "video-header"]);
/** Who can bear witness against a clock, by origin: two of one origin are one witness. */
const WITNESS_ORIGINS: Partial<Record<DateRow, string>> = {
  sidecar: "beside",
  service: "beside",
  "name-time": "name",
  "name-day": "name",
  "vendor-utc": "satellites",
  "object-mtime": "file",
};

/** @returns what two witnesses agree on against a device's first of January; null where there are none */
function withoutFactoryClocks(
  dates: readonly [PossibleDate, ...PossibleDate[]],
  around: Surroundings,
  passed: Map<PossibleDate, string>,
): PossibleDate | null {
  const isFactory = ({ reading, moment }: PossibleDate) =>
    DEVICE.has(reading.candidate.row) &&
    spanOf(reading) === 0 &&
    (isFactoryDay(moment.clock) || oddClock({ reading, moment }, around) !== null);
  const [first] = dates;
  if (!isFactory(first)) return null;
  const witnesses = dates.filter(
    (one) =>
      WITNESS_ORIGINS[one.reading.candidate.row] !== undefined &&
      !one.late &&
      knowsDay(one.reading.time) &&
      distance(one, first.reading) > CONFLICT,
  );
  for (const [at, one] of witnesses.entries()) {
    const second = witnesses.slice(at + 1).find((other) => isOther(one, other) && sayTheSame(one, other));
    if (second === undefined) continue;
    const names = `${one.reading.candidate.tag} and ${second.reading.candidate.tag}`;
    const reason = `a clock that was never set, against ${names}, which say ${inWords(one.reading)}`;
    for (const earlier of dates.slice(0, dates.indexOf(one))) passed.set(earlier, reason);
    return one;
  }
  return null;
}

function isOther(one: PossibleDate, other: PossibleDate): boolean {
  return WITNESS_ORIGINS[one.reading.candidate.row] !== WITNESS_ORIGINS[other.reading.candidate.row];
}
