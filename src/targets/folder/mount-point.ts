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
export function isUnmounted(
  { path, empty, onSystemDisk }: Vacancy,
  mountPoints: readonly string[],
): boolean {
  if (!empty || !onSystemDisk) return false;
  return [...USUAL.map((folder) => `${folder}/`), ...mountPoints].some(
    (place) => path === place || path.startsWith(place.endsWith("/") ? place : `${place}/`),
  );
}

/** The mount points of an /etc/fstab besides `/`; spaces in them are written `\040` there (fstab(5)). */
export function mountPointsIn(fstab: string): string[] {
  return fstab
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .map((line) => line.trim().split(/\s+/)[1] ?? "")
    .map((place) =>
      place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((place) => place.startsWith("/") && place !== "/");
}
