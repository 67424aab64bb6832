/** A target that is a folder: on a USB drive, a NAS, a disk. One process at a time writes to it. */

import { constants } from "node:fs";
import { lstat, open, statfs } from "node:fs/promises";
import { join } from "node:path";
import { stopIf } from "../../cancel.ts";
import { codeOf, HaulError } from "../../errors.ts";
import { folderOf } from "../../key.ts";
import { isTimestamp } from "../../measures.ts";
import { openFolderSource } from "../../stores/folder-source.ts";
import type { KeyRange, Page } from "../../stores/source.ts";
import { Drafts } from "../drafts.ts";
import { ENTRIES, SUMS } from "../list-lines.ts";
import type { Medium, Placed } from "../medium.ts";
import { MediumTarget } from "../medium-target.ts";
import { HELD } from "../spool.ts";
import type { Keeping, Lying, Target } from "../target.ts";
import { targetTrouble } from "../target-trouble.ts";
import { TemporaryFile } from "../temporary-file.ts";
import { type Dated, FileTimes } from "./dating.ts";
import { fromErrno } from "./errno.ts";
import { readTargetJson } from "./folder-marker.ts";
import { errorOf, FolderThread } from "./folder-thread.ts";
import { fsyncFiles } from "./fsync.ts";
import { type FolderOptions, type OpenedFolder, openFolder } from "./open-folder.ts";
import { OwnFolderFiles } from "./own-folder-files.ts";
import { type BatchDrive, placeBatch } from "./place-batch.ts";

/** Read at once, in bytes: a fifth faster than in megabytes, whose memory the system makes anew each time (measured). */
const BLOCK = 256 * 1024;
/** So many free bytes hold any batch and its lines. */
const MUCH_ROOM = 1024 ** 3;

/** @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`, `full`, `unwritable` */
export async function openFolderTarget(path: string, options: FolderOptions): Promise<Target> {
  const medium = new FolderMedium(await openFolder(path, options));
  const target = new MediumTarget(medium);
  try {
    await medium.dateWhatIsNot(target, options.signal ?? new AbortController().signal);
    return target;
  } catch (error) {
    await target.close();
    throw fromErrno(error, `setting times on ${path}`);
  }
}

class FolderMedium implements Medium {
  readonly name: string;
  readonly id: string;
  readonly traits: OpenedFolder["traits"];
  readonly freeBytes: number | null;
  readonly memory: OpenedFolder["memory"];
  readonly location: OpenedFolder["location"];
  readonly warn: OpenedFolder["warn"];
  readonly lists: OpenedFolder["lists"];
  readonly own: OwnFolderFiles;
  readonly drafts: Drafts | null;
  readonly draftsFolder?: NonNullable<Medium["draftsFolder"]>;
  readonly #opened: OpenedFolder;
  readonly #drive: BatchDrive | null;

  constructor(opened: OpenedFolder) {
    const { name, home, traits, warn, writing } = opened;
    this.name = name;
    this.id = opened.id;
    this.traits = traits;
    this.freeBytes = opened.freeBytes;
    this.memory = opened.memory;
    this.location = opened.location;
    this.warn = warn;
    this.lists = opened.lists;
    this.own = new OwnFolderFiles(home, (doing, work) => this.attempt(doing, work));
    this.#opened = opened;
    const attempt: Medium["attempt"] = (doing, work) => this.attempt(doing, work);
    if (writing) this.draftsFolder = { folder: writing.drafts, earliestTime: traits.earliestTime };
    this.drafts = writing && new Drafts({ folder: writing.drafts, hold: HELD, attempt });
    this.#drive = writing && {
      root: opened.root,
      links: traits.links,
      durable: writing.durable,
      thread: new FolderThread(),
      dating: new FileTimes({ name, home, earliestTime: traits.earliestTime, durable: writing.durable, warn }),
      directories: writing.directories,
      syncFs: writing.syncFs,
    };
  }

  /** Gives all photos their times, on a drive that refused them before and takes them now. */
  async dateWhatIsNot(target: Pick<Target, "entries">, signal: AbortSignal): Promise<void> {
    if (this.#opened.writing?.datable !== true) return;
    const fileOf = (path: string) => this.#fileInside(path).catch(() => null);
    await this.#drive?.dating.dateAll(target.entries(signal), fileOf);
  }

  async attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const trouble = fromErrno(error, `${doing} on ${this.name}`);
      if (!trouble.endsRun) await this.#mustBeSameDrive();
      if (trouble.code === "unwritable") await this.#mustTakeWrites();
      throw trouble;
    }
  }

  async place(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Placed[]> {
    await this.#mustBeSameDrive();
    const room = await this.#roomForLines(batch);
    try {
      return (await placeBatch(this.#forWriting(), batch, signal)).map((kept) => ({ kept }));
    } finally {
      await room?.discard();
    }
  }

  /** Where little is left, what the lists will take is taken before names are given: no photo has a name and no line. */
  async #roomForLines(batch: readonly Keeping[]): Promise<TemporaryFile | null> {
    const { root, writing } = this.#opened;
    const { bavail, bsize, blocks } = await statfs(root);
    if (writing === null || blocks === 0 || bavail * bsize > MUCH_ROOM) return null;
    const lines = batch.map(({ entry }) => ENTRIES.write(entry) + SUMS.write(entry)).join("");
    return TemporaryFile.of(writing.drafts, Buffer.alloc(Buffer.byteLength(lines) + 2 * bsize, "."), 0);
  }

  async *read(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const handle = await this.#openInside(path);
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
  }

  async *list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page> {
    try {
      yield* (await openFolderSource(this.name)).list(range, signal);
    } catch (error) {
      throw targetTrouble(error, this.name);
    }
  }

  async look(path: string): Promise<Lying | null> {
    const file = await this.#fileInside(path).catch(() => null);
    const found = file === null ? null : await lstat(file).catch(() => null);
    if (found === null) return null;
    return { size: found.size, modified: isoOf(found.mtimeMs) };
  }

  async date(batch: readonly Dated[], signal: AbortSignal): Promise<void> {
    await this.#mustBeSameDrive();
    for (const dated of batch) {
      stopIf(signal);
      const file = await this.#fileInside(dated.entry.path).catch(() => null);
      if (file !== null) await this.#drive?.dating.date(file, dated);
    }
  }

  setAside(path: string, to: string): Promise<boolean> {
    const { root, thread, directories, links } = this.#forWriting();
    const folder = folderOf(path);
    return this.attempt("setting a file aside", async () => {
      await this.#mustBeSameDrive();
      if (!(await directories.ensure(folder))) return false;
      const names = [{ from: join(root, path), to: join(root, to) }];
      const answer = await thread.do({ kind: "rename", names, links });
      const error = errorOf(answer);
      if (error !== null) throw error;
      if (answer.renamed[0] !== true) return false;
      directories.touch(folder);
      await directories.force();
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#drive?.thread.close();
    // All that counts was forced to the medium before; a drive that is gone may fail to say so again.
    await this.#opened.lists.close().catch(() => undefined);
    this.#drive?.syncFs?.close();
    this.#opened.writing?.lock.release();
  }

  /** A drive that was unmounted leaves its mount point behind, which is a folder on another device. */
  async #mustBeSameDrive(): Promise<void> {
    const { home, device, id } = this.#opened;
    const found = await lstat(home).catch(() => null);
    const marker = found === null ? null : await readTargetJson(home).catch(() => null);
    if (found?.dev === device && marker?.id === id) return;
    throw new HaulError("wrong-drive", `${this.name} is no longer the drive that the run began with`);
  }

  /** Tells a photo that cannot be written from a drive that takes nothing more, as one that was pulled out. */
  async #mustTakeWrites(): Promise<void> {
    let temporary: TemporaryFile | undefined;
    try {
      temporary = await TemporaryFile.of(this.#opened.writing?.drafts ?? "", Buffer.from("."), 0);
      await fsyncFiles([temporary.file], null);
    } catch (error) {
      const { code, message } = fromErrno(error, `${this.name} takes no more writes`);
      throw new HaulError(code === "unwritable" ? "wrong-drive" : code, message, { cause: error });
    } finally {
      await temporary?.discard().catch(() => undefined);
    }
  }

  #forWriting(): BatchDrive {
    if (this.#drive !== null) return this.#drive;
    throw new HaulError("read-only", `${this.name} was opened for reading only`);
  }

  async #openInside(path: string): Promise<Awaited<ReturnType<typeof open>>> {
    try {
      return await open(await this.#fileInside(path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      const gone = ["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error)) || error instanceof HaulError;
      throw gone
        ? new HaulError("missing", `${path} does not lie on ${this.name}`, { cause: error })
        : new HaulError("broken", `${path} on ${this.name} cannot be opened`, { cause: error });
    }
  }

  /** Of a regular file below regular folders. @throws HaulError `missing`, or what the system says */
  async #fileInside(path: string): Promise<string> {
    const segments = path.split("/");
    for (let depth = 1; depth < segments.length; depth += 1) {
      const folder = await lstat(join(this.#opened.root, ...segments.slice(0, depth)));
      if (!folder.isDirectory()) throw new HaulError("missing", "a parent is not a folder");
    }
    const file = join(this.#opened.root, ...segments);
    if (!(await lstat(file)).isFile()) throw new HaulError("missing", "not a file");
    return file;
  }
}

/** A drive may hold a time that no date has; then it holds none. */
function isoOf(ms: number): string {
  const time = new Date(ms).toJSON();
  return isTimestamp(time) ? time : new Date(0).toJSON();
}
