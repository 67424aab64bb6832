/**
 * Date: collects what a photo, its name and its store say of when it was taken, and has it decided. The first
 * bytes are read in memory; ExifTool is asked only where they hold no date or cannot hold one.
 */

import { type Decision, decideCaptureDate } from "../decide/capture-date.ts";
import type { DateCandidate, ZoneEvidence } from "../decide/date-candidate.ts";
import { datesInKey } from "../decide/name-date.ts";
import { datesOfObject } from "../decide/object-date.ts";
import { findingsIn, type Tags } from "../decide/tag-date.ts";
import { datesInXmp } from "../decide/xmp-date.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { createExifTool, type ExifToolReader } from "../metadata/exiftool.ts";
import { type Format, readHead } from "../metadata/head.ts";
import type { Listed, ObjectHead } from "../model.ts";

/** A photo to be dated. */
export interface Datable {
  readonly object: Listed;
  readonly head: Pick<ObjectHead, "contentDisposition" | "metadata">;
  /** 128 KB are enough for nearly all; more is not read. */
  readonly firstBytes: Uint8Array;
  /** A local file with the whole photo, for ExifTool; without it videos have only their name and metadata. */
  readonly file?: string;
}

export interface Dated extends Decision {
  /** What the file's modification time should be: when the photo was taken, else LastModified. */
  readonly mtime: Date;
  /** "Canon EOS 5D", as people call it; null where the photo names none. */
  readonly camera: string | null;
}

export interface Dater {
  /**
   * Decides when a photo was taken. A photo that cannot be read is dated by its name or its store.
   * @throws HaulError `interrupted`
   */
  date(photo: Datable, signal: AbortSignal): Promise<Dated>;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
  /** Ends ExifTool. */
  close(): Promise<void>;
}

interface DaterOptions {
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  readonly emit: Emit;
  /** True to believe the photo service before the file. */
  readonly preferService?: boolean;
  readonly exiftool?: ExifToolReader;
}

export function createDater(options: DaterOptions): Dater {
  const exiftool = options.exiftool ?? createExifTool();
  let warned = false;
  const readFile = async (file: string, format: Format): Promise<Tags> => {
    if (exiftool.missing !== null && !warned) {
      warned = true;
      options.emit({ type: "warning", code: "no-exiftool", message: exiftool.missing });
    }
    return (await exiftool.read(file, format === "jpeg")) ?? {};
  };
  return {
    get faults() {
      return exiftool.faults;
    },
    close: () => exiftool.close(),
    async date(photo, signal) {
      refuse(signal);
      const { format, tags, xmp } = readHead(photo.firstBytes);
      const outside = [...datesOfObject(photo.head), ...datesInKey(photo.object.key)];
      const found = decide(photo, { tags, xmp, outside }, options);
      if (photo.file === undefined || isSettled(found, format)) return found;
      const all = { ...tags, ...(await readFile(photo.file, format)) };
      refuse(signal);
      return decide(photo, { tags: all, xmp, outside }, options);
    },
  };
}

interface Findings {
  readonly tags: Tags;
  readonly xmp: string;
  /** Candidates from the name and the store. */
  readonly outside: readonly DateCandidate[];
}

function decide(photo: Datable, { tags, xmp, outside }: Findings, options: DaterOptions): Dated {
  const { candidates, evidence } = findingsIn(tags);
  const inside = xmp === "" ? [] : datesInXmp(xmp, "embedded");
  const decision = decideCaptureDate([...candidates, ...inside, ...outside], {
    modified: photo.object.modified,
    defaultZone: options.zone,
    evidence,
    ...(options.preferService === undefined ? {} : { preferService: options.preferService }),
  });
  const taken = decision.captured?.utc ?? photo.object.modified;
  return { ...decision, mtime: new Date(taken), camera: cameraOf(evidence) };
}

/** What only ExifTool reads well, whatever else was found. */
const EXIFTOOL_FORMATS = new Set<Format>(["video", "raw", "png", "psd", "jxl"]);
const INSIDE = new Set(["exif-original", "exif-digitized"]);

/** True when nothing that ExifTool could find would win. */
function isSettled(decision: Decision, format: Format): boolean {
  const winner = decision.candidates.find(({ lost }) => lost === null)?.candidate.row;
  if (winner === "user") return true;
  return winner !== undefined && INSIDE.has(winner) && !EXIFTOOL_FORMATS.has(format);
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
