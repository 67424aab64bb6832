/**
 * The modification time of a file, in nanoseconds since 1970. Node sets times as floating-point seconds, which
 * is exact to a quarter of a microsecond. On macOS a time before the file's birth sets its birth time too;
 * Linux and Windows give no way to set that.
 */

import { type PathLike, utimesSync } from "node:fs";

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

/** `2012-06-28T12:03:22.123456789Z` → nanoseconds since 1970. */
export function nanoseconds(utc: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(utc)?.[1] ?? "";
  const whole = BigInt(Date.parse(`${utc.slice(0, 19)}Z`)) * 1_000_000n;
  return whole + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** Nanoseconds since 1970 → ISO 8601. */
export function isoTime(time: bigint): string {
  return new Date(Number(time / 1_000_000n)).toISOString();
}

function seconds(time: bigint): string {
  return String(Number(time) / 1e9);
}
