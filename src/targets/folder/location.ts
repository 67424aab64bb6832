/**
 * What a folder lies on: the file system by its UUID, a network drive by its address, else the device; and the path
 * within that, so that one drive is the same one wherever it is mounted (proc(5): mountinfo).
 */

import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Location } from "../../catalogue/target-memory.ts";
import { placeOfFolder, plainMountPath } from "../../local/folder-place.ts";

const UUIDS = "/dev/disk/by-uuid";

/** @throws errors of the system where the folder is gone */
export async function locationOf(folder: string): Promise<Location> {
  const { path, mounted } = await placeOfFolder(folder);
  if (mounted === null) return { holder: "", within: path };
  const source = await sourceOf(mounted.device);
  const uuid = await uuidOf(source);
  const far = mounted.remote && source !== "" ? `mount:${source}` : `device:${mounted.device}`;
  return { holder: uuid === null ? far : `uuid:${uuid}`, within: mounted.path };
}

/** What is mounted: `36 35 98:0 /root /point opts - ext4 /dev/sdb1 rw`; "" where the system does not tell. */
async function sourceOf(device: string): Promise<string> {
  const text = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  const line = text.split("\n").find((one) => one.split(" ")[2] === device) ?? "";
  return plainMountPath((line.split(" - ")[1] ?? "").split(" ")[1] ?? "");
}

async function uuidOf(source: string): Promise<string | null> {
  if (!source.startsWith("/dev/")) return null;
  const device = await realpath(source).catch(() => null);
  for (const uuid of await readdir(UUIDS).catch(() => [])) {
    if ((await realpath(join(UUIDS, uuid)).catch(() => "")) === device) return uuid;
  }
  return null;
}
