/**
 * Reads files with ExifTool: video, most RAW formats, PNG, PSD, and whatever else has no date in its head.
 * The only user of exiftool-vendored. Processes are started when the first file comes, as many as the
 * machine has cores and no more (facts: 138 files a second with two), and read file after file. A process that
 * dies is replaced, and its file read once more: whoever killed it meant no photo. A file on which ExifTool
 * crashes twice, or hangs, costs its own answer, and is counted.
 */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { promisify } from "node:util";
import type { ExifTool } from "exiftool-vendored";
import { codeOf } from "../errors.ts";
import type { FileTags } from "./head.ts";
import { LONGEST_TEXT } from "./tiff.ts";

export interface ExifToolReader {
  /**
   * The tags that date and place a file. Waits for a process to be free.
   * @param file a local path
   * @param quick true for a JPEG: stops before what follows the picture (-fast); maker notes are read
   * @returns null where ExifTool cannot run, could not read this file, or the signal came first; never throws
   */
  read(file: string, quick: boolean, signal: AbortSignal): Promise<FileTags | null>;
  /** Whether it can run at all, found out by starting it. */
  canRun(): Promise<boolean>;
  /** Files that made ExifTool crash, hang or speak nonsense. */
  readonly faults: number;
  /** Why ExifTool cannot run at all, one sentence for people; null as long as no file was asked of it in vain. */
  readonly missing: string | null;
  /** Ends the processes. Nothing can be read afterwards. */
  close(): Promise<void>;
}

export interface ExifToolWriter {
  /**
   * Writes tags into a file, in place, and makes sure that the picture in it stayed the same.
   * @param file a local path whose extension is that of its format; of no worth afterwards where it was refused
   * @param tags by name with the group, as ExifTool takes them
   * @returns null when it was done; else why not, for people. Never throws
   */
  write(file: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string | null>;
}

/** A 2-GB video with its index at the end takes well under a second; what takes longer than this hangs. */
const TIMEOUT_MS = 20_000;
/** ExifTool's own default; memory that leaks in Perl goes with the process. */
const FILES_PER_PROCESS = 500;

const DATE_TAGS =
  "DateTimeOriginal CreateDate ModifyDate CreationDate CreationDateValue CreationTime ContentCreateDate MediaCreateDate TrackCreateDate DateCreated TimeCreated DigitalCreationDate DigitalCreationTime DateTimeDigitized GPSDateTime GPSDateStamp GPSTimeStamp DateTimeUTC SonyDateTime2 TimeStamp";
const ZONE_TAGS =
  "OffsetTime OffsetTimeOriginal OffsetTimeDigitized SubSecTime SubSecTimeOriginal SubSecTimeDigitized TimeZone TimeZoneOffset AndroidTimeZone DaylightSavings Make Model";
const MAKER_TAGS =
  "RicohDate SonyDateTime PanasonicDateTime Pentax:Date Pentax:Time MinoltaDate MinoltaTime Kodak:TimeCreated XMP-acdsee:DateTime XMP-xmpDM:ShotDate";
const NUMBER_TAGS = "Composite:GPSLatitude# Composite:GPSLongitude# Duration#";
const WANTED_ARGUMENTS = `${DATE_TAGS} ${MAKER_TAGS} ${ZONE_TAGS} ${NUMBER_TAGS}`.split(" ").map((tag) => `-${tag}`);

interface ExifToolSettings {
  /** How long one file may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Memory that each process may take, in KiB. */
  readonly memoryKiB?: number;
  /** Another exiftool than the one that comes with photohaul. */
  readonly exiftoolPath?: string;
}

export function createExifTool(settings: ExifToolSettings = {}): ExifToolReader & ExifToolWriter {
  let missing: string | null = null;
  let faults = 0;
  let closed = false;
  const running = startOnce(settings, (why) => {
    missing = why;
  });
  return {
    async read(file, quick, signal) {
      if (closed || signal.aborted) return null;
      const tool = await running.started();
      if (tool === null) return null;
      const readArgs = [...(quick ? ["-fast"] : []), "-G1", "-a", ...WANTED_ARGUMENTS];
      const attempt = () => nullWhenAborted(tool.readRaw(file, { readArgs, useMWG: false }), signal);
      const began = performance.now();
      try {
        const tags = await attempt().catch((error: unknown) => {
          if (closed || performance.now() - began >= (settings.timeoutMs ?? TIMEOUT_MS) / 2) throw error;
          return attempt();
        });
        return tags === null ? null : clean(tags);
      } catch {
        if (!closed) faults += 1;
        return null;
      }
    },
    canRun: async () => !closed && (await running.started()) !== null,
    async write(file, tags, signal) {
      if (closed || signal.aborted) return "interrupted";
      const tool = await running.started();
      if (tool === null) return missing;
      try {
        const refused = await nullWhenAborted(writeTags(tool, file, tags), signal);
        return signal.aborted ? "interrupted" : refused;
      } catch (error) {
        return `ExifTool says: ${lineOf(error).replace(` - ${file}`, "")}`;
      }
    },
    get faults() {
      return faults;
    },
    get missing() {
      return missing;
    },
    async close() {
      closed = true;
      await running.end();
    },
  };
}

/** Started when it is first asked for. @param onRefused told, for people, why it cannot run */
function startOnce(settings: ExifToolSettings, onRefused: (why: string) => void) {
  let starting: Promise<ExifTool | null> | null = null;
  return {
    started() {
      starting ??= startExifTool(settings).catch((error: unknown) => {
        onRefused(refusal(error));
        return null;
      });
      return starting;
    },
    async end() {
      await (await starting)?.end(false).catch(() => undefined);
    },
  };
}

/** Command lines that were seen to start: what started once is not asked again, as that takes 0.2 s of CPU (measured). */
const startable = new Set<string>();

/**
 * exiftool-vendored is loaded when first needed, as it takes a tenth of a second. Processes are spawned here,
 * and once before any other, because it lets an error of spawning end the whole program.
 */
async function startExifTool(settings: ExifToolSettings): Promise<ExifTool> {
  const { timeoutMs = TIMEOUT_MS, memoryKiB = MOST_KIB, exiftoolPath } = settings;
  const vendored = await import("exiftool-vendored");
  const path = exiftoolPath ?? (await vendored.exiftoolPath());
  const [command, ...before] = commandFor(path);
  // ExifTool prints times that are counted since 1970 in the zone of the machine.
  const env = { ...process.env, LANG: "C", TZ: "UTC" };
  const line = [command, ...before].join(" ");
  if (!startable.has(line)) {
    const ask = () => promisify(execFile)(command, [...before, "-ver"], { env, timeout: TIMEOUT_MS });
    // A terminal interrupts all that it started: whoever did that said nothing of ExifTool.
    await ask().catch((error: unknown) => {
      if (isInterrupted(error)) return ask();
      throw error;
    });
    startable.add(line);
  }
  return new vendored.ExifTool({
    // A small computer with many cores would have no room for as many large files at once.
    maxProcs: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / ROOM_OF_EACH))),
    maxTasksPerProcess: FILES_PER_PROCESS,
    taskTimeoutMillis: timeoutMs,
    taskRetries: 0,
    useMWG: false,
    checkPerl: false,
    processFactory: async () => {
      const args = [...before, ...vendored.DefaultExiftoolArgs];
      const [program, ...words] = bounded(command, args, memoryKiB);
      const child = spawn(program, words, { env, stdio: "pipe", windowsHide: true });
      await once(child, "spawn");
      return child;
    },
  });
}

function isInterrupted(error: unknown): boolean {
  return error instanceof Error && "signal" in error && error.signal === "SIGINT";
}

/**
 * Memory that one ExifTool may take, in KiB: a PNG of 1 MB may unpack to 1 GB, and as many are read at once as there are
 * cores. What needs more costs the process, which is replaced, and the file its tags. ExifTool's own sample files take 52 MB at most (measured).
 */
const MOST_KIB = 512 * 1024;

/** Of the computer's memory so many bytes for each process: twice what it may take. */
const ROOM_OF_EACH = 2 * MOST_KIB * 1024;

/** With the limit of the system's shell; a system without one, as Windows and macOS are, has none. */
function bounded(command: string, args: readonly string[], memoryKiB: number): [string, ...string[]] {
  if (process.platform !== "linux") return [command, ...args];
  const line = `ulimit -v ${memoryKiB} 2>/dev/null; exec "$0" "$@"`;
  return ["/bin/sh", "-c", line, command, ...args];
}

/** ExifTool is a Perl program that looks for Perl in one place; on Windows it brings its own along. */
function commandFor(path: string): [string, ...string[]] {
  if (process.platform === "win32" || existsSync("/usr/bin/perl")) return [path];
  return ["perl", path];
}

/** Minor errors stop it too: what ExifTool would mend on its way is not ours to mend. */
async function writeTags(tool: ExifTool, file: string, tags: Readonly<Record<string, string>>): Promise<string | null> {
  const before = await pictureIn(tool, file);
  if (before === null) return "there is no digest of the picture in it";
  const writeArgs = ["-overwrite_original"];
  await tool.write(file, tags, { writeArgs, ignoreMinorErrors: false, useMWG: false });
  return (await pictureIn(tool, file)) === before ? null : "the picture in it would change";
}

/** The SHA-256 of the picture without its tags; null for formats of which ExifTool has none. */
async function pictureIn(tool: ExifTool, file: string): Promise<string | null> {
  const readArgs = ["-api", "ImageHashType=SHA256", "-ImageDataHash"];
  const tags: object = await tool.readRaw(file, { readArgs, useMWG: false });
  const digest: unknown = Reflect.get(tags, "ImageDataHash");
  return typeof digest === "string" && digest !== "" ? digest : null;
}

function lineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function refusal(error: unknown): string {
  const none = codeOf(error) === "ENOENT";
  const what = none ? "Perl is not installed" : `it says: ${lineOf(error)}`;
  const install = "Install Perl (Debian, Ubuntu: apt install perl; Fedora: dnf install perl)";
  return `ExifTool cannot run (${what}): videos and most RAW photos get no date from their own tags. ${install}, and the next run dates them again`;
}

/** Null as soon as the signal comes; what is being read then is read in vain. */
async function nullWhenAborted<T>(reading: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const over = new AbortController();
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { signal: over.signal });
  });
  try {
    return await Promise.race([reading, aborted]);
  } finally {
    over.abort();
    reading.catch(() => undefined);
  }
}

function clean(tags: object): FileTags {
  const found: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(tags)) {
    if (!name.includes(":")) continue;
    if (typeof value === "string") found[name] = value.slice(0, LONGEST_TEXT);
    if (typeof value === "number" && Number.isFinite(value)) found[name] = value;
  }
  return found;
}
