/**
 * Dates in names. Keys may be hashes, so digits and hexadecimal letters on either side of a date forbid it,
 * and a name that is a UUID or 20 hexadecimal digits and more holds none.
 *
 *   2012-06-28 14.03.22.jpg            date and time, local        IMG_20120628_140322.jpg
 *   PXL_20220831_003137144.mp4         date and time, UTC          20180727_093012000_iOS.jpg
 *   1340892202123.jpg                  milliseconds since 1970     IMG_1340892202123_BURST1340892202123.jpg
 *   IMG-20120628-WA0007.jpg            a day                       Screenshot_2012.06.28.png
 *   2012/06/28/…  2012-06/…  201206/…  folders: a day, a month
 *   Photos from 2012/…                 a year
 *   2022/04/22-04-06 15-21-03.jpg      April 2022, not its 22nd
 *   20120628140322-1a2b3c4d.jpg        Piwigo's time of the upload: none
 */

import type { DateCandidate, Row } from "./date-candidate.ts";
import { unixSeconds, wallClock } from "./written-time.ts";

const YEAR = "(?<y>19[89]\\d|20\\d\\d)";
const MONTH = "(?<mo>0[1-9]|1[0-2])";
const DAY_OF_MONTH = "(?<d>0[1-9]|[12]\\d|3[01])";

const FULL = new RegExp(
  `(?<![0-9a-f])${YEAR}[-_.]?${MONTH}[-_.]?${DAY_OF_MONTH}(?:[-_.T ]| at |, )*` +
    "(?<h>[01]\\d|2[0-3])[-_.: hH]?(?<mi>[0-5]\\d)[-_.: mM]?(?<s>[0-5]\\d)(?:[-_.]?(?<ms>\\d{3}))?" +
    "(?![0-9a-f]{4,})",
);
const DAY = new RegExp(
  `(?<![0-9a-f])(?<y>19[89]\\d|20\\d\\d)([-_.]?)${MONTH}\\2${DAY_OF_MONTH}(?!\\d)`,
);
const UNIX_MS = /(?:^|[_-]|BURST)(?<ms>1\d{12})(?!\d)/;
const UTC_NAME = /^PXL_|_iOS(?=\.)/;
const NO_DATE =
  /^(?:[0-9a-f]{20,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{14}-[0-9a-f]{8})$/i;

const FOLDER_DAY = /(?:^|\/)(19[89]\d|20\d\d)\/(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])(?=[/ .]|$)/;
const FOLDER_MONTH =
  /(?:^|\/)(?:(?<y>19[89]\d|20\d\d)[-/](?<mo>0?[1-9]|1[0-2])|(?<yy>19[89]\d|20\d\d)(?<mm>0[1-9]|1[0-2]))(?=[/ ]|$)/;
const FOLDER_YEAR = /(?:^|\/)(?:Photos from )?(19[89]\d|20\d\d)(?=\/|$)/;

/** A key is at most 1,024 bytes; longer text is no name. */
const LONGEST = 1024;

/** What a file name and the folders above it say, the more telling first. */
export function datesInKey(key: string): DateCandidate[] {
  const path = key.slice(-LONGEST);
  const slash = path.lastIndexOf("/");
  const found = datesInName(path.slice(slash + 1), "file name");
  if (slash < 0) return found;
  const folders = path.slice(0, slash);
  for (const folder of folders.split("/").toReversed().slice(0, 8)) {
    const named = dayInName(folder, "folder");
    if (named !== null && found.length === 0) found.push({ ...named, row: "key", source: "key" });
  }
  const date = dateOfFolders(folders);
  return date === null ? found : [...found, date];
}

/** What a file name alone says. @param tag where the name stands, for people */
export function datesInName(name: string, tag: string): DateCandidate[] {
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  if (name.length > LONGEST || NO_DATE.test(stem)) return [];
  const utc = UTC_NAME.test(name);
  const time = FULL.exec(stem)?.groups;
  if (time && isDay(time)) {
    const fraction = time.ms === undefined ? "" : `.${time.ms}`;
    const written = `${day(time)}T${time.h}:${time.mi}:${time.s}${fraction}`;
    return [candidate("name-time", tag, written, utc ? "utc" : "local")];
  }
  const unix = UNIX_MS.exec(stem)?.groups?.ms;
  const written = unix === undefined ? null : unixSeconds(`${unix.slice(0, 10)}.${unix.slice(10)}`);
  if (written !== null) return [candidate("name-time", tag, written, "utc")];
  const named = dayInName(stem, tag);
  return named === null ? [] : [named];
}

function dayInName(text: string, tag: string): DateCandidate | null {
  if (NO_DATE.test(text)) return null;
  const groups = DAY.exec(text)?.groups;
  return groups && isDay(groups) ? candidate("name-day", tag, day(groups), "local") : null;
}

function dateOfFolders(folders: string): DateCandidate | null {
  const whole = FOLDER_DAY.exec(folders);
  if (whole !== null) {
    const written = whole.slice(1).map((part) => part.padStart(2, "0"));
    return candidate("key", "folders", written.join("-"), "local");
  }
  const groups = FOLDER_MONTH.exec(folders)?.groups;
  if (groups) {
    const month = (groups.mo ?? groups.mm ?? "").padStart(2, "0");
    return candidate("key", "folders", `${groups.y ?? groups.yy}-${month}`, "local");
  }
  const only = FOLDER_YEAR.exec(folders)?.[1];
  return only === undefined ? null : candidate("key", "folders", only, "local");
}

type Groups = Readonly<Record<string, string | undefined>>;

function isDay({ y, mo, d }: Groups): boolean {
  return wallClock(Number(y), Number(mo), Number(d)) !== null;
}

function day({ y, mo, d }: Groups): string {
  return `${y}-${mo}-${d}`;
}

function candidate(
  row: Row,
  tag: string,
  written: string,
  clock: DateCandidate["clock"],
): DateCandidate {
  return { row, source: row === "key" ? "key" : "name", tag, written, clock };
}
