/** What is written down of a photo: its line of the manifest, and what became of it where it was not stored. */

import type { HaulError } from "../errors.ts";
import type { Captured, Digests, Listed, ManifestEntry } from "../model.ts";
import { folded } from "../naming/name.ts";
import type { KeptWriter } from "./commit.ts";
import type { Transfer } from "./merge-plans.ts";
import type { Meter } from "./progress.ts";
import type { Destination, TargetSet } from "./target-set.ts";

interface TellPorts {
  readonly catalogue: KeptWriter;
  readonly targetSet: TargetSet;
}

/** The object was written again with the same bytes: the catalogue learns its new ETag, the target is not touched. */
export async function recognise(entry: ManifestEntry, { target }: Destination, ports: TellPorts): Promise<void> {
  await ports.catalogue.kept(target.id).add([{ entry, folded: folded(entry.path, target.traits) }]);
  const { key, path, size, sha256 } = entry;
  const reason = "written again at the source with the same bytes";
  const event = { type: "photo", key, path, outcome: "already", reason, bytes: size } as const;
  ports.targetSet.fates.of(target.name)({ ...event, sha256 });
}

export async function failCopy(
  { object }: Transfer,
  { target }: Destination,
  reason: string,
  ports: TellPorts,
): Promise<void> {
  const { key, size } = object;
  await ports.catalogue.kept(target.id).fail(key, reason);
  const event = { type: "photo", key, path: null, outcome: "failed", reason } as const;
  ports.targetSet.fates.of(target.name)({ ...event, bytes: size });
}

/** Says of a photo that it was left for another run. */
export async function skipCopy(
  { object }: Transfer,
  { target }: Destination,
  reason: string,
  ports: Pick<TellPorts, "targetSet">,
): Promise<void> {
  const { key, size } = object;
  const event = { type: "photo", key, path: null, outcome: "skipped", reason } as const;
  ports.targetSet.fates.of(target.name)({ ...event, bytes: size });
}

/** Says of a photo that waited for its second turn that it did not come. */
export async function giveUp(
  load: Transfer<Destination>,
  error: HaulError,
  ports: TellPorts & { readonly meter: Meter },
): Promise<void> {
  for (const { place } of ports.targetSet.takers(load)) await failCopy(load, place, error.message, ports);
  ports.meter.done();
}

/**
 * The line of the manifest for a photo that is about to be kept.
 * @param fetched what the bytes are at the source
 * @param written what they are with a date written into them; null where none was
 */
export function entryOf(
  { key, etag, modified }: Listed,
  path: string,
  captured: Captured | null,
  fetched: Digests,
  written: Digests | null,
): ManifestEntry {
  const { size, sha256, md5 } = written ?? fetched;
  return {
    path,
    key,
    etag,
    size,
    sha256,
    md5,
    captured,
    modified,
    storedAt: new Date().toISOString(),
    ...(written === null ? {} : { original: fetched }),
  };
}
