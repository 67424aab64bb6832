/**
 * Date: collects what a photo, its name and its store say of when it was taken, and has it decided. The first
 * bytes are read in memory; ExifTool is asked only where they hold no date or cannot hold one.
 */

import { type DateDecision, decideCaptureDate } from "../dates/capture-date.ts";
import {
  DATE_ROWS,
  type DateCandidate,
  type DateFindings,
  type DateRow,
  type ZoneEvidence,
} from "../dates/date-candidate.ts";
import { noticingLateDates } from "../dates/implausible.ts";
import { DATE_RULES } from "../dates/kept-date.ts";
import { datesInKey } from "../dates/name-date.ts";
import { datesOfObject, findingsInSidecar } from "../dates/outside-date.ts";
import { findingsIn, makerDates } from "../dates/tag-date.ts";
import { isCoarse } from "../dates/written-time.ts";
import { findingsInXmp, withoutXmp } from "../dates/xmp-date.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { nameInNotes } from "../keys/key-decoders.ts";
import { createExifTool, type ExifToolReader } from "../metadata/exiftool.ts";
import { type FileTags, type Format, type HeadTags, readHeadTags } from "../metadata/head.ts";
import type { Captured, Listed, ObjectHead } from "../model.ts";

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

export interface Dated extends DateDecision {
  /** What the file's modification time should be: when the photo was taken, else LastModified. */
  readonly mtime: Date;
  /** "Canon EOS 5D", as people call it; null where the photo names none. */
  readonly camera: string | null;
  /** True where ExifTool was wanted and cannot run: the date may be another one. */
  readonly unread?: true;
  /** The name that the file had before it was stored, as its store notes it; null where it does not. */
  readonly fileName: string | null;
}

export interface Dater {
  /**
   * Decides by the first bytes and by what is said outside of the file, at once.
   * @returns null where ExifTool should be asked: for what `date` is there
   */
  quickly(photo: Datable): Dated | null;
  /**
   * Decides when a photo was taken. A photo that cannot be read is dated by its name or its store. The
   * first bytes are read before it returns, so their buffer may be used again at once.
   * @throws HaulError `interrupted`
   */
  date(photo: Datable, signal: AbortSignal): Promise<Dated>;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
  /** Photos that were dated without ExifTool, which cannot run. */
  readonly unread: () => number;
  /** Whether ExifTool can run, for photos that were dated without it; where not, they count as `unread` again. */
  canReadAgain(photos: number): Promise<boolean>;
  /** Ends ExifTool. */
  close(): Promise<void>;
}

interface DaterOptions {
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  readonly emit: Emit;
  /** True where the objects' own times are those of files in a folder, and of no upload. */
  readonly fileTimes?: boolean;
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
  /** What the user says of a key, in a form that written-time.ts reads; null where he says nothing. */
  readonly override?: (key: string) => string | null;
  readonly exiftool?: ExifToolReader;
}

const FAULT = "ExifTool crashed or hung on a photo, which is dated by its first bytes, its name or its store";

export function createDater(options: DaterOptions): Dater {
  const exiftool = options.exiftool ?? createExifTool();
  let unread = 0;
  const noticeLate = noticingLateDates();
  const told = ({ object }: Datable, dated: Dated): Dated => {
    if (dated.unread === true) unread += 1;
    const message = options.fileTimes === true ? null : noticeLate(object, dated.captured);
    if (message !== null) options.emit({ type: "warning", code: "upload-times", message });
    return dated;
  };
  const reading = createFileReader(exiftool, options.emit);
  return {
    get faults() {
      return exiftool.faults;
    },
    unread: () => unread,
    async canReadAgain(photos) {
      if (await exiftool.canRun()) return true;
      unread += photos;
      reading.tell();
      return false;
    },
    close: () => exiftool.close(),
    quickly(photo) {
      const head = readHeadTags(photo.firstBytes);
      const found = decide(photo, head, surroundings(photo, options), options);
      const all = photo.file === undefined && !(photo.company && isVague(found));
      return isSettled(head, found) || all ? told(photo, found) : null;
    },
    async date(photo, signal) {
      refuse(signal);
      const head = readHeadTags(photo.firstBytes);
      const around = surroundings(photo, options);
      const found = decide(photo, head, around, options);
      if (isSettled(head, found)) return told(photo, found);
      // Asked for only now: a photo that waits in memory is written for it.
      const { file } = photo;
      const read = file === undefined ? {} : await reading.read(file, head.format, signal);
      refuse(signal);
      const whole = { ...head, tags: { ...head.tags, ...read } };
      const dated = file === undefined ? found : reading.marked(decide(photo, whole, around, options));
      const taken = isVague(dated) ? await byCompany(photo, options, signal) : [];
      if (taken.length === 0) return told(photo, dated);
      const candidates = [...taken, ...around.candidates];
      return told(photo, reading.marked(decide(photo, whole, { ...around, candidates }, options)));
    },
  };
}

/** Tells once that ExifTool cannot run, and of each file that it gave up on. */
function createFileReader(exiftool: ExifToolReader, emit: Emit) {
  let warned = false;
  let faults = 0;
  const tell = () => {
    if (exiftool.missing === null || warned) return;
    warned = true;
    emit({ type: "warning", code: "no-exiftool", message: exiftool.missing });
  };
  const read = async (file: string, format: Format, signal: AbortSignal): Promise<FileTags> => {
    const tags = await exiftool.read(file, format === "jpeg", signal);
    tell();
    for (; faults < exiftool.faults; faults += 1) {
      emit({ type: "warning", code: "exiftool-fault", message: FAULT });
    }
    return tags ?? {};
  };
  /** What somebody says himself holds, whatever the file says. */
  const marked = (dated: Dated): Dated =>
    exiftool.missing === null || dated.captured?.source === "user" ? dated : { ...dated, unread: true };
  return { tell, read, marked };
}

/** What is said of a photo outside of its file. */
function surroundings(photo: Datable, { override }: DaterOptions): DateFindings {
  const sidecars = (photo.sidecars ?? []).map(({ name, bytes }) => findingsInSidecar(name, bytes));
  return {
    candidates: [
      ...byUser(override?.(photo.object.key) ?? null),
      ...sidecars.flatMap(({ candidates }) => candidates),
      ...datesOfObject(photo.head),
      ...datesInKey(photo.object.key),
    ],
    evidence: Object.assign({}, ...sidecars.map(({ evidence }) => evidence).toReversed()),
  };
}

const COMPANY = DATE_ROWS.indexOf("company");

/** True where nothing says when it was taken that is better than what a still beside it says, or only the day. */
function isVague({ captured, candidates }: DateDecision): boolean {
  const chosen = candidates.find(({ fate }) => fate === "chosen");
  const row = chosen?.candidate.row;
  if (row === "user") return false;
  return row === undefined || DATE_ROWS.indexOf(row) >= COMPANY || isCoarse(captured?.precision);
}

/** Half of one photo may be written a little after the other. */
const TOGETHER_MS = 10_000;

/** When the still was taken; nothing where several say several things, which is told. */
async function byCompany(
  { object: { key }, company }: Datable,
  options: DaterOptions,
  signal: AbortSignal,
): Promise<DateCandidate[]> {
  const known = ((await company?.(signal)) ?? []).flatMap((still) => {
    const head = readHeadTags(still.firstBytes);
    const { captured, ...rest } = decide(still, head, surroundings(still, options), options);
    if (captured === null || isVague({ captured, ...rest })) return [];
    return [{ name: still.object.key.replace(/^.*\//s, ""), captured }];
  });
  const [first] = known;
  if (first === undefined) return [];
  // What the camera wrote of the film itself stands by itself.
  const rivals = fileKindOf(first.name) === "image" ? known : [first];
  const times = rivals.map(({ captured }) => Date.parse(captured.utc));
  if (Math.max(...times) - Math.min(...times) > TOGETHER_MS) {
    const message = `${rivals.map(({ name }) => name).join(" and ")} were taken at several times, so neither dates ${key}, which says nothing itself`;
    options.emit({ type: "warning", code: "sidecar", message, key });
    return [];
  }
  const { local, offset, tag = "date" } = first.captured;
  const said = { row: "company", source: "sidecar", clock: "local" } as const;
  return [{ ...said, tag: `${tag} of ${first.name}`, written: `${local}${offset ?? ""}` }];
}

function byUser(written: string | null): DateCandidate[] {
  const said = { row: "user", source: "user", tag: "--dates", clock: "local" } as const;
  return written === null ? [] : [{ ...said, written }];
}

function decide(
  photo: Datable,
  { tags, xmp }: Pick<HeadTags, "tags" | "xmp">,
  around: DateFindings,
  options: DaterOptions,
): Dated {
  const { object, head } = photo;
  const inside = findingsIn(withoutXmp(tags, xmp));
  const packet = findingsInXmp(xmp, "embedded");
  const evidence = { ...around.evidence, ...packet.evidence, ...inside.evidence };
  const own = [...inside.candidates, ...packet.candidates, ...makerDates(tags)];
  const candidates = [...own, ...around.candidates];
  const { fileTimes = options.fileTimes } = photo;
  const decision = decideCaptureDate(candidates, {
    modified: object.modified,
    now: new Date().toISOString(),
    defaultZone: options.zone,
    evidence,
    ...(fileTimes === undefined ? {} : { fileTimes }),
    ...(options.preferService === undefined ? {} : { preferService: options.preferService }),
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
function isSettled(head: HeadTags, { candidates, captured }: DateDecision): boolean {
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

function refuse(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted while dating a photo");
}
