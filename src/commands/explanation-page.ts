/** An explanation as a person reads it: what the key is, where it lies, when it was taken, and why. */

import { forTerminal } from "../report/escape.ts";
import type { Paint } from "../report/tone.ts";
import { bytes, moment } from "../report/units.ts";
import type { Explanation } from "../steps/explain.ts";

/**
 * @param path where a mirror with the default template would put it
 * @param zone of photos that carry none
 */
export function explanationPage(told: Explanation, path: string, zone: string, paint: Paint): string[] {
  const { object } = told;
  const about = [
    bytes(object.size),
    object.storageClass,
    `ETag ${object.etag || "none"}`,
    `written ${object.modified}`,
  ];
  return [
    paint("strong", forTerminal(object.key)),
    `  ${about.map(forTerminal).join(", ")}`,
    "",
    `${paint("strong", object.kind)}: ${forTerminal(object.reason)}`,
    ...reasonLines(told),
    ...told.siblings.map(({ key, kind, size }) => `  with ${kind} ${forTerminal(key)}, ${bytes(size)}`),
    "",
    ...placeLines(told, path),
    "",
    ...dateLines(told, zone, paint),
    ...lentLines(told),
    ...toldLines(told),
  ];
}

function reasonLines({ object, layout, evidence, compared, suspect }: Explanation): string[] {
  const of = layout === null ? "" : `, by layout ${layout.id} (${layout.reason})`;
  return [
    ...(object.kind === "other" ? [] : [`  family ${object.family}${of}`]),
    ...(evidence === null ? [] : [`  why the family is believed: ${evidence}`]),
    ...(compared === null ? [] : [`  held against its original: ${compared}`]),
    ...(suspect === null
      ? []
      : [
          `  looks like ${suspect.looks}, which was not believed to be renditions: ${suspect.reason}`,
          `  to skip them all: ${suspect.option}`,
        ]),
  ].map(forTerminal);
}

function placeLines(told: Explanation, path: string): string[] {
  const kept = told.kept.map(
    ({ target, entry }) => `Kept on ${forTerminal(target)} as ${forTerminal(entry.path)}, ${entry.storedAt}`,
  );
  const failed = told.failures.map(({ target, reason }) => `Failed on ${forTerminal(target)}: ${forTerminal(reason)}`);
  const none = kept.length + failed.length === 0 ? [unkept(told, path)] : [];
  return [...kept, ...failed, ...none];
}

/** Classes that are read only after a restore; there a rendition stands in until then. */
const ARCHIVES = new Set(["GLACIER", "DEEP_ARCHIVE"]);

function unkept({ object, siblings }: Explanation, path: string): string {
  const originals = siblings.filter(({ kind, size }) => kind === "original" && size > 0);
  const original = originals.find(({ storageClass }) => !ARCHIVES.has(storageClass));
  if (object.kind === "other") return "A mirror passes it over.";
  if (object.kind === "rendition" && original !== undefined) {
    return "A mirror passes it over: its original is there (--renditions keep would take it).";
  }
  return `Not kept yet; it would be named ${forTerminal(path)}`;
}

/** What the photo itself cannot tell, and a mirror found when all were kept. */
function lentLines({ kept }: Explanation): string[] {
  return kept.flatMap(({ target, entry: { captured } }) => {
    if (captured?.zoneFrom !== "neighbour" && captured?.zoneFrom !== "partner") return [];
    const lender =
      captured.zoneFrom === "partner"
        ? "the other half of the live photo"
        : "a photo by the same camera within 12 hours";
    return [`Its zone on ${forTerminal(target)} is ${captured.offset}, lent by ${lender}`];
  });
}

/** A date that `--dates` told of a photo that is kept; a run without that file does not hear of it. */
function toldLines({ kept, dated }: Explanation): string[] {
  if (dated.captured?.source === "user") return [];
  return kept.flatMap(({ target, entry: { captured } }) =>
    captured?.source === "user"
      ? [`Its date on ${forTerminal(target)} is ${moment(captured)}, as you told (--dates)`]
      : [],
  );
}

/** How an offset is known that does not stand in the value itself. */
const ZONES: Readonly<Record<string, string>> = {
  camera: "its zone by the camera",
  difference: "its zone by the difference to a time in UTC",
  position: "its zone by its position",
};

function takenWords({ captured, within }: Explanation["dated"], zone: string, paint: Paint): string {
  if (captured === null) return paint("strong", "Nothing dates it");
  const { offset, tag, source, utc, zoneFrom = "" } = captured;
  if (source === "modified") {
    const unknown = paint("strong", "When it was taken is not known");
    return `${unknown}; its file gets the time that it was written at the source, ${utc}`;
  }
  const known = ZONES[zoneFrom] === undefined ? "" : `, ${ZONES[zoneFrom]}`;
  const from = offset === null ? `; no zone is recorded, so ${zone} is taken` : known;
  const inside = within === null ? "" : `, which lies in ${within.tag} ${within.written.trim()}`;
  const taken = `Taken ${moment(captured)}, by ${tag ?? source}${inside}`;
  return `${paint("strong", forTerminal(taken))}${from}`;
}

function dateLines({ dated, unclear }: Explanation, zone: string, paint: Paint): string[] {
  const standsIn = dated.captured?.source === "modified";
  const notes = [...dated.warnings.map(({ message }) => message), ...unclear];
  return [
    takenWords(dated, zone, paint),
    ...notes.map((message) => `  ${paint("warn", "note")} ${forTerminal(message)}`),
    "What could have dated it, the most trusted first:",
    ...dated.candidates.map(({ candidate, lost }) => {
      const fate =
        lost === null
          ? paint("good", standsIn ? "this stands in" : "this is the date")
          : paint("faint", `no: ${forTerminal(lost)}`);
      return `  ${forTerminal(candidate.tag).padEnd(24)}  ${forTerminal(candidate.written).padEnd(26)}  ${fate}`;
    }),
  ];
}
