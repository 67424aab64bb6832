/**
 * Reads what stands in a date field, and only that: whether it can be true is asked elsewhere.
 *
 *   2012:06:28 14:03:22            EXIF; also with `-`, `/`, `.` or `T`, `:` and several blanks between
 *   2012-06-28T14:03:22.12+02:00   XMP; `Z`, `+0200`, `+02` as well
 *   20120628T140322Z               compact
 *   2016:06:28   :  :??            known to the day
 *   2016-06   2016                 to the month, to the year
 *   2012:06:28 14:03:22+02:00 DST  AVCHD by ExifTool, the hour of summer within the offset
 *   2015:08:22 24:08:19            phones that count the first hour as 24: 00:08:19 of that same day
 *   2012:06:00   2012:00:00        known to the month, to the year
 *   MON SEP 10 20:52:00 2012       AVI
 *   02-Aug-99   12/29/93 13:51:58  PostScript; the second where only one order is possible
 *   0000:00:00 00:00:00, blanks    never set
 */

import type { Precision } from "../model.ts";

/** A date as it was written. */
export interface WrittenTime {
  /** The wall clock in milliseconds since 1970, as if it stood in UTC; whole seconds. */
  readonly clock: number;
  /** Digits after the second as they were recorded, at most 9; "" where there were none or only zeros. */
  readonly fraction: string;
  readonly precision: Precision;
  /** What was written after the time: `+02:00`, `Z`; null where nothing was. */
  readonly offset: string | null;
}

/** Longer than any date; what is longer is no date, however it begins. */
const LONGEST_DATE = 60;

const NUMERIC =
  /^(\d{4})(?:[:./-](\d{1,3})(?:[:./-](\d{1,3})(?:[T\s_:]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,](\d{1,12}))?)?)?)?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?(?:\s*DST)?$/i;
const COMPACT =
  /^(\d{4})(\d{2})(\d{2})(?:[T\s_]?(\d{2})(\d{2})(?:(\d{2})(?:[.,](\d{1,12}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const SPOKEN = /^(?:[a-z]{3},?\s+)?([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(\d{4})$/i;
const PLAIN_EXIF = /^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/;
/** Where its numbers begin. */
const NUMBER_PLACES = [0, 5, 8, 11, 14, 17];
/** The time was left blank: ` : :`, `??:??:??`. */
const BLANK_TIME = /^(\d{4}[:./-]\d{1,3}[:./-]\d{1,3})[T\s]*[\s:?-]*$/i;
export const MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** @returns the time, or one clause for people that says why it is none */
export function readWritten(written: string, subSeconds = ""): WrittenTime | string {
  if (written.length > LONGEST_DATE) return "too long for a date";
  const text = written.replace(/\p{Cc}+/gu, " ").trim();
  if (!/[1-9]/.test(text)) return "never set";
  const fields = dateFields(text);
  if (fields === null) return "not a date";
  const numbers = knownNumbers(fields.numbers);
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers;
  const clock = wallClock(year ?? 0, month, day, hour === 24 ? 0 : hour, minute, second);
  if (clock === null) return "no such day or time";
  const fraction = numbers.length < 6 ? "" : fractionOf(fields.fraction || subSeconds);
  const precision = fraction === "" ? PRECISION_BY_COUNT[numbers.length] : "ms";
  if (precision === undefined) return "not a date";
  return { clock, fraction, precision, offset: fields.offset };
}

/** True for a day, a month or a year: no time of day is known. */
export function isCoarse(precision: Precision | undefined): boolean {
  return precision === "day" || precision === "month" || precision === "year";
}

/** True where it is known to the second, or better. */
export function isExact(precision: Precision): boolean {
  return precision === "s" || precision === "ms";
}

/** What stands before a month or a day of zero, which is the word of EXIF, IPTC and XMP for "unknown". */
function knownNumbers(numbers: readonly number[]): readonly number[] {
  const [, month, day] = numbers;
  if (month === 0) return numbers.slice(0, 1);
  return day === 0 ? numbers.slice(0, 2) : numbers;
}

/** By how many of year, month, day, hour, minute, second are known. */
const PRECISION_BY_COUNT: readonly (Precision | undefined)[] = [
  undefined,
  "year",
  "month",
  "day",
  undefined,
  "minute",
  "s",
];

interface Fields {
  readonly numbers: readonly number[];
  readonly fraction: string;
  readonly offset: string | null;
}

function dateFields(text: string): Fields | null {
  // What cameras write, and so nearly all that there is to read.
  if (PLAIN_EXIF.test(text)) {
    const numbers = NUMBER_PLACES.map((place) => Number(text.slice(place, place === 0 ? 4 : place + 2)));
    return { numbers, fraction: "", offset: null };
  }
  const blank = BLANK_TIME.exec(text)?.[1];
  const match = NUMERIC.exec(blank ?? text) ?? COMPACT.exec(text);
  if (match !== null) {
    const [fraction = "", offset = null] = match.slice(7);
    const parts = match.slice(1, 7).filter((part) => part !== undefined);
    return { numbers: parts.map(Number), fraction, offset };
  }
  const spoken = SPOKEN.exec(text);
  if (spoken === null) return shortFields(text);
  const [, name = "", day, hour, minute, second, year] = spoken;
  const month = monthNamed(name);
  return {
    numbers: [year, month, day, hour, minute, second].map(Number),
    fraction: "",
    offset: null,
  };
}

/** 13 for none. */
function monthNamed(name: string): number {
  const at = MONTH_NAMES.indexOf(name.toLowerCase());
  return at < 0 ? 13 : at + 1;
}

const NAMED_MONTH = /^(\d{1,2})[-\s]([a-z]{3})[-\s](\d{4}|\d{2})$/i;
const SLASHES = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?:\s+(\d{1,2}):(\d{2}):(\d{2}))?$/;

/** Dates with the year last. */
function shortFields(text: string): Fields | null {
  const named = NAMED_MONTH.exec(text);
  if (named !== null) {
    const month = monthNamed(named[2] ?? "");
    return {
      numbers: [fullYear(named[3] ?? ""), month, Number(named[1])],
      fraction: "",
      offset: null,
    };
  }
  const [, one, two, year, ...time] = SLASHES.exec(text) ?? [];
  const [month, day] = [Number(one), Number(two)].toSorted((a, b) => a - b);
  if (year === undefined || month === undefined || day === undefined) return null;
  // Which comes first nobody knows, unless there is no such month.
  if (day <= 12 && month !== day) return null;
  const rest = time.filter((part) => part !== undefined).map(Number);
  return { numbers: [fullYear(year), month, day, ...rest], fraction: "", offset: null };
}

/** PostScript is of 1984. */
function fullYear(written: string): number {
  const year = Number(written);
  return written.length === 4 ? year : year + (year < 84 ? 2000 : 1900);
}

/** Sub-seconds of a camera that counts none are zeros, and no date is "00". */
function fractionOf(digits: string): string {
  const text = digits.trim();
  return /^\d{1,12}$/.test(text) && /[1-9]/.test(text) ? text.slice(0, 9) : "";
}

/** Milliseconds since 1970 as if in UTC; null where the calendar has no such day, the day no such time. */
export function wallClock(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const clock = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return year < 100 ? new Date(clock).setUTCFullYear(year, month - 1, day) : clock;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** `2012-06-28T14:03:22`, with the fraction as recorded. */
export function formatClock(clock: number, fraction: string): string {
  const text = new Date(clock).toISOString().slice(0, 19);
  return fraction === "" ? text : `${text}.${fraction}`;
}

/** `2012-06-28T12:03:22.000Z`: three digits after the second, or as many as were recorded. */
export function formatInstant(instant: number, fraction: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}.${fraction.padEnd(3, "0")}Z`;
}

/**
 * Seconds since 1970, with a fraction perhaps, as text in the form that `readWritten` reads: exact to the
 * nanosecond, which a number cannot be. Null where it is no such number or lies outside of four-digit years.
 */
export function unixSeconds(text: string): string | null {
  const match = /^(-?)(\d{1,11})(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign, whole = "", digits = ""] = match;
  const nanos = Number(digits.slice(0, 9).padEnd(9, "0"));
  const seconds = sign === "-" ? -Number(whole) - (nanos > 0 ? 1 : 0) : Number(whole);
  const fraction = sign === "-" && nanos > 0 ? 1e9 - nanos : nanos;
  if (seconds < -62_167_219_200 || seconds > 253_402_300_799) return null;
  const tail = String(fraction).padStart(9, "0").replace(/0+$/, "");
  return `${formatClock(seconds * 1000, tail)}Z`;
}
