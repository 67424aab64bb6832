/** Zones: offsets that exist, wall clock ↔ instant by the IANA rules, position → zone. All offline. */

import tzLookup from "@photostructure/tz-lookup";
import { DAY, MINUTE } from "../measures.ts";

/**
 * Every offset that was in use somewhere since 1982 (tz database; the list of exiftool-vendored's
 * Timezones.ts, with Venezuela's -04:30 of 2007 to 2016). -12:00 is of uninhabited islands only.
 */
const OFFSETS = (
  "-11:00 -10:00 -09:30 -09:00 -08:30 -08:00 -07:00 -06:00 -05:00 -04:30 -04:00 -03:30 -03:00 -02:30 " +
  "-02:00 -01:00 +00:00 +01:00 +02:00 +03:00 +03:30 +04:00 +04:30 +05:00 +05:30 +05:45 +06:00 +06:30 " +
  "+07:00 +08:00 +08:30 +08:45 +09:00 +09:30 +09:45 +10:00 +10:30 +11:00 +12:00 +12:45 +13:00 +13:45 +14:00"
)
  .split(" ")
  .map((text) => minutesOf(text));
const OFFSETS_IN_USE = new Set(OFFSETS);

/** `+02:00`, `+0200`, `+2`, `Z` → minutes east of UTC; null where no such offset is in use. */
export function parseOffset(written: string): number | null {
  const text = written.trim();
  if (/^(Z|UTC|GMT)$/i.test(text)) return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text);
  if (match === null) return null;
  const minutes = minutesOf(`${match[1]}${match[2]}:${match[3] ?? "00"}`);
  return OFFSETS_IN_USE.has(minutes) ? minutes : null;
}

/** Minutes east of UTC → `+02:00`. */
export function formatOffset(minutes: number): string {
  const total = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}

/**
 * The offset by which a wall clock and UTC differ, when they show the same moment up to a tolerance.
 * @param difference wall clock minus UTC, in milliseconds
 * @returns minutes east of UTC, or null where no offset in use is that near
 */
export function nearestOffset(difference: number, tolerance: number): number | null {
  let best: number | null = null;
  for (const offset of OFFSETS) {
    const away = Math.abs(difference - offset * MINUTE);
    if (away > tolerance) continue;
    if (best === null || away < Math.abs(difference - best * MINUTE)) best = offset;
  }
  return best;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** True for what `--timezone` may be: an IANA name, or an offset. */
export function isZone(zone: string): boolean {
  return formatFor(zone) !== null;
}

/**
 * Minutes east of UTC at an instant (milliseconds since 1970); an unknown zone counts as UTC. Intl takes 5 µs
 * for an answer, so the offsets at the days' ends are remembered: where they agree, no clock was put between.
 */
export function offsetAt(zone: string, instant: number): number {
  const day = Math.floor(instant / DAY);
  const offset = midnightOffset(zone, day);
  return offset === midnightOffset(zone, day + 1) ? offset : askedOffset(zone, instant);
}

/** By zone, by days since 1970; some megabytes at most. */
const midnights = new Map<string, Map<number, number>>();
const MOST_MIDNIGHTS = 20_000;

function midnightOffset(zone: string, day: number): number {
  let days = midnights.get(zone);
  if (days === undefined || days.size > MOST_MIDNIGHTS) {
    if (midnights.size > 500) midnights.clear();
    days = new Map();
    midnights.set(zone, days);
  }
  let offset = days.get(day);
  if (offset === undefined) {
    offset = askedOffset(zone, day * DAY);
    days.set(day, offset);
  }
  return offset;
}

function askedOffset(zone: string, instant: number): number {
  const parts = formatFor(zone)?.formatToParts(instant) ?? [];
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  // "GMT+02:00"; before standard time "GMT+00:53:28", of which the seconds are dropped.
  return minutesOf(name.replace("GMT", ""));
}

/**
 * The instant at which a zone's wall clocks showed a time. Where they showed it twice (clocks put back),
 * the first time; where never (put forward), as far after the gap as the time lies in it: what clocks
 * that nobody had put right yet went on to show.
 * @param clock milliseconds since 1970 as if in UTC
 */
export function instantIn(zone: string, clock: number): number {
  const before = offsetAt(zone, clock - DAY);
  const after = offsetAt(zone, clock + DAY);
  if (before === after) return clock - before * MINUTE;
  const instants = [before, after]
    .map((offset) => ({ offset, instant: clock - offset * MINUTE }))
    .filter(({ offset, instant }) => offsetAt(zone, instant) === offset)
    .map(({ instant }) => instant);
  return instants.length > 0 ? Math.min(...instants) : clock - before * MINUTE;
}

/** Degrees → IANA zone; null for a position that cannot be or was never set (0, 0). */
export function zoneAt(position: { latitude: number; longitude: number }): string | null {
  const { latitude, longitude } = position;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  if (latitude === 0 && longitude === 0) return null;
  try {
    return tzLookup(latitude, longitude);
  } catch {
    return null;
  }
}

function formatFor(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    // not a zone that this system knows
  }
  formats.set(zone, format);
  return format;
}

function minutesOf(text: string): number {
  const match = /^([+-])(\d{1,2}):(\d{2})/.exec(text);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}
