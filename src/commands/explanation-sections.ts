/** An explanation as a person reads it: what the key is, where it lies, when it was taken, and why. Pure. */

import { columns, type Section, type Tone } from "../report/section.ts";
import { bytes, moment } from "../report/units.ts";
import type { Explanation } from "../steps/explain.ts";

/**
 * @param path where a mirror with the default template would put it
 * @param zone of photos that carry none
 */
export function explanationSections(told: Explanation, path: string, zone: string): Section[] {
  const { object, siblings } = told;
  const about = [
    bytes(object.size),
    object.storageClass,
    `ETag ${object.etag || "none"}`,
    `written ${object.modified}`,
  ];
  const beside = siblings.map(({ key, kind, size }) => `with ${kind} ${key}, ${bytes(size)}`);
  return [
    { id: "object", title: object.key, notes: [about.join(", ")] },
    { id: "kind", title: `${object.kind}: ${object.reason}`, notes: [...reasons(told), ...beside] },
    { id: "place", title: "", notes: places(told, path) },
    dateSection(told, zone),
    candidateSection(told),
    ...after("lent", [...lent(told), ...overridden(told)]),
  ];
}

function after(id: string, notes: readonly string[]): Section[] {
  return notes.length === 0 ? [] : [{ id, title: "", notes }];
}

function reasons({ object, layout, evidence, compared, suspect }: Explanation): string[] {
  const of = layout === null ? "" : `, by layout ${layout.id} (${layout.reason})`;
  return [
    ...(object.kind === "other" ? [] : [`family ${object.family}${of}`]),
    ...(evidence === null ? [] : [`why the family is believed: ${evidence}`]),
    ...(compared === null ? [] : [`held against its original: ${compared}`]),
    ...(suspect === null
      ? []
      : [
          `looks like ${suspect.looks}, which was not believed to be renditions: ${suspect.reason}`,
          `to skip them all: ${suspect.option}`,
        ]),
  ];
}

function places(told: Explanation, path: string): string[] {
  const kept = told.kept.map(({ target, entry }) => `Kept on ${target} as ${entry.path}, ${entry.storedAt}`);
  const failed = told.failures.map(({ target, reason }) => `Failed on ${target}: ${reason}`);
  return kept.length + failed.length === 0 ? [unkept(told, path)] : [...kept, ...failed];
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
  return `Not kept yet; it would be named ${path}`;
}

/** What the photo itself cannot tell, and a mirror found when all were kept. */
function lent({ kept }: Explanation): string[] {
  return kept.flatMap(({ target, entry: { captured } }) => {
    if (captured?.zoneFrom !== "neighbour" && captured?.zoneFrom !== "partner") return [];
    const lender =
      captured.zoneFrom === "partner"
        ? "the other half of the live photo"
        : "a photo by the same camera within 12 hours";
    return [`Its zone on ${target} is ${captured.offset}, lent by ${lender}`];
  });
}

/** A date that `--dates` told of a photo that is kept; a run without that file does not hear of it. */
function overridden({ kept, dated }: Explanation): string[] {
  if (dated.captured?.source === "user") return [];
  return kept.flatMap(({ target, entry: { captured } }) =>
    captured?.source === "user" ? [`Its date on ${target} is ${moment(captured)}, as you told (--dates)`] : [],
  );
}

/** How an offset is known that does not stand in the value itself. */
const ZONES: Readonly<Record<string, string>> = {
  camera: "its zone by the camera",
  difference: "its zone by the difference to a time in UTC",
  position: "its zone by its position",
};

function dateSection({ dated, unclear }: Explanation, zone: string): Section {
  const rows = [...dated.warnings.map(({ message }) => message), ...unclear].map((text) => {
    return { label: "note", text, tone: "warn" as const };
  });
  return { id: "date", title: takenWords(dated, zone), rows };
}

function takenWords({ captured, within }: Explanation["dated"], zone: string): string {
  if (captured === null) return "Nothing dates it";
  const { offset, tag, source, utc, zoneFrom = "" } = captured;
  if (source === "modified") {
    return `When it was taken is not known; its file gets the time that it was written at the source, ${utc}`;
  }
  const known = ZONES[zoneFrom] === undefined ? "" : `, ${ZONES[zoneFrom]}`;
  const from = offset === null ? `; no zone is recorded, so ${zone} is taken` : known;
  const inside = within === null ? "" : `, which lies in ${within.tag} ${within.written.trim()}`;
  return `Taken ${moment(captured)}, by ${tag ?? source}${inside}${from}`;
}

function candidateSection({ dated }: Explanation): Section {
  const won = dated.captured?.source === "modified" ? "this stands in" : "this is the date";
  const rows = dated.candidates.map(({ candidate, lost }) => {
    return [candidate.tag, candidate.written, lost === null ? won : `no: ${lost}`];
  });
  const tones = dated.candidates.map(({ lost }): Tone => (lost === null ? "good" : "faint"));
  const table = { columns: columns("", "", ""), rows, more: 0, tones, shown: "all" as const };
  return { id: "candidates", title: "What could have dated it, the most trusted first:", table };
}
