/** What is doubtful about a date that was chosen: guesses, odd clocks, sources that say something else. */

import type { Doubt } from "../model.ts";
import { asKnown } from "../moment.ts";
import type { Row } from "./date-candidate.ts";
import { distance, type Placed } from "./date-span.ts";
import { implausible } from "./implausible.ts";
import { instantOf, type Reading } from "./parse-candidate.ts";
import type { Surroundings } from "./resolve-zone.ts";
import { formatClock } from "./written-time.ts";

export interface DateWarning {
  readonly code: Doubt;
  /** One clause for people. */
  readonly message: string;
}

const HOUR = 3_600_000;
/** The most by which two sources may differ that speak of one moment: some forget the zone. */
export const CONFLICT = 15 * HOUR;

const DEVICE_ROWS = new Set<Row>([
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
]);
/** Rows that speak of the moment itself; the others may honestly be of another. */
export const COMPARED: ReadonlySet<Row> = new Set([
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
export function oddClock({ reading, moment }: Placed, around: Surroundings): string | null {
  if (!DEVICE_ROWS.has(reading.candidate.row)) return null;
  const { make = "", model = "" } = around.evidence;
  const strange = implausible(moment.clock, `${make} ${model}`);
  // Some do photograph at New Year's midnight.
  return strange !== null && isConfirmed({ reading, moment }, around) ? null : strange;
}

function isConfirmed(placed: Placed, { readings }: Surroundings): boolean {
  return readings.some(
    (other) =>
      CONFIRMING.has(other.candidate.row) &&
      (other.time.precision === "s" || other.time.precision === "ms") &&
      distance(placed, other) <= HOUR,
  );
}
const CONFIRMING = new Set<Row>(["sidecar", "vendor-utc", "service", "name-time"]);

/** @param late one clause where it is later than its object, which is doubtful; else null */
export function doubtsOf(chosen: Placed, around: Surroundings, late: string | null): DateWarning[] {
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
export function inWords({ time }: Pick<Reading, "time">): string {
  return asKnown(formatClock(time.clock, "").replace("T", " "), time.precision);
}

/** True where both speak of the same time, each as well as it knows it. */
export function agree(one: Placed, other: Placed): boolean {
  return instantOf(other.reading) === null
    ? distance(one, other.reading) <= CONFLICT
    : distance(other, one.reading) <= CONFLICT;
}
