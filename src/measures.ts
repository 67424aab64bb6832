/** Lengths of time in milliseconds, sizes in bytes; which texts are times that everything here can count with, and how much of them is known. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const MIB = 1024 * 1024;
/** Enough of a photo for its size, its date and the name of a program, of nearly every one. */
export const HEAD_BYTES = 128 * 1024;

const ISO_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** True for ISO 8601 with a zone, of the years 0000 to 9999: what file times, SQL and `Date` can hold. */
export function isTimestamp(value: unknown): value is string {
  return typeof value === "string" && ISO_FORM.test(value) && !Number.isNaN(Date.parse(value));
}

const KNOWN_LENGTH: Readonly<Record<string, number>> = { minute: 16, day: 10, month: 7, year: 4 };

/** As much of a date as is known: a day has no midnight. @param date `2012-06-28 14:03:22` @param precision as in the manifest */
export function asKnown(date: string, precision: string): string {
  return date.slice(0, KNOWN_LENGTH[precision]);
}
