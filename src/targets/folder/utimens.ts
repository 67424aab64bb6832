/**
 * Modification times to the nanosecond. Node hands times over as floating-point numbers and cuts them to microseconds;
 * what is finer is set by Perl, which ExifTool needs anyway, with the system's own utimensat(2). One process sets a
 * whole batch; where no time is finer none is started. On Linux on x64 and arm64; elsewhere, and without Perl, times
 * stay as Node set them, less than a microsecond before.
 */

import { spawnSync } from "node:child_process";

export interface ExactTime {
  /** As the system takes it, relative to nothing. */
  readonly path: Buffer;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

/** The number of utimensat in Linux, which is another one for each kind of processor. */
const UTIMENSAT: Readonly<Record<string, number>> = { x64: 280, arm64: 88 };
/** UTIME_OMIT leaves the time of the last access; AT_SYMLINK_NOFOLLOW touches nothing behind a link. */
const SCRIPT = `
binmode STDIN; $/ = "\\0"; my $call = 0 + shift;
while (defined(my $path = <STDIN>)) {
  my $time = <STDIN>; chomp $path; chomp $time;
  my ($second, $nano) = split / /, $time;
  syscall($call, -100, $path, pack("q4", 0, (1 << 30) - 2, $second, $nano), 0x100);
}`;
const MICROSECOND = 1000n;
const SECOND_NS = 1_000_000_000n;
const LONGEST_MS = 60_000;

/** True for a time that Node would cut. */
export function isFiner(time: bigint): boolean {
  return time % MICROSECOND !== 0n;
}

/** Sets what is finer than Node sets it. To be called when all have the time that Node gives; never throws. */
export function utimens(all: readonly ExactTime[]): void {
  const call = UTIMENSAT[process.arch];
  const finer = all.filter(({ time }) => isFiner(time));
  if (finer.length === 0 || call === undefined || process.platform !== "linux") return;
  const input = Buffer.concat(finer.flatMap(({ path, time }) => [path, Buffer.from(`\0${secondAndNano(time)}\0`)]));
  spawnSync("perl", ["-e", SCRIPT, String(call)], {
    input,
    stdio: ["pipe", "ignore", "ignore"],
    timeout: LONGEST_MS,
  });
}

/** The nanosecond counts from the second before, also before 1970. */
function secondAndNano(time: bigint): string {
  const nano = ((time % SECOND_NS) + SECOND_NS) % SECOND_NS;
  return `${(time - nano) / SECOND_NS} ${nano}`;
}

/** The nearest time that a drive can hold. @param earliest the first one, ISO 8601 */
export function holdableTime(time: Date, earliest: string): Date {
  return new Date(Math.max(time.getTime(), Date.parse(earliest)));
}

/**
 * Seconds since 1970, as Node takes them without harm: it reads a negative number as "now", but not the
 * same in a string, and cuts .987 to .986999988, so that half a microsecond goes on top.
 * @param exact the same time in ISO 8601 where more of it is known: kept as well as Node can, to the
 * microsecond. Another time counts for nothing
 */
export function secondsOf(time: Date, exact = ""): string {
  const ms = time.getTime();
  const digits = /\.(\d{4,9})Z$/.exec(exact)?.[1];
  if (digits !== undefined && Date.parse(exact) === ms) {
    return String(Math.floor(ms / 1000) + Number(`0.${digits}`));
  }
  return String(ms % 1000 === 0 ? ms / 1000 : (ms + 0.0005) / 1000);
}

/** Nanoseconds since 1970 where the time is known finer than to a microsecond; else null. @param exact as in `secondsOf` */
export function exactOf(time: Date, exact = ""): bigint | null {
  const digits = /\.(\d{7,9})Z$/.exec(exact)?.[1];
  const ms = time.getTime();
  if (digits === undefined || Date.parse(exact) !== ms) return null;
  const nano = BigInt(digits.padEnd(9, "0")) % 1_000_000n;
  return BigInt(ms) * 1_000_000n + nano;
}
