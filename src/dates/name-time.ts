/**
 * A date with its time of day within one name, in the forms that phones, computers and messengers write:
 *
 *   IMG_20120628_140322123.jpg                          a wall clock, with milliseconds perhaps
 *   Screen Shot 2012-06-28 at 2.03.22 PM.png            a 12-hour clock, also with a narrow no-break space
 *   截屏2012-06-28 下午2.03.22.png                       likewise, the half of the day before it
 *   Bildschirmfoto 2012-06-28 um 14.03.22.png           the word between date and time in the user's language
 *   2012-06-28_12-03-22_UTC.jpg  20120628T120322Z.jpg   UTC
 *   2012-06-28T14-03-22+0200.jpg  … 14.03.22 UTC+2.jpg  with its offset; behind a T also one to the west
 *   20120628-20120702.jpg                               no time: the days from one to the other
 *   photo_1@28-06-2012_14-03-22.jpg                     Telegram: day, month, year
 *   ScreenRecording_06-28-2012 14-03-22_1.MP4           iOS: month, day, year
 *   28-06-2012 14.03.22.jpg                             as only one order is possible
 *   03-04-2012 14.03.22.jpg                             two are: shown, and never believed
 */

import { wallClock } from "./written-time.ts";

/** What a name says of a time of day. */
export interface NamedTime {
  /** In a form that written-time.ts reads. */
  readonly written: string;
  readonly clock: "local" | "utc";
  /** Why it can be read in two ways. */
  readonly unsure?: string;
}

/** Before digital cameras only as people write it who scan: `1965-06-28`. */
const YEAR = "(?<y>19[89]\\d|20\\d\\d|(?<!\\d-)19[0-7]\\d(?=-(?:0[1-9]|1[0-2])-[0-3]))";
const MONTH_DIGITS = "(?<mo>0[1-9]|1[0-2])";
const DAY_OF_MONTH = "(?<d>0[1-9]|[12]\\d|3[01])";
export const YEAR_MONTH_DAY = `(?<![0-9a-f])${YEAR}([-_.]?)${MONTH_DIGITS}\\2${DAY_OF_MONTH}`;

/** Between a date and its time, as computers write it: "at" in the languages of macOS and WhatsApp. */
const BETWEEN_WORDS =
  "at|um|à|a la(?:s|\\(s\\))?|a les|om|в|о|об|o|alle(?: ore)?|às|kl\\.?|klo|kello|v|la|στις|u|ob|pukul|lúc|saat|pada|jam|เวลา|पर|في|ב-?";
const BETWEEN = `(?<between>(?:[-_.T\\s]|,\\s|\\s(?:${BETWEEN_WORDS})[\\s]?)*)`;
const DAY_HALVES = "ÖÖ|ÖS|de\\.|du\\.|凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|午前|午後|오전|오후";
const HALF_BEFORE = `(?:(?<before>${DAY_HALVES})\\s*)?`;
/** A space, or what becomes of a narrow one that is not understood. */
const HALF_GAP = "(?:[\\s_.?+\\ufffd]|%20|%C2%A0|%E2%80%AF|â(?:€|\\x80)¯)?";
/** After a time that the language's word stands before; elsewhere it may be a word like any other. */
const behind = (word: string) => `(?<=${word} \\d?\\d[.:]\\d\\d[.:]\\d\\d\\s)`;
/** Not the "am" of "10.23.45 am Strand". */
const HALF_AFTER = `(?:${HALF_GAP}(?<after>${[
  "(?!am\\s\\p{L})[AaPp]\\.?\\s?[Mm]\\.?(?![A-Za-z])",
  "[πμΠΜ]\\.?\\s?[μΜ]\\.?(?!\\p{L})",
  "صباحًا|مساءً|[صم](?!\\p{L})|[قب]\\.\\s?ظ",
  'ÖÖ|ÖS|vorm\\.|nachm\\.|d[eu]\\.|(?:לפנה|אחה)[״"]צ|पूर्वाह्न|अपराह्न|ก่อนเที่ยง|หลังเที่ยง|(?:пр|сл)\\.\\s?об',
  `${behind("lúc")}(?:SA|CH)(?!\\p{L})`,
  `${behind("kl\\.?")}[fe]\\.?m(?!\\p{L})`,
  `${behind("pada")}(?:PG|PTG)(?!\\p{L})`,
].join("|")}))?`;
/** Of a span of days the other end is no time: `20120628-20120702`. */
const NO_DAY = `(?!(?:19[89]\\d|20\\d\\d)(?<other>[-_.]?)(?:0[1-9]|1[0-2])\\k<other>(?:0[1-9]|[12]\\d|3[01])(?!\\d))`;
/** An hour of one digit only as it is spoken. Four digits behind a mark are no milliseconds: DJI counts so. */
const TIME = `(?<h>[01]\\d|2[0-3]|(?<=\\s|${DAY_HALVES}|ב-)\\d(?=[.:]\\d\\d[.:]\\d\\d))[-_.: hH]?(?<mi>[0-5]\\d)[-_.: mM]?(?<s>[0-5]\\d)(?:(?<ms>\\d{3})|[-_.](?<ms>\\d{3})(?:\\d{3}){0,2}(?!\\d))?`;
const OFFSET_IN_NAME = "[+-](?:0\\d|1[0-4])[:.-]?[0-5]\\d(?!\\d)";
const ZONE_IN_NAME = `(?<zone>Z(?![A-Za-z0-9])|[\\s_-]?(?:UTC|GMT)(?:${OFFSET_IN_NAME}|[+-](?:1[0-4]|0?\\d)(?!\\d)|(?![A-Za-z0-9]))|\\s?${OFFSET_IN_NAME})?`;
const CLOCK = `${BETWEEN}${NO_DAY}${HALF_BEFORE}${TIME}${HALF_AFTER}${ZONE_IN_NAME}(?![0-9a-f]{4,})`;

/** Any mark may stand between year, month and day here, as the time vouches for the date. */
const YEAR_FIRST = new RegExp(`(?<![0-9a-f])${YEAR}[-_.]?${MONTH_DIGITS}[-_.]?${DAY_OF_MONTH}${CLOCK}`, "u");
const YEAR_LAST = "(?<![0-9a-f.-])(?<one>\\d{1,2})(?<mark>[-._])(?<two>\\d{1,2})\\k<mark>(?<y>19[89]\\d|20\\d\\d)";
const TIMED_YEAR_LAST = new RegExp(`${YEAR_LAST}${CLOCK}`, "u");
const BARE_YEAR_LAST = new RegExp(`${YEAR_LAST}(?!\\d)`, "u");

/** What each of these has, and most names have not: told in a twentieth of the time. */
const SOME_YEAR = /19\d\d|20\d\d/;

/** Who is known to write the day first, and the month. */
const DAY_FIRST = /^[a-z]+_\d+@$/i;
const MONTH_FIRST = /^ScreenRecording_$/i;
const EITHER = "the day or the month may come first";

/** @param name without its extension, in western digits. @returns null where it names no time of day */
export function timeInName(name: string): NamedTime | null {
  if (!SOME_YEAR.test(name)) return null;
  const found = YEAR_FIRST.exec(name);
  const first = found?.groups;
  if (found !== null && isHalfUnknown(found)) return null;
  if (first !== undefined && isDayOfCalendar(first)) return timed(first, { ...dayOf(first), unsure: false });
  const last = TIMED_YEAR_LAST.exec(name);
  const groups = last?.groups;
  if (groups === undefined) return null;
  const day = dayOfLast(groups, name.slice(0, last?.index));
  return day === null ? null : timed(groups, day);
}

/**
 * True where the hour is spoken and a word follows that may say of which half of the day, in a language that is not
 * known here: the day is certain then, and the hour is not.
 */
function isHalfUnknown({ 0: { length }, index, input, groups }: RegExpExecArray): boolean {
  const { h, before, after } = groups ?? {};
  if (h?.length !== 1 || (before ?? after) !== undefined) return false;
  return /^\s?(?!cop|kop)\p{L}/iu.test(input.slice(index + length));
}

/** A day with its year last; null where there is none. */
export function yearLastInName(name: string): Omit<NamedTime, "clock"> | null {
  const found = BARE_YEAR_LAST.exec(name);
  const day = found?.groups === undefined ? null : dayOfLast(found.groups, name.slice(0, found.index));
  if (day === null) return null;
  return { written: day.written, ...(day.unsure ? { unsure: EITHER } : {}) };
}

export type Groups = Readonly<Record<string, string | undefined>>;

export function isDayOfCalendar({ y, mo, d }: Groups): boolean {
  return wallClock(Number(y), Number(mo), Number(d)) !== null;
}

interface Day {
  /** `2012-06-28` */
  readonly written: string;
  readonly unsure: boolean;
}

function dayOf({ y, mo, d }: Groups): Pick<Day, "written"> {
  return { written: `${y}-${mo?.padStart(2, "0")}-${d?.padStart(2, "0")}` };
}

function dayOfLast({ one, two, y }: Groups, before: string): Day | null {
  const orders = [
    { y, d: one, mo: two },
    { y, d: two, mo: one },
  ].filter(isDayOfCalendar);
  const [dayFirst, monthFirst] = [orders.find(({ d }) => d === one), orders.find(({ mo }) => mo === one)];
  const known = DAY_FIRST.test(before) ? dayFirst : MONTH_FIRST.test(before) ? monthFirst : undefined;
  if (known !== undefined) return { ...dayOf(known), unsure: false };
  const [only, other] = orders;
  if (only === undefined) return null;
  const same = other === undefined || Number(one) === Number(two);
  return { ...dayOf(only), unsure: !same };
}

function timed(groups: Groups, { written, unsure }: Day): NamedTime {
  const { mi, s, ms, zone = "" } = groups;
  const fraction = ms === undefined ? "" : `.${ms}`;
  const offset = offsetInName(groups);
  const at = `${written}T${hourOf(groups)}:${mi}:${s}${fraction}`;
  return {
    written: at + (offset ?? ""),
    clock: zone === "" || offset !== null ? "local" : "utc",
    ...(unsure ? { unsure: EITHER } : {}),
  };
}

/** `-05:00`; "" for what only looks like one: names count behind a hyphen too. Null where none is written. */
function offsetInName({ zone = "", between = "" }: Groups): string | null {
  const [, named = "", sign, hours = "", minutes = "00"] =
    /^(?:\s|[\s_-]?(UTC|GMT))?([+-])(\d\d?)(?:\D?(\d\d))?$/.exec(zone) ?? [];
  if (sign === undefined) return null;
  const meant = sign === "+" || named !== "" || (between.includes("T") && Number(minutes) % 15 === 0);
  return meant ? `${sign}${hours.padStart(2, "0")}:${minutes}` : "";
}

const MORNING = /^(?:a|π|ص|ق|SA|ÖÖ|de|vorm|f|PG|לפנ|पू|ก่|пр|凌晨|清晨|早上|上午|午前|오전)/i;

/** Of a 12-hour clock, whose day and whose noon begin with 12. */
function hourOf({ h, before, after }: Groups): string {
  const half = before ?? after;
  const hour = Number(h);
  const twelve = half !== undefined && hour >= 1 && hour <= 12;
  // "At noon" is said from eleven to two.
  if (!twelve || (half === "中午" && hour >= 10)) return String(hour).padStart(2, "0");
  return String((hour % 12) + (MORNING.test(half) ? 0 : 12)).padStart(2, "0");
}

/** The code points of nought in the scripts whose digits phones write into names. */
const NOUGHTS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0, 0x1810, 0xff10,
];
const MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** The digits of any script as western ones, accents in one character, no marks of direction. */
export function plainName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\x00-\x7f]*$/.test(name)) return name;
  return name
    .normalize("NFC")
    .replace(MARKS, "")
    .replace(/\p{Nd}/gu, (digit) => {
      const point = digit.codePointAt(0) ?? 0;
      const nought = NOUGHTS.find((zero) => point >= zero && point < zero + 10);
      return nought === undefined ? digit : String(point - nought);
    });
}
