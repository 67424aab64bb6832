/** Whether the service that keeps a photo vouches for its bytes. */

import { HaulError } from "../errors.ts";
import type { Target, Vouched } from "../targets/target.ts";

/** What the service says against a photo is no verdict: it is read then. @throws HaulError that ends a run */
export async function isVouchedFor(
  photo: Vouched,
  target: Pick<Target, "vouchesFor">,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await target.vouchesFor?.(photo, signal)) ?? false;
  } catch (error) {
    if (error instanceof HaulError && !error.endsRun) return false;
    throw error;
  }
}
