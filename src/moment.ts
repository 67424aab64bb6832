/** Which texts are times that everything here can count with. */

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** True for ISO 8601 with a zone, of the years 0000 to 9999: what file times, SQL and `Date` can hold. */
export function isMoment(value: unknown): value is string {
  return typeof value === "string" && FORM.test(value) && !Number.isNaN(Date.parse(value));
}
