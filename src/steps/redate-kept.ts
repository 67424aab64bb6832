/**
 * Redate kept: photos that lie on a target get another date, there, in its manifest, and then in the catalogue.
 * Names stay: a path that was given is the photo's for good.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import type { Captured, ManifestEntry } from "../model.ts";
import { folded } from "../naming/name.ts";
import type { Target } from "../targets/target.ts";

/** A photo with its new date. */
export type Redating = ManifestEntry & { readonly captured: Captured };

export type RedatableTarget = Pick<Target, "id" | "name" | "traits" | "redate" | "entries">;

/** What the manifest says of a photo and the catalogue does not know. */
type Besides = Pick<ManifestEntry, "targetEtag" | "original">;

/** So many photos are dated after one reading of the manifest. */
const BATCH = 10_000;

export interface RedatingPorts {
  readonly catalogue: Pick<Catalogue, "keep" | "zones">;
  /** Told of every photo that got another date. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Reads the manifest once for each 10,000 of them.
 * @param photos as the catalogue has them
 * @param type of the event that tells of each
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateKept(
  target: RedatableTarget,
  photos: AsyncIterable<Redating>,
  type: "zone" | "redated",
  ports: RedatingPorts,
): Promise<void> {
  let batch: Redating[] = [];
  const settle = async () => {
    await redateBatch(target, batch, ports);
    for (const { key, path, captured } of batch) {
      ports.emit({ type, target: target.name, key, path, captured });
    }
    batch = [];
  };
  for await (const photo of photos) {
    batch.push(photo);
    if (batch.length >= BATCH) await settle();
  }
  await settle();
}

async function redateBatch(
  target: RedatableTarget,
  photos: readonly Redating[],
  { catalogue, signal }: RedatingPorts,
): Promise<void> {
  if (photos.length === 0) return;
  const besides = await besidesOf(photos, target, signal);
  const whole = photos.map((photo) => ({ ...photo, ...besides.get(photo.path) }));
  await target.redate(
    whole.map((entry) => ({ entry, mtime: new Date(entry.captured.utc) })),
    signal,
  );
  await catalogue.zones.forget(target.id, photos);
  const rows = photos.map((entry) => ({ entry, folded: folded(entry.path, target.traits) }));
  await catalogue.keep(target.id, rows);
}

/** By path; the last line about the same bytes holds, and one that was written without them takes nothing away. */
async function besidesOf(
  photos: readonly Redating[],
  target: Pick<Target, "entries">,
  signal: AbortSignal,
): Promise<Map<string, Besides>> {
  const wanted = new Map(photos.map(({ path, sha256 }) => [path, sha256]));
  const found = new Map<string, Besides>();
  for await (const { path, sha256, targetEtag, original } of target.entries(signal)) {
    if (wanted.get(path) !== sha256) continue;
    const named = {
      ...(targetEtag === undefined ? {} : { targetEtag }),
      ...(original === undefined ? {} : { original }),
    };
    if (Object.keys(named).length > 0) found.set(path, { ...found.get(path), ...named });
  }
  return found;
}
