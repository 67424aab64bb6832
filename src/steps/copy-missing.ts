/** Catch up: a photo that another target has and this one never got, as when the source was gone before it could. */

import { HaulError } from "../errors.ts";
import { besidePath, hash8, safePath } from "../naming/name.ts";
import { stageVerified } from "../photo/stage-verified.ts";
import type { Target } from "../targets/target.ts";
import type { GoodBytes, Held } from "./verify-repair.ts";

/**
 * Brings one photo over, proven, over nothing that lies there.
 * @returns where it lies now
 * @throws HaulError why it cannot be had, or what ends the run
 */
export async function copyMissing(
  { entry, name }: Held,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<string> {
  const bytes = await from.open(entry, signal);
  const draft = await stageVerified(entry, bytes, target, signal);
  const path = safePath(name, target.traits);
  const storedAt = new Date().toISOString();
  const mtime = new Date(entry.captured?.utc ?? entry.modified);
  try {
    for (const free of [path, besidePath(path, hash8(entry.key), target.traits)]) {
      const keeping = { draft, entry: { ...entry, path: free, storedAt }, mtime };
      const [kept] = await target.commit([keeping], signal);
      if (kept !== "occupied") return free;
    }
    throw new HaulError("occupied", `${path} and the name beside it are taken by something else`);
  } finally {
    await draft.discard();
  }
}
