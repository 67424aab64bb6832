/**
 * Dates in names. Keys may be hashes, so digits and hexadecimal letters on either side of a date forbid it,
 * and a name that is a UUID or 20 hexadecimal digits and more holds none.
 *
 *   2012-06-28 14.03.22.jpg            date and time: name-time.ts
 *   PXL_20220831_003137144.mp4         of phones that write UTC   20180727_093012000_iOS.jpg
 *   1340892202123.jpg                  milliseconds since 1970    IMG_1340892202123_BURST1340892202123.jpg
 *   34330_1531425252044_1427142689_31473272_564909_n.jpg          Facebook's numbers of a photo: none
 *   RPReplay_Final1340892202.MP4       seconds since 1970
 *   IMG-20120628-WA0007.jpg            a day                      Screenshot_2012.06.28.png  28.06.2012.jpg
 *   2012/06/28/…  2012-06/…  201206/…  folders: a day, a month
 *   Photos from 2012/…                 a year
 *   20120628-20120702/…                June or July of 2012: the year
 *   takeout-20210304T210506Z-001/…     the time of the copy: none
 *   2022/04/22-04-06 15-21-03.jpg      April 2022, not its 22nd
 *   20120628140322-1a2b3c4d.jpg        Piwigo's time of the upload: none
 */

import { type ServiceDate, serviceDatesInKey } from "../keys/key-decoders.ts";
import type { DateCandidate, DateRow } from "./date-candidate.ts";
import { uploadTime } from "./implausible.ts";
import { type Groups, isDayOfCalendar, plainName, timeInName, YEAR_MONTH_DAY, yearLastInName } from "./name-time.ts";
import { isExact, unixSeconds } from "./written-time.ts";

const NAMED_DAY = new RegExp(`${YEAR_MONTH_DAY}(?!\\d)`);
const UNIX_MS = /(?:^|[_\s.-]|BURST|mmexport)(?<ms>1\d{12})(?!\d)/;
/** The screen recordings of iOS, and nobody else's ten digits. */
const UNIX_S = /^RPReplay[_-]Final(?<s>1\d{9})(?!\d)/;
/** Services name photos by several long numbers, none of which is a time; but WeChat puts a digest before its own. */
const LONG_NUMBER = /\d{8,}/g;
/**
 * Facebook's names of a photo, with whatever was put around them, and of what Messenger received: numbers of theirs.
 * Unsplash's: the time of the upload.
 */
const NUMBERED = /^\d+(?:_\d+)*_[a-z](?![a-z])|\d_1\d{12}_\d|^received_|^photo-\d{13}-[0-9a-f]{12}/;
const UTC_NAME = /(?<![A-Za-z0-9])PXL_|_iOS(?![A-Za-z])/;
const NO_TIME = /^(?:[0-9a-f]{20,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{14}-[0-9a-f]{8})$/i;

/** Of the last of these folders, the two above it at hand. */
const FOLDER_DAY = /(?:^|\/)(19[89]\d|20\d\d)\/(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])(?:[ .][^/]*)?$/;
const FOLDER_MONTH =
  /(?:^|\/)(?:(?<y>19[89]\d|20\d\d)[-/](?<mo>0?[1-9]|1[0-2])|(?<yy>19[89]\d|20\d\d)(?<mm>0[1-9]|1[0-2]))(?: [^/]*)?$/;
/** Takeout's folders, in the languages of its users. */
const FOLDER_YEAR =
  /(?:^|\/)(?:photos|fotos?|foto[’']s|foton|billeder|bilder|zdjęcia|фото|fotky)(?: \p{L}+){1,2} (1[89]\d\d|20\d\d)$/iu;
/** Less telling, as folders are called by sizes too. */
const BARE_YEAR = /(?:^|\/)(19[89]\d|20\d\d)(?=\/|$)/;
/** Who copies photos names the folder by the day of the copy: `takeout-20210304T210506Z-001`, `OneDrive_2021-03-04`. */
const COPIES =
  /(?:takeout|back-?ups?|sicherung|(?<!\p{L})(?:sauvegarde|respaldo|onedrive|(?:ex|im)port(?:s|ed)?|(?:up|down)load(?:s|ed)?))(?!\p{L})|^(?:facebook|instagram)-|-\d{8}T\d{6}Z(?:-|$)/iu;
const SPAN = new RegExp(
  `${YEAR_MONTH_DAY}\\s?(?:[-–—_]+|to|until|bis|au|al?)\\s?(?<y2>19[89]\\d|20\\d\\d)[-_.]?(?<mo2>0[1-9]|1[0-2])[-_.]?(?<d2>0[1-9]|[12]\\d|3[01])(?!\\d)`,
);

/** A key is at most 1,024 bytes; longer text is no name. */
const LONGEST_KEY = 1024;

/**
 * When a photo was taken, as its whole key tells: by the rules of known services, else by the names in it, the more
 * telling first. The time of an upload or an edit is no candidate, nor are folders that were named by it.
 *
 *   original/201203/IMG_1234-4f5a1c2b3d4e5.jpg     March 2012, as Trovebox files photos
 *   upload/2017/06/11/20170611084034-73b60542.jpg  nothing: the folders are those of Piwigo's upload
 *   2012/06/28/IMG_0001.jpg                        28 June 2012
 */
export function datesInKey(key: string): DateCandidate[] {
  const dated = serviceDatesInKey(key);
  const taken = dated.filter(({ means }) => means === "captured").map(byService);
  const others = dated.filter(({ means }) => means !== "captured").map(writtenBy);
  const named = datesInNames(key).filter((one) => {
    const again = taken.some((sure) => sure.written.startsWith(one.written));
    return !again && !others.some((other) => other.startsWith(one.written));
  });
  return [...taken, ...named];
}

const YEAR_MONTH = /^\d{4}-\d\d(?!\d)/;

/**
 * The month in which a photo was taken, `2012-06`; null where the key says less.
 * @param modified LastModified of the object, ISO 8601: no photo was taken in a month after that, where it is a time
 * of upload and no placeholder
 */
export function monthInKey(key: string, modified: string): string | null {
  if (!/\d{4}/.test(key)) return null;
  const months = datesInKey(key).flatMap(({ unsure, written: text }) =>
    unsure === undefined ? (YEAR_MONTH.exec(text)?.[0] ?? []) : [],
  );
  if (months.length === 0) return null;
  const latest = uploadTime(modified) === null ? "9999" : modified.slice(0, 7);
  return months.find((month) => month <= latest) ?? null;
}

function byService(date: ServiceDate): DateCandidate {
  const row = isExact(date.precision) ? "name-time" : "key";
  return candidateIn(row, date.tag, writtenBy(date), date.utc === null ? "local" : "utc");
}

function writtenBy({ utc, local }: ServiceDate): string {
  return utc ?? local ?? "";
}

/** What a file name and the folders above it say, the more telling first. */
function datesInNames(key: string): DateCandidate[] {
  const path = key.slice(-LONGEST_KEY);
  const slash = path.lastIndexOf("/");
  const found = datesInName(path.slice(slash + 1), "file name");
  if (slash < 0) return found;
  const folders = plainName(path.slice(0, slash)).split("/");
  const sure = found.some(({ unsure }) => unsure === undefined);
  return [...found, ...datesInFolders(folders, !sure)];
}

/** The nearest first, as what lies around it may be a copy of a whole disk. @param days whether days named within a folder count */
function datesInFolders(folders: readonly string[], days: boolean): DateCandidate[] {
  const found: DateCandidate[] = [];
  let slashed: DateCandidate | null = null;
  for (let at = folders.length - 1; at >= Math.max(0, folders.length - DEEPEST_FOLDER); at -= 1) {
    const folder = folders[at] ?? "";
    if (!/\d/.test(folder)) continue;
    const named = days && !COPIES.test(folder) ? dayInName(folder, "folder") : null;
    if (named !== null) found.push({ ...named, row: "key", source: "key" });
    slashed ??= slashedDate(folders.slice(Math.max(0, at - 2), at + 1).join("/"));
    if (slashed !== null && !found.includes(slashed)) found.push(slashed);
  }
  const year = slashed === null ? BARE_YEAR.exec(folders.join("/"))?.[1] : undefined;
  return year === undefined ? found : [...found, candidateIn("key", "folders", year, "local")];
}
/** Of the folders above a photo, so many are looked at. */
const DEEPEST_FOLDER = 8;

/** What a file name alone says. @param tag where the name stands, for people */
export function datesInName(name: string, tag: string): DateCandidate[] {
  if (name.length > LONGEST_KEY) return [];
  const dot = name.lastIndexOf(".");
  const stem = plainName(dot > 0 ? name.slice(0, dot) : name);
  if (NO_TIME.test(stem)) return [];
  const time = timeInName(stem);
  if (time !== null) {
    const clock = UTC_NAME.test(name) ? "utc" : time.clock;
    return [{ ...candidateIn("name-time", tag, time.written, clock), ...unsureOf(time) }];
  }
  const unix = unixTime(stem);
  if (unix !== null) return [candidateIn("name-time", tag, unix, "utc")];
  const named = dayInName(stem, tag);
  return named === null ? [] : [named];
}

/** Milliseconds or seconds since 1970. */
function unixTime(stem: string): string | null {
  const seconds = UNIX_S.exec(stem)?.groups?.s;
  if (seconds !== undefined) return unixSeconds(seconds);
  const count = UNIX_MS.exec(stem)?.groups?.ms;
  if (count === undefined) return null;
  const others = (stem.match(LONG_NUMBER) ?? []).filter((number) => number !== count);
  if ((others.length > 0 && !stem.startsWith("mmexport")) || NUMBERED.test(stem)) return null;
  return unixSeconds(`${count.slice(0, 10)}.${count.slice(10)}`);
}

function dayInName(text: string, tag: string): DateCandidate | null {
  if (NO_TIME.test(text)) return null;
  const span = SPAN.exec(text)?.groups;
  if (span !== undefined) return withinSpan(span, tag);
  const groups = NAMED_DAY.exec(text)?.groups;
  if (groups && isDayOfCalendar(groups)) {
    return candidateIn("name-day", tag, `${groups.y}-${groups.mo}-${groups.d}`, "local");
  }
  const last = yearLastInName(text);
  return last === null ? null : { ...candidateIn("name-day", tag, last.written, "local"), ...unsureOf(last) };
}

/** Of the days from one to another, what they have in common; null where that is not even the year. */
function withinSpan({ y, mo, d, y2, mo2, d2 }: Groups, tag: string): DateCandidate | null {
  if (y === undefined || y !== y2) return null;
  const month = `${y}-${mo}`;
  const written = mo !== mo2 ? y : d === d2 ? `${month}-${d}` : month;
  return candidateIn("name-day", tag, written, "local");
}

function unsureOf({ unsure }: Pick<DateCandidate, "unsure">): Pick<DateCandidate, "unsure"> {
  return unsure === undefined ? {} : { unsure };
}

function slashedDate(folders: string): DateCandidate | null {
  const whole = FOLDER_DAY.exec(folders);
  if (whole !== null) {
    const written = whole.slice(1).map((part) => part.padStart(2, "0"));
    return candidateIn("key", "folders", written.join("-"), "local");
  }
  const groups = FOLDER_MONTH.exec(folders)?.groups;
  if (groups) {
    const month = (groups.mo ?? groups.mm ?? "").padStart(2, "0");
    return candidateIn("key", "folders", `${groups.y ?? groups.yy}-${month}`, "local");
  }
  const only = FOLDER_YEAR.exec(folders)?.[1];
  return only === undefined ? null : candidateIn("key", "folders", only, "local");
}

function candidateIn(row: DateRow, tag: string, written: string, clock: DateCandidate["clock"]): DateCandidate {
  return { row, source: row === "key" ? "key" : "name", tag, written, clock };
}
