/** Stage: the bytes of one photo, as they come, on every target that wants them. */

import { HaulError } from "../errors.ts";
import type { Bytes, Draft, LargePhoto } from "../targets/target.ts";
import type { Destination, TargetSet } from "./target-set.ts";
import { tee } from "./tee.ts";

export interface StagePorts {
  readonly targetSet: TargetSet;
  readonly signal: AbortSignal;
}

/** What each target reads: a tee, or copies of a buffer. */
interface Branches {
  readonly branches: readonly { readonly bytes: Bytes; leave(): void }[];
  failedWith(error: unknown): boolean;
}

export interface Staged {
  /** In the order asked; null where a target did not take the photo. */
  readonly drafts: readonly (Draft | null)[];
  /** Targets that cannot hold this photo, and why; those that left the run are not among them. */
  readonly failures: readonly { readonly place: Destination; readonly reason: string }[];
}

/**
 * Writes the bytes to all targets at once.
 * @param bytes a buffer is given away
 * @throws what the bytes throw, after the space was given back; HaulError that ends the run
 */
export async function stageEverywhere(
  bytes: Bytes,
  size: number,
  wanted: readonly { readonly place: Destination }[],
  { targetSet, signal }: StagePorts,
  large?: LargePhoto,
): Promise<Staged> {
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) {
    const { place } = only;
    const draft = await targetSet.attempt(place, () => place.target.stage(bytes, size, signal, large));
    return { drafts: [draft], failures: [] };
  }
  const stream: Branches = bytes instanceof Uint8Array ? copies(bytes, wanted.length) : tee(bytes, wanted.length);
  const staged = await Promise.allSettled(
    wanted.map(async ({ place }, at) => {
      const branch = stream.branches[at];
      if (branch === undefined) throw new TypeError("a target without a branch");
      try {
        return await targetSet.attempt(place, () => place.target.stage(branch.bytes, size, signal, large));
      } finally {
        branch.leave();
      }
    }),
  );
  const drafts = staged.map((one) => (one.status === "fulfilled" ? one.value : null));
  const failures: { place: Destination; reason: string }[] = [];
  for (const [at, { place }] of wanted.entries()) {
    const one = staged[at];
    if (one?.status !== "rejected") continue;
    const { reason: error } = one;
    const ofThisCopy = error instanceof HaulError && !error.endsRun && !stream.failedWith(error);
    if (!ofThisCopy) {
      for (const draft of drafts) await draft?.discard();
      throw error;
    }
    failures.push({ place, reason: error.message });
  }
  return { drafts, failures };
}

/** A buffer that is given away cannot be given to two. */
function copies(bytes: Uint8Array<ArrayBuffer>, readers: number): Branches {
  const branch = (_: unknown, at: number) => ({ bytes: at === 0 ? bytes : bytes.slice(), leave: () => undefined });
  return { branches: Array.from({ length: readers }, branch), failedWith: () => false };
}
