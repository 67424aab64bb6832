/**
 * Date files: a walk through a folder that dates each photo by its first bytes, its name and what lies beside it, and hands
 * out only those that ExifTool has to read.
 */

import { setImmediate } from "node:timers/promises";
import { stopIf } from "../cancel.ts";
import { isOfFile, reconsidered } from "../dates/kept-date.ts";
import type { Redated } from "../events.ts";
import type { Unclear } from "../keys/sidecar-pairs.ts";
import type { Limiter } from "../limiter.ts";
import { HEAD_BYTES } from "../measures.ts";
import { isWholeHead } from "../metadata/head.ts";
import type { ManifestEntry } from "../model.ts";
import { failure, type Judging, type SettlingOptions, type TimeWriter } from "../photo/apply-times.ts";
import type { Dater } from "../photo/date.ts";
import type { Datable, Dated } from "../photo/decide-date.ts";
import { isoTime } from "../photo/file-times.ts";
import {
  type FileStart,
  type PhotoFile,
  photoFiles,
  readCompany,
  readSidecars,
  readStart,
} from "../photo/photo-files.ts";
import { MOST_TOLD } from "../photo/sidecars.ts";
import type { KnownDate } from "./kept-dates.ts";

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

/**
 * What is read of a file first: the whole head of most photos, in a quarter of the time. Where that was not enough, as much
 * is read as `mirror` reads (HEAD_BYTES), so that both find the same date.
 */
const SHORT_HEAD = 32 * 1024;
const NOTHING = Buffer.alloc(0);
/** After so many files others get their turn: ExifTool's answers, Ctrl-C. */
const TURN = 50;

/** A file that was read as far as it takes to date it, or to know that ExifTool has to. */
export interface Begun {
  readonly photo: PhotoFile;
  readonly start: FileStart;
  readonly datable: Datable;
  /** What the manifest says, of a photo that an earlier edition of the rules dated. */
  readonly again: ManifestEntry | null;
  /** Null where ExifTool has to read it. */
  readonly dated: Dated | null;
}

/** Of a kept photo the date in the manifest, unless the rules make another of it now. */
export function believed(again: ManifestEntry | null, dated: Dated): Judging {
  if (again === null) return dated;
  const other = reconsidered(again.captured, dated.captured);
  return { ...dated, captured: other ?? again.captured, withdrawn: other?.source === "modified" };
}

export async function* dateQuickly(
  folder: string,
  changes: TimeWriter,
  { dater, known, onFile, onWalk, onUnclear, signal }: RedatePorts,
): AsyncGenerator<Begun> {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const unreadable = (file: string, reason: string) => onFile(failure(file, reason));
  const told = new Set<string>();
  let files = 0;
  for (const photo of photoFiles(folder, unreadable)) {
    files += 1;
    if (files % TURN === 0) {
      onWalk?.(files);
      await setImmediate();
    }
    stopIf(signal, `interrupted after ${files} files`);
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
