/**
 * What no photo's date can be, and what it seldom is. The first is passed over for the next best source,
 * the second only pointed out.
 *
 *   passed over              because
 *   a year before 1826       nobody took photographs (so the years 0000, 0001, 1899 as 1800-odd go too)
 *   1904-01-01               the zero of QuickTime
 *   1970-01-01 00:00:00      the zero of Unix; as the wall clock or as the instant
 *   1980-01-01 00:00:00      the zero of FAT and Windows
 *   2002-12-08 12:00:00      what an Android bug wrote (36967504)
 *   2036-01-01 23:59:59      what Takeout tools put for dates before 1970
 *   4501-01-01               what Outlook calls "none"
 *   later than now           by more than 26 hours (CLOCKS_APART)
 *   pointed out
 *   1 January, 00:00…00:09   what cameras show whose clock was never set, of whatever year
 *   before 1960              30 years before the first digital camera, unless a scanner made the file
 */

import { DAY, HOUR, MINUTE } from "../measures.ts";
import type { Captured, Listed } from "../model.ts";

/** +14:00 to -12:00: the most by which a wall clock read in the wrong zone can be late. */
export const CLOCKS_APART = 26 * HOUR;
const FIRST_PHOTOGRAPH = Date.UTC(1826, 0, 1);
const FIRST_DIGITAL_CAMERA = 1990;
const SCANNERS = /scan|epson|plustek|microtek|umax|noritsu|frontier|flextight|reflecta|pacific image/i;

/** What is said of a clock that shows the first minutes of a year. */
const NEVER_SET = "a clock that was never set shows such a time";

/** When the first store of objects was opened to the public (Amazon S3, 14 March 2006). */
const FIRST_STORE = Date.UTC(2006, 2, 14);

const NEVER = new Map([
  [Date.UTC(1970, 0, 1), "the zero of Unix clocks"],
  [Date.UTC(1980, 0, 1), "the zero of FAT clocks"],
  [Date.UTC(2002, 11, 8, 12), "what a bug of Android writes for no date"],
  [Date.UTC(2036, 0, 1, 23, 59, 59), "what Takeout tools write for dates before 1970"],
]);
const NEVER_DAYS = new Map([
  [Date.UTC(1904, 0, 1), "the zero of QuickTime clocks"],
  [Date.UTC(4501, 0, 1), "what Outlook writes for no date"],
]);

/**
 * Why a date cannot be a photo's; null where it can.
 * @param times milliseconds since 1970: the wall clock as if in UTC, and the instant where it is known
 */
export function impossible(times: readonly number[]): string | null {
  for (const time of times) {
    const known = NEVER.get(time) ?? NEVER_DAYS.get(Math.floor(time / DAY) * DAY);
    if (known !== undefined) return known;
    if (time < FIRST_PHOTOGRAPH) return "before the first photograph";
  }
  return null;
}

/** What is odd about a wall clock that a device wrote, in one clause; null where nothing is. */
export function implausible(clock: number, device: string): string | null {
  const year = new Date(clock).getUTCFullYear();
  if (clock - Date.UTC(year, 0, 1) < 10 * MINUTE) return NEVER_SET;
  if (year < FIRST_DIGITAL_CAMERA - 30 && !SCANNERS.test(device)) {
    return `no digital camera is as old as ${year}`;
  }
  return null;
}

/** True on any first of January, on which the clocks of cameras begin to run that lost their battery. */
export function isFactoryDay(clock: number): boolean {
  const date = new Date(clock);
  return date.getUTCMonth() === 0 && date.getUTCDate() === 1;
}

/**
 * When an object was uploaded, in milliseconds since 1970. Null where LastModified does not tell: it cannot be read,
 * or is older than any store of objects (1970, 1980 and 2000 are what gateways, ZIP and FAT put for "no time", the
 * year 1 what some languages do).
 * @param modified ISO 8601
 */
export function uploadTime(modified: string): number | null {
  const time = Date.parse(modified);
  return time >= FIRST_STORE ? time : null;
}

/** So many dates that are later than the upload, and so many of all, are more than a camera whose clock was wrong. */
const FEW_LATE = 3;
const SHARE = 1 / 4;

/**
 * Notices that a store's times are none of uploads, as many photos were taken after them.
 * @returns what is to be asked of every photo that was dated: one sentence for people, once; else null
 */
export function noticingLateDates(): (
  object: Pick<Listed, "key" | "modified">,
  captured: Captured | null,
) => string | null {
  let dated = 0;
  let late = 0;
  let said = false;
  return ({ key, modified }, captured) => {
    const own = captured !== null && captured.source !== "modified" && captured.source !== "user";
    if (said || !own) return null;
    dated += 1;
    if (!(Date.parse(captured.utc) > Date.parse(modified) + CLOCKS_APART)) return null;
    late += 1;
    said = late >= FEW_LATE && late >= dated * SHARE;
    if (!said) return null;
    return (
      `${late} of ${dated} photos were taken later than they were uploaded, by the times that the source has ` +
      `(${modified.slice(0, 10)} for ${key}): those are no times of uploads, and the photos keep their own dates`
    );
  };
}
