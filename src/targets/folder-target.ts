/**
 * A target that is a folder: on a USB drive, a NAS, a disk. What lies in its `.photohaul` is described in
 * the README.txt there. One process at a time writes to it.
 */

import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import type { Location, Memory } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import { isMoment } from "../time.ts";
import { FolderDraft } from "./folder/draft.ts";
import { codeOf, fromErrno } from "./folder/errno.ts";
import { DriveThread } from "./folder/folder-thread.ts";
import { fsyncFiles } from "./folder/fsync.ts";
import { renameNoReplace } from "./folder/rename-no-replace.ts";
import { safeSegments } from "./folder/safe-path.ts";
import { readTargetJson } from "./folder/target-json.ts";
import { TemporaryFile } from "./folder/temporary.ts";
import { untilAborted } from "./folder/until-aborted.ts";
import { Batches } from "./folder-batches.ts";
import { FolderLists } from "./folder-lists.ts";
import { type FolderOptions, type OpenedFolder, openFolder, type Writing } from "./open-folder.ts";
import type { Draft, Keeping, Kept, Lying, OnBroken, Target, Traits } from "./target.ts";

/** Photos up to this size wait in memory: two batches of 256 hold no more than 64 MB. */
const HELD = 128 * 1024;
/** Read at once, in bytes: a fifth faster than in megabytes, whose memory the system makes anew each time (measured). */
const BLOCK = 256 * 1024;

/** @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`, `full`, `unwritable` */
export async function openFolderTarget(path: string, options: FolderOptions): Promise<Target> {
  const target = new FolderTarget(await openFolder(path, options));
  return target.dateWhatIsNot(options.signal ?? new AbortController().signal);
}

class FolderTarget implements Target {
  readonly name: string;
  id: string;
  readonly traits: Traits;
  readonly freeBytes: number | null;
  readonly memory: Memory;
  readonly location: Location;
  readonly lists: FolderLists;
  readonly #drive: OpenedFolder;
  readonly #drafts = new Set<FolderDraft>();
  readonly #thread = new DriveThread();
  readonly #batches: Batches;
  #earlier: Promise<unknown> = Promise.resolve();

  constructor(drive: OpenedFolder) {
    this.name = drive.name;
    this.id = drive.id;
    this.traits = drive.traits;
    this.freeBytes = drive.freeBytes;
    this.memory = drive.memory;
    this.location = drive.location;
    this.lists = new FolderLists(drive, (work) => this.#alone("mending the lists", work));
    this.#drive = drive;
    this.#batches = new Batches(drive, this.#thread);
  }

  /** Gives all photos their times, on a drive that refused them before and takes them now. */
  async dateWhatIsNot(signal: AbortSignal): Promise<this> {
    if (this.#drive.writing?.datable !== true) return this;
    const fileOf = (path: string) => this.#fileInside(safeSegments(path)).catch(() => null);
    try {
      await this.#batches.dateAll(this.lists.entries(signal), fileOf);
      return this;
    } catch (error) {
      await this.close();
      throw fromErrno(error, `setting times on ${this.name}`);
    }
  }

  knownAs(id: string): void {
    this.id = id;
  }

  async stage(bytes: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<Draft> {
    const writing = this.#forWriting();
    stopIf(signal);
    const temporary = await this.#onDrive("making a file", () => TemporaryFile.create(writing.drafts, size, HELD));
    const draft = new FolderDraft(temporary, (gone) => this.#drafts.delete(gone));
    this.#drafts.add(draft);
    try {
      for await (const chunk of untilAborted(bytes, signal)) {
        await this.#onDrive("writing a photo", () => temporary.write(chunk));
      }
      await this.#onDrive("writing a photo", () => temporary.finish());
      return draft;
    } catch (error) {
      await draft.discard().catch(() => undefined);
      throw error;
    }
  }

  async commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]> {
    const writing = this.#forWriting();
    for (const keeping of batch) safeSegments(keeping.entry.path);
    return this.#alone("keeping photos", () => this.#commit(batch, writing, signal));
  }

  async *open(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const segments = safeSegments(path);
    stopIf(signal);
    const handle = await this.#openInside(segments).catch((error: unknown) => {
      throw notThere(error, this.name, path);
    });
    try {
      // No larger than what is left, and a byte to find the end by: blocks of a megabyte for small photos cost more than reading them.
      for (let left = (await handle.stat()).size; !signal.aborted; ) {
        const block = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(0, left) + 1));
        const { bytesRead } = await handle.read(block, 0, block.length);
        if (bytesRead === 0) return;
        left -= bytesRead;
        yield block.subarray(0, bytesRead);
      }
    } catch (error) {
      throw new HaulError("broken", `${path} on ${this.name} cannot be read`, { cause: error });
    } finally {
      await handle.close();
    }
    stopIf(signal);
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.lists.entries(signal, onBroken);
  }

  async manifestMark(): Promise<string> {
    await this.#earlier;
    return this.lists.mark();
  }

  async look(path: string): Promise<Lying | null> {
    const file = await this.#fileInside(safeSegments(path)).catch(() => null);
    const found = file === null ? null : await lstat(file).catch(() => null);
    if (found === null) return null;
    return { size: found.size, modified: isoOf(found.mtimeMs) };
  }

  async redate(batch: readonly Omit<Keeping, "draft">[], signal: AbortSignal): Promise<void> {
    const writing = this.#forWriting();
    for (const { entry } of batch) safeSegments(entry.path);
    return this.#alone("setting times", async () => {
      await this.#mustBeSameDrive();
      for (const dated of batch) {
        stopIf(signal);
        const file = await this.#fileInside(safeSegments(dated.entry.path)).catch(() => null);
        if (file !== null) await this.#batches.date(file, dated);
      }
      await writing.ledger.amend(
        batch.map(({ entry }) => entry),
        writing.force,
      );
    });
  }

  async setAside(path: string, to: string, signal: AbortSignal): Promise<boolean> {
    const writing = this.#forWriting();
    const from = safeSegments(path);
    const aside = safeSegments(to);
    const folder = from.slice(0, -1).join("/");
    if (aside.slice(0, -1).join("/") !== folder) throw new TypeError("aside is in the same folder");
    stopIf(signal);
    return this.#onDrive("setting a file aside", async () => {
      await this.#mustBeSameDrive();
      if (!(await writing.directories.ensure(folder))) return false;
      const { root } = this.#drive;
      if (!(await renameNoReplace(join(root, ...from), join(root, ...aside), this.traits.links))) return false;
      writing.directories.touch(folder);
      await writing.directories.force();
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#earlier;
    for (const draft of this.#drafts) await draft.discard().catch(() => undefined);
    await this.#thread.close();
    // All that counts was forced to the medium before; a drive that is gone may fail to say so again.
    await this.#drive.writing?.ledger.close().catch(() => undefined);
    this.#drive.writing?.wholeDrive?.close();
    this.#drive.writing?.lock.release();
  }

  async #commit(batch: readonly Keeping[], writing: Writing, signal: AbortSignal): Promise<Kept[]> {
    await this.#mustBeSameDrive();
    await this.#batches.write(batch);
    stopIf(signal);
    if (writing.force) await this.#batches.force(batch);
    stopIf(signal);
    const kept = await this.#batches.name(batch);
    if (writing.force) await writing.directories.force();
    const done = batch.filter((_, at) => kept[at] !== "occupied");
    await writing.ledger.add(
      done.map(({ entry }) => entry),
      writing.force,
    );
    for (const { draft } of done) await draft.discard();
    return kept;
  }

  /** A drive that was unmounted leaves its mount point behind, which is a folder on another device. */
  async #mustBeSameDrive(): Promise<void> {
    const found = await lstat(this.#drive.home).catch(() => null);
    const marker = found === null ? null : await readTargetJson(this.#drive.home).catch(() => null);
    if (found?.dev === this.#drive.device && marker?.id === this.#drive.id) return;
    throw new HaulError("wrong-drive", `${this.name} is no longer the drive that the run began with`);
  }

  /** Tells a photo that cannot be written from a drive that takes nothing more, as one that was pulled out. */
  async #mustTakeWrites(): Promise<void> {
    let temporary: TemporaryFile | undefined;
    try {
      temporary = await TemporaryFile.create(this.#forWriting().drafts, 1);
      await temporary.write(Buffer.from("."));
      await temporary.finish();
      await fsyncFiles([temporary.file], null);
    } catch (error) {
      const { code, message } = fromErrno(error, `${this.name} takes no more writes`);
      throw new HaulError(code === "unwritable" ? "wrong-drive" : code, message, {
        cause: error,
      });
    } finally {
      await temporary?.discard().catch(() => undefined);
    }
  }

  #forWriting(): Writing {
    if (this.#drive.writing !== null) return this.#drive.writing;
    throw new HaulError("read-only", `${this.name} was opened for reading only`);
  }

  async #openInside(segments: readonly string[]): Promise<Awaited<ReturnType<typeof open>>> {
    const file = await this.#fileInside(segments);
    return open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  }

  /** Of a regular file below regular folders. @throws HaulError `missing`, or what the system says */
  async #fileInside(segments: readonly string[]): Promise<string> {
    for (let depth = 1; depth < segments.length; depth += 1) {
      const folder = await lstat(join(this.#drive.root, ...segments.slice(0, depth)));
      if (!folder.isDirectory()) throw new HaulError("missing", "a parent is not a folder");
    }
    const file = join(this.#drive.root, ...segments);
    if (!(await lstat(file)).isFile()) throw new HaulError("missing", "not a file");
    return file;
  }

  /** After all that was begun before. */
  async #alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    const mine = this.#earlier.then(() => this.#onDrive(doing, work));
    this.#earlier = mine.catch(() => undefined);
    return mine;
  }

  async #onDrive<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const trouble = fromErrno(error, `${doing} on ${this.name}`);
      if (!trouble.endsRun) await this.#mustBeSameDrive();
      if (trouble.code === "unwritable") await this.#mustTakeWrites();
      throw trouble;
    }
  }
}

/** A drive may hold a time that no date has; then it holds none. */
function isoOf(ms: number): string {
  const time = new Date(ms).toJSON();
  return isMoment(time) ? time : new Date(0).toJSON();
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted");
}

function notThere(error: unknown, target: string, path: string): HaulError {
  const gone = ["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error)) || error instanceof HaulError;
  return gone
    ? new HaulError("missing", `${path} does not lie on ${target}`, { cause: error })
    : new HaulError("broken", `${path} on ${target} cannot be opened`, { cause: error });
}
