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
 */

import { plainMountPath } from "../../local/folder-place.ts";

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

/** @param mountPoints what /etc/fstab names (`mountPointsIn`) */
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
