/** Opening the folder of a target: is it the right one, may it be written, what can its drive do. */

import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readFile, realpath, stat, statfs, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type Location, type Memory, NO_MEMORY, remembering, type Told } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { holdLock, type Lock } from "../local/lock.ts";
import { likelyTraits, type Traits } from "../naming/traits.ts";
import { HOME } from "../path-inside.ts";
import { Directories, forceDirectory } from "./folder/directories.ts";
import { codeOf, fromErrno } from "./folder/errno.ts";
import { existingFolder, mustBeMounted, parentOf } from "./folder/find-folder.ts";
import { canSyncfs } from "./folder/fsync.ts";
import { mustHoldFiles } from "./folder/home-files.ts";
import { locationOf } from "./folder/location.ts";
import { markerFromLists, setMarkerAside } from "./folder/lost-marker.ts";
import { FolderManifest } from "./folder/manifest.ts";
import { probe, withFolder } from "./folder/probe.ts";
import { README } from "./folder/readme.ts";
import { SyncFs } from "./folder/syncfs.ts";
import { readTargetJson, TARGET_JSON, type TargetJson, writeTargetJson } from "./folder/target-json.ts";
import { sweep, TemporaryFile } from "./folder/temporary.ts";
import { isUndated, takesTimes } from "./folder/undated.ts";

/** With the source and its zone, for target.json. */
export interface FolderOptions extends Told {
  /** Writes nothing at all, for a dry run and for `verify`; `stage` and `commit` are refused. */
  readonly readOnly?: boolean;
  /** The id that this target had when it was last used; another one, or none, is `wrong-drive`. */
  readonly expectedId?: string | undefined;
  /** `none` leaves it to the system when bytes reach the medium. `photo` and `batch` are the caller's batches. */
  readonly durable?: "photo" | "batch" | "none";
  /** Told what people should know and what does not stop a run; one sentence. */
  readonly warn?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** A target folder that was found right. */
export interface OpenedFolder {
  readonly name: string;
  /** The folder itself, links resolved. */
  readonly root: string;
  /** `.photohaul` in it. */
  readonly home: string;
  /** "" for one that was never written to. */
  readonly id: string;
  readonly traits: Traits;
  readonly freeBytes: number | null;
  /** What target.json remembered when the target was opened. */
  readonly memory: Memory;
  readonly location: Location;
  /** The file system's number when the target was opened. */
  readonly device: number;
  readonly warn: (message: string) => void;
  /** Null when it was opened for reading. */
  readonly writing: Writing | null;
}

export interface Writing {
  /** Where drafts are written. */
  readonly drafts: string;
  /** True where it refused file times before, and takes them now. */
  readonly datable: boolean;
  readonly ledger: FolderManifest;
  readonly directories: Directories;
  /** False with `--durable none`. */
  readonly force: boolean;
  /** Null where the drive cannot be forced as a whole. */
  readonly wholeDrive: SyncFs | null;
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
  const home = join(root, HOME);
  const marker = await markerOf(home, path, options);
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
    writing: null,
  };
}

async function openToWrite(path: string, options: FolderOptions): Promise<OpenedFolder> {
  const root = await folderFor(path, options.expectedId);
  const home = join(root, HOME);
  const warn = options.warn ?? (() => undefined);
  await markerOf(home, path, { expectedId: options.expectedId });
  await makeHome(home);
  const drafts = join(home, "tmp");
  await tryWriting(drafts);
  const lock = lockTarget(home, path, warn);
  try {
    await sweep(drafts);
    const old = await markerOf(home, path, options);
    // What the drive can hold was found out while it took no times.
    const datable = (await isUndated(home)) && (await takesTimes(drafts));
    const tried = datable && old !== null ? { ...old, traits: null } : old;
    const marker = await markTarget({ root, home, drafts, old: tried }, options);
    const { dev } = await stat(home);
    return {
      name: path,
      root,
      home,
      id: marker.id,
      traits: marker.traits,
      freeBytes: await freeBytes(root),
      memory: old ?? NO_MEMORY,
      location: await locationOf(root),
      device: dev,
      warn,
      writing: {
        drafts,
        datable,
        ledger: await FolderManifest.open(home, (aside) =>
          warn(`${join(home, aside)} holds a list of ${path} as it was: it had to be mended`),
        ),
        directories: new Directories(root, home),
        force: options.durable !== "none",
        wholeDrive: canSyncfs((await statfs(drafts)).type) ? new SyncFs(drafts) : null,
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
    throw new HaulError("wrong-drive", `${path} is gone: the drive is not mounted`);
  }
  await mkdir(path);
  return realpath(path);
}

/** What target.json says, after it was found to be the one expected. */
async function markerOf(
  home: string,
  path: string,
  { expectedId, warn }: Pick<FolderOptions, "expectedId" | "warn">,
): Promise<TargetJson | null> {
  const found = await lstat(home).catch(() => null);
  if (found !== null && !found.isDirectory()) {
    throw new HaulError("no-target", `${home} is not a folder`, { place: "folder" });
  }
  const marker = await readTargetJson(home).catch((error: unknown) => unreadable(home, error));
  const lost = marker === null || marker instanceof HaulError;
  const known = lost ? await markerFromLists(home, expectedId) : marker;
  if (known === null && marker instanceof HaulError) throw marker;
  if (lost && known !== null) {
    warn?.(`${join(home, TARGET_JSON)} was lost; the target is known by the lists beside it`);
  }
  if (expectedId === undefined || known?.id === expectedId) return known;
  const held = known === null ? "holds no photohaul target" : "holds another photohaul target";
  throw new HaulError("wrong-drive", `${path} ${held}: the drive is not mounted, or not this one`);
}

function unreadable(home: string, cause: unknown): HaulError {
  const says = `${join(home, TARGET_JSON)} cannot be read, and no list of photos lies beside it. Delete it where nothing was kept there`;
  return new HaulError("wrong-drive", says, { cause });
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

interface Marking {
  readonly root: string;
  readonly home: string;
  readonly drafts: string;
  readonly old: TargetJson | null;
}

async function markTarget(
  { root, home, drafts, old }: Marking,
  options: FolderOptions,
): Promise<TargetJson & { traits: Traits }> {
  const drive = { device: (await stat(root)).dev, type: (await statfs(root)).type };
  const sameDrive = old?.drive?.device === drive.device && old.drive.type === drive.type;
  const traits =
    (sameDrive ? old.traits : null) ?? (await withFolder(drafts, "probe", (folder) => probe(folder, root)));
  const marker = {
    id: old?.id ?? randomUUID(),
    createdAt: old?.createdAt ?? new Date().toISOString(),
    ...remembering(old ?? NO_MEMORY, options),
    traits,
    drive,
  };
  if (JSON.stringify(marker) !== JSON.stringify(old)) {
    await explain(home);
    await setMarkerAside(home);
    await writeTargetJson(home, marker);
    await forceDirectory(home);
    await forceDirectory(root);
  }
  return marker;
}

/** Puts the README there, unless it is: what is right is not written again, as some drivers of FAT refuse that. */
async function explain(home: string): Promise<void> {
  const file = join(home, "README.txt");
  const there = await readFile(file, "utf8").catch(() => null);
  if (there !== README) await writeFile(file, README);
}

/** What an ordinary user may still write; null where the system does not say. */
async function freeBytes(root: string): Promise<number | null> {
  return statfs(root).then(
    ({ blocks, bavail, bsize }) => (blocks === 0 ? null : bavail * bsize),
    () => null,
  );
}
