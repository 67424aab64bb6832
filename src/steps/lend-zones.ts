/**
 * Lend zones: when all photos of a run are kept, those that carry no zone take that of what their camera took
 * around them; their time on the target and their line in the manifest follow. Decided by all that is kept, so
 * that the end is the same in whatever order photos came and in however many runs. Names stay: a lent zone moves
 * the instant of a photo, not the clock on the wall by which it is filed.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { withLentZone } from "../decide/lent-zone.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Target } from "../targets/target.ts";
import { type Redating, redateKept } from "./redate-kept.ts";

/** So many photos are dated after one reading of the manifest. */
const BATCH = 10_000;

export interface LendingPorts {
  readonly catalogue: Pick<Catalogue, "zones" | "keep">;
  /** Told of every photo whose zone was lent. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Does nothing where nothing was kept since.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function lendZones(
  target: Pick<Target, "id" | "name" | "traits" | "redate" | "entries">,
  { catalogue, emit, signal }: LendingPorts,
): Promise<void> {
  if (await catalogue.zones.settled(target.id)) return;
  let batch: Redating[] = [];
  const settle = async () => {
    await redateKept(target, batch, catalogue, signal);
    for (const { key, path, captured } of batch) {
      emit({ type: "zone", target: target.name, key, path, captured });
    }
    batch = [];
  };
  for await (const seekers of catalogue.zones.seekers(target.id)) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted while zones were lent");
    for (const { entry, captured, around } of seekers) {
      const lent = withLentZone({ ...entry, captured }, around);
      if (lent !== null) batch.push({ ...entry, captured: lent });
    }
    if (batch.length >= BATCH) await settle();
  }
  await settle();
  await catalogue.zones.settle(target.id);
}
