/**
 * Reads files with ExifTool: video, most RAW formats, PNG, PSD, and whatever else has no date in its head.
 * The only user of exiftool-vendored. Processes are started when the first file comes, as many as the
 * machine has cores and no more (facts: 138 files a second with two), and read file after file. A file that
 * makes ExifTool crash or hang costs its own answer: the process is replaced, the fault counted.
 */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import type { ExifTool } from "exiftool-vendored";

/** As ExifTool names them with `-G1`; latitude and longitude signed degrees, the duration in seconds. */
export type FileTags = Readonly<Record<string, string | number>>;

export interface ExifToolReader {
  /**
   * The tags that date and place a file. Waits for a process to be free.
   * @param file a local path
   * @param quick true for a JPEG: stops before what follows the picture (-fast2, which misses dates elsewhere)
   * @returns null where ExifTool cannot run, or could not read this file; never throws
   */
  read(file: string, quick: boolean): Promise<FileTags | null>;
  /** Files that made ExifTool crash, hang or speak nonsense. */
  readonly faults: number;
  /** Why ExifTool cannot run at all, one sentence for people; null while nothing is known against it. */
  readonly missing: string | null;
  /** Ends the processes. Nothing can be read afterwards. */
  close(): Promise<void>;
}

/** A 2-GB video with its index at the end takes well under a second; what takes longer than this hangs. */
const TIMEOUT_MS = 20_000;
/** ExifTool's own default; memory that leaks in Perl goes with the process. */
const FILES_PER_PROCESS = 500;
const LONGEST_TAG = 200;

const DATES =
  "DateTimeOriginal CreateDate ModifyDate CreationDate CreationDateValue CreationTime ContentCreateDate MediaCreateDate TrackCreateDate DateCreated TimeCreated DigitalCreationDate DigitalCreationTime DateTimeDigitized GPSDateTime GPSDateStamp GPSTimeStamp DateTimeUTC SonyDateTime2 TimeStamp";
const ZONES =
  "OffsetTime OffsetTimeOriginal OffsetTimeDigitized SubSecTime SubSecTimeOriginal SubSecTimeDigitized TimeZone TimeZoneOffset AndroidTimeZone DaylightSavings Make Model";
const NUMBERS = "Composite:GPSLatitude# Composite:GPSLongitude# Duration#";
const WANTED = `${DATES} ${ZONES} ${NUMBERS}`.split(" ").map((tag) => `-${tag}`);

interface Settings {
  /** How long one file may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Another exiftool than the one that comes with photohaul. */
  readonly exiftoolPath?: string;
}

export function createExifTool(settings: Settings = {}): ExifToolReader {
  let tool: Promise<ExifTool> | null = null;
  let faults = 0;
  let closed = false;
  const missing = settings.exiftoolPath === undefined ? perlMissing() : null;
  return {
    async read(file, quick) {
      if (missing !== null || closed) return null;
      try {
        tool ??= start(settings);
        const readArgs = [...(quick ? ["-fast2"] : []), "-G1", "-a", ...WANTED];
        return clean(await (await tool).readRaw(file, { readArgs, useMWG: false }));
      } catch {
        if (!closed) faults += 1;
        return null;
      }
    },
    get faults() {
      return faults;
    },
    missing,
    async close() {
      closed = true;
      await (await tool)?.end(false).catch(() => undefined);
    },
  };
}

/** Loaded when first needed: it takes a tenth of a second. */
async function start({ timeoutMs = TIMEOUT_MS, exiftoolPath }: Settings): Promise<ExifTool> {
  const { ExifTool } = await import("exiftool-vendored");
  return new ExifTool({
    maxProcs: availableParallelism(),
    maxTasksPerProcess: FILES_PER_PROCESS,
    taskTimeoutMillis: timeoutMs,
    taskRetries: 0,
    useMWG: false,
    // ExifTool prints times that are counted since 1970 in the zone of the machine.
    exiftoolEnv: { TZ: "UTC" },
    ...(exiftoolPath === undefined ? {} : { exiftoolPath }),
  });
}

/** ExifTool is a Perl program; on Windows it brings its Perl along. */
function perlMissing(): string | null {
  if (process.platform === "win32" || existsSync("/usr/bin/perl")) return null;
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (folders.some((folder) => folder !== "" && existsSync(join(folder, "perl")))) return null;
  return "perl is not installed, so ExifTool cannot run: videos and most RAW photos get no date from their own tags";
}

function clean(tags: object): FileTags {
  const found: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(tags)) {
    if (!name.includes(":")) continue;
    if (typeof value === "string") found[name] = value.slice(0, LONGEST_TAG);
    if (typeof value === "number" && Number.isFinite(value)) found[name] = value;
  }
  return found;
}
