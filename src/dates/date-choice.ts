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

import { MINUTE } from "../time.ts";
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
export interface Sane extends PlacedReading {
  /** Later than its object by more than clocks can be apart. */
  readonly late: boolean;
}

export interface Choice {
  readonly best: Sane;
  /** The same date made finer; `best` itself where nothing says more. */
  readonly finest: Sane;
  /** Why more trusted ones are not the date, in one clause each. */
  readonly passed: ReadonlyMap<Sane, string>;
}

/**
 * @param sane in the order of trust, not empty
 * @param fileTime the time of the file itself where it is one that a folder keeps; it only makes others finer
 */
export function choose(sane: readonly [Sane, ...Sane[]], around: Surroundings, fileTime: Sane | null): Choice {
  const passed = new Map<Sane, string>();
  const best = withoutFactoryClocks(sane, around, passed) ?? withoutLate(sane, passed);
  const finest = finestOf(best, sane.slice(sane.indexOf(best) + 1), around);
  const finer = fileTime !== null && !isBeginning(fileTime, finest);
  return { best, finest: finer ? finestOf(finest, [fileTime], around) : finest, passed };
}

const QUARTER = 15 * MINUTE;

/** True for the time that a vague date gave a file, in whatever zone: the beginning of that day, month or year. */
function isBeginning({ moment: { instant } }: Sane, { moment }: Sane): boolean {
  return instant % QUARTER === 0 && Math.abs(instant - moment.clock) <= 56 * QUARTER;
}

function finestOf(best: Sane, others: readonly Sane[], around: Surroundings): Sane {
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
function withoutLate(sane: readonly [Sane, ...Sane[]], passed: Map<Sane, string>): Sane {
  const [first] = sane;
  if (!first.late) return first;
  const weak = COPIED.has(first.reading.candidate.row);
  const other = sane.find(
    ({ late, reading: { candidate, time } }) => !late && (weak || (COMPARED.has(candidate.row) && knowsDay(time))),
  );
  if (other === undefined) return first;
  for (const one of sane.slice(0, sane.indexOf(other))) {
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
  sane: readonly [Sane, ...Sane[]],
  around: Surroundings,
  passed: Map<Sane, string>,
): Sane | null {
  const isFactory = ({ reading, moment }: Sane) =>
    DEVICE.has(reading.candidate.row) &&
    spanOf(reading) === 0 &&
    (isFactoryDay(moment.clock) || oddClock({ reading, moment }, around) !== null);
  const [first] = sane;
  if (!isFactory(first)) return null;
  const witnesses = sane.filter(
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
    for (const earlier of sane.slice(0, sane.indexOf(one))) passed.set(earlier, reason);
    return one;
  }
  return null;
}

function isOther(one: Sane, other: Sane): boolean {
  return WITNESS_ORIGINS[one.reading.candidate.row] !== WITNESS_ORIGINS[other.reading.candidate.row];
}
