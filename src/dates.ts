/**
 * The story of `dates`: gives the photos of a folder their dates back. The bytes are not touched, only the
 * files' times; what they were is written down first, so that it can be taken back.
 */

import { realpathSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openWaitingDates } from "./catalogue/zone-lending.ts";
import { isOfFile, reconsidered } from "./dates/kept-date.ts";
import { HaulError } from "./errors.ts";
import type { Redated } from "./events.ts";
import type { Unclear } from "./keys/sidecar-pairs.ts";
import type { Limiter } from "./limiter.ts";
import { isWholeHead } from "./metadata/head.ts";
import type { ManifestEntry } from "./model.ts";
import { failure, type Judging, type SettlingOptions, TimeWriter } from "./photo/apply-times.ts";
import type { Datable, Dated, Dater } from "./photo/date.ts";
import { isDrivesFirst, isoTime, sameTime, setModificationTime } from "./photo/file-times.ts";
import {
  type FileStart,
  type PhotoFile,
  pathOf,
  photoFiles,
  readCompany,
  readSidecars,
  readStart,
} from "./photo/photo-files.ts";
import { MOST_TOLD } from "./photo/sidecars.ts";
import { createUndoRecord, lastRun } from "./photo/undo-record.ts";
import type { KnownDate } from "./steps/kept-dates.ts";
import { type ExactTime, utimens } from "./targets/folder/utimens.ts";

export interface RedatePorts {
  readonly dater: Dater;
  /** For the files that ExifTool reads; all others are read one after the other. */
  readonly limiter: Pick<Limiter, "each">;
  /** What is known of a photo without reading it; it holds for a file of that very size. */
  readonly known?: (file: string) => KnownDate | null;
  /** Told of every file, once; of those that wait for the zone of others, at the end. */
  readonly onFile: (file: Redated) => void;
  /** Told now and then how many files the walk has come by. */
  readonly onWalk?: (files: number) => void;
  /** Told of a sidecar that more than one photo could own, once. */
  readonly onUnclear?: (sidecar: string, unclear: Unclear) => void;
  readonly signal: AbortSignal;
}

/** `startedAt` names the record, too. */
export type RedateOptions = SettlingOptions;

/** What is read of a file first: the whole head of most photos, in a quarter of the time. */
const SHORT_HEAD = 32 * 1024;
/** What is read where that was not enough: as much as `mirror` reads, so that both find the same date. */
const HEAD = 128 * 1024;
const NOTHING = Buffer.alloc(0);
/** Times that are finer than a microsecond are set together. */
const EXACT_AT_ONCE = 1000;
/** After so many files others get their turn: ExifTool's answers, Ctrl-C. */
const TURN = 50;

/**
 * @returns the record of what was changed, for people; null where nothing was
 * @throws HaulError `no-target`, `read-only`, `full`, `interrupted`
 */
export async function redateFolder(folder: string, ports: RedatePorts, options: RedateOptions): Promise<string | null> {
  const record = createUndoRecord(folder, options.startedAt);
  const waiting = openWaitingDates();
  const changes = new TimeWriter({ folder, record, waiting, ...ports }, options);
  try {
    // The walk dates what it can on its way, and hands out only what ExifTool has to read.
    const forExifTool = dateQuickly(folder, changes, ports);
    await ports.limiter.each(
      forExifTool,
      async ({ photo, start, datable, again }, signal) => {
        changes.judge(photo, start, believed(again, await ports.dater.date(datable, signal)));
      },
      ports.signal,
    );
    await changes.lendZones();
  } finally {
    // Decided is decided, whatever ended the walk.
    try {
      changes.flush();
    } finally {
      if (changes.changed > 0) record.close();
      else record.forget();
      waiting.close();
    }
  }
  return record.path;
}

/** A file that was read as far as it takes to date it, or to know that ExifTool has to. */
interface Begun {
  readonly photo: PhotoFile;
  readonly start: FileStart;
  readonly datable: Datable;
  /** What the manifest says, of a photo that an earlier edition of the rules dated. */
  readonly again: ManifestEntry | null;
  /** Null where ExifTool has to read it. */
  readonly dated: Dated | null;
}

/** Of a kept photo the date in the manifest, unless the rules make another of it now. */
function believed(again: ManifestEntry | null, dated: Dated): Judging {
  if (again === null) return dated;
  const other = reconsidered(again.captured, dated.captured);
  return { ...dated, captured: other ?? again.captured, withdrawn: other?.source === "modified" };
}

async function* dateQuickly(
  folder: string,
  changes: TimeWriter,
  { dater, known, onFile, onWalk, onUnclear, signal }: RedatePorts,
): AsyncGenerator<Begun> {
  const buffer = Buffer.alloc(HEAD);
  const unreadable = (file: string, reason: string) => onFile(failure(file, reason));
  const told = new Set<string>();
  let files = 0;
  for (const photo of photoFiles(folder, unreadable)) {
    files += 1;
    if (files % TURN === 0) {
      onWalk?.(files);
      await setImmediate();
    }
    if (signal.aborted) throw new HaulError("interrupted", `interrupted after ${files} files`);
    for (const one of photo.beside.unclear) {
      const sidecar = inFolderOf(photo.key, one.sidecars[0] ?? "");
      if (!told.has(sidecar) && told.size < MOST_TOLD) onUnclear?.(sidecar, one);
      told.add(sidecar);
    }
    let begun: Begun;
    try {
      const kept = known?.(photo.key) ?? null;
      const start = kept === null ? null : readStart(photo.path, NOTHING);
      const same = kept !== null && start?.size === kept.size;
      if (same && kept.again === null) {
        changes.judge(photo, start, kept);
        continue;
      }
      begun = begin({ photo, again: same ? kept.again : null }, buffer, dater);
    } catch (error) {
      onFile(failure(photo.key, String(error)));
      continue;
    }
    const { start, datable, dated, again } = begun;
    if (dated !== null) changes.judge(photo, start, believed(again, dated));
    // The buffer is used again for the next file.
    else yield { ...begun, datable: { ...datable, firstBytes: Buffer.from(datable.firstBytes) } };
  }
}

function inFolderOf(key: string, name: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1) + name;
}

type ToRead = Pick<Begun, "photo" | "again">;

function begin(read: ToRead, buffer: Buffer, dater: Dater): Begun {
  const { photo } = read;
  const short = readStart(photo.path, buffer.subarray(0, SHORT_HEAD));
  const enough = short.bytes.length < SHORT_HEAD || isWholeHead(short.bytes);
  return beginWith(read, enough ? short : readStart(photo.path, buffer), dater);
}

function beginWith({ photo, again }: ToRead, start: FileStart, dater: Dater): Begun {
  const key = again?.key ?? photo.key;
  const modified = again?.modified ?? isoTime(start.modified);
  const file = photo.path.toString();
  // A name that is no UTF-8 cannot be handed to another program.
  const named = Buffer.from(file).equals(photo.path);
  const datable: Datable = {
    object: { key, size: 0, etag: "", modified, storageClass: "" },
    fileTimes: again === null || isOfFile(again.etag),
    head: { contentDisposition: "", metadata: {} },
    firstBytes: start.bytes,
    sidecars: readSidecars(photo),
    ...(photo.beside.company.length === 0 ? {} : { company: () => Promise.resolve(readCompany(photo)) }),
    ...(named ? { file } : {}),
  };
  return { photo, start, datable, again, dated: dater.quickly(datable) };
}

/**
 * Takes back what the last run changed that was not taken back yet. A file whose time was changed since by
 * somebody else keeps it.
 * @returns the record that was followed, for people; null where there is none
 * @throws HaulError `interrupted`; doing it again is safe
 */
export async function undoRedate(
  folder: string,
  ports: Pick<RedatePorts, "onFile" | "signal">,
  options: Pick<RedateOptions, "dryRun">,
): Promise<string | null> {
  const run = lastRun(folder);
  if (run === null) return null;
  let exact: ExactTime[] = [];
  try {
    for await (const { file, old, new: set } of run.changes) {
      if (ports.signal.aborted) throw new HaulError("interrupted", "interrupted while undoing");
      const change = { file, old: BigInt(old), set: BigInt(set) };
      const told = takeBack(folder, change, options.dryRun);
      if (told.outcome === "set" && !options.dryRun)
        exact.push({ path: pathOf(realpathSync.native(folder, "buffer"), file), time: change.old });
      if (exact.length >= EXACT_AT_ONCE) exact = setAll(exact);
      ports.onFile(told);
    }
  } finally {
    setAll(exact);
  }
  if (!options.dryRun) run.finish();
  return run.path;
}

function setAll(exact: readonly ExactTime[]): [] {
  utimens(exact);
  return [];
}

function takeBack(
  folder: string,
  { file, old, set }: { file: string; old: bigint; set: bigint },
  dryRun: boolean,
): Redated {
  try {
    const path = pathOf(realpathSync.native(folder, "buffer"), file);
    if (!realpathSync.native(path, "buffer").equals(path)) {
      return failure(file, "a link lies where the photo was");
    }
    const { atimeNs, mtimeNs: now } = statSync(path, { bigint: true });
    const row = { file, old: isoTime(now), new: null, captured: null };
    if (sameTime(now, old)) return { ...row, outcome: "already" };
    // What a drive cannot hold it put at its first time.
    const clamped = isDrivesFirst(now) && now > set;
    if (!sameTime(now, set) && !clamped) return { ...row, outcome: "unknown", reason: "changed since" };
    if (!dryRun) setModificationTime(path, atimeNs, old);
    return { ...row, outcome: "set", new: isoTime(old) };
  } catch (error) {
    return failure(file, String(error));
  }
}
