/** A write has no time in which it must be done, but it may not stand still. */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "../../errors.ts";

/** How long nothing may move, in milliseconds: after the last byte a service may make one file of many pieces. */
export const STILL_MS = 600_000;
/** How often is looked, in milliseconds. */
const LOOK_MS = 20_000;

/**
 * @param moved what has moved so far; another number each time as long as it moves
 * @throws what the work throws; HaulError `broken` where nothing moved for so long, or nobody says
 */
export async function patiently<T>(
  work: (signal: AbortSignal) => Promise<T>,
  moved: (signal: AbortSignal) => Promise<number>,
  name: string,
  signal: AbortSignal,
  { lookMs = LOOK_MS, stillMs = STILL_MS }: { readonly lookMs?: number; readonly stillMs?: number } = {},
): Promise<T> {
  const still = new AbortController();
  const ended = new AbortController();
  const watching = async () => {
    let last = -1;
    let since = performance.now();
    for (;;) {
      await sleep(lookMs, undefined, { signal: ended.signal });
      const now = await moved(AbortSignal.any([ended.signal, AbortSignal.timeout(lookMs)])).catch(() => last);
      if (now !== last) since = performance.now();
      last = now;
      if (performance.now() - since >= stillMs) return still.abort();
    }
  };
  watching().catch(() => undefined);
  try {
    return await work(AbortSignal.any([signal, still.signal]));
  } catch (error) {
    if (!still.signal.aborted || signal.aborted) throw error;
    throw new HaulError("broken", `${name}: nothing moved for ${Math.round(stillMs / 60_000)} minutes`, {
      retry: true,
      place: "rclone",
      cause: error,
    });
  } finally {
    ended.abort();
  }
}
