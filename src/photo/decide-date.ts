/** Decides when a photo was taken by what is at hand: its first bytes, its name, and what lies or is said beside it. */

import { type DateDecision, decideCaptureDate } from "../dates/capture-date.ts";
import {
  DATE_ROWS,
  type DateCandidate,
  type DateFindings,
  type DateRow,
  type ZoneEvidence,
} from "../dates/date-candidate.ts";
import { DATE_RULES } from "../dates/kept-date.ts";
import { datesInKey } from "../dates/name-date.ts";
import { datesOfObject, findingsInSidecar } from "../dates/outside-date.ts";
import { findingsIn, makerDates } from "../dates/tag-date.ts";
import { isCoarse } from "../dates/written-time.ts";
import { findingsInXmp, withoutXmp } from "../dates/xmp-date.ts";
import { nameInNotes } from "../keys/key-decoders.ts";
import { type HeadTags, readHeadTags } from "../metadata/head.ts";
import type { Captured, HeadDate, Listed, ObjectHead } from "../model.ts";

/** A photo to be dated. */
export interface Datable {
  readonly object: Listed;
  readonly head: Pick<ObjectHead, "contentDisposition" | "metadata">;
  /** 128 KB are enough for nearly all; more is not read. */
  readonly firstBytes: Uint8Array;
  /** Files that lie beside the photo and speak of it; outside-date.ts says which. */
  readonly sidecars?: readonly SidecarFile[];
  /** Where it is otherwise than for all others: whether the object's own time is that of a file, and of no upload. */
  readonly fileTimes?: boolean;
  /** What a film is the moving half of, and its THM: asked for only where nothing better dates it. */
  readonly company?: (signal: AbortSignal) => Promise<readonly Datable[]>;
  /**
   * A local file with the whole photo, for ExifTool; without it videos have only their name and metadata. Asked
   * for only where the first bytes do not settle it, as it may have to be written first.
   */
  readonly file?: string | undefined;
}

export interface SidecarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Dated extends DateDecision, HeadDate {}

/** By which every photo of a run is dated; plain data. */
export interface DateRules {
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  /** True where that is only guessed, which is written down with each date that it made. */
  readonly zoneGuessed?: boolean;
  /** True where the objects' own times are those of files in a folder, and of no upload. */
  readonly fileTimes?: boolean;
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
}

/** Null where its first bytes leave open when a photo was taken: then ExifTool is to be asked, or its company. */
export function dateByHead(photo: Datable, rules: DateRules): HeadDate | null {
  const head = readHeadTags(photo.firstBytes);
  const dated = decide(photo, head, surroundings(photo, null), rules);
  if (!isSettled(head, dated)) return null;
  const { captured, mtime, camera, fileName } = dated;
  return { captured, mtime, camera, fileName };
}

/** What is said of a photo outside of its file. @param told what the user says of it; null where he says nothing */
export function surroundings(photo: Datable, told: string | null): DateFindings {
  const sidecars = (photo.sidecars ?? []).map(({ name, bytes }) => findingsInSidecar(name, bytes));
  return {
    candidates: [
      ...byUser(told),
      ...sidecars.flatMap(({ candidates }) => candidates),
      ...datesOfObject(photo.head),
      ...datesInKey(photo.object.key),
    ],
    evidence: Object.assign({}, ...sidecars.map(({ evidence }) => evidence).toReversed()),
  };
}

function byUser(written: string | null): DateCandidate[] {
  const said = { row: "user", source: "user", tag: "--dates", clock: "local" } as const;
  return written === null ? [] : [{ ...said, written }];
}

const COMPANY = DATE_ROWS.indexOf("company");

/** True where nothing says when it was taken that is better than what a still beside it says, or only the day. */
export function isVague({ captured, candidates }: DateDecision): boolean {
  const chosen = candidates.find(({ fate }) => fate === "chosen");
  const row = chosen?.candidate.row;
  if (row === "user") return false;
  return row === undefined || DATE_ROWS.indexOf(row) >= COMPANY || isCoarse(captured?.precision);
}

export function decide(
  photo: Datable,
  { tags, xmp }: Pick<HeadTags, "tags" | "xmp">,
  around: DateFindings,
  rules: DateRules,
): Dated {
  const { object, head } = photo;
  const inside = findingsIn(withoutXmp(tags, xmp));
  const packet = findingsInXmp(xmp, "embedded");
  const evidence = { ...around.evidence, ...packet.evidence, ...inside.evidence };
  const own = [...inside.candidates, ...packet.candidates, ...makerDates(tags)];
  const candidates = [...own, ...around.candidates];
  const { fileTimes = rules.fileTimes } = photo;
  const decision = decideCaptureDate(candidates, {
    modified: object.modified,
    now: new Date().toISOString(),
    defaultZone: rules.zone,
    ...(rules.zoneGuessed === undefined ? {} : { zoneGuessed: rules.zoneGuessed }),
    evidence,
    ...(fileTimes === undefined ? {} : { fileTimes }),
    ...(rules.preferService === undefined ? {} : { preferService: rules.preferService }),
  });
  const taken = Date.parse(decision.captured?.utc ?? object.modified);
  const camera = cameraOf(evidence);
  return {
    ...decision,
    captured: takenBy(decision.captured, evidence.model === undefined ? null : camera),
    // Where nothing has a date, not even the store, the file has that of its writing.
    mtime: Number.isNaN(taken) ? new Date() : new Date(taken),
    camera,
    fileName: nameInNotes(head),
  };
}

const EXIF_ROWS = new Set<DateRow>(["exif-original", "exif-digitized"]);

/** Cameras that write their zone, or the time in UTC, only where ExifTool alone looks for it. */
const HIDES_ZONE = /theta|^(E-M1|E-M5|E-P5|PEN-F|TG-|OM-)|^ILCE-(7(R|S|M2)?|[56]000|5100|QX1)\b/i;

/**
 * True when the head has a date of the most trusted kind, and its zone unless that is not hidden elsewhere, or when
 * nothing is left that ExifTool could read.
 */
export function isSettled(head: HeadTags, { candidates, captured }: DateDecision): boolean {
  if (head.exhausted) return true;
  const dated = candidates.some(({ candidate, fate }) => fate !== "refused" && EXIF_ROWS.has(candidate.row));
  return dated && (captured?.offset !== null || !HIDES_ZONE.test(String(head.tags["IFD0:Model"])));
}

function takenBy(captured: Captured | null, camera: string | null): Captured | null {
  if (captured === null) return null;
  const byRules = captured.source === "user" ? captured : { ...captured, rules: DATE_RULES };
  return camera === null ? byRules : { ...byRules, camera };
}

/** Makers repeat their name in the model's: "Canon" and "Canon EOS 5D". */
function cameraOf({ make = "", model = "" }: ZoneEvidence): string | null {
  const brand = make.split(/\s/)[0] ?? "";
  const repeated = model.toLowerCase().startsWith(brand.toLowerCase());
  const camera = repeated ? model : `${brand} ${model}`;
  return camera.trim() === "" ? null : camera.trim().replace(/\s+/g, " ");
}
