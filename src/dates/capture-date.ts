/**
 * When a photo was taken: of everything that says so, the first in the order of trust that can be true.
 *
 *   row             what                                              zone
 *   user            what the user says
 *   sidecar         XMP beside the photo                              as written; not if it is DateTimeOriginal
 *                                                                     again in bare UTC
 *   exif-original   EXIF DateTimeOriginal, SubSecTimeOriginal         OffsetTimeOriginal, never OffsetTime
 *   exif-digitized  EXIF CreateDate; of a scanner, the day of the scan OffsetTimeDigitized
 *   embedded        XMP and IPTC inside the file                      as written
 *   video-keys      com.apple.quicktime.creationdate                  as written
 *   video-content   ContentCreateDate, DateTimeOriginal, RIFF IDIT    as written
 *   video-header    mvhd, mdhd, tkhd                                  UTC, or rule V (resolve-zone.ts)
 *   vendor-utc      GPSDateTime and the like                          UTC
 *   service         what the photo service says; with `preferService` as documented
 *                   above exif-original, because people correct it there
 *   name-time       a date and time in the name                       local, UTC for PXL_, _iOS and Unix times
 *   company         the still that a film is half of, or its THM      as decided for it
 *   object-mtime    the mtime that an upload tool noted; only if      UTC
 *                   it is not that of the upload
 *   name-day        a day in the name; above an object-mtime that is  local
 *                   later by more than a day, as that is of a copy
 *   modify          EXIF ModifyDate and the like                      OffsetTime
 *   key             folders: 2012/06/28, 2012-06, Photos from 2012    local
 *   modified        LastModified: when it came to the bucket, which   UTC
 *                   is not when it was taken
 *
 * Passed over are dates that cannot be (implausible.ts) and dates more than 26 hours after now: those are the most
 * that two clocks can be apart. A date as much later than the upload of its object is doubtful, and no more: buckets
 * whose LastModified is made up are too many. date-choice.ts says when a less trusted one is the date, and how a vague
 * one is made finer.
 */

import { DAY } from "../measures.ts";
import type { Captured } from "../model.ts";
import {
  type DateCandidate,
  type DateReading,
  instantOf,
  orderOf,
  parseCandidate,
  type ZoneEvidence,
} from "./date-candidate.ts";
import { chooseDate, type DateChoice, type PossibleDate } from "./date-choice.ts";
import { type DateWarning, doubtsOf } from "./date-doubts.ts";
import { CLOCKS_APART, uploadTime } from "./implausible.ts";
import { type Moment, resolveZone, type Surroundings } from "./resolve-zone.ts";
import { formatClock, formatInstant } from "./written-time.ts";
import { formatOffset, nearestOffset } from "./zone.ts";

export interface DateRules {
  /** LastModified of the object, ISO 8601. */
  readonly modified: string;
  /**
   * True where `modified` is the time of a file, as in a folder, which anybody may set: it tells of no upload, and
   * makes a vague date finer that it lies in.
   */
  readonly fileTimes?: boolean;
  /** Now, ISO 8601: nothing was taken more than 26 hours later. Absent: nothing is too late. */
  readonly now?: string;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly defaultZone: string;
  /** True where that zone is only guessed. */
  readonly zoneGuessed?: boolean;
  readonly evidence?: ZoneEvidence;
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
}

/** A candidate and its fate. */
export interface JudgedDate {
  readonly candidate: DateCandidate;
  /** `refused`: it cannot be the date. `outranked`: it could, and something more trusted or finer is. */
  readonly fate: "chosen" | "outranked" | "refused";
  /** Why it is not the date, in one clause for people; null for the one that is. */
  readonly lost: string | null;
}

export interface DateDecision {
  /** Null only where not even LastModified can be read. */
  readonly captured: Captured | null;
  /** How the offset is known. */
  readonly zoneFrom: Moment["zoneFrom"];
  readonly warnings: readonly DateWarning[];
  /** The vaguer and more trusted candidate that the chosen one lies in; null where there is none. */
  readonly within: DateCandidate | null;
  /** All of them, the most trusted first. */
  readonly candidates: readonly JudgedDate[];
}

/** Decides; never throws, whatever the candidates say. */
export function decideCaptureDate(candidates: readonly DateCandidate[], rules: DateRules): DateDecision {
  const uploaded = rules.fileTimes === true ? null : uploadTime(rules.modified);
  const now = rules.now === undefined ? null : Date.parse(rules.now);
  const read = [...candidates, lastModified(rules)].map((candidate) => ({
    candidate,
    reading: parseCandidate(candidate),
  }));
  const readings = read.flatMap(({ reading }) => (typeof reading === "string" ? [] : [reading]));
  const around = { readings, evidence: rules.evidence ?? {}, defaultZone: rules.defaultZone };
  const order = orderOf(readings, { preferService: rules.preferService === true, uploaded });
  const weighed = read
    .toSorted((a, b) => order(a.candidate) - order(b.candidate))
    .map(({ candidate, reading }) => {
      const date = typeof reading === "string" ? reading : placeInTime(reading, { around, uploaded, now });
      return { candidate, date };
    });
  return decideAmong(weighed, rules, around);
}

function lastModified({ modified: written, fileTimes }: DateRules): DateCandidate {
  const tag = fileTimes === true ? FILE_TIME : "LastModified";
  return { row: "modified", source: "modified", tag, written, clock: "utc" };
}
const FILE_TIME = "file time";

interface Context {
  readonly around: Surroundings;
  /** When the object was uploaded, and when it is; null where that is not known. */
  readonly uploaded: number | null;
  readonly now: number | null;
}

/** A candidate, and the date that it can be; or why it can be none, in one clause. */
interface WeighedDate {
  readonly candidate: DateCandidate;
  readonly date: PossibleDate | string;
}

function placeInTime(reading: DateReading, context: Context): PossibleDate | string {
  const refused = rowRule(reading, context);
  if (refused !== null) return refused;
  const moment = resolveZone(reading, context.around);
  const { now, uploaded } = context;
  const { row } = reading.candidate;
  const bounded = row !== "user" && row !== "modified";
  if (bounded && now !== null && moment.instant > now + CLOCKS_APART) return "later than now";
  const late = bounded && uploaded !== null && moment.instant > uploaded + CLOCKS_APART;
  return { reading, moment, late };
}

function decideAmong(weighed: readonly WeighedDate[], rules: DateRules, around: Surroundings): DateDecision {
  const all = weighed.flatMap(({ date }) => (typeof date === "string" ? [] : [date]));
  const dating = all.filter(({ reading }) => reading.candidate.row !== "modified");
  const modified = all.find(({ reading }) => reading.candidate.row === "modified") ?? null;
  const [first = modified, ...rest] = dating;
  const choice =
    first === null ? null : chooseDate([first, ...rest], around, rules.fileTimes === true ? modified : null);
  const candidates = weighed.map((one) => fateOf(one, choice, rules.fileTimes === true));
  if (choice === null) return { captured: null, zoneFrom: "default", warnings: [], within: null, candidates };
  const { best, finest } = choice;
  const late = finest.late ? `it is later than its upload, ${rules.modified}` : null;
  const warnings = [...copiedTime(choice), ...doubtsOf(finest, around, late)];
  return {
    captured: toCaptured(choice, warnings, rules.zoneGuessed === true),
    zoneFrom: finest.moment.zoneFrom,
    warnings,
    within: best === finest ? null : best.reading.candidate,
    candidates,
  };
}

/** A time of writing within a vague date is likely that of the photo, and may be that of an edit in the same year. */
function copiedTime(choice: DateChoice): DateWarning[] {
  const { best, finest } = choice;
  const { row, tag } = finest.reading.candidate;
  if (finest === best || (row !== "modify" && !byFile(choice))) return [];
  const what = row === "modify" ? tag : "the time of the file";
  return [{ code: "guess", message: `${what} makes it finer, within what is known` }];
}

/** True where the time of the file made a vague date finer. */
function byFile({ best, finest }: DateChoice): boolean {
  return finest !== best && finest.reading.candidate.row === "modified";
}

/** LastModified is not weighed against the others: it stands in where there are none. */
const OF_THE_UPLOAD = "it says when the photo was uploaded, not when it was taken";

function fateOf({ candidate, date }: WeighedDate, choice: DateChoice | null, fileTimes: boolean): JudgedDate {
  const refused = typeof date === "string" ? date : null;
  if (choice === null || typeof date === "string") return { candidate, fate: "refused", lost: refused };
  const { best, finest, passed } = choice;
  if (date === finest) return { candidate, fate: "chosen", lost: null };
  if (candidate.row === "modified" && !fileTimes) return { candidate, fate: "outranked", lost: OF_THE_UPLOAD };
  const finer = `${finest.reading.candidate.tag} lies within it and says more`;
  const lost = date === best ? finer : (passed.get(date) ?? `${best.reading.candidate.tag} is more trusted`);
  return { candidate, fate: "outranked", lost };
}

/** Conditions that belong to one row of the order. */
function rowRule(reading: DateReading, { around, uploaded }: Context): string | null {
  const { clock } = reading.time;
  switch (reading.candidate.row) {
    case "sidecar":
      return repeatsOriginal(reading, around.readings);
    case "object-mtime":
      // What is later by days speaks against LastModified, as nobody uploads a file before it is written.
      return uploaded !== null && clock >= uploaded && clock <= uploaded + DAY
        ? "not earlier than LastModified, so it is of the upload"
        : null;
    default:
      return null;
  }
}

/** Programs that know the instant but not the place write DateTimeOriginal again in UTC (immich #31217). */
function repeatsOriginal(reading: DateReading, readings: readonly DateReading[]): string | null {
  const original = readings.find(({ candidate }) => candidate.row === "exif-original");
  if (reading.kind !== "utc" || original === undefined) return null;
  const instant = instantOf(original);
  const same =
    instant === null
      ? nearestOffset(original.time.clock - reading.time.clock, 1000) !== null
      : Math.abs(instant - reading.time.clock) <= 1000;
  return same ? `${original.candidate.tag} again, in UTC` : null;
}

function toCaptured(choice: DateChoice, warnings: readonly DateWarning[], zoneGuessed: boolean): Captured {
  const { reading, moment } = choice.finest;
  const { time } = reading;
  return {
    local: formatClock(moment.clock, time.fraction),
    offset: moment.offset === null ? null : formatOffset(moment.offset),
    utc: formatInstant(moment.instant, time.fraction),
    ...sourceOfChoice(choice),
    precision: time.precision,
    ...(moment.zone === null ? {} : { zone: moment.zone }),
    ...(moment.offset === null || moment.zoneFrom === "default" ? {} : { zoneFrom: moment.zoneFrom }),
    ...(zoneGuessed && moment.offset === null ? { guessed: moment.assumed ?? "utc" } : {}),
    ...(warnings.length === 0
      ? {}
      : {
          warnings: warnings.map(({ message }) => message),
          doubts: warnings.map(({ code }) => code),
        }),
  };
}

/** A file's time only makes finer what something else says; no camera's clock showed it, so no zone is lent to it. */
function sourceOfChoice(choice: DateChoice): Pick<Captured, "source" | "tag"> {
  const { source, tag } = choice.finest.reading.candidate;
  if (!byFile(choice)) return { source, tag };
  const { candidate } = choice.best.reading;
  const named = candidate.source === "name" || candidate.source === "key";
  return { source: named ? candidate.source : "metadata", tag: `${candidate.tag}, ${FILE_TIME}` };
}
