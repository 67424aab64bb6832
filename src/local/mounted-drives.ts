/** Drives that are mounted on this computer, for somebody to choose from. */

import { readdir, readFile, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

export interface Drive {
  readonly path: string;
  readonly fileSystem: string;
  /** Bytes. */
  readonly size: number;
  readonly free: number;
  /** True for the one that the system itself lies on: what is kept there is lost with the computer. */
  readonly isSystem: boolean;
}

interface Mount {
  readonly path: string;
  readonly fileSystem: string;
  /** Major and minor number. */
  readonly device: string;
}

/** Where people's drives are mounted; all else is the system's own. */
const PLUGGED = /^\/(media|mnt|run\/media|Volumes|srv|data|home)(\/|$)/;
const NETWORK = /^(nfs4?|cifs|smb3|fuse\.sshfs)$/;

/** `/proc/self/mountinfo` (proc(5)): what can be written to and lies on a drive, a network drive included, each once. */
export function readMounts(text: string): Mount[] {
  const found = new Map<string, Mount>();
  for (const line of text.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , device = "", , path = "", options = ""] = before.split(" ");
    const [fileSystem = "", from = ""] = after.split(" ");
    const onDrive = from.startsWith("/dev/") || NETWORK.test(fileSystem);
    if (!onDrive || !options.split(",").includes("rw") || found.has(device)) continue;
    found.set(device, { path: plain(path), fileSystem, device });
  }
  return [...found.values()];
}

/** Blanks and the like stand there as octal numbers. */
function plain(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}

/** Plugged-in ones first, the larger before the smaller; the system's last. Empty where nobody can tell. */
export async function mountedDrives(platform: NodeJS.Platform): Promise<Drive[]> {
  const mounts =
    platform === "darwin"
      ? await volumes()
      : readMounts(await readFile("/proc/self/mountinfo", "utf8").catch(() => ""));
  const root = await stat("/").catch(() => null);
  const drives: Drive[] = [];
  for (const { path, fileSystem } of mounts) {
    const [space, at] = await Promise.all([statfs(path).catch(() => null), stat(path).catch(() => null)]);
    const isSystem = at !== null && root !== null && at.dev === root.dev;
    if (space === null || at?.isDirectory() !== true || !(isSystem || PLUGGED.test(path))) continue;
    drives.push({ path, fileSystem, size: space.blocks * space.bsize, free: space.bavail * space.bsize, isSystem });
  }
  return drives.toSorted((a, b) => Number(a.isSystem) - Number(b.isSystem) || b.size - a.size);
}

async function volumes(): Promise<Mount[]> {
  const names = await readdir("/Volumes").catch(() => []);
  return names.map((name) => ({ path: join("/Volumes", name), fileSystem: "", device: name }));
}
