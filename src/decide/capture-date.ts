/**
 * When a photo was taken: of everything that says so, the first in the order of trust that can be true.
 *
 *   row             what                                              zone
 *   user            what the user says
 *   sidecar         XMP beside the photo                              as written; not if it is DateTimeOriginal
 *                                                                     again in bare UTC
 *   exif-original   EXIF DateTimeOriginal, SubSecTimeOriginal         OffsetTimeOriginal, never OffsetTime
 *   exif-digitized  EXIF CreateDate; of a scanner, the day of the scan OffsetTimeDigitized
 *   embedded        XMP and IPTC inside the file                      as written
 *   video-keys      com.apple.quicktime.creationdate                  as written
 *   video-content   ContentCreateDate, QuickTime or H.264             as written
 *                   DateTimeOriginal, RIFF IDIT
 *   video-header    mvhd, mdhd, tkhd                                  UTC, or rule V (date-moment.ts)
 *   vendor-utc      GPSDateTime and the like                          UTC
 *   service         what the photo service says; with `preferService` as documented
 *                   above exif-original, because people correct it there
 *   name-time       a date and time in the name                       local, UTC for PXL_, _iOS and Unix times
 *   object-mtime    the mtime that an upload tool noted; only if      UTC
 *                   earlier than LastModified
 *   name-day        a day in the name; above an object-mtime that is  local
 *                   later by more than a day, as that is of a copy
 *   modify          EXIF ModifyDate and the like; only up to a day    OffsetTime
 *                   after LastModified
 *   key             folders: 2012/06/28, 2012-06, Photos from 2012    local
 *   modified        LastModified: when it came to the bucket, which   UTC
 *                   is not when it was taken
 *
 * Passed over are dates that cannot be (date-sanity.ts) and dates more than 26 hours after LastModified: an
 * object is not younger than its upload, and 26 hours are the most that two clocks can be apart.
 */

import type { Captured, Doubt, Precision } from "../model.ts";
import { type DateCandidate, ROWS, type Row, type ZoneEvidence } from "./date-candidate.ts";
import { locate, type Moment, type Surroundings } from "./date-moment.ts";
import { instantOf, type Reading, readCandidate } from "./date-reading.ts";
import { odd } from "./date-sanity.ts";
import { formatClock, formatInstant } from "./written-time.ts";
import { formatOffset, nearestOffset } from "./zone.ts";

export interface DateRules {
  /** LastModified of the object, ISO 8601: nothing was taken more than 26 hours after it. */
  readonly modified: string;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly defaultZone: string;
  readonly evidence?: ZoneEvidence;
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
}

export interface DateWarning {
  readonly code: Doubt;
  /** One clause for people. */
  readonly message: string;
}

/** A candidate and its fate. */
export interface Judged {
  readonly candidate: DateCandidate;
  /** `refused`: it cannot be the date. `outranked`: it could, and something more trusted is. */
  readonly fate: "chosen" | "outranked" | "refused";
  /** Why it is not the date, in one clause for people; null for the one that is. */
  readonly lost: string | null;
}

export interface Decision {
  /** Null only where not even LastModified can be read. */
  readonly captured: Captured | null;
  /** How the offset is known. */
  readonly zoneFrom: Moment["zoneFrom"];
  readonly warnings: readonly DateWarning[];
  /** All of them, the most trusted first. */
  readonly candidates: readonly Judged[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** +14:00 to -12:00: the most by which a wall clock read in the wrong zone can be late. */
const BOUND = 26 * HOUR;
const CONFLICT = 15 * HOUR;

/** Decides; never throws, whatever the candidates say. */
export function decideCaptureDate(
  candidates: readonly DateCandidate[],
  rules: DateRules,
): Decision {
  const modified = Date.parse(rules.modified);
  const bound = Number.isNaN(modified) ? null : modified;
  const entries = [...candidates, lastModified(rules.modified)].map((candidate) => ({
    candidate,
    reading: readCandidate(candidate),
  }));
  const sane = entries.flatMap(({ reading }) => (typeof reading === "string" ? [] : [reading]));
  const around: Surroundings = {
    readings: sane,
    evidence: rules.evidence ?? {},
    defaultZone: rules.defaultZone,
  };
  const order = orderOf(sane, rules, bound);
  entries.sort((a, b) => order(a.candidate) - order(b.candidate));
  return choose(entries, { around, bound });
}

interface Entry {
  readonly candidate: DateCandidate;
  readonly reading: Reading | string;
}
interface Context {
  readonly around: Surroundings;
  readonly bound: number | null;
}

function choose(entries: readonly Entry[], context: Context): Decision {
  const judged: Judged[] = [];
  let winner: { reading: Reading; moment: Moment } | null = null;
  for (const { candidate, reading } of entries) {
    const reason = typeof reading === "string" ? reading : rowRule(reading, context);
    if (reason !== null || typeof reading === "string") {
      judged.push({ candidate, fate: "refused", lost: reason });
    } else if (winner !== null) {
      const lost = `${winner.reading.candidate.tag} is more trusted`;
      judged.push({ candidate, fate: "outranked", lost });
    } else {
      const moment = locate(reading, context.around);
      const lost = tooLate(reading, moment, context.bound);
      judged.push({ candidate, fate: lost === null ? "chosen" : "refused", lost });
      if (lost === null) winner = { reading, moment };
    }
  }
  if (winner === null) {
    return { captured: null, zoneFrom: "default", warnings: [], candidates: judged };
  }
  const warnings = warningsOf(winner.reading, winner.moment, context.around);
  const captured = toCaptured(winner.reading, winner.moment, warnings);
  return { captured, zoneFrom: winner.moment.zoneFrom, warnings, candidates: judged };
}

function lastModified(written: string): DateCandidate {
  return { row: "modified", source: "modified", tag: "LastModified", written, clock: "utc" };
}

const PLACES: ReadonlyMap<Row, number> = new Map(ROWS.map((row, at) => [row, at]));

/** The place of each candidate in the order of trust, smaller first. */
function orderOf(
  readings: readonly Reading[],
  rules: DateRules,
  bound: number | null,
): (candidate: DateCandidate) => number {
  const day = readings.find(({ candidate }) => candidate.row === "name-day");
  if (day === undefined && rules.preferService !== true) return placeIn(PLACES);
  const rows: Row[] = [...ROWS];
  if (rules.preferService === true) moveBefore(rows, "service", "exif-original");
  const mtime = readings.find(
    ({ candidate, time }) =>
      candidate.row === "object-mtime" && (bound === null || time.clock < bound),
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

/** Conditions that belong to one row of the order. */
function rowRule(reading: Reading, { around, bound }: Context): string | null {
  const { clock } = reading.time;
  switch (reading.candidate.row) {
    case "sidecar":
      return repeatsOriginal(reading, around.readings);
    case "object-mtime":
      return bound !== null && clock >= bound
        ? "not earlier than LastModified, so it is of the upload"
        : null;
    case "modify":
      return bound !== null && (instantOf(reading) ?? clock) > bound + DAY
        ? "more than a day later than LastModified"
        : null;
    default:
      return null;
  }
}

/** Programs that know the instant but not the place write DateTimeOriginal again in UTC (immich #31217). */
function repeatsOriginal(reading: Reading, readings: readonly Reading[]): string | null {
  const original = readings.find(({ candidate }) => candidate.row === "exif-original");
  if (reading.kind !== "utc" || original === undefined) return null;
  const instant = instantOf(original);
  const same =
    instant === null
      ? nearestOffset(original.time.clock - reading.time.clock, 1000) !== null
      : Math.abs(instant - reading.time.clock) <= 1000;
  return same ? `${original.candidate.tag} again, in UTC` : null;
}

function tooLate(reading: Reading, moment: Moment, bound: number | null): string | null {
  const { row } = reading.candidate;
  if (bound === null || row === "user" || row === "modified") return null;
  return moment.instant > bound + BOUND ? "later than the object itself" : null;
}

const DEVICE_ROWS = new Set<Row>([
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
]);
/** Rows that speak of the moment itself; the others may honestly be of another. */
const COMPARED = new Set<Row>([
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

function warningsOf(reading: Reading, moment: Moment, around: Surroundings): DateWarning[] {
  const warnings: DateWarning[] = moment.guesses.map((message) => ({ code: "guess", message }));
  const { evidence } = around;
  const strange = DEVICE_ROWS.has(reading.candidate.row)
    ? odd(moment.clock, `${evidence.make ?? ""} ${evidence.model ?? ""}`)
    : null;
  if (strange !== null) warnings.push({ code: "odd", message: strange });
  if (!COMPARED.has(reading.candidate.row)) return warnings;
  for (const other of around.readings) {
    if (other === reading || !COMPARED.has(other.candidate.row)) continue;
    const apart = distance(reading, moment, other);
    if (apart <= CONFLICT) continue;
    const message = `${other.candidate.tag} says ${inWords(other)}`;
    warnings.push({ code: "conflict", message });
  }
  return warnings;
}

const KNOWN: Partial<Record<Precision, number>> = { minute: 16, day: 10, month: 7, year: 4 };

/** As much of a time as was written: a day has no midnight. */
function inWords({ time }: Reading): string {
  return formatClock(time.clock, "").replace("T", " ").slice(0, KNOWN[time.precision]);
}

/** How far two readings are apart at the least, in milliseconds; each covers the day or month that it names. */
function distance(reading: Reading, moment: Moment, other: Reading): number {
  const instant = instantOf(other);
  const apart = instant === null ? other.time.clock - moment.clock : instant - moment.instant;
  const early = apart + spanOf(other);
  const late = apart - spanOf(reading);
  return late > 0 ? late : early < 0 ? -early : 0;
}

function spanOf({ time }: Reading): number {
  const { precision } = time;
  return precision === "day"
    ? DAY
    : precision === "month"
      ? 31 * DAY
      : precision === "year"
        ? 366 * DAY
        : 0;
}

function toCaptured(
  { candidate, time }: Reading,
  moment: Moment,
  warnings: readonly DateWarning[],
): Captured {
  return {
    local: formatClock(moment.clock, time.fraction),
    offset: moment.offset === null ? null : formatOffset(moment.offset),
    utc: formatInstant(moment.instant, time.fraction),
    source: candidate.source,
    precision: time.precision,
    tag: candidate.tag,
    ...(moment.zone === null ? {} : { zone: moment.zone }),
    ...(moment.offset === null || moment.zoneFrom === "default"
      ? {}
      : { zoneFrom: moment.zoneFrom }),
    ...(warnings.length === 0
      ? {}
      : {
          warnings: warnings.map(({ message }) => message),
          doubts: warnings.map(({ code }) => code),
        }),
  };
}
