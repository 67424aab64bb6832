/** Finds the folder of a target, and that a drive is mounted where it lies. */

import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HaulError } from "../../errors.ts";
import { HOME } from "../../path-inside.ts";
import { codeOf } from "./errno.ts";
import { isUnmounted, mountPointsIn } from "./mount-point.ts";

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
  const wayOut = `If photos are meant to lie there, make the folder ${join(vacancy.path, HOME)}`;
  throw new HaulError(
    "no-target",
    `no drive is mounted at ${path}: it is an empty place on the disk of the system. ${wayOut}`,
    { place: "folder" },
  );
}
