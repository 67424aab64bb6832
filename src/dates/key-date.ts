/**
 * When a photo was taken, as its whole key tells: by the rules of known services, else by the names in it.
 *
 *   original/201203/IMG_1234-4f5a1c2b3d4e5.jpg     March 2012, as Trovebox files photos
 *   upload/2017/06/11/20170611084034-73b60542.jpg  nothing: the folders are those of Piwigo's upload
 *   2012/06/28/IMG_0001.jpg                        28 June 2012
 */

import { datesInKey as datesOfServices, type KeyDate } from "../keys/key-decoders.ts";
import type { DateCandidate } from "./date-candidate.ts";
import { uploadTime } from "./implausible.ts";
import { datesInKey as datesInNames } from "./name-date.ts";

/** The more telling first. The time of an upload or an edit is no candidate, nor are folders that were named by it. */
export function datesInKey(key: string): DateCandidate[] {
  const told = datesOfServices(key);
  const taken = told.filter(({ means }) => means === "captured").map(candidate);
  const others = told.filter(({ means }) => means !== "captured").map(written);
  const named = datesInNames(key).filter((one) => {
    const again = taken.some((sure) => sure.written.startsWith(one.written));
    return !again && !others.some((other) => other.startsWith(one.written));
  });
  return [...taken, ...named];
}

const MONTH = /^\d{4}-\d\d(?!\d)/;

/**
 * The month in which a photo was taken, `2012-06`; null where the key says less.
 * @param modified LastModified of the object, ISO 8601: no photo was taken in a month after that, where it is a time
 * of upload and no placeholder
 */
export function monthInKey(key: string, modified: string): string | null {
  if (!/\d{4}/.test(key)) return null;
  const months = datesInKey(key).flatMap(({ unsure, written: text }) =>
    unsure === undefined ? (MONTH.exec(text)?.[0] ?? []) : [],
  );
  const latest = uploadTime(modified) === null ? "9999" : modified.slice(0, 7);
  return months.find((month) => month <= latest) ?? null;
}

function written({ utc, local }: KeyDate): string {
  return utc ?? local ?? "";
}

function candidate(date: KeyDate): DateCandidate {
  const timed = date.precision === "s" || date.precision === "ms";
  return {
    row: timed ? "name-time" : "key",
    source: timed ? "name" : "key",
    tag: date.tag,
    written: written(date),
    clock: date.utc === null ? "local" : "utc",
  };
}
