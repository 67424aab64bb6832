/** Opening the folder of a target: is it the right one, may it be written, what can its drive do. */

import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, realpath, stat, statfs, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Location, NO_MEMORY } from "../../catalogue/target-memory.ts";
import { codeOf, HaulError } from "../../errors.ts";
import { holdLock, type Lock } from "../../local/lock.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import { likelyTraits, type Traits } from "../../naming/name.ts";
import type { Disk } from "../../stores/store.ts";
import { sweep } from "../begun.ts";
import type { Medium, OpenOptions } from "../medium.ts";
import { FOLDER_README, sealedReadme } from "../readme.ts";
import { type FoundMarker, renewedMarker } from "../target-json.ts";
import { TemporaryFile } from "../temporary-file.ts";
import { takesTimesNow } from "./dating.ts";
import { Directories } from "./directories.ts";
import { fromErrno } from "./errno.ts";
import { driveOf, existingFolder, locationOf, mustBeMounted, mustHoldFiles, parentOf } from "./find-folder.ts";
import { FolderLists } from "./folder-lists.ts";
import { markerOf, setMarkerAside, writeTargetJson } from "./folder-marker.ts";
import { canSyncfs, forceDirectory, SyncFs } from "./fsync.ts";
import { localDisk, probe, seemsRight, withFolder } from "./probe-drive.ts";

export interface FolderOptions extends OpenOptions {
  /** `none` leaves it to the system when bytes reach the medium. `photo` and `batch` are the caller's batches. */
  readonly durable?: "photo" | "batch" | "none";
}

/** A target folder that was found right. */
export interface OpenedFolder
  extends Pick<Medium, "name" | "id" | "traits" | "freeBytes" | "memory" | "location" | "warn"> {
  /** The folder itself, links resolved. */
  readonly root: string;
  /** `.photohaul` in it. */
  readonly home: string;
  /** The file system's number when the target was opened. */
  readonly device: number;
  readonly lists: FolderLists;
  /** Null when it was opened for reading. */
  readonly writing: WritableFolder | null;
}

export interface WritableFolder {
  /** Where drafts are written. */
  readonly drafts: string;
  /** True where it refused file times before, and takes them now. */
  readonly datable: boolean;
  readonly directories: Directories;
  /** False with `--durable none`. */
  readonly durable: boolean;
  /** Null where the drive cannot be forced as a whole. */
  readonly syncFs: SyncFs | null;
  readonly lock: Lock;
}

/**
 * Opens a target folder. The folder itself is made if need be, never one above it.
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`, `full`, `unwritable`
 */
export async function openFolder(path: string, options: FolderOptions): Promise<OpenedFolder> {
  try {
    // A drive that was used before is known by its marker, and missed in other words.
    if (options.expectedId === undefined) await mustBeMounted(path);
    await mustHoldFiles(path);
    return await (options.readOnly === true ? openToRead : openToWrite)(path, options);
  } catch (error) {
    if (["EACCES", "EPERM"].includes(codeOf(error))) {
      throw new HaulError("read-only", `${path} may not be written to by this user`, {
        cause: error,
      });
    }
    throw fromErrno(error, `opening ${path}`);
  }
}

async function openToRead(path: string, options: FolderOptions): Promise<OpenedFolder> {
  const root = (await existingFolder(path)) ?? (await parentOf(path));
  const home = join(root, OWN_FOLDER);
  const { marker } = await markerOf(home, path, options);
  return {
    name: path,
    root,
    home,
    id: marker?.id ?? "",
    traits: marker?.traits ?? likelyTraits(process.platform, (await statfs(root)).type),
    freeBytes: await freeBytes(root),
    memory: marker ?? NO_MEMORY,
    location: await locationOf(root),
    device: (await stat(root)).dev,
    warn: options.warn ?? (() => undefined),
    lists: FolderLists.toRead(home),
    writing: null,
  };
}

async function openToWrite(path: string, options: FolderOptions): Promise<OpenedFolder> {
  const root = await folderFor(path, options.expectedId);
  const home = join(root, OWN_FOLDER);
  const warn = options.warn ?? (() => undefined);
  await markerOf(home, path, { expectedId: options.expectedId });
  await makeHome(home);
  const drafts = join(home, "tmp");
  await tryWriting(drafts);
  const lock = lockTarget(home, path, warn);
  try {
    await sweep(drafts);
    const found = await markerOf(home, path, options);
    const datable = await takesTimesNow(home, drafts);
    const location = await locationOf(root);
    const { id, traits } = await markTarget({ root, home, drafts, datable, location, ...found }, options);
    const durable = options.durable !== "none";
    const onAside = (aside: string) =>
      warn(`${join(home, aside)} holds a list of ${path} as it was: it had to be mended`);
    return {
      name: path,
      root,
      home,
      id,
      traits,
      freeBytes: await freeBytes(root),
      memory: found.marker ?? NO_MEMORY,
      location,
      device: (await stat(home)).dev,
      warn,
      lists: await FolderLists.open({ home, durable, onAside }),
      writing: {
        drafts,
        datable,
        directories: new Directories(root, home),
        durable,
        syncFs: canSyncfs((await statfs(drafts)).type) ? new SyncFs(home) : null,
        lock,
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function folderFor(path: string, expectedId: string | undefined): Promise<string> {
  const there = await existingFolder(path);
  if (there !== null) return there;
  await parentOf(path);
  if (expectedId !== undefined) {
    throw new HaulError("wrong-drive", `${path} is gone: the drive is not mounted`, { away: true });
  }
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new HaulError("no-target", `${path} is a link that leads nowhere`, { place: "folder", away: true });
  });
  return realpath(path);
}

async function makeHome(home: string): Promise<void> {
  for (const folder of [home, join(home, "tmp")]) {
    await mkdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    if (!(await lstat(folder)).isDirectory()) {
      throw new HaulError("no-target", `${folder} is not a folder`, { place: "folder" });
    }
  }
}

/** A folder that is there says nothing about a drive that is mounted read-only. */
async function tryWriting(drafts: string): Promise<void> {
  const file = await TemporaryFile.create(drafts, 0);
  await file.discard();
}

/** Some network drives know no locks; then a file on this computer stands for the drive. */
function lockTarget(home: string, path: string, warn: (message: string) => void): Lock {
  const what = `the target ${path}`;
  try {
    return holdLock(join(home, "lock"), what);
  } catch (error) {
    if (error instanceof HaulError) throw error;
    warn(`${path} cannot be locked; let no other computer write to it at the same time`);
    const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
    return holdLock(join(tmpdir(), `photohaul-${userInfo().uid}-${name}.lock`), what);
  }
}

interface Marking extends FoundMarker {
  readonly root: string;
  readonly home: string;
  readonly drafts: string;
  readonly datable: boolean;
  readonly location: Location;
}

async function markTarget(
  { root, home, drafts, datable, location, marker: old, isUnreadable }: Marking,
  options: FolderOptions,
): Promise<{ readonly id: string; readonly traits: Traits }> {
  const drive = await driveOf(root, location);
  const trying = <T>(work: (disk: Disk) => Promise<T>) =>
    withFolder(drafts, "probe", (folder) => work(localDisk(folder, root)));
  // What the drive can hold was found out while it took no times.
  const known = !datable && isDeepStrictEqual(old?.drive, drive) ? (old?.traits ?? null) : null;
  const holds = known !== null && (await trying((disk) => seemsRight(disk, known)).catch(() => true));
  const traits = holds ? known : await trying(probe);
  const marker = renewedMarker(old, { traits, drive }, options);
  if (marker !== old || datable) {
    await explain(home, marker.sealed === undefined ? FOLDER_README : sealedReadme(root, marker.sealed));
    if (isUnreadable) await setMarkerAside(home);
    await writeTargetJson(home, marker);
    await forceDirectory(home);
    await forceDirectory(root);
  }
  return { id: marker.id, traits };
}

/** Puts the README there, unless it is: what is right is not written again, as some drivers of FAT refuse that. */
async function explain(home: string, readme: string): Promise<void> {
  const file = join(home, "README.txt");
  const there = await readFile(file, "utf8").catch(() => null);
  if (there !== readme) await writeFile(file, readme);
}

/** What an ordinary user may still write; null where the system does not say. */
export async function freeBytes(root: string): Promise<number | null> {
  return statfs(root).then(
    ({ blocks, bavail, bsize }) => (blocks === 0 ? null : bavail * bsize),
    () => null,
  );
}
