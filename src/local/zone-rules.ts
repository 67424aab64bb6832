/**
 * The zone of a computer, as it is written down there: a compiled file as /etc/localtime is one, RFC 9636 ("TZif"), and
 * the rules in the form of POSIX.1-2024, 8.3 "TZ", with the extensions of RFC 9636, 3.3.1:
 *
 *   UTC-2                         always two hours east of UTC (POSIX counts towards the west)
 *   <+0530>-5:30                  the same for a name that is no word
 *   CET-1CEST,M3.5.0,M10.5.0/3    from the last Sunday of March to the last of October an hour more
 *   CET-1CEST                     an hour more at times that are not told
 */

import { DAY, MINUTE, SECOND } from "../measures.ts";

/** Minutes east of UTC at an instant, in milliseconds since 1970. */
export type OffsetAt = (instant: number) => number;

const HEADER = 44;

/** Null where the bytes are no such file. */
export function readZoneFile(bytes: Buffer): OffsetAt | null {
  try {
    const first = readHeader(bytes, 0);
    if (first === null) return null;
    if (first.version < 2) return offsets(bytes, HEADER, first, 4, "");
    const at = HEADER + blockLength(first, 4);
    const second = readHeader(bytes, at);
    if (second === null) return null;
    const footer = bytes.toString("latin1", at + HEADER + blockLength(second, 8));
    return offsets(bytes, at + HEADER, second, 8, footer.split("\n")[1] ?? "");
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Header {
  readonly version: number;
  readonly counts: readonly number[];
  readonly times: number;
  readonly types: number;
}

function readHeader(bytes: Buffer, at: number): Header | null {
  if (bytes.toString("latin1", at, at + 4) !== "TZif") return null;
  // isutcnt isstdcnt leapcnt timecnt typecnt charcnt
  const counts = [20, 24, 28, 32, 36, 40].map((offset) => bytes.readUInt32BE(at + offset));
  const version = Number(bytes.toString("latin1", at + 4, at + 5)) || 1;
  return { version, counts, times: counts[3] ?? 0, types: counts[4] ?? 0 };
}

function blockLength({ counts }: Header, size: 4 | 8): number {
  const [utc = 0, standard = 0, leaps = 0, times = 0, types = 0, letters = 0] = counts;
  return times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc;
}

function offsets(bytes: Buffer, at: number, header: Header, size: 4 | 8, footer: string): OffsetAt {
  const { times, types } = header;
  const read = (offset: number) => (size === 8 ? Number(bytes.readBigInt64BE(offset)) : bytes.readInt32BE(offset));
  const changes = Array.from({ length: times }, (_, n) => read(at + n * size) * SECOND);
  const indexes = Array.from({ length: times }, (_, n) => bytes.readUInt8(at + times * size + n));
  const typesAt = at + times * (size + 1);
  const minutes = Array.from({ length: types }, (_, n) => Math.trunc(bytes.readInt32BE(typesAt + n * 6) / 60));
  const rules = readZoneRules(footer);
  return (instant) => {
    const last = changes.findLastIndex((change) => change <= instant);
    if (last === times - 1 && rules !== null) return offsetByRules(rules, instant);
    return minutes[last < 0 ? 0 : (indexes[last] ?? 0)] ?? 0;
  };
}

export interface ZoneRules {
  /** Minutes east of UTC. */
  readonly standard: number;
  /** Null where clocks are never put forward. */
  readonly summer: Summer | null;
}

interface Summer {
  /** Minutes east of UTC. */
  readonly offset: number;
  /** Null where it is not told when. */
  readonly span: { readonly from: RuleDay; readonly to: RuleDay } | null;
}

interface RuleDay {
  /** Milliseconds since 1970 of the beginning of the day in a year, as if in UTC. */
  readonly dayIn: (year: number) => number;
  /** Milliseconds after it, by the clock that goes until then. */
  readonly time: number;
}

const ZONE_NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
const ZONE_OFFSET = String.raw`[+-]?\d{1,3}(?::\d{2}(?::\d{2})?)?`;
const ZONE_RULES = new RegExp(
  `^${ZONE_NAME}(${ZONE_OFFSET})(?:(${ZONE_NAME})(${ZONE_OFFSET})?(?:,([^,]+),([^,]+))?)?$`,
);

/** Null where it is none. */
export function readZoneRules(text: string): ZoneRules | null {
  const [, west, summer, summerWest, from, to] = ZONE_RULES.exec(text) ?? [];
  if (west === undefined) return null;
  const standard = 0 - posixMinutes(west);
  if (Math.abs(standard) > 24 * 60) return null;
  if (summer === undefined) return { standard, summer: null };
  const offset = summerWest === undefined ? standard + 60 : 0 - posixMinutes(summerWest);
  if (from === undefined || to === undefined) return { standard, summer: { offset, span: null } };
  const [first, last] = [ruleDay(from), ruleDay(to)];
  if (first === null || last === null) return null;
  return { standard, summer: { offset, span: { from: first, to: last } } };
}

/** Minutes east of UTC at an instant, in milliseconds since 1970; of a summer nobody knows when, those of winter. */
export function offsetByRules({ standard, summer }: ZoneRules, instant: number): number {
  if (summer === null || summer.span === null) return standard;
  const { from, to } = summer.span;
  const year = new Date(instant + standard * MINUTE).getUTCFullYear();
  const begins = from.dayIn(year) + from.time - standard * MINUTE;
  const ends = to.dayIn(year) + to.time - summer.offset * MINUTE;
  const isSummer = begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends;
  return isSummer ? summer.offset : standard;
}

function posixMinutes(text: string): number {
  const [hours = 0, mins = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + mins);
}

/** `M3.5.0`, `J60`, `59`, each perhaps with `/3` for the time. */
function ruleDay(text: string): RuleDay | null {
  const [, day = "", at = "2"] = new RegExp(`^([MJ\\d.]+)(?:/(${ZONE_OFFSET}))?$`).exec(text) ?? [];
  const time = posixMinutes(at) * MINUTE;
  const [, month, week, weekday] = /^M(\d{1,2})\.([1-5])\.([0-6])$/.exec(day) ?? [];
  if (month !== undefined) {
    return { time, dayIn: (year) => nthDay(year, Number(month), Number(week), Number(weekday)) };
  }
  const [, julian, number] = /^(J?)(\d{1,3})$/.exec(day) ?? [];
  if (number === undefined) return null;
  return { time, dayIn: (year) => dayOfYear(year, Number(number), julian === "J") };
}

/** The fifth is the last. */
function nthDay(year: number, month: number, week: number, weekday: number): number {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const day = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
  const most = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, day > most ? day - 7 : day);
}

/** Counted from 0; with J from 1, and the 29th of February is never counted. */
function dayOfYear(year: number, day: number, julian: boolean): number {
  if (!julian) return Date.UTC(year, 0, 1) + day * DAY;
  return Date.UTC(1970, 0, day) - Date.UTC(1970, 0, 1) + Date.UTC(year, 0, 1) + leap(year, day);
}

function leap(year: number, day: number): number {
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return isLeap && day > 59 ? DAY : 0;
}
