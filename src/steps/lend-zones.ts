/**
 * Lend zones: when all photos of a run are kept, those that carry no zone take that of what their camera took
 * around them; their time on the target and their line in the manifest follow. Decided by all that is kept, so
 * that the end is the same in whatever order photos came and in however many runs. Names stay: a lent zone moves
 * the instant of a photo, not the clock on the wall by which it is filed.
 */

import { inferZone } from "../dates/infer-zone.ts";
import { HaulError } from "../errors.ts";
import { type RedatableTarget, type Redating, type RedatingPorts, redateKept } from "./redate-kept.ts";

/**
 * Does nothing where nothing was kept since.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function lendZones(target: RedatableTarget, ports: RedatingPorts): Promise<void> {
  const { zones } = ports.catalogue;
  if (await zones.settled(target.id)) return;
  await redateKept(target, lent(target, ports), "zone", ports);
  await zones.settle(target.id);
}

async function* lent({ id }: RedatableTarget, { catalogue, signal }: RedatingPorts): AsyncGenerator<Redating> {
  for await (const seekers of catalogue.zones.seekers(id)) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted while zones were lent");
    for (const { entry, captured, around } of seekers) {
      const found = inferZone({ ...entry, captured }, around);
      if (found !== null) yield { ...entry, captured: found };
    }
  }
}
