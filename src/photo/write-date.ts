/**
 * Write the date: puts a missing date into a copy of a photo. What is kept then are not the bytes of the bucket,
 * so the manifest has the digests of both. Only where ExifTool proves that the picture itself is the same: JPEG,
 * HEIC, AVIF, PNG, TIFF and WebP; never a RAW or a video.
 */

import { createReadStream } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { stopIf } from "../cancel.ts";
import type { DateDecision } from "../dates/capture-date.ts";
import type { DateRow } from "../dates/date-candidate.ts";
import { DEVICE_ROWS } from "../dates/date-doubts.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { ExifToolWriter } from "../metadata/exiftool.ts";
import { type HeadTags, readHeadTags } from "../metadata/head.ts";
import type { Digests } from "../model.ts";
import { digestsOf } from "../targets/passing.ts";
import type { Draft, Target } from "../targets/target.ts";
import type { Dated } from "./decide-date.ts";
import { stageVerified } from "./stage.ts";

const GUESSED =
  "its name knows the instant, and which time of day that was follows from a zone that is only guessed. So for all that are named alike; they are kept as they came. Say the zone first, with --timezone NAME";

/** A local file with the photo and its date. */
export interface WrittenCopy extends Digests {
  readonly file: string;
  remove(): Promise<void>;
}

export interface Undated {
  readonly key: string;
  readonly firstBytes: Uint8Array;
  readonly dated: Dated;
  /** A local file with the whole photo; absent where there is none. */
  readonly file?: string | undefined;
}

export interface DateWriter {
  /**
   * @returns null where the photo has a date, or is of a kind that is not written to, or it could not be done
   * @throws HaulError `interrupted`, `full`
   */
  write(photo: Undated, signal: AbortSignal): Promise<WrittenCopy | null>;
  /** Removes what is left of its copies. */
  close(): Promise<void>;
}

/** Tells why a date that is missing could not be written. */
export function createDateWriter(exiftool: ExifToolWriter, emit: Emit): DateWriter {
  const onRefused = (key: string, reason: string) => {
    const message = `the date of ${key} could not be written into it: ${reason}`;
    emit({ type: "warning", code: "write-exif", message, key });
  };
  let folder: Promise<string> | null = null;
  let copies = 0;
  let isToldOfGuesses = false;
  return {
    async write({ key, firstBytes, dated, file }, signal) {
      const tags = dateToWrite(dated);
      const extension = tags === null ? null : writable(key, readHeadTags(firstBytes));
      if (tags === null || extension === null || file === undefined) return null;
      // Written into a photo it could not be taken back once the zone is known.
      if (dated.captured?.guessed === "local") {
        if (!isToldOfGuesses) onRefused(key, GUESSED);
        isToldOfGuesses = true;
        return null;
      }
      folder ??= mkdtemp(join(tmpdir(), "photohaul-dates-"));
      copies += 1;
      const name = `${copies}.${extension}`;
      const copy = join(await folder, name);
      const remove = () => rm(copy, { force: true });
      try {
        await copyOf(file, copy);
        const refused = await exiftool.write(copy, tags, signal);
        if (refused === null)
          return { ...(await digestsOf(createReadStream(copy, { highWaterMark: 1 << 20 }))), file: copy, remove };
        stopIf(signal, "interrupted while writing a date");
        onRefused(key, refused);
      } catch (error) {
        await remove();
        throw error;
      }
      await remove();
      return null;
    },
    async close() {
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** The extension that ExifTool needs to write a file; null for kinds that are not written to. */
function writable(key: string, { format, tags }: HeadTags): string | null {
  switch (format) {
    case "jpeg":
      return "jpg";
    case "heif":
      return "heic";
    case "png":
    case "webp":
      return format;
    case "tiff": {
      // Most RAW formats are TIFF inside, and some are even named so; a scan names no camera.
      const named = /^\.tiff?$/i.test(extname(key));
      return named && tags["IFD0:Make"] === undefined ? "tif" : null;
    }
    default:
      return null;
  }
}

async function copyOf(file: string, copy: string): Promise<void> {
  try {
    await copyFile(file, copy);
  } catch (cause) {
    const full = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
    const message = `there is no room in ${tmpdir()} for a photo whose date is to be written`;
    if (full) throw new HaulError("full", message, { cause });
    throw new HaulError("unwritable", `${copy} cannot be written`, { cause });
  }
}

/** Stages the copy on a target, and gives up what was staged before. @throws HaulError as `Target.stage` */
export async function inPlaceOf(
  draft: Draft,
  copy: WrittenCopy,
  target: Pick<Target, "stage">,
  signal: AbortSignal,
): Promise<Draft> {
  const dated = await stageVerified(copy, createReadStream(copy.file), target, signal);
  await draft.discard();
  return dated;
}

/** What the file itself says of when it was taken. */
const INSIDE = new Set<DateRow>([...DEVICE_ROWS, "vendor-utc"]);
const OUTSIDE = new Set<DateRow>([
  "user",
  "sidecar",
  "service",
  "name-time",
  "object-mtime",
  "name-day",
  "key",
  // The time of a file, within a day that something else knows.
  "modified",
]);

/**
 * Which tags `--write-exif` writes into a photo: a date that only its surroundings know, never one over another.
 *
 *   known to the minute or better   EXIF DateTimeOriginal, with OffsetTimeOriginal where the offset is known
 *   known to the day                XMP photoshop:DateCreated, which can hold a day without a time
 *   known to the month or year      nothing
 *
 * @returns tags by name, as ExifTool takes them; null where the file has a date of its own, be it a wrong one, or
 * nothing better is known
 */
export function dateToWrite({
  captured,
  candidates,
}: Pick<DateDecision, "captured" | "candidates">): Readonly<Record<string, string>> | null {
  const chosen = candidates.find(({ fate }) => fate === "chosen")?.candidate;
  if (captured === null || captured.source === "modified") return null;
  if (chosen === undefined || !OUTSIDE.has(chosen.row)) return null;
  // Zeros and blanks are what cameras write for "none".
  const has = candidates.some(({ candidate: { row, written } }) => INSIDE.has(row) && /[1-9]/.test(written));
  if (has) return null;
  const { local, offset, precision } = captured;
  const day = local.slice(0, 10).replaceAll("-", ":");
  if (precision === "day") return { "XMP-photoshop:DateCreated": day };
  if (precision === "month" || precision === "year") return null;
  const [time = "", fraction = ""] = local.slice(11).split(".");
  return {
    "EXIF:DateTimeOriginal": `${day} ${time}`,
    ...(fraction === "" ? {} : { "EXIF:SubSecTimeOriginal": fraction }),
    ...(offset === null ? {} : { "EXIF:OffsetTimeOriginal": offset }),
  };
}
