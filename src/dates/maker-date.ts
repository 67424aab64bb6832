/**
 * Dates in the notes that makers keep for themselves, where a camera or a program left the usual fields out. Those
 * that are called DateTimeOriginal there, tag-date.ts knows; the others are of the moment, too, by the camera's clock.
 */

import type { DateCandidate } from "./date-candidate.ts";
import type { Tags } from "./tag-date.ts";

/** As ExifTool names them with `-G1`. */
const WHOLE = ["Ricoh:RicohDate", "Sony:SonyDateTime", "Panasonic:PanasonicDateTime"];
/** [day, time of day]; a time without its day is none. */
const APART = [
  ["Pentax:Date", "Pentax:Time"],
  ["Minolta:MinoltaDate", "Minolta:MinoltaTime"],
  // Put together by ExifTool of Kodak's YearCreated and MonthDayCreated.
  ["Composite:DateCreated", "Kodak:TimeCreated"],
] as const;

/** Candidates of the makers' own fields. */
export function makerDates(tags: Tags): DateCandidate[] {
  const whole = WHOLE.map((tag) => ({ tag, written: text(tags, tag) }));
  const apart = APART.map(([tag, time]) => {
    const day = text(tags, tag);
    return { tag, written: day === "" ? "" : `${day} ${text(tags, time)}`.trim() };
  });
  return [...whole, ...apart]
    .filter(({ written }) => written !== "")
    .map((said) => ({ row: "embedded", source: "exif", clock: "local", ...said }));
}

function text(tags: Tags, name: string): string {
  return String(tags[name] ?? "").trim();
}
