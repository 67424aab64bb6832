/** The place of each candidate in the order of trust, which capture-date.ts explains row by row. */

import { type DateCandidate, ROWS, type Row } from "./date-candidate.ts";
import type { Reading } from "./parse-candidate.ts";

const DAY = 86_400_000;

interface OrderRules {
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
  /** When the object was uploaded, in milliseconds since 1970; null where nobody knows. */
  readonly uploaded: number | null;
}

const PLACES: ReadonlyMap<Row, number> = new Map(ROWS.map((row, at) => [row, at]));

/** @returns the place of a candidate, smaller first */
export function orderOf(
  readings: readonly Reading[],
  { preferService, uploaded }: OrderRules,
): (candidate: DateCandidate) => number {
  const day = readings.find(({ candidate }) => candidate.row === "name-day");
  if (day === undefined && preferService !== true) return placeIn(PLACES);
  const rows: Row[] = [...ROWS];
  if (preferService === true) moveBefore(rows, "service", "exif-original");
  const mtime = readings.find(
    ({ candidate, time }) => candidate.row === "object-mtime" && (uploaded === null || time.clock < uploaded),
  );
  // From the end of the named day: a day more, and half a day for the zone.
  const copied = day && mtime && mtime.time.clock - (day.time.clock + DAY) > DAY + DAY / 2;
  if (copied) moveBefore(rows, "name-day", "object-mtime");
  return placeIn(new Map(rows.map((row, at) => [row, at])));
}

function placeIn(places: ReadonlyMap<Row, number>): (candidate: DateCandidate) => number {
  return ({ row }) => places.get(row) ?? places.size;
}

function moveBefore(rows: Row[], row: Row, other: Row): void {
  rows.splice(rows.indexOf(row), 1);
  rows.splice(rows.indexOf(other), 0, row);
}
