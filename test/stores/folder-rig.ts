/** A folder as the place that a source reads. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeKey } from "../../src/key.ts";
import { openFolderSource } from "../../src/stores/folder-source.ts";
import type { SourceRig } from "../contract/source-rig.ts";

export interface FolderRig extends SourceRig {
  readonly folder: string;
}

export async function folderRig(): Promise<FolderRig> {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-source-"));
  const pathOf = (key: string) => Buffer.concat([Buffer.from(`${folder}/`), encodeKey(key)]);
  return {
    folder,
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(path.subarray(0, path.lastIndexOf("/")), { recursive: true });
      await writeFile(path, bytes);
    },
    remove: (key) => rm(pathOf(key)),
    open: () => openFolderSource(folder),
    takes: (key) => {
      const segments = key.split("/");
      const plain = segments.every((name) => name !== "" && name !== "." && name !== "..");
      return plain && !key.includes("\0") && segments.every((name) => encodeKey(name).length <= 255);
    },
    close: () => rm(folder, { recursive: true }),
  };
}
