/**
 * How photos come onto a drive so that no power cut can take back what a name says. Each step is done for the whole
 * batch before the next, and is safe to do again after one failed:
 *
 *   1. bytes and times are written, in files that have no name yet
 *   2. the bytes are forced to the medium: syncfs for the drive, or fsync for each file
 *   3. each gets its name, never over anything
 *   4. the names are forced to the medium: fsync of their folders
 *   5. SHA256SUMS and the manifest are added to, and forced (lists.ts)
 *
 * Errors are those of the system.
 */

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { stopIf } from "../../cancel.ts";
import { codeOf, HaulError } from "../../errors.ts";
import { folderOf } from "../../key.ts";
import { temporaryOf } from "../drafts.ts";
import type { Keeping, Kept } from "../target.ts";
import type { TemporaryFile } from "../temporary-file.ts";
import type { FileTimes } from "./dating.ts";
import type { Directories } from "./directories.ts";
import { errorOf, type FolderThread } from "./folder-thread.ts";
import type { NewFile } from "./folder-worker.ts";
import { fsyncFiles, type SyncFs } from "./fsync.ts";

/** The drive, as far as a batch concerns it. */
export interface BatchDrive {
  readonly root: string;
  /** True where it knows links, which cannot overwrite. */
  readonly links: boolean;
  /** False with `--durable none`. */
  readonly durable: boolean;
  readonly thread: FolderThread;
  readonly dating: FileTimes;
  readonly directories: Directories;
  /** Null where the drive cannot be forced as a whole. */
  readonly syncFs: SyncFs | null;
}

/**
 * Folders that somebody cleared away in mid-run are made again. @returns for each photo, in the order asked, whether it lies
 * under its name now. @throws HaulError `broken` where a draft was cleared away with its folder
 */
export async function placeBatch(drive: BatchDrive, batch: readonly Keeping[], signal: AbortSignal): Promise<Kept[]> {
  try {
    return await placeOnce(drive, batch, signal);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    for (const keeping of batch) await mustLieThere(keeping);
    drive.directories.forget();
    return placeOnce(drive, batch, signal);
  }
}

async function mustLieThere(keeping: Keeping): Promise<void> {
  const { held } = temporaryOf(keeping.draft);
  if (held !== null || (await lstat(fileOf(keeping)).catch(() => null)) !== null) return;
  const { path } = keeping.entry;
  const says = `${path} came whole, and its file was removed before it had been kept: the next run fetches it again`;
  throw new HaulError("broken", says);
}

async function placeOnce(drive: BatchDrive, batch: readonly Keeping[], signal: AbortSignal): Promise<Kept[]> {
  await write(drive, batch);
  stopIf(signal);
  if (drive.durable) await fsyncFiles(batch.map(fileOf), drive.syncFs);
  stopIf(signal);
  const kept = await rename(drive, batch);
  if (drive.durable) await drive.directories.force();
  return kept;
}

/** Writes what waits in memory, and gives every draft its time. */
async function write({ thread, dating }: BatchDrive, batch: readonly Keeping[]): Promise<void> {
  const held: { readonly temporary: TemporaryFile; readonly made: NewFile }[] = [];
  const undated: { readonly file: string; readonly seconds: string }[] = [];
  for (const keeping of batch) {
    const temporary = temporaryOf(keeping.draft);
    const { file, held: bytes, time } = temporary;
    const seconds = dating.secondsOf(keeping);
    if (bytes !== null) held.push({ temporary, made: { file, bytes, seconds } });
    else if (time?.seconds !== seconds) undated.push({ file: fileOf(keeping), seconds });
    else if (time.undatable) await dating.sayUndatable();
  }
  if (undated.length > 0) {
    const answer = await thread.do({ kind: "date", files: undated });
    if (answer.undatable) await dating.sayUndatable();
    const error = errorOf(answer);
    if (error !== null) throw error;
  }
  if (held.length > 0) {
    const answer = await thread.do({ kind: "write", files: held.map(({ made }) => made) });
    for (const [at, { temporary }] of held.entries()) temporary.held = answer.rest[at - answer.done] ?? null;
    if (answer.undatable) await dating.sayUndatable();
    const error = errorOf(answer);
    if (error !== null) throw error;
  }
  dating.setExactly(batch.map((keeping) => ({ ...keeping, file: fileOf(keeping) })));
}

interface PlacedDraft {
  readonly keeping: Keeping;
  readonly temporary: TemporaryFile;
  readonly from: string;
  readonly to: string;
}

/** Gives the drafts their names, where those are free. */
async function rename(drive: BatchDrive, batch: readonly Keeping[]): Promise<Kept[]> {
  const { thread, dating, links } = drive;
  const wanted: PlacedDraft[] = [];
  const kept = new Map<Keeping, Kept>();
  for (const keeping of batch) {
    const temporary = temporaryOf(keeping.draft);
    const to = await clear(drive, keeping.entry.path);
    if (to === null) kept.set(keeping, "occupied");
    else if (temporary.placed === to) kept.set(keeping, "stored");
    else wanted.push({ keeping, temporary, from: temporary.file, to });
  }
  const answer = await thread.do({ kind: "rename", names: wanted.map(({ from, to }) => ({ from, to })), links });
  for (const [at, { temporary, to }] of wanted.entries()) if (answer.renamed[at] === true) temporary.placed = to;
  const error = errorOf(answer);
  if (error !== null) throw error;
  for (const { keeping, temporary, to } of wanted) {
    const isPlaced = temporary.placed === to;
    if (isPlaced && !answer.links) await dating.dateAgain(to, keeping);
    kept.set(keeping, isPlaced ? "stored" : await sameOr(drive, to, keeping));
  }
  return batch.map((keeping) => kept.get(keeping) ?? "occupied");
}

/** The file for a path, its folder made; null where something stands in the way. */
async function clear({ root, directories }: BatchDrive, path: string): Promise<string | null> {
  const folder = folderOf(path);
  if (!(await directories.ensure(folder))) return null;
  directories.touch(folder);
  return join(root, path);
}

/** What lies under a name that was taken. A file is not dated anew by the mere time of an upload. */
async function sameOr({ dating }: BatchDrive, file: string, keeping: Keeping): Promise<Kept> {
  const { entry } = keeping;
  if (!(await holdsBytes(file, entry.size, entry.sha256))) return "occupied";
  if (entry.captured?.source !== "modified") await dating.dateAndForce(file, keeping);
  return "same";
}

/** True when a regular file with exactly these bytes lies there. */
async function holdsBytes(file: string, size: number, sha256: string): Promise<boolean> {
  const found = await lstat(file);
  if (!found.isFile() || found.size !== size) return false;
  const hash = createHash("sha256");
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex") === sha256;
}

/** Where the bytes of a draft lie that are in a file. */
function fileOf({ draft }: Keeping): string {
  const { placed, file } = temporaryOf(draft);
  return placed ?? file;
}
