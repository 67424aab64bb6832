/** Finds the folder of a target: that a drive is mounted where it lies, what that is, and that its own files are files. */

import { readdir, readFile, realpath, stat, statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Location } from "../../catalogue/target-memory.ts";
import { codeOf, HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import { kindOf } from "../../local/files.ts";
import { placeOfFolder, plainMountPath } from "../../local/folder-place.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import type { TargetJson } from "../target-json.ts";

/** The folder with its links resolved; null where there is none. */
export async function existingFolder(path: string): Promise<string | null> {
  const root = await realpath(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (root !== null && !(await stat(root)).isDirectory()) {
    throw new HaulError("no-target", `${path} is not a folder`, { place: "folder" });
  }
  return root;
}

/** The folder above one. @throws HaulError `no-target` where there is none either */
export async function parentOf(path: string): Promise<string> {
  const parent = dirname(resolve(path));
  const folder = await existingFolder(parent);
  if (folder !== null) return folder;
  throw new HaulError("no-target", `${path} does not exist, and neither does ${parent}`, {
    place: "folder",
    away: true,
  });
}

/** @throws HaulError `no-target` for the empty mount point of a drive */
export async function mustBeMounted(path: string): Promise<void> {
  const there = await existingFolder(path);
  const parent = there ?? (await existingFolder(dirname(resolve(path))));
  if (parent === null) return;
  const vacancy = {
    path: there ?? join(parent, basename(resolve(path))),
    empty: there === null || (await readdir(there)).length === 0,
    onSystemDisk: (await stat(parent)).dev === (await stat("/")).dev,
  };
  const fstab = await readFile("/etc/fstab", "utf8").catch(() => "");
  if (!isUnmounted(vacancy, mountPointsIn(fstab))) return;
  const says = `no drive is mounted at ${path}: it is an empty place on the disk of the system`;
  const wayOut = `If photos are meant to lie there, make the folder ${join(vacancy.path, OWN_FOLDER)}`;
  throw new HaulError("no-target", `${says}. ${wayOut}`, { place: "folder", away: true });
}

/** Linux (FHS 3.0; udisks) and macOS. */
const USUAL = ["/media", "/run/media", "/mnt", "/Volumes"];

/** A folder, or the place of one that is not there yet. */
export interface Vacancy {
  /** Absolute, links resolved. */
  readonly path: string;
  /** True where nothing lies in it, or it is not there. */
  readonly empty: boolean;
  /** True where it is on the same device as `/`. */
  readonly onSystemDisk: boolean;
}

/**
 * Is a folder the place of a drive that is not mounted? Asked where no marker says which drive belongs there, so
 * before a first run: what is copied into an empty mount point fills the disk of the system.
 *
 *   holds anything   on the system's disk   where drives are mounted     then
 *   yes                                                                  a folder like any other
 *   no               no                                                  a drive is mounted there
 *   no               yes                    no                           a folder like any other
 *   no               yes                    yes                          a drive that is not mounted
 *
 * Drives are mounted below the folders that systems keep for them, and where /etc/fstab says so.
 *
 * @param mountPoints what /etc/fstab names (`mountPointsIn`)
 */
export function isUnmounted({ path, empty, onSystemDisk }: Vacancy, mountPoints: readonly string[]): boolean {
  if (!empty || !onSystemDisk) return false;
  const isBelow = (place: string) => path.startsWith(`${place}/`);
  return USUAL.some(isBelow) || mountPoints.some((place) => path === place || isBelow(place));
}

/** The mount points of an /etc/fstab besides `/`, without a slash at the end; a space in one is written `\040` (fstab(5)). */
export function mountPointsIn(fstab: string): string[] {
  return fstab
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .map((line) => line.trim().split(/\s+/)[1] ?? "")
    .filter((place) => /^\/+[^/]/.test(place))
    .map((place) => plainMountPath(place.replace(/\/+$/, "")));
}

const FILES = /^(target\.json|manifest\.ndjson|SHA256SUMS|README\.txt)/;

/**
 * What lies in `.photohaul` is read and written by name: a link there leads out of the target, a pipe is never done.
 * @throws HaulError `no-target` for anything there that is neither file nor folder, and for a folder in a file's place
 */
export async function mustHoldFiles(path: string): Promise<void> {
  const home = join(path, OWN_FOLDER);
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile() || (entry.isDirectory() && !FILES.test(entry.name))) continue;
    const says = `${join(home, entry.name)} is ${kindOf(entry)}; photohaul makes none there. Move it away`;
    throw new HaulError("no-target", says, { place: "folder" });
  }
}

const UUIDS = "/dev/disk/by-uuid";
const DISKS = "/dev/disk/by-id";

/**
 * What a folder lies on: the file system by its UUID, a network drive by its address, else the device; and the path
 * within that, so that one drive is the same one wherever it is mounted (proc(5): mountinfo).
 * @throws errors of the system where the folder is gone
 */
export async function locationOf(folder: string): Promise<Location> {
  const { path, mounted } = await placeOfFolder(folder);
  const born = await birthOf(join(folder, OWN_FOLDER));
  if (mounted === null) return { holder: "", within: path, born };
  const { device, source, remote } = mounted;
  const uuid = await nameIn(UUIDS, source);
  const far = source !== "" && (remote || device.startsWith("file ")) ? `mount:${source}` : `device:${device}`;
  const holder = uuid === null ? far : `uuid:${uuid}`;
  return { holder, within: mounted.path, born, disk: await diskOf(source, device) };
}

/**
 * The file system that a folder lies on, as far as it concerns what can be written there. One number of a device is given to
 * whatever is plugged in next, and all that FUSE mounts from a device has one type in statfs(2).
 * @throws errors of the system where the folder is gone
 */
export async function driveOf(folder: string, { holder, disk }: Location): Promise<NonNullable<TargetJson["drive"]>> {
  const { mounted } = await placeOfFolder(folder);
  const on = [mounted?.type, holder, disk].filter(Boolean).join(" ");
  return { device: (await stat(folder)).dev, type: (await statfs(folder)).type, on };
}

/** Which disk it is, as clones have one UUID: by its serial, or by the file that is its bytes. The number of a device may be another one tomorrow. */
async function diskOf(source: string, device: string): Promise<string | undefined> {
  if (!source.startsWith("/dev/")) return undefined;
  const serial = await nameIn(DISKS, source);
  if (serial !== null) return serial;
  const name = basename(await realpath(source).catch(() => source));
  const file = await readFile(`/sys/class/block/${name}/loop/backing_file`, "utf8").catch(() => "");
  return file.trim() || device;
}

/** File systems that keep no time of birth give 0 for it (statx(2)). */
async function birthOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder, { bigint: true }).catch(() => null);
  return found === null || found.birthtimeNs <= 0n ? undefined : String(found.birthtimeNs);
}

/** Under which name a folder of links has a device. */
async function nameIn(links: string, source: string): Promise<string | null> {
  if (!source.startsWith("/dev/")) return null;
  const device = await realpath(source).catch(() => null);
  for (const name of (await readdir(links).catch((): string[] => [])).sort(compareKeys)) {
    if ((await realpath(join(links, name)).catch(() => "")) === device) return name;
  }
  return null;
}
