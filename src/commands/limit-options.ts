/** The options about how fast, how long and how much: `--bwlimit` with a timetable as rclone has it, `--nice`, and limits. */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { z } from "zod";
import { type Bandwidth, createBandwidth, type RateAt } from "../bandwidth.ts";
import { offsetAt } from "../dates/zone.ts";
import { type Computer, zoneOfComputer } from "../photo/computer-zone.ts";
import type { Limits } from "../steps/transfer-all.ts";
import { concurrency, duration, size, whole } from "./option-values.ts";

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
  const always = rateOf(text.trim());
  if (always !== undefined) return [{ minute: 0, rate: always }];
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
function ratesOf(typed: BandwidthSchedule | null, zone: () => string): RateAt | null {
  if (typed === null) return null;
  const here = zone();
  return (now) => rateAt(typed, now, here);
}

const PACE = { group: "Pace and limits:" };
const bandwidthSchedule = z.string().transform((text, context) => {
  const read = readSchedule(text);
  if (read !== null) return read;
  context.addIssue('a rate such as 5M, or a timetable such as "08:00,512k 19:00,10M 23:00,off"');
  return z.NEVER;
});

export const LIMIT_OPTIONS = {
  concurrency: concurrency.meta({ ...PACE, description: "photos fetched at once, or auto" }),
  bwlimit: bandwidthSchedule
    .nullable()
    .default(null)
    .meta({
      ...PACE,
      description:
        'bytes fetched a second at most, such as 5M; or by local time: "08:00,512k 19:00,10M 23:00,off", "Mon-08:00,1M Fri-18:00,off"',
    }),
  limit: whole
    .nullable()
    .default(null)
    .meta({ ...PACE, description: "photos at most in this run, oldest first" }),
  "max-transfer": size
    .nullable()
    .default(null)
    .meta({ ...PACE, description: "bytes at most in this run, such as 50G" }),
  "max-duration": duration
    .nullable()
    .default(null)
    .meta({
      ...PACE,
      description: "time for this run, such as 6h; what is on its way then may take a tenth more (10 minutes at most)",
    }),
};

const USUAL = "10";
export const NICE_OPTION = {
  nice: z
    .string()
    .regex(/^(1\d?|[2-9])$/, "a whole number from 1 to 19")
    .transform(Number)
    .nullable()
    .default(null)
    .meta({
      ...PACE,
      description:
        "let other programs go first: N from 1 to 19 as of nice(1), and on Linux the drive only when nobody else wants it (ionice -c idle)",
      bare: USUAL,
      shown: `${USUAL} where N is left out`,
    }),
};

/**
 * Lowers the priority of this process, and with it of every program that it starts from now on. On Linux a
 * priority belongs to a thread (sched(7)), so each that runs already is told; later ones inherit it.
 * @param nice 1 to 19; null changes nothing
 */
export function beNice(nice: number | null, platform: NodeJS.Platform): void {
  if (nice === null) return;
  const threads = platform === "linux" ? readdirSync("/proc/self/task") : ["0"];
  for (const thread of threads) lower(Number(thread), nice);
  // Where there is no ionice, the kernel takes the priority at the drive from the one above.
  if (platform === "linux") spawnSync("ionice", ["-c", "idle", "-p", ...threads]);
}

/** A thread may have ended meanwhile, and no system has to know priorities. */
function lower(thread: number, nice: number): void {
  try {
    setPriority(thread, nice);
  } catch {
    // As it was: slower for others, and no less right.
  }
}

type LimitTyped = z.output<z.ZodObject<typeof LIMIT_OPTIONS>>;

/** What everything that is fetched in this run keeps to. */
export function bandwidthOf({ bwlimit }: LimitTyped, process: Computer): Bandwidth {
  return createBandwidth(
    ratesOf(bwlimit, () => zoneOfComputer(process).name),
    Date.now,
  );
}

/** The time of a run is that of the whole run: the listing counts. */
export function limitsOf(options: LimitTyped, startedAt: number): Limits {
  const { limit } = options;
  const time = options["max-duration"];
  return {
    limit,
    bytes: options["max-transfer"],
    until: time === null ? null : startedAt + time,
    now: Date.now,
  };
}

/** A hard disk reads best in one place, a memory card needs some requests at once: a few serve both. */
export const READ_AT_ONCE = 4;
