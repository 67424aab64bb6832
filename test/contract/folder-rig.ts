import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openTarget } from "../../src/targets/all.ts";
import type { TargetRig } from "./target-rig.ts";

export interface FolderRig extends TargetRig {
  /** The target folder. */
  readonly root: string;
}

/** An empty target folder that does not exist yet, in a new folder of its own under `parent`. */
export async function folderRig(parent = tmpdir()): Promise<FolderRig> {
  const around = await mkdtemp(join(parent, "photohaul-target-"));
  const root = join(around, "photos");
  return {
    root,
    open: (options = {}) => openTarget(root, options),
    read: (path) => readFile(join(root, path)).catch(() => null),
    mtime: async (path) => (await lstat(join(root, path))).mtime,
    async plant(path, bytes) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), bytes);
    },
    async debris() {
      const home = await readdir(join(root, ".photohaul"));
      const known = ["SHA256SUMS", "README.txt", "lock", "manifest.ndjson", "target.json", "tmp"];
      const drafts = await readdir(join(root, ".photohaul", "tmp"));
      return [...home.filter((name) => !known.includes(name)), ...drafts];
    },
    close: () => rm(around, { recursive: true, force: true }),
  };
}
