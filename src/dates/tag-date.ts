/**
 * Tags of a file → what they say of its date and place. Tags are named as ExifTool names them with `-G1`,
 * `ExifIFD:DateTimeOriginal`; every reader hands them over like this. Latitude and longitude are signed
 * degrees, the duration is in seconds.
 */

import type { FileTags } from "../metadata/head.ts";
import type { DateSource } from "../model.ts";
import type { DateCandidate, DateFindings, DateRow, WrittenOffset, ZoneEvidence } from "./date-candidate.ts";
import { formatOffset } from "./zone.ts";

interface Rule {
  readonly row: DateRow;
  readonly source: DateSource;
  /** Without the group. */
  readonly tag: string;
  readonly groups: RegExp;
  readonly clock: DateCandidate["clock"];
  /** What follows OffsetTime and SubSecTime in the names of the tags that belong to it. */
  readonly companion?: string;
}

type TagPlace = readonly [tag: string, groups: RegExp, companion?: string];

function rules(row: DateRow, source: DateSource, clock: DateCandidate["clock"], places: readonly TagPlace[]): Rule[] {
  return places.map(([tag, groups, companion]) => {
    const rule = { row, source, tag, groups, clock };
    return companion === undefined ? rule : { ...rule, companion };
  });
}

const ANY_GROUP = /./;
const EXIF_DIRECTORY = /^ExifIFD$/;
const MAIN_DIRECTORY = /^IFD0$/;

/** Within a row the better first. */
const RULES: readonly Rule[] = [
  ...rules("exif-original", "exif", "local", [
    ["DateTimeOriginal", EXIF_DIRECTORY, "Original"],
    ["DateTimeOriginal", MAIN_DIRECTORY, "Original"],
  ]),
  ...rules("exif-digitized", "exif", "local", [
    ["CreateDate", EXIF_DIRECTORY, "Digitized"],
    ["CreateDate", MAIN_DIRECTORY, "Digitized"],
  ]),
  ...rules("embedded", "xmp", "local", [
    ["DateTimeOriginal", /^XMP-exif/],
    ["DateCreated", /^XMP-photoshop/],
    ["DateTime", /^XMP-acdsee/],
    ["ShotDate", /^XMP-xmpDM/],
    ["CreateDate", /^XMP-xmp/],
    ["DateTimeDigitized", /^XMP-exif/],
    ["CreationDate", /^XMP-pdf$/],
  ]),
  ...rules("embedded", "exif", "local", [
    ["CreationTime", /^PNG/],
    ["CreateDate", /^(PostScript|PDF|PNG)$/],
  ]),
  ...rules("video-keys", "video", "local", [
    ["CreationDate", /^(Keys|ItemList|UserData)$/],
    ["CreationDateValue", /^XML/],
  ]),
  ...rules("video-content", "video", "local", [
    ["ContentCreateDate", ANY_GROUP],
    ["DateCreated", /^RIFF/],
    // Maker notes, H.264, RIFF, user data: whoever writes an Original means when it was taken.
    ["DateTimeOriginal", /^(?!ExifIFD|IFD|XMP|Matroska|Composite)/],
  ]),
  ...rules("video-header", "video", "utc", [
    ["CreateDate", /^(QuickTime|MXF)$/],
    ["MediaCreateDate", ANY_GROUP],
    ["TrackCreateDate", ANY_GROUP],
    ["DateTimeOriginal", /^Matroska/],
    ["CreationDate", /^ASF/],
  ]),
  ...rules("vendor-utc", "vendor", "utc", [
    ["GPSDateTime", ANY_GROUP],
    ["DateTimeUTC", ANY_GROUP],
    ["SonyDateTime2", ANY_GROUP],
    ["TimeStamp", /^Samsung/],
  ]),
  ...rules("modify", "exif", "local", [["ModifyDate", /^IFD0$/, ""]]),
  ...rules("modify", "exif", "utc", [["ModifyDate", /^PNG/]]),
  ...rules("modify", "xmp", "local", [["ModifyDate", /^XMP-xmp/]]),
];

/** Everything the tags say; never throws, whatever they hold. */
export function findingsIn(tags: FileTags): DateFindings {
  const present = new Map<string, string[]>();
  for (const name of Object.keys(tags)) {
    const bare = name.slice(name.indexOf(":") + 1);
    const same = present.get(bare);
    if (same === undefined) present.set(bare, [name]);
    else same.push(name);
  }
  const candidates: DateCandidate[] = [];
  for (const rule of RULES) {
    const names = present.get(rule.tag);
    const found = names === undefined ? null : candidateByRule(rule, names, tags);
    if (found !== null) candidates.push(found);
  }
  const composed = [...iptcDate(tags), ...gpsTime(tags)];
  return { candidates: [...candidates, ...composed], evidence: evidenceIn(tags, present) };
}

function candidateByRule(rule: Rule, names: readonly string[], tags: FileTags): DateCandidate | null {
  const name = names.find((known) => rule.groups.test(known.slice(0, known.indexOf(":"))));
  const written = tagText(tags, name);
  if (name === undefined || written === "") return null;
  const { companion } = rule;
  const offsetTag = `OffsetTime${companion}`;
  const offset = companion === undefined ? "" : tagText(tags, `ExifIFD:${offsetTag}`);
  const subSeconds = companion === undefined ? "" : tagText(tags, `ExifIFD:SubSecTime${companion}`);
  return {
    row: rule.row,
    source: rule.source,
    tag: rule.source === "exif" || rule.source === "vendor" ? rule.tag : name,
    written,
    clock: rule.clock,
    ...(offset === "" ? {} : { offset: { tag: offsetTag, written: offset } }),
    ...(subSeconds === "" ? {} : { subSeconds }),
  };
}

/** IPTC 2:55 with 2:60, or 2:62 with 2:63. */
function iptcDate(tags: FileTags): DateCandidate[] {
  const pairs = [
    ["DateCreated", "TimeCreated"],
    ["DigitalCreationDate", "DigitalCreationTime"],
  ] as const;
  return pairs.flatMap(([date, time]) => {
    const written = dayAndTime(tags, `IPTC:${date}`, `IPTC:${time}`);
    return written === "" ? [] : [{ row: "embedded", source: "iptc", tag: `IPTC:${date}`, written, clock: "local" }];
  });
}

/** A time of day without its day says nothing. */
function dayAndTime(tags: FileTags, day: string, time: string): string {
  const written = tagText(tags, day);
  return written === "" ? "" : `${written} ${tagText(tags, time)}`.trim();
}

/** The time of a GPS fix; only with its day, as a day of the camera's may be another in UTC. */
function gpsTime(tags: FileTags): DateCandidate[] {
  const day = tagText(tags, "GPS:GPSDateStamp");
  const time = tagText(tags, "GPS:GPSTimeStamp");
  if (day === "" || time === "" || tags["Composite:GPSDateTime"] !== undefined) return [];
  const written = `${day} ${time}Z`;
  return [{ row: "vendor-utc", source: "vendor", tag: "GPSDateTime", written, clock: "utc" }];
}

function evidenceIn(tags: FileTags, present: ReadonlyMap<string, readonly string[]>): ZoneEvidence {
  const zones = zonesIn(tags, present);
  const latitude = tags["Composite:GPSLatitude"];
  const longitude = tags["Composite:GPSLongitude"];
  const placed = typeof latitude === "number" && typeof longitude === "number";
  const make = firstText(tags, present.get("Make"));
  const model = firstText(tags, present.get("Model"));
  const duration = Number(firstText(tags, present.get("Duration")) || Number.NaN);
  return {
    ...(zones.length === 0 ? {} : { zones }),
    ...(placed ? { position: { latitude, longitude } } : {}),
    ...(make === "" ? {} : { make }),
    ...(model === "" ? {} : { model }),
    ...(Number.isFinite(duration) && duration > 0 ? { duration } : {}),
  };
}

function zonesIn(tags: FileTags, present: ReadonlyMap<string, readonly string[]>): WrittenOffset[] {
  const zones: WrittenOffset[] = [];
  const summer = /^(yes|on|1|true)$/i.test(firstText(tags, present.get("DaylightSavings")));
  for (const tag of ["TimeZone", "AndroidTimeZone"]) {
    for (const name of present.get(tag) ?? []) {
      const written = tagText(tags, name);
      // Nikon's zone is that of winter, its DaylightSavings an hour more (exiftool-vendored #215).
      const nikon = summer && name.startsWith("Nikon");
      if (written !== "") zones.push({ tag: name, written: nikon ? hourMore(written) : written });
    }
  }
  const digitized = tagText(tags, "ExifIFD:OffsetTimeDigitized");
  const original = tagText(tags, "ExifIFD:DateTimeOriginal");
  if (digitized !== "" && original === tagText(tags, "ExifIFD:CreateDate")) {
    zones.push({ tag: "OffsetTimeDigitized", written: digitized });
  }
  // Tag 0x882a: whole hours, of DateTimeOriginal and perhaps of ModifyDate.
  const hours = /^([+-]?)(\d{1,2})(?:[\s,]|$)/.exec(tagText(tags, "ExifIFD:TimeZoneOffset"));
  if (hours !== null) {
    zones.push({ tag: "TimeZoneOffset", written: `${hours[1] === "-" ? "-" : "+"}${hours[2]}` });
  }
  return zones;
}

function hourMore(written: string): string {
  const match = /^([+-])(\d{1,2}):?(\d{2})$/.exec(written);
  if (match === null) return written;
  return formatOffset((Number(match[2]) * 60 + Number(match[3])) * (match[1] === "-" ? -1 : 1) + 60);
}

/** As ExifTool names them with `-G1`. */
const MAKER_DATES = ["Ricoh:RicohDate", "Sony:SonyDateTime", "Panasonic:PanasonicDateTime"];
/** [day, time of day] */
const MAKER_DAYS = [
  ["Pentax:Date", "Pentax:Time"],
  ["Minolta:MinoltaDate", "Minolta:MinoltaTime"],
  // Put together by ExifTool of Kodak's YearCreated and MonthDayCreated.
  ["Composite:DateCreated", "Kodak:TimeCreated"],
] as const;

/**
 * Candidates of the notes that makers keep for themselves, where a camera or a program left the usual fields out. What is
 * called DateTimeOriginal there is in the table above; these are of the moment too, by the camera's clock.
 */
export function makerDates(tags: FileTags): DateCandidate[] {
  const whole = MAKER_DATES.map((tag) => ({ tag, written: tagText(tags, tag) }));
  const apart = MAKER_DAYS.map(([tag, time]) => ({ tag, written: dayAndTime(tags, tag, time) }));
  return [...whole, ...apart]
    .filter(({ written }) => written !== "")
    .map((said) => ({ row: "embedded", source: "exif", clock: "local", ...said }));
}

function firstText(tags: FileTags, names: readonly string[] | undefined): string {
  return tagText(tags, names?.[0]);
}

function tagText(tags: FileTags, name: string | undefined): string {
  const value = name === undefined ? undefined : tags[name];
  return value === undefined ? "" : String(value).trim();
}
