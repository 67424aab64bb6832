/** A line of the manifest made anew, for a photo of which SHA256SUMS alone says that it was kept. */

import { createHash } from "node:crypto";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import { keyOfPath } from "../naming/name.ts";
import type { Sum, Target } from "../targets/target.ts";

/**
 * Its key is taken to be its path, and its ETag the MD5 of its bytes, as most stores have it; its date is that of the
 * file. A source that has the photo still says all of it better.
 * @returns null where nothing lies there, or other bytes
 * @throws HaulError that ends a run
 */
export async function rebuiltEntry(
  { path, sha256 }: Sum,
  target: Pick<Target, "open" | "look">,
  signal: AbortSignal,
): Promise<ManifestEntry | null> {
  try {
    const lying = await target.look(path, signal);
    if (lying === null) return null;
    const [sum, md5] = [createHash("sha256"), createHash("md5")];
    let size = 0;
    for await (const block of target.open(path, signal)) {
      sum.update(block);
      md5.update(block);
      size += block.length;
    }
    if (sum.digest("hex") !== sha256) return null;
    const etag = md5.digest("hex");
    const { modified } = lying;
    const storedAt = new Date().toISOString();
    return {
      path,
      key: keyOfPath(path),
      etag,
      size,
      sha256,
      md5: etag,
      captured: null,
      modified,
      storedAt,
    };
  } catch (error) {
    if (error instanceof HaulError && !error.endsRun) return null;
    throw error;
  }
}
