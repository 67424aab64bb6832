/** A candidate that was read: its time, and whether that is a wall clock, a wall clock with its offset, or UTC. */

import type { DateCandidate, Row } from "./date-candidate.ts";
import { impossible } from "./implausible.ts";
import { readWritten, type WrittenTime } from "./written-time.ts";
import { parseOffset } from "./zone.ts";

export interface Reading {
  readonly candidate: DateCandidate;
  readonly time: WrittenTime;
  /**
   * `local`: a wall clock, `offset` minutes east of UTC where that is known. `utc`: an instant, and where the
   * photo was taken is not said.
   */
  readonly kind: "local" | "utc";
  readonly offset: number | null;
  /** Where the offset was read; "" where there is none. */
  readonly offsetTag: string;
}

/**
 * Here `Z` and `+00:00` are what programs write that know the instant and not the place ("looking at you,
 * Google Takeout"); cameras that write an offset mean it.
 */
const BARE_UTC = new Set<Row>(["sidecar", "embedded", "video-content", "service", "name-time"]);

const MINUTE = 60_000;

/** @returns the reading, or one clause for people that says why the candidate is no date */
export function parseCandidate(candidate: DateCandidate): Reading | string {
  if (candidate.unsure !== undefined) return candidate.unsure;
  const time = readWritten(candidate.written, candidate.subSeconds);
  if (typeof time === "string") return time;
  const reading = withOffset(candidate, time);
  if (candidate.row === "user") return reading;
  return impossible([time.clock, instantOf(reading) ?? time.clock]) ?? reading;
}

/** Milliseconds since 1970 where the reading alone tells the instant; null where it needs a zone. */
export function instantOf({ kind, time, offset }: Reading): number | null {
  if (kind === "utc") return time.clock;
  return offset === null ? null : time.clock - offset * MINUTE;
}

function withOffset(candidate: DateCandidate, time: WrittenTime): Reading {
  const coarse = time.precision === "day" || time.precision === "month" || time.precision === "year";
  if (coarse) return { candidate, time, kind: "local", offset: null, offsetTag: "" };
  const inside = time.offset === null ? null : parseOffset(time.offset);
  if (inside !== null && candidate.clock === "utc") {
    // An instant, whatever zone its writer printed it in.
    const shifted = { ...time, clock: time.clock - inside * MINUTE };
    return { candidate, time: shifted, kind: "utc", offset: null, offsetTag: "" };
  }
  if (inside === 0 && BARE_UTC.has(candidate.row)) {
    return { candidate, time, kind: "utc", offset: null, offsetTag: "" };
  }
  if (inside !== null) {
    return { candidate, time, kind: "local", offset: inside, offsetTag: candidate.tag };
  }
  const beside = candidate.offset === undefined ? null : parseOffset(candidate.offset.written);
  if (beside !== null) {
    const offsetTag = candidate.offset?.tag ?? "";
    return { candidate, time, kind: "local", offset: beside, offsetTag };
  }
  return { candidate, time, kind: candidate.clock, offset: null, offsetTag: "" };
}
