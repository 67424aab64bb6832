/**
 * Lend zones: when all photos of a run are kept, those that carry no zone take that of what their camera took
 * around them; their time on the target and their line in the manifest follow. Decided by all that is kept, so
 * that the end is the same in whatever order photos came and in however many runs. Names stay: a lent zone moves
 * the instant of a photo, not the clock on the wall by which it is filed.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { withLentZone } from "../decide/lent-zone.ts";
import { folded } from "../decide/name.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Target } from "../targets/target.ts";

export interface LendingPorts {
  readonly catalogue: Pick<Catalogue, "zones" | "keep">;
  /** Told of every photo whose zone was lent. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Does nothing for a target that gives files no other time, or where nothing was kept since.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function lendZones(
  target: Pick<Target, "id" | "name" | "traits" | "redate">,
  { catalogue, emit, signal }: LendingPorts,
): Promise<void> {
  if (target.redate === undefined || (await catalogue.zones.settled(target.id))) return;
  for await (const seekers of catalogue.zones.seekers(target.id)) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted while zones were lent");
    const lent = seekers.flatMap(({ entry, captured, around }) => {
      const found = withLentZone({ ...entry, captured }, around);
      return found === null ? [] : [{ ...entry, captured: found }];
    });
    if (lent.length === 0) continue;
    const batch = lent.map((entry) => ({ entry, mtime: new Date(entry.captured.utc) }));
    await target.redate(batch, signal);
    const rows = lent.map((entry) => ({ entry, folded: folded(entry.path, target.traits) }));
    await catalogue.keep(target.id, rows);
    for (const { key, path, captured } of lent) {
      emit({ type: "zone", target: target.name, key, path, captured });
    }
  }
  await catalogue.zones.settle(target.id);
}
