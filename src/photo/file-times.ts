/**
 * The modification time of a file, in nanoseconds since 1970. Node sets times as floating-point seconds, which
 * is exact to a microsecond (what is finer: targets/folder/utimens.ts). On macOS a time before the file's birth sets its birth time too;
 * Linux and Windows give no way to set that.
 */

import { type PathLike, utimesSync } from "node:fs";
import { isoTime as isoTimeOf } from "../stores/http/header.ts";

/** Leaves the time of the last access as it was. Throws what the file system says. */
export function setModificationTime(path: PathLike, accessed: bigint, time: bigint): void {
  // As text: Node takes negative numbers, times before 1970, for "now".
  utimesSync(path, seconds(accessed), seconds(time));
}

/** True for times that drives tell apart no better than this: FAT counts in steps of two seconds. */
export function sameTime(a: bigint, b: bigint): boolean {
  const apart = a > b ? a - b : b - a;
  return apart < 1_000_000n || (apart <= 2_000_000_000n && (a % STEP === 0n || b % STEP === 0n));
}
const STEP = 2_000_000_000n;

/**
 * True for a time that a drive puts in place of all before it: the beginning of 1980 by the clock of some zone (FAT,
 * exFAT), of 1970, or the least that 32 bits hold (ext4).
 */
export function isDrivesFirst(time: bigint): boolean {
  const second = time / 1_000_000_000n;
  return (
    (second >= FAT_FIRST - HALF_A_DAY && second <= FAT_FIRST + HALF_A_DAY) || second === 0n || second === -(2n ** 31n)
  );
}
const FAT_FIRST = BigInt(Date.UTC(1980, 0, 1) / 1000);
/** +14:00 is the most by which a zone is ahead. */
const HALF_A_DAY = 14n * 3600n;

/** `2012-06-28T12:03:22.123456789Z` → nanoseconds since 1970. */
export function nanoseconds(utc: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(utc)?.[1] ?? "";
  const whole = BigInt(Date.parse(`${utc.slice(0, 19)}Z`)) * 1_000_000n;
  return whole + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** Nanoseconds since 1970 → ISO 8601; "" beyond the years 1 to 9999: a drive may hold times that no calendar here does. */
export function isoTime(time: bigint): string {
  return isoTimeOf(Number(time / 1_000_000n));
}

function seconds(time: bigint): string {
  return String(Number(time) / 1e9);
}
