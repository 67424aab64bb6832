/** What lies on a target, told by the service that keeps it, or by reading it. */

import { HaulError } from "../errors.ts";
import { digestsOf } from "../targets/passing.ts";
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

/** Bytes that may lie at a path; its size where that is known. */
export type Candidate = Pick<Vouched, "sha256" | "etag"> & { readonly size?: number };

/**
 * Which of the photos that may lie at a path does: by what its service holds, else by its bytes.
 * @param bySize where the size leaves one of them only, that is believed
 * @returns its number; -1 where none of them does, null where that cannot be told
 * @throws HaulError that ends a run
 */
export async function whichLies(
  path: string,
  candidates: readonly Candidate[],
  target: Pick<Target, "look" | "open" | "vouchesFor">,
  signal: AbortSignal,
  bySize = false,
): Promise<number | null> {
  try {
    const lying = await target.look(path, signal);
    if (lying === null) return -1;
    const fits = candidates.filter(({ size = lying.size }) => size === lying.size);
    const [only] = fits;
    if (bySize && only !== undefined && fits.length === 1) return candidates.indexOf(only);
    for (const one of fits) {
      if (await isVouchedFor({ ...one, path, size: lying.size }, target, signal)) return candidates.indexOf(one);
    }
    const { sha256 } = await digestsOf(target.open(path, signal));
    return candidates.findIndex((one) => one.sha256 === sha256);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    return error.code === "missing" ? -1 : null;
  }
}
