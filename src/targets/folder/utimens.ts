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
const SECOND = 1_000_000_000n;
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
  const nano = ((time % SECOND) + SECOND) % SECOND;
  return `${(time - nano) / SECOND} ${nano}`;
}
