/** Drives that are mounted on this computer, for somebody to choose from. */

import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { mountsIn, readMountinfo } from "./folder-place.ts";

export interface Drive {
  readonly path: string;
  readonly fileSystem: string;
  /** Bytes. */
  readonly size: number;
  readonly free: number;
  /** True for the one that the system itself lies on: what is kept there is lost with the computer. */
  readonly isSystem: boolean;
}

/** Where people's drives are mounted; all else is the system's own. */
const PLUGGED = /^\/(media|mnt|run\/media|Volumes|srv|data|home)(\/|$)/;
const NETWORK = /^(nfs4?|cifs|smb3|fuse\.sshfs)$/;

type Place = Pick<Drive, "path" | "fileSystem">;

/** Of a mountinfo: what can be written to and lies on a drive, a network drive included, each once. */
export function placesIn(text: string): Place[] {
  const known = new Set<string>();
  return mountsIn(text).flatMap(({ point, type, source, device, writable }) => {
    const onDrive = source.startsWith("/dev/") || NETWORK.test(type);
    if (!onDrive || !writable || known.has(device)) return [];
    known.add(device);
    return [{ path: point, fileSystem: type }];
  });
}

/** Plugged-in ones first, the larger before the smaller; the system's last. Empty where nobody can tell. */
export async function mountedDrives(platform: NodeJS.Platform): Promise<Drive[]> {
  const places = platform === "darwin" ? await volumes() : placesIn(await readMountinfo());
  const root = await stat("/").catch(() => null);
  const drives: Drive[] = [];
  for (const { path, fileSystem } of places) {
    const [space, at] = await Promise.all([statfs(path).catch(() => null), stat(path).catch(() => null)]);
    const isSystem = at !== null && root !== null && at.dev === root.dev;
    if (space === null || at?.isDirectory() !== true || !(isSystem || PLUGGED.test(path))) continue;
    drives.push({ path, fileSystem, size: space.blocks * space.bsize, free: space.bavail * space.bsize, isSystem });
  }
  return drives.toSorted((a, b) => Number(a.isSystem) - Number(b.isSystem) || b.size - a.size);
}

async function volumes(): Promise<Place[]> {
  const names = await readdir("/Volumes").catch(() => []);
  return names.map((name) => ({ path: join("/Volumes", name), fileSystem: "" }));
}
