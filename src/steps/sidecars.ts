/** Sidecars: what lies beside a photo in the bucket and says when it was taken. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { LONGEST_SIDECAR, sidecarKeys } from "../decide/sidecar-date.ts";
import { HaulError } from "../errors.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../sources/source.ts";
import type { SidecarFile } from "./date.ts";
import { fetchObject } from "./fetch.ts";

/**
 * Reads the sidecars of a photo, the most trusted first. One that cannot be read is left out and told:
 * it dates the photo less well, and is kept as a file of its own all the same.
 */
export type SidecarReader = (key: string, signal: AbortSignal) => Promise<readonly SidecarFile[]>;

/** @param warn told of a sidecar that cannot be read */
export function createSidecarReader(
  catalogue: Catalogue,
  source: Source,
  warn: (key: string, message: string) => void,
): SidecarReader {
  let any: Promise<boolean> | null = null;
  return async (key, signal) => {
    any ??= catalogue.kinds().then(({ sidecar }) => sidecar > 0);
    if (!(await any)) return [];
    const found: SidecarFile[] = [];
    for (const candidate of sidecarKeys(key)) {
      const object = await catalogue.find(candidate);
      if (object === null || object.kind !== "sidecar" || object.size > LONGEST_SIDECAR) continue;
      try {
        found.push({ name: candidate, text: await textOf(source, object, signal) });
      } catch (error) {
        if (!(error instanceof HaulError) || error.endsRun) throw error;
        warn(
          candidate,
          `${candidate} cannot be read, so it does not date ${key}: ${error.message}`,
        );
      }
    }
    return found;
  };
}

async function textOf(source: Source, object: Listed, signal: AbortSignal): Promise<string> {
  const { bytes } = await fetchObject(source, object, { signal, onRetry: () => undefined });
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
