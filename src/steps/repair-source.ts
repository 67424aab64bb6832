/** Where repairs come from: another target, which has a manifest to find photos by their bytes, or a source of keys. */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openManifestIndex } from "../catalogue/manifest-index.ts";
import { HaulError } from "../errors.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { safePath } from "../naming/name.ts";
import { fetchObject } from "../photo/fetch.ts";
import { openSource, type SourceOptions } from "../stores/all.ts";
import type { Source } from "../stores/source.ts";
import { openIfKept, type TargetOptions } from "../targets/all.ts";
import { isInStore } from "../targets/apart.ts";
import { numbered, readManifest } from "../targets/read-lists.ts";
import type { Target } from "../targets/target.ts";
import type { GoodBytes } from "./repair.ts";

/** `--repair-from`: another target, which has a manifest to find photos by their bytes, or a source of keys. */
export interface OpenedRepairSource extends GoodBytes {
  /** True where what it gives are sealed files: of a sealed target that is not to be opened. */
  readonly isSealed: boolean;
  close(): Promise<void>;
}

/**
 * Opens a folder or bucket with a `.photohaul` as the target that it is, and anything else as a source.
 * @throws HaulError as `openTarget` and `openSource` do
 */
export async function openRepairSource(
  address: string,
  options: SourceOptions,
  { sealing }: Pick<TargetOptions, "sealing">,
  signal: AbortSignal,
): Promise<OpenedRepairSource> {
  const { rclone } = options;
  if (await isTarget(address)) {
    const target = await openIfKept(address, {
      s3: options,
      sealing,
      signal,
      ...(rclone === undefined ? {} : { rclone }),
    });
    const isSealed = sealing === "as-files" && target?.memory.sealed !== undefined;
    if (target !== null) return fromTarget(target, isSealed, signal);
  }
  return fromSource(await openSource(address, options));
}

/** True for what may be a target: in a store only opening it tells. */
async function isTarget(address: string): Promise<boolean> {
  if (isInStore(address)) return true;
  const marker = join(address, OWN_FOLDER, "target.json");
  return (await stat(marker).catch(() => null)) !== null;
}

async function fromTarget(target: Target, isSealed: boolean, signal: AbortSignal): Promise<OpenedRepairSource> {
  const log = openManifestIndex();
  await readManifest(target, log, signal);
  return {
    name: target.name,
    isSealed,
    async open({ sha256, size }) {
      const path = log.pathOf(sha256, size, true);
      if (path !== null) return target.open(path, signal);
      throw new HaulError("missing", `${target.name} does not hold this photo`);
    },
    async *photos(until) {
      for await (const { entry, line } of numbered(target, until)) {
        if (!log.holds(entry.path, line)) continue;
        const isKey = entry.path === safePath(entry.key, target.traits);
        yield { entry, name: isKey ? entry.key : entry.path };
      }
    },
    async close() {
      log.close();
      await target.close();
    },
  };
}

function fromSource(source: Source): OpenedRepairSource {
  return {
    name: source.name,
    isSealed: false,
    async open({ key, size, modified }, signal) {
      // Not by its ETag: another store gives the same bytes another one. The caller proves the bytes.
      const object = { key, etag: "", size, modified, storageClass: "STANDARD" };
      const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
      return fetching.bytes;
    },
    close: () => source.close(),
  };
}
