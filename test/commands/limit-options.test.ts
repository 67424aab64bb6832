import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BandwidthSchedule, rateAt, readSchedule } from "../../src/commands/limit-options.ts";

const K = 1024;
const M = 1024 * K;
/** 22 to 28 November 2026 are a Sunday to a Saturday; the hours are those of Berlin, one before UTC. */
const on = (day: string, time: string) => {
  const date = 22 + ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(day);
  return Date.parse(`2026-11-${date}T${time}:00+01:00`);
};
const read = (text: string): BandwidthSchedule => {
  const timetable = readSchedule(text);
  if (timetable === null) throw new Error(`not understood: ${text}`);
  return timetable;
};

const DAILY = "08:00,512k 12:00,10M 13:00,512 18:00,30M 23:00,off";
const WEEKLY = "Mon-00:00,512 Fri-23:59,10M Sat-10:00,1M Sun-20:00,off";

test.each<[string, string, string, number | null]>([
  ["5M", "Wed", "12:34", 5 * M],
  ["512", "Wed", "12:34", 512 * K],
  ["1.5M", "Wed", "12:34", 1.5 * M],
  ["100B", "Wed", "12:34", 100],
  ["off", "Wed", "12:34", null],
  ["0", "Wed", "12:34", null],
  [DAILY, "Mon", "07:59", null],
  [DAILY, "Mon", "08:00", 512 * K],
  [DAILY, "Mon", "11:59", 512 * K],
  [DAILY, "Mon", "12:00", 10 * M],
  [DAILY, "Mon", "13:00", 512 * K],
  [DAILY, "Mon", "22:59", 30 * M],
  [DAILY, "Mon", "23:00", null],
  [DAILY, "Sun", "00:00", null],
  [WEEKLY, "Mon", "00:00", 512 * K],
  [WEEKLY, "Fri", "23:58", 512 * K],
  [WEEKLY, "Fri", "23:59", 10 * M],
  [WEEKLY, "Sat", "09:59", 10 * M],
  [WEEKLY, "Sat", "10:00", 1 * M],
  [WEEKLY, "Sun", "19:59", 1 * M],
  [WEEKLY, "Sun", "20:00", null],
  ["Mon-08:00,1M", "Sun", "12:00", 1 * M],
  ["monday-08:00,1M;TUE-08:00,2M", "Tue", "08:00", 2 * M],
  ["08:00,1M Sat-08:00,off", "Sat", "09:00", null],
  ["08:00,1M Sat-08:00,off", "Sun", "07:00", null],
  ["08:00,1M Sat-08:00,off", "Sun", "09:00", 1 * M],
  ["23:00,off 08:00,1M", "Mon", "07:00", null],
])("%s on %s at %s is %s", (text, day, time, rate) => {
  expect(rateAt(read(text), on(day, time), "Europe/Berlin")).toBe(rate);
});

test.each([
  "",
  "fast",
  "5X",
  "-5M",
  "08:00",
  "08:00,",
  "08:00,fast",
  "24:00,1M",
  "8:00,1M",
  "08:60,1M",
  "Foo-08:00,1M",
  "mond-08:00,1M",
  "08:00,1M,2M",
  "08:00,1M 12:00",
  "1M 12:00,2M",
  "08:00,10M:1M",
])("%j is no rate and no timetable", (text) => {
  expect(readSchedule(text)).toBeNull();
});

describe("whatever the timetable", () => {
  const slot = fc.record({
    day: fc.constantFrom("", "Sun-", "Mon-", "Tue-", "Wed-", "Thu-", "Fri-", "Sat-"),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    rate: fc.integer({ min: 1, max: 999 }),
  });
  const two = (number: number) => String(number).padStart(2, "0");

  test("a slot holds from its minute until the next one, and the order they are typed in says nothing", () => {
    fc.assert(
      fc.property(fc.array(slot, { minLength: 1, maxLength: 8 }), (slots) => {
        // Two slots of one minute are another matter.
        const apart = slots.filter(
          ({ hour, minute }, at) => slots.findIndex((other) => other.hour === hour && other.minute === minute) === at,
        );
        const words = apart.map(({ day, hour, minute, rate }) => `${day}${two(hour)}:${two(minute)},${rate}`);
        const timetable = read(words.join(" "));
        expect(read(words.toReversed().join(" "))).toEqual(timetable);
        for (const [at, { minute, rate }] of timetable.entries()) {
          const next = timetable[at + 1]?.minute ?? 7 * 24 * 60;
          for (const when of [minute, next - 1]) {
            const moment = Date.UTC(2026, 10, 22, 0, when);
            expect(rateAt(timetable, moment, "UTC")).toBe(rate);
          }
        }
      }),
    );
  });
});
