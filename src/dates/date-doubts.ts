/** How two dates compare, and what is doubtful about the one that was chosen: guesses, odd clocks, sources that say something else. */

import { asKnown, HOUR } from "../measures.ts";
import type { Doubt } from "../model.ts";
import { type DateReading, type DateRow, instantOf, spanOf } from "./date-candidate.ts";
import { implausible } from "./implausible.ts";
import { type Moment, type Surroundings, UTC_WITNESSES } from "./resolve-zone.ts";
import { formatClock, isExact } from "./written-time.ts";

export interface DateWarning {
  readonly code: Doubt;
  /** One clause for people. */
  readonly message: string;
}

/** A reading with its place on the world's clock. */
export interface PlacedReading {
  readonly reading: DateReading;
  readonly moment: Moment;
}

/** The most by which two sources may differ that speak of one moment: some forget the zone. */
export const CONFLICT = 15 * HOUR;

/** What a camera or scanner wrote into the file by its own clock. */
export const DEVICE_ROWS: ReadonlySet<DateRow> = new Set([
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
]);
/** Rows that speak of the moment itself; the others may honestly be of another. */
export const COMPARED: ReadonlySet<DateRow> = new Set([
  "sidecar",
  "exif-original",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
  "vendor-utc",
  "service",
  "name-time",
  "name-day",
]);

/** What is odd about the clock of a device; null for other sources, and where nothing is. */
export function oddClock({ reading, moment }: PlacedReading, around: Surroundings): string | null {
  if (!DEVICE_ROWS.has(reading.candidate.row)) return null;
  const { make = "", model = "" } = around.evidence;
  const strange = implausible(moment.clock, `${make} ${model}`);
  // Some do photograph at New Year's midnight.
  return strange !== null && isConfirmed({ reading, moment }, around) ? null : strange;
}

function isConfirmed(placed: PlacedReading, { readings }: Surroundings): boolean {
  return readings.some(
    (other) =>
      UTC_WITNESSES.has(other.candidate.row) && isExact(other.time.precision) && distance(placed, other) <= HOUR,
  );
}

/** @param late one clause where it is later than its object, which is doubtful; else null */
export function doubtsOf(chosen: PlacedReading, around: Surroundings, late: string | null): DateWarning[] {
  const { reading, moment } = chosen;
  const warnings: DateWarning[] = moment.guesses.map((message) => ({ code: "guess", message }));
  const strange = oddClock(chosen, around);
  if (strange !== null) warnings.push({ code: "odd", message: strange });
  if (late !== null) warnings.push({ code: "conflict", message: late });
  if (!COMPARED.has(reading.candidate.row)) return warnings;
  for (const other of around.readings) {
    if (other === reading || !COMPARED.has(other.candidate.row)) continue;
    if (distance(chosen, other) <= CONFLICT) continue;
    const message = `${other.candidate.tag} says ${inWords(other)}`;
    warnings.push({ code: "conflict", message });
  }
  return warnings;
}

/** As much of a time as was written: a day has no midnight. */
export function inWords({ time }: Pick<DateReading, "time">): string {
  return asKnown(formatClock(time.clock, "").replace("T", " "), time.precision);
}

/** True where both speak of the same time, each as well as it knows it. */
export function sayTheSame(one: PlacedReading, other: PlacedReading): boolean {
  return instantOf(other.reading) === null
    ? distance(one, other.reading) <= CONFLICT
    : distance(other, one.reading) <= CONFLICT;
}

/**
 * True where one lies within the other by the wall clock and says more. What stands at its very beginning, the first
 * of a month, midnight, says no more: programs fill up with that what they do not know.
 */
export function refines(fine: PlacedReading, coarse: PlacedReading): boolean {
  const span = spanOf(coarse.reading);
  const after = fine.moment.clock - coarse.moment.clock;
  const own = spanOf(fine.reading);
  return own < span && after > 0 && after < span && after + own <= span;
}

/** How far two readings are apart at the least, in milliseconds; each covers the day or month that it names. */
export function distance({ reading, moment }: PlacedReading, other: DateReading): number {
  const instant = instantOf(other);
  const apart = instant === null ? other.time.clock - moment.clock : instant - moment.instant;
  const early = apart + spanOf(other);
  const late = apart - spanOf(reading);
  return late > 0 ? late : early < 0 ? -early : 0;
}
