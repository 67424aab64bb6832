/** `--bwlimit`: one rate, or a timetable of rates as rclone has it. Pure but for zod. */

import { z } from "zod";
import type { RateAt } from "../bandwidth.ts";
import { offsetAt } from "../dates/zone.ts";
import { size } from "./parse.ts";

/** From a minute of the week on, until the next one of the timetable. */
export interface Slot {
  /** Since Sunday 00:00, local time. */
  readonly minute: number;
  /** Bytes a second; null for no limit. */
  readonly rate: number | null;
}

/** In the order of their minutes, at least one; of two at the same minute the later typed holds. */
export type BandwidthSchedule = readonly Slot[];

const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const LONG = /^(sunday|monday|tuesday|wednesday|thursday|friday|saturday)$/;
const SLOT = /^(?:([a-z]+)-)?([01]\d|2[0-3]):([0-5]\d),(.+)$/i;

/**
 * | typed                                | means                                                  |
 * |--------------------------------------|--------------------------------------------------------|
 * | `5M`                                 | always 5 MiB a second                                  |
 * | `512`                                | always 512 KiB a second: a bare number counts KiB      |
 * | `off`                                | no limit                                               |
 * | `08:00,512k 12:00,10M 23:00,off`     | each day, from each time until the next                |
 * | `Mon-08:00,1M Fri-18:00,off`         | the same by days of the week; the last goes on into the next week |
 *
 * Between the slots stand blanks, or semicolons.
 * @returns null where it is none of these
 */
export function readSchedule(text: string): BandwidthSchedule | null {
  const whole = rateOf(text.trim());
  if (whole !== undefined) return [{ minute: 0, rate: whole }];
  const slots = new Map<number, number | null>();
  for (const word of text.trim().split(/[\s;]+/)) {
    const read = readSlot(word);
    if (read === null) return null;
    for (const day of read.days) slots.set(day * DAY_MINUTES + read.minute, read.rate);
  }
  const inOrder = [...slots].sort(([a], [b]) => a - b);
  return inOrder.map(([minute, rate]) => ({ minute, rate }));
}

function readSlot(word: string) {
  const [, day, hour = "", minute = "", limit = ""] = SLOT.exec(word) ?? [];
  const rate = rateOf(limit);
  const days = day === undefined ? [0, 1, 2, 3, 4, 5, 6] : [weekday(day.toLowerCase())];
  if (rate === undefined || days.includes(-1)) return null;
  return { days, minute: Number(hour) * 60 + Number(minute), rate };
}

/** -1 where there is no such day. */
function weekday(name: string): number {
  return WEEKDAYS.indexOf(LONG.test(name) ? name.slice(0, 3) : name);
}

/** Undefined where it is no rate. */
function rateOf(text: string): number | null | undefined {
  if (/^(off|0)$/i.test(text)) return null;
  return size.safeParse(/^[\d.]+$/.test(text) ? `${text}K` : text).data;
}

/** What holds at an instant, in milliseconds since 1970: the slot that began last in the zone, be it last week. */
export function rateAt(timetable: BandwidthSchedule, instant: number, zone: string): number | null {
  const clock = new Date(instant + offsetAt(zone, instant) * 60_000);
  const minute = clock.getUTCDay() * DAY_MINUTES + clock.getUTCHours() * 60 + clock.getUTCMinutes();
  const begun = timetable.findLast((slot) => slot.minute <= minute) ?? timetable.at(-1);
  return begun?.rate ?? null;
}

/** For the budget, which counts milliseconds; null where nothing was typed. @param zone of this computer */
export function ratesOf(typed: BandwidthSchedule | null, zone: () => string): RateAt | null {
  if (typed === null) return null;
  const here = zone();
  return (now) => rateAt(typed, now, here);
}

/** As an option. */
export const bandwidthSchedule = z.string().transform((text, context) => {
  const read = readSchedule(text);
  if (read !== null) return read;
  context.addIssue('a rate such as 5M, or a timetable such as "08:00,512k 19:00,10M 23:00,off"');
  return z.NEVER;
});
