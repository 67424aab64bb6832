/**
 * What a file, its name or its store says of when the photo was taken; what was read of that; and the order in which
 * it is trusted. Nothing here decides.
 */

import { DAY, MINUTE } from "../measures.ts";
import type { DateSource } from "../model.ts";
import { impossible } from "./implausible.ts";
import { isCoarse, readWritten, type WrittenTime } from "./written-time.ts";
import { parseOffset } from "./zone.ts";

/**
 * The order of trust, the most trusted first; capture-date.ts says what each row means. Within a row the
 * order in which candidates are given decides.
 */
export const DATE_ROWS = [
  "user",
  "sidecar",
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
  "vendor-utc",
  "service",
  "name-time",
  "company",
  "object-mtime",
  "name-day",
  "modify",
  "key",
  "modified",
] as const;
export type DateRow = (typeof DATE_ROWS)[number];

/** One thing that may say when the photo was taken. */
export interface DateCandidate {
  readonly row: DateRow;
  readonly source: DateSource;
  /** The field it stands in: "DateTimeOriginal", "x-amz-meta-mtime", "file name". */
  readonly tag: string;
  /** The value as it stands there, right or wrong. */
  readonly written: string;
  /** What a value that names no offset means: the wall clock where the photo was taken, or UTC. */
  readonly clock: "local" | "utc";
  /** The tag that holds this value's offset from UTC, where the format has one. */
  readonly offset?: WrittenOffset;
  /** Why it can be read in two ways, one clause for people: it is shown, and never believed. */
  readonly unsure?: string;
  /** Digits after the second, where they stand in a tag of their own. */
  readonly subSeconds?: string;
}

export interface WrittenOffset {
  readonly tag: string;
  /** `+02:00`, `Z`, `-0330`; or rubbish. */
  readonly written: string;
}

/** Everything besides the candidates that tells where the photo was taken, and so which clock it goes by. */
export interface ZoneEvidence {
  /** Zones that the camera notes for the whole file (maker notes, QuickTime, Android), the better first. */
  readonly zones?: readonly WrittenOffset[];
  /** Degrees, south and west negative. */
  readonly position?: { readonly latitude: number; readonly longitude: number };
  readonly make?: string;
  readonly model?: string;
  /** Length of a video in seconds. */
  readonly duration?: number;
}

/** What one reader found. */
export interface DateFindings {
  readonly candidates: readonly DateCandidate[];
  readonly evidence: ZoneEvidence;
}

/** A candidate that was read: its time, and whether that is a wall clock, a wall clock with its offset, or UTC. */
export interface DateReading {
  readonly candidate: DateCandidate;
  readonly time: WrittenTime;
  /**
   * `local`: a wall clock, `offset` minutes east of UTC where that is known. `utc`: an instant, and where the
   * photo was taken is not said.
   */
  readonly kind: "local" | "utc";
  readonly offset: number | null;
  /** Where the offset was read; "" where there is none. */
  readonly offsetTag: string;
}

/**
 * Here `Z` and `+00:00` are what programs write that know the instant and not the place ("looking at you,
 * Google Takeout"); cameras that write an offset mean it.
 */
const BARE_UTC = new Set<DateRow>(["sidecar", "embedded", "video-content", "service", "name-time"]);

/** @returns the reading, or one clause for people that says why the candidate is no date */
export function parseCandidate(candidate: DateCandidate): DateReading | string {
  if (candidate.unsure !== undefined) return candidate.unsure;
  const time = readWritten(candidate.written, candidate.subSeconds);
  if (typeof time === "string") return time;
  const reading = withOffset(candidate, time);
  if (candidate.row === "user") return reading;
  return impossible([time.clock, instantOf(reading) ?? time.clock]) ?? reading;
}

/** Milliseconds since 1970 where the reading alone tells the instant; null where it needs a zone. */
export function instantOf({ kind, time, offset }: DateReading): number | null {
  if (kind === "utc") return time.clock;
  return offset === null ? null : time.clock - offset * MINUTE;
}

function withOffset(candidate: DateCandidate, time: WrittenTime): DateReading {
  const bare = { candidate, time, kind: candidate.clock, offset: null, offsetTag: "" };
  if (isCoarse(time.precision)) return { ...bare, kind: "local" };
  const inside = time.offset === null ? null : parseOffset(time.offset);
  if (inside !== null && candidate.clock === "utc") {
    // An instant, whatever zone its writer printed it in.
    return { ...bare, time: { ...time, clock: time.clock - inside * MINUTE } };
  }
  if (inside === 0 && BARE_UTC.has(candidate.row)) return { ...bare, kind: "utc" };
  if (inside !== null) return { ...bare, kind: "local", offset: inside, offsetTag: candidate.tag };
  const beside = candidate.offset === undefined ? null : parseOffset(candidate.offset.written);
  if (beside === null) return bare;
  return { ...bare, kind: "local", offset: beside, offsetTag: candidate.offset?.tag ?? "" };
}

/** Milliseconds from the beginning of what was written to its end; 0 where it is exact to the second. */
export function spanOf({ time: { clock, precision } }: DateReading): number {
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

interface OrderRules {
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
  /** When the object was uploaded, in milliseconds since 1970; null where nobody knows. */
  readonly uploaded: number | null;
}

const PLACE_OF_ROW: ReadonlyMap<DateRow, number> = new Map(DATE_ROWS.map((row, at) => [row, at]));

/** @returns the place of a candidate in the order of trust, smaller first */
export function orderOf(
  readings: readonly DateReading[],
  { preferService, uploaded }: OrderRules,
): (candidate: DateCandidate) => number {
  const day = readings.find(({ candidate }) => candidate.row === "name-day");
  if (day === undefined && preferService !== true) return placeIn(PLACE_OF_ROW);
  const rows: DateRow[] = [...DATE_ROWS];
  if (preferService === true) moveBefore(rows, "service", "exif-original");
  const mtime = readings.find(
    ({ candidate, time }) => candidate.row === "object-mtime" && (uploaded === null || time.clock < uploaded),
  );
  // From the end of the named day: a day more, and half a day for the zone.
  const copied = day && mtime && mtime.time.clock - (day.time.clock + DAY) > DAY + DAY / 2;
  if (copied) moveBefore(rows, "name-day", "object-mtime");
  return placeIn(new Map(rows.map((row, at) => [row, at])));
}

function placeIn(places: ReadonlyMap<DateRow, number>): (candidate: DateCandidate) => number {
  return ({ row }) => places.get(row) ?? places.size;
}

function moveBefore(rows: DateRow[], row: DateRow, other: DateRow): void {
  rows.splice(rows.indexOf(row), 1);
  rows.splice(rows.indexOf(other), 0, row);
}
