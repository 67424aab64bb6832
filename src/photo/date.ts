/**
 * Date: collects what a photo, its name and its store say of when it was taken, and has it decided. The first
 * bytes are read in memory; ExifTool is asked only where they hold no date or cannot hold one.
 */

import { stopIf } from "../cancel.ts";
import type { DateCandidate, DateFindings } from "../dates/date-candidate.ts";
import { noticingLateDates } from "../dates/implausible.ts";
import type { Emit } from "../events.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { createExifTool, type ExifToolReader } from "../metadata/exiftool.ts";
import { type FileTags, type Format, readHeadTags } from "../metadata/head.ts";
import type { HeadDate, Listed } from "../model.ts";
import { type Datable, type Dated, type DateRules, decide, isSettled, isVague, surroundings } from "./decide-date.ts";

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
  /** What hands date by. */
  readonly rules: DateRules;
  /** True where the user himself says when a photo was taken. */
  isTold(key: string): boolean;
  /** Takes note of a date that a hand found. */
  found(object: Listed, date: HeadDate): HeadDate;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
  /** Photos that were dated without ExifTool, which cannot run. */
  readonly unread: () => number;
  /** Whether ExifTool can run, for photos that were dated without it; where not, they count as `unread`, this run's among them. */
  canReadAgain(photos: number): Promise<boolean>;
  /** Ends ExifTool. */
  close(): Promise<void>;
}

interface DaterOptions extends DateRules {
  readonly emit: Emit;
  /** What the user says of a key, in a form that written-time.ts reads; null where he says nothing. */
  readonly override?: (key: string) => string | null;
  readonly exiftool?: ExifToolReader;
}

const FAULT = "ExifTool crashed or hung on a photo, which is dated by its first bytes, its name or its store";

export function createDater(options: DaterOptions): Dater {
  const exiftool = options.exiftool ?? createExifTool();
  let unread = 0;
  const noticeLate = noticingLateDates();
  const found = <T extends HeadDate>(object: Listed, dated: T): T => {
    if (dated.unread === true) unread += 1;
    const message = options.fileTimes === true ? null : noticeLate(object, dated.captured);
    if (message !== null) options.emit({ type: "warning", code: "upload-times", message });
    return dated;
  };
  const { zone, zoneGuessed, fileTimes, preferService } = options;
  const rules = {
    zone,
    ...(zoneGuessed && { zoneGuessed }),
    ...(fileTimes && { fileTimes }),
    ...(preferService && { preferService }),
  };
  const saysOf = (key: string) => options.override?.(key) ?? null;
  const beside = (photo: Datable) => surroundings(photo, saysOf(photo.object.key));
  const reading = createFileReader(exiftool, options.emit);
  return {
    get faults() {
      return exiftool.faults;
    },
    unread: () => unread,
    async canReadAgain(photos) {
      if (await exiftool.canRun()) return true;
      unread = Math.max(unread, photos);
      reading.tell();
      return false;
    },
    close: () => exiftool.close(),
    rules,
    isTold: (key) => saysOf(key) !== null,
    found,
    quickly(photo) {
      const head = readHeadTags(photo.firstBytes);
      const dated = decide(photo, head, beside(photo), options);
      const all = photo.file === undefined && !(photo.company && isVague(dated));
      return isSettled(head, dated) || all ? found(photo.object, dated) : null;
    },
    async date(photo, signal) {
      const dated = await dateWhole(photo, { options, beside, reading, signal });
      return found(photo.object, dated);
    },
  };
}

const INTERRUPTED = "interrupted while dating a photo";

interface Reading {
  readonly options: DaterOptions;
  /** What is said of a photo outside of its file. */
  readonly beside: (photo: Datable) => DateFindings;
  readonly reading: ReturnType<typeof createFileReader>;
  readonly signal: AbortSignal;
}

/** As `Dater.date`. */
async function dateWhole(photo: Datable, how: Reading): Promise<Dated> {
  const { options, reading, signal } = how;
  stopIf(signal, INTERRUPTED);
  const head = readHeadTags(photo.firstBytes);
  const around = how.beside(photo);
  const byHead = decide(photo, head, around, options);
  if (isSettled(head, byHead)) return byHead;
  // Asked for only now: a photo that waits in memory is written for it.
  const { file } = photo;
  const read = file === undefined ? {} : await reading.read(file, head.format, signal);
  stopIf(signal, INTERRUPTED);
  const whole = { ...head, tags: { ...head.tags, ...read } };
  const dated = file === undefined ? byHead : reading.marked(decide(photo, whole, around, options));
  const taken = isVague(dated) ? await byCompany(photo, how) : [];
  if (taken.length === 0) return dated;
  const candidates = [...taken, ...around.candidates];
  return reading.marked(decide(photo, whole, { ...around, candidates }, options));
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

/** Half of one photo may be written a little after the other. */
const TOGETHER_MS = 10_000;

/** When the still was taken; nothing where several say several things, which is told. */
async function byCompany(
  { object: { key }, company }: Datable,
  { options, beside, signal }: Reading,
): Promise<DateCandidate[]> {
  const known = ((await company?.(signal)) ?? []).flatMap((still) => {
    const head = readHeadTags(still.firstBytes);
    const { captured, ...rest } = decide(still, head, beside(still), options);
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
