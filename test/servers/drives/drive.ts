/** A drive of its own for a test: a real file system in an image file. */

import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = new URL("../drive.sh", import.meta.url).pathname;

export const KINDS = ["ext4", "exfat", "fat32", "ntfs"] as const;
export type DriveKind = (typeof KINDS)[number];

/** What a machine lacks to mount such a drive; "" where it can. */
export function lacks(kind: DriveKind): string {
  const { stdout } = spawnSync("bash", [script, "can", kind], { encoding: "utf8" });
  return stdout.trim().replaceAll("\n", ", ");
}

export interface MountedDrive {
  readonly image: string;
  /** Where it is mounted. */
  readonly folder: string;
  unmount(): Promise<void>;
  mount(mode: "rw" | "ro"): Promise<void>;
  /** Every block but the first is gone, for a drive of the kernel's own. */
  pullOut(): Promise<void>;
  /** Kills the process behind a FUSE mount: the mount point stays and answers nothing more. */
  killDriver(): Promise<void>;
  /** Unmounts it and removes the image. */
  remove(): Promise<void>;
}

export async function mountDrive(kind: DriveKind, megabytes: number): Promise<MountedDrive> {
  const around = await mkdtemp(join(tmpdir(), `photohaul-${kind}-`));
  const image = join(around, "image");
  const folder = join(around, "drive");
  let mounted = false;
  const drive: MountedDrive = {
    image,
    folder,
    async mount(mode) {
      const how = mode === "rw" ? ["up", kind, String(megabytes)] : ["read-only", kind];
      await run("bash", [script, ...how, image, folder]);
      mounted = true;
    },
    async unmount() {
      if (mounted) await run("bash", [script, "down", folder]);
      mounted = false;
    },
    async pullOut() {
      const { stdout } = await run("findmnt", ["-n", "-o", "SOURCE", folder]);
      await truncate(image, 4096);
      await run("losetup", ["-c", stdout.trim()]);
    },
    async killDriver() {
      for (const pid of await readdir("/proc")) {
        const command = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "");
        if (command.split("\0").includes(folder)) process.kill(Number(pid), "SIGKILL");
      }
    },
    async remove() {
      await drive.unmount();
      await rm(around, { recursive: true, force: true });
    },
  };
  await drive.mount("rw");
  return drive;
}

/** Mounts an image that is there already; answers how to unmount it. */
export async function mountImage(kind: DriveKind, image: string, folder: string): Promise<() => Promise<void>> {
  await run("bash", [script, "up", kind, "0", image, folder]);
  return async () => {
    await run("bash", [script, "down", folder]);
  };
}
