/** The way of a batch onto a drive: written, dated, forced, named; each step for all before the next. */

import { join } from "node:path";
import type { ManifestEntry } from "../model.ts";
import { draftOf } from "./folder/draft.ts";
import { type DriveThread, errorOf } from "./folder/folder-thread.ts";
import type { Naming, NewFile } from "./folder/folder-worker.ts";
import { fsyncFiles } from "./folder/fsync.ts";
import { MANIFEST } from "./folder/manifest.ts";
import { exactOf, hasTime, holdsBytes, secondsOf, setTime } from "./folder/rename-no-replace.ts";
import { safeSegments } from "./folder/safe-path.ts";
import type { TemporaryFile } from "./folder/temporary.ts";
import { forgetUndated, rememberUndated } from "./folder/undated.ts";
import { utimens } from "./folder/utimens.ts";
import type { OpenedFolder } from "./open-folder.ts";
import type { Keeping, Kept } from "./target.ts";

type DatedEntry = Pick<Keeping, "entry" | "mtime">;

/** Errors are those of the system. Every step is safe to do again after one failed. */
export class Batches {
  readonly #drive: OpenedFolder;
  readonly #thread: DriveThread;
  #saidUndatable = false;

  constructor(drive: OpenedFolder, thread: DriveThread) {
    this.#drive = drive;
    this.#thread = thread;
  }

  /** Writes what waits in memory, and gives every draft its time. */
  async write(batch: readonly Keeping[]): Promise<void> {
    const held: { readonly temporary: TemporaryFile; readonly made: NewFile }[] = [];
    for (const keeping of batch) {
      const { temporary } = draftOf(keeping.draft);
      const { file, held: bytes } = temporary;
      if (bytes === null) await this.#setTime(placeOf(temporary), keeping);
      else held.push({ temporary, made: { file, bytes, seconds: this.#secondsOf(keeping) } });
    }
    if (held.length === 0) return this.#dateExactly(batch);
    const files = held.map(({ made }) => made);
    const answer = await this.#thread.do({ kind: "write", files });
    for (const [at, { temporary }] of held.entries()) {
      temporary.held = answer.rest[at - answer.done] ?? null;
    }
    if (answer.undatable) await this.#sayUndatable();
    const error = errorOf(answer);
    if (error !== null) throw error;
    this.#dateExactly(batch);
  }

  /** Those of a batch whose time is known to the nanosecond. */
  #dateExactly(batch: readonly Keeping[]): void {
    utimens(
      batch.flatMap((keeping) => {
        const time = exactOf(this.#holdable(keeping.mtime), keeping.entry.captured?.utc);
        const place = placeOf(draftOf(keeping.draft).temporary);
        return time === null ? [] : [{ path: Buffer.from(place), time }];
      }),
    );
  }

  /** Forces all bytes to the medium. */
  async force(batch: readonly Keeping[]): Promise<void> {
    const files = batch.map(({ draft }) => placeOf(draftOf(draft).temporary));
    await fsyncFiles(files, this.#drive.writing?.wholeDrive ?? null);
  }

  /** Gives the drafts their names, where those are free. */
  async name(batch: readonly Keeping[]): Promise<Kept[]> {
    const wanted: (Naming & { readonly keeping: Keeping; readonly temporary: TemporaryFile })[] = [];
    const kept = new Map<Keeping, Kept>();
    for (const keeping of batch) {
      const { temporary } = draftOf(keeping.draft);
      const to = await this.#clear(keeping.entry.path);
      if (to === null) kept.set(keeping, "occupied");
      else if (temporary.placed === to) kept.set(keeping, "stored");
      else wanted.push({ keeping, temporary, from: temporary.file, to });
    }
    const namings = wanted.map(({ from, to }) => ({ from, to }));
    const { links } = this.#drive.traits;
    const answer = await this.#thread.do({ kind: "name", namings, links });
    for (const [at, { temporary, to }] of wanted.entries()) {
      if (answer.named[at] === true) temporary.placed = to;
    }
    const error = errorOf(answer);
    if (error !== null) throw error;
    for (const { keeping, temporary, to } of wanted) {
      const placed = temporary.placed === to;
      if (placed && !links) await this.#dateAgain(to, keeping);
      kept.set(keeping, placed ? "stored" : await this.#sameOr(to, keeping));
    }
    return batch.map((keeping) => kept.get(keeping) ?? "occupied");
  }

  /** The file for a path, its folder made; null where something stands in the way. */
  async #clear(path: string): Promise<string | null> {
    const segments = safeSegments(path);
    const folder = segments.slice(0, -1).join("/");
    const { root, writing } = this.#drive;
    if (writing === null || !(await writing.directories.ensure(folder))) return null;
    writing.directories.touch(folder);
    return join(root, ...segments);
  }

  /** What lies under a name that was taken. A file is not dated anew by the mere time of an upload. */
  async #sameOr(file: string, keeping: Keeping): Promise<Kept> {
    const { entry } = keeping;
    if (!(await holdsBytes(file, entry.size, entry.sha256))) return "occupied";
    if (entry.captured?.source !== "modified") await this.#dateAndForce(file, keeping);
    return "same";
  }

  /** Drivers of FAT in user space may finish the writing of a file, and stamp it, after its time was set. */
  async #dateAgain(file: string, dated: DatedEntry): Promise<void> {
    if (this.#saidUndatable || (await hasTime(file, this.#holdable(dated.mtime)))) return;
    await this.#dateAndForce(file, dated);
  }

  async #dateAndForce(file: string, dated: DatedEntry): Promise<void> {
    await this.date(file, dated);
    if (this.#drive.writing?.force === true) await fsyncFiles([file], null);
  }

  /** Of a drive that refused times before and takes them now. @param fileOf null where the photo does not lie there */
  async dateAll(
    entries: AsyncIterable<ManifestEntry>,
    fileOf: (path: string) => Promise<string | null>,
  ): Promise<void> {
    for await (const entry of entries) {
      const file = await fileOf(entry.path);
      const mtime = new Date(entry.captured?.utc ?? entry.modified);
      if (file !== null) await this.date(file, { entry, mtime });
    }
    const { name, home, warn } = this.#drive;
    await forgetUndated(home);
    warn(`${name} takes file times now: those of all photos there were set`);
  }

  /** Clamped to what the drive can hold; a drive that refuses times is told of once. */
  async date(file: string, dated: DatedEntry): Promise<void> {
    await this.#setTime(file, dated);
    const time = exactOf(this.#holdable(dated.mtime), dated.entry.captured?.utc);
    if (time !== null) utimens([{ path: Buffer.from(file), time }]);
  }

  /** To the microsecond. */
  async #setTime(file: string, dated: DatedEntry): Promise<void> {
    if (!(await setTime(file, this.#secondsOf(dated)))) await this.#sayUndatable();
  }

  #secondsOf({ entry, mtime }: DatedEntry): string {
    return secondsOf(this.#holdable(mtime), entry.captured?.utc);
  }

  async #sayUndatable(): Promise<void> {
    if (this.#saidUndatable) return;
    this.#saidUndatable = true;
    const { name, home, warn } = this.#drive;
    await rememberUndated(home);
    const owner = process.getuid?.() ?? "";
    warn(
      `${name} refuses file times, as exFAT and FAT do where another user mounted them: the photos are kept whole, and their dates are in ${MANIFEST} only. Mount it with the option uid=${owner}; then the next mirror sets the times, and so does \`photohaul dates ${name}\``,
    );
  }

  #holdable(time: Date): Date {
    return new Date(Math.max(time.getTime(), Date.parse(this.#drive.traits.earliestTime)));
  }
}

/** Where the bytes of a draft lie that are in a file. */
function placeOf({ placed, file }: TemporaryFile): string {
  return placed ?? file;
}
