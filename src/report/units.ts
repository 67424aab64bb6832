/** Numbers as people read them: thousands with commas, bytes in powers of ten, times in two units. Pure. */

import { asKnown } from "../measures.ts";
import type { Captured, Precision } from "../model.ts";

/** `100,002`. Not by Intl: its first number formatter takes 30 ms of CPU, in every run (measured). */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 photo`, `33,334 photos` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const SIZES = ["kB", "MB", "GB", "TB", "PB", "EB"] as const;

/** `999 bytes`, `1.4 GB`, `73 GB`: powers of 1000, as drives and bills count. */
export function bytes(value: number): string {
  if (value < 1000) return value === 1 ? "1 byte" : `${Math.round(value)} bytes`;
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 999.5 && unit < SIZES.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled < 9.95 ? scaled.toFixed(1) : count(scaled)} ${SIZES[unit] ?? ""}`;
}

const STEPS = [
  { seconds: 86_400, one: "day", many: "days" },
  { seconds: 3_600, one: "h", many: "h" },
  { seconds: 60, one: "min", many: "min" },
  { seconds: 1, one: "s", many: "s" },
] as const;

/** `0.4 s`, `14 s`, `2 min 5 s`, `25 min`, `2 h 10 min`, `3 days 4 h`: rounded as people would. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1).replace(/\.0$/, "")} s`;
  const precision = seconds < 600 ? 1 : seconds < 86_400 ? 60 : 3_600;
  const whole = Math.round(seconds / precision) * precision;
  const first = STEPS.findIndex((step) => whole >= step.seconds);
  const large = STEPS[first] ?? STEPS[3];
  const small = STEPS[first + 1];
  const units = Math.floor(whole / large.seconds);
  const rest = small ? Math.floor((whole % large.seconds) / small.seconds) : 0;
  const head = `${units} ${units === 1 ? large.one : large.many}`;
  return small && rest > 0 ? `${head} ${rest} ${small.many}` : head;
}

/** `35 MB/s`; a rate nobody can know yet is an empty string. */
export function rate(total: number, seconds: number): string {
  return seconds > 0 && total > 0 ? `${bytes(total / seconds)}/s` : "";
}

/** `45 %`, never 100 % before it is all, never 0 % once something is. */
export function share(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "0 %";
  if (part >= whole) return "100 %";
  const percent = (100 * part) / whole;
  if (percent < 1) return "< 1 %";
  return percent > 99 ? "> 99 %" : `${Math.round(percent)} %`;
}

/** Characters of a date from which on it has a time of day. */
const HAS_TIME = "2012-06-28 14:03".length;

/**
 * `2012-06-28 14:03:22 +02:00`, from a wall clock and an offset; without an offset where nobody recorded one, and
 * only as much as is known: `2012-06`.
 */
export function moment(
  captured: Pick<Captured, "local" | "offset"> & { readonly precision?: Precision | undefined },
): string {
  const { local, offset, precision = "s" } = captured;
  const clock = asKnown(local.replace("T", " "), precision);
  return offset === null || clock.length < HAS_TIME ? clock : `${clock} ${offset}`;
}

/** `12.34 USD`; less than a cent says so, and from a hundred on there are no cents. */
export function money(amount: number, currency: string): string {
  if (amount > 0 && amount < 0.01) return `< 0.01 ${currency}`;
  return `${amount >= 100 ? count(amount) : amount.toFixed(2)} ${currency}`;
}
