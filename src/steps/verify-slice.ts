/** Which photos a run of `verify` reads: all, a slice, or the share that makes every photo's turn come in time. */

import type { Due } from "../catalogue/check-log.ts";
import { keyHash } from "../key.ts";

/** Photos whose path falls into part `part` (from 1) of `of`; the same photo falls into the same part every time. */
export interface Slice {
  readonly part: number;
  readonly of: number;
}

/**
 * Photos that wait longest, until a number of bytes is reached, at least one. What was damaged when it was read
 * last comes on top, so that damage that nobody mends keeps no other photo from its turn.
 */
export interface Share {
  readonly bytes: number;
}

export type SliceChoice = "all" | Slice | Share;

/** The photos of `due` that the choice takes, in the same order. */
export function* sliceOf(due: Iterable<readonly Due[]>, choice: SliceChoice): Generator<Due> {
  let taken = 0;
  for (const chunk of due) {
    for (const photo of chunk) {
      if (choice !== "all" && "of" in choice && !isIn(choice, photo)) continue;
      yield photo;
      if (!photo.damaged) taken += Math.max(1, photo.size);
      if (choice !== "all" && "bytes" in choice && taken > 0 && taken >= choice.bytes) return;
    }
  }
}

function isIn(slice: Slice, photo: Due): boolean {
  return keyHash(photo.path) % slice.of === slice.part - 1;
}

const DAY_MS = 86_400_000;

/**
 * How many bytes are due today, so that everything is read once in so many days whenever runs come: the part
 * of the days that went by since the last run, of all bytes. A day's part where there was no such run, or
 * where the clock was set back.
 * @param total bytes of everything
 * @param since when the last run began, ISO 8601; null before the first
 */
export function shareOf(total: number, days: number, since: string | null, now: number): Share {
  const gone = since === null ? DAY_MS : now - Date.parse(since);
  const part = (gone <= 0 ? DAY_MS : gone) / (days * DAY_MS);
  return { bytes: Math.ceil(total * Math.min(1, part)) };
}
