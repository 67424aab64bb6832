/** A compiled zone, as /etc/localtime is one: RFC 9636 ("TZif"). */

import { offsetByRules, readZoneRules } from "./posix-zone.ts";

/** Minutes east of UTC at an instant, in milliseconds since 1970. */
export type OffsetAt = (instant: number) => number;

const HEADER = 44;
const SECOND = 1000;

/** Null where the bytes are no such file. */
export function readZoneFile(bytes: Buffer): OffsetAt | null {
  try {
    const first = readHeader(bytes, 0);
    if (first === null) return null;
    if (first.version < 2) return offsets(bytes, HEADER, first, 4, "");
    const at = HEADER + lengthOf(first, 4);
    const second = readHeader(bytes, at);
    if (second === null) return null;
    const footer = bytes.toString("latin1", at + HEADER + lengthOf(second, 8));
    return offsets(bytes, at + HEADER, second, 8, footer.split("\n")[1] ?? "");
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Header {
  readonly version: number;
  readonly counts: readonly number[];
  readonly times: number;
  readonly types: number;
}

function readHeader(bytes: Buffer, at: number): Header | null {
  if (bytes.toString("latin1", at, at + 4) !== "TZif") return null;
  // isutcnt isstdcnt leapcnt timecnt typecnt charcnt
  const counts = [20, 24, 28, 32, 36, 40].map((offset) => bytes.readUInt32BE(at + offset));
  const version = Number(bytes.toString("latin1", at + 4, at + 5)) || 1;
  return { version, counts, times: counts[3] ?? 0, types: counts[4] ?? 0 };
}

function lengthOf({ counts }: Header, size: 4 | 8): number {
  const [utc = 0, standard = 0, leaps = 0, times = 0, types = 0, letters = 0] = counts;
  return times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc;
}

function offsets(bytes: Buffer, at: number, header: Header, size: 4 | 8, footer: string): OffsetAt {
  const { times, types } = header;
  const read = (offset: number) => (size === 8 ? Number(bytes.readBigInt64BE(offset)) : bytes.readInt32BE(offset));
  const changes = Array.from({ length: times }, (_, n) => read(at + n * size) * SECOND);
  const indexes = Array.from({ length: times }, (_, n) => bytes.readUInt8(at + times * size + n));
  const typesAt = at + times * (size + 1);
  const minutes = Array.from({ length: types }, (_, n) => Math.trunc(bytes.readInt32BE(typesAt + n * 6) / 60));
  const rules = readZoneRules(footer);
  return (instant) => {
    const last = changes.findLastIndex((change) => change <= instant);
    if (last === times - 1 && rules !== null) return offsetByRules(rules, instant);
    return minutes[last < 0 ? 0 : (indexes[last] ?? 0)] ?? 0;
  };
}
