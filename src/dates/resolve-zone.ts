/**
 * Where a reading belongs on the world's clock. The first that is known decides:
 *
 *   1  an offset in the value itself, or in the tag that belongs to it
 *   2  a zone that the camera notes: TimeZone (with Nikon's DaylightSavings), QuickTime's, Android's
 *   3  a wall clock and a UTC time of the same photo, whose difference is an offset in use up to 2 minutes
 *   4  the position, unless the satellites' time would lie in the photo's future by its zone, or hours back where it
 *      is minutes old by another: then the camera goes by the clock of another place
 *   5  an offset beside the same wall clock elsewhere: XMP, IPTC, ModifyDate with its OffsetTime
 *   6  as 3, up to 15 minutes: guessed, because a GPS time may be old, but never of the future
 *   7  nothing in the photo: the zone of `--timezone` makes an instant of it, and the offset stays unknown, unless
 *      other photos lend theirs later (infer-zone.ts)
 *
 * Rule V, for the header of a video (UTC by the standard, local time by habit): taken as UTC, and as a wall
 * clock where the file's name has that very time, where a UTC time differs from it by an offset, or where
 * Nikon, GoPro or DJI made it and nothing contradicts. A guess, and said so.
 */

import { DAY, HOUR, MINUTE, SECOND } from "../measures.ts";
import type { ZoneFrom } from "../model.ts";
import { type DateReading, type DateRow, instantOf, type ZoneEvidence } from "./date-candidate.ts";
import { isExact } from "./written-time.ts";
import { instantIn, nearestOffset, offsetAt, parseOffset, zoneAt } from "./zone.ts";

export interface Moment {
  /** Wall clock where the photo was taken, in milliseconds since 1970 as if in UTC. */
  readonly clock: number;
  readonly instant: number;
  /** Minutes east of UTC; null where nobody recorded it. */
  readonly offset: number | null;
  /** IANA zone, where a position names one that agrees with the offset. */
  readonly zone: string | null;
  readonly zoneFrom: ZoneFrom | "default";
  /** Which half the zone of `--timezone` made of the other, where nobody recorded an offset. */
  readonly assumed?: "local" | "utc";
  /** One clause for people for everything that was guessed. */
  readonly guesses: readonly string[];
}

export interface Surroundings {
  /** Everything about the photo that can be a date. */
  readonly readings: readonly DateReading[];
  readonly evidence: ZoneEvidence;
  /** IANA zone. */
  readonly defaultZone: string;
}

const EXACT = 2 * MINUTE;
const ROUGH = 15 * MINUTE;
/** A fix is older than this where a camera found no satellites for hours, and seldom so old as the minutes of an hour. */
const STALE = 3 * HOUR;
const FRESH = 6 * MINUTE;
const WESTERNMOST = -12 * HOUR;
const EASTERNMOST = 14 * HOUR;

/** Who knows the instant. */
export const UTC_WITNESSES: ReadonlySet<DateRow> = new Set(["sidecar", "vendor-utc", "service", "name-time"]);
const LOCAL_WITNESSES = new Set<DateRow>(["exif-original", "exif-digitized", "video-content", "name-time"]);
const LOCAL_HEADERS = /\b(nikon|gopro|dji)\b/i;

interface KnownOffset {
  readonly offset: number;
  readonly zoneFrom: ZoneFrom;
  readonly guess: string | null;
}

/** Gives a reading its place on both clocks; the rules stand above. */
export function resolveZone(reading: DateReading, around: Surroundings): Moment {
  const asLocal = reading.candidate.row === "video-header" ? localHeader(reading, around) : null;
  const read: DateReading = asLocal === null ? reading : { ...reading, kind: "local" };
  const guesses = asLocal === null ? [] : [asLocal];
  const found = offsetFor(read, around);
  const { clock } = read.time;
  if (found === null) return { ...inDefaultZone(read, around.defaultZone), guesses };
  const instant = read.kind === "utc" ? clock : clock - found.offset * MINUTE;
  return {
    clock: instant + found.offset * MINUTE,
    instant,
    offset: found.offset,
    zone: agreeingZone(instant, found.offset, around.evidence),
    zoneFrom: found.zoneFrom,
    guesses: found.guess === null ? guesses : [...guesses, found.guess],
  };
}

function inDefaultZone({ kind, time, candidate }: DateReading, defaultZone: string): Omit<Moment, "guesses"> {
  const unknown = { offset: null, zone: null, zoneFrom: "default" } as const;
  if (kind === "local") {
    return { clock: time.clock, instant: instantIn(defaultZone, time.clock), assumed: "utc", ...unknown };
  }
  // A writer that put `Z` after its time meant that clock; a count of seconds means none.
  if (time.offset !== null && candidate.clock === "local") {
    return { clock: time.clock, instant: time.clock, ...unknown, offset: 0, zoneFrom: "value" };
  }
  const offset = offsetAt(defaultZone, time.clock);
  return { clock: time.clock + offset * MINUTE, instant: time.clock, assumed: "local", ...unknown };
}

function offsetFor(reading: DateReading, around: Surroundings): KnownOffset | null {
  if (reading.offset !== null) return { offset: reading.offset, zoneFrom: "value", guess: null };
  // When an object came to its bucket has nothing to do with where the photo was taken.
  if (reading.candidate.row === "modified") return null;
  const { evidence } = around;
  const camera = (evidence.zones ?? []).map(({ written }) => parseOffset(written));
  return (
    knownOffset(
      camera.find((offset) => offset !== null),
      "camera",
    ) ??
    difference(reading, around, EXACT) ??
    knownOffset(positionOffset(reading, around), "position") ??
    knownOffset(sameClockOffset(reading, around), "value") ??
    difference(reading, around, ROUGH)
  );
}

function knownOffset(offset: number | null | undefined, zoneFrom: ZoneFrom): KnownOffset | null {
  return offset === null || offset === undefined ? null : { offset, zoneFrom, guess: null };
}

function positionOffset(reading: DateReading, around: Surroundings): number | null {
  const { kind, time } = reading;
  const { position } = around.evidence;
  const zone = position === undefined ? null : zoneAt(position);
  if (zone === null) return null;
  if (kind === "utc") return offsetAt(zone, time.clock);
  const instant = instantIn(zone, time.clock);
  return around.readings.some((fix) => contradicts(fix, reading, instant)) ? null : offsetAt(zone, instant);
}

/**
 * True where a fix shows that the camera goes by the clock of another place: by the zone of the position it is later
 * than the photo by so much as only a wrong zone makes it, or hours older, and minutes old by another zone. What is no
 * fix of its time in any zone shows that the camera's day is wrong, which says nothing of its zone.
 */
function contradicts(fix: DateReading, reading: DateReading, instant: number): boolean {
  if (fix.candidate.row !== "vendor-utc" || !isTimedReading(fix)) return false;
  const utc = instantOf(fix) ?? instant;
  const apart = reading.time.clock - utc;
  if (apart < WESTERNMOST || apart > EASTERNMOST + ROUGH) return false;
  const fresh = ((apart % HOUR) + HOUR) % HOUR <= FRESH;
  return utc - instant > ROUGH || (instant - utc > STALE && fresh);
}

/** What stands beside the very same wall clock, however it came there. */
function sameClockOffset(reading: DateReading, { readings }: Surroundings): number | null {
  if (reading.kind !== "local" || !isTimedReading(reading)) return null;
  const same = readings.find(
    (other) =>
      other.kind === "local" &&
      other.offset !== null &&
      isTimedReading(other) &&
      other.time.clock === reading.time.clock,
  );
  return same?.offset ?? null;
}

function agreeingZone(instant: number, offset: number, { position }: ZoneEvidence): string | null {
  const zone = position === undefined ? null : zoneAt(position);
  return zone !== null && offsetAt(zone, instant) === offset ? zone : null;
}

/** The offset between a wall clock and a UTC time that two sources give of one moment. */
function difference(reading: DateReading, around: Surroundings, tolerance: number): KnownOffset | null {
  if (!isTimedReading(reading)) return null;
  for (const other of around.readings) {
    const apart = clockMinusUtc(reading, other);
    if (apart === null) continue;
    const offset =
      tolerance > EXACT && [reading, other].some(({ candidate }) => candidate.row === "vendor-utc")
        ? offsetOfOldFix(apart)
        : nearestOffset(apart, tolerance);
    if (offset === null) continue;
    const name = [reading, other].some(({ candidate }) => candidate.row === "name-time");
    const guess = `the zone is the difference to ${other.candidate.tag}`;
    return {
      offset,
      zoneFrom: "difference",
      guess: tolerance > EXACT || name ? guess : null,
    };
  }
  return null;
}

/** The last fix is as old as the photo or older. By less than 15 minutes, so quarters of hours tell nothing. */
function offsetOfOldFix(apart: number): number | null {
  const offset = nearestOffset(apart - ROUGH / 2, ROUGH / 2);
  return offset === null || offset % 30 !== 0 ? null : offset;
}

/** Wall clock minus UTC in milliseconds, where one of the two is the one and one the other. */
function clockMinusUtc(reading: DateReading, other: DateReading): number | null {
  if (other === reading || !isTimedReading(other)) return null;
  const { row } = other.candidate;
  if (reading.kind === "local") {
    const utc = other.kind === "utc" && UTC_WITNESSES.has(row) ? instantOf(other) : null;
    return utc === null ? null : reading.time.clock - utc;
  }
  return other.kind === "local" && LOCAL_WITNESSES.has(row) ? other.time.clock - reading.time.clock : null;
}

/** Satellites at midnight to the second are a receiver that knew the day, or nothing at all. */
function isTimedReading({ candidate, time }: DateReading): boolean {
  const none = candidate.row === "vendor-utc" && time.clock % DAY === 0;
  return !none && isExact(time.precision);
}

/** Rule V: why a video's header is a wall clock after all; null where it is UTC. */
function localHeader(reading: DateReading, around: Surroundings): string | null {
  const { evidence, readings } = around;
  if (reading.kind !== "utc" || (evidence.zones ?? []).length > 0) return null;
  const length = (evidence.duration ?? 0) * SECOND;
  let utcConfirmed = false;
  for (const other of readings) {
    if (other === reading || !isTimedReading(other)) continue;
    const { row, tag } = other.candidate;
    const after = reading.time.clock - other.time.clock;
    // The header is written when recording ends.
    const same = after >= -5 * SECOND && after <= length + 10 * SECOND;
    if (row === "name-time" && other.kind === "local") {
      if (same) return "the header of the video has the local time of its name, so it is taken as local";
      if (nearestOffset(-after, EXACT + length) !== null) utcConfirmed = true;
    }
    if (other.kind !== "utc" || !UTC_WITNESSES.has(row)) continue;
    if (same || Math.abs(after) <= EXACT) utcConfirmed = true;
    else if (nearestOffset(after, EXACT) !== null) {
      return `the header of the video differs from ${tag} by an offset, so it is taken as local`;
    }
  }
  const make = LOCAL_HEADERS.exec(evidence.make ?? "")?.[0];
  if (utcConfirmed || make === undefined) return null;
  return `${make} writes local time into the header of a video, so it is taken as local`;
}
