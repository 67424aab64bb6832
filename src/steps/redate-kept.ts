/**
 * Redate kept: photos that lie on a target get another date, there, in its manifest, and then in the catalogue.
 * Names stay: a path that was given is the photo's for good.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { folded } from "../decide/name.ts";
import type { Captured, ManifestEntry } from "../model.ts";
import type { Target } from "../targets/target.ts";

/** A photo with its new date. */
export type Redating = ManifestEntry & { readonly captured: Captured };

/** What the manifest says of a photo and the catalogue does not know. */
type Besides = Pick<ManifestEntry, "targetEtag" | "original">;

/**
 * Reads the manifest once.
 * @param photos as the catalogue has them
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateKept(
  target: Pick<Target, "id" | "traits" | "redate" | "entries">,
  photos: readonly Redating[],
  catalogue: Pick<Catalogue, "keep" | "zones">,
  signal: AbortSignal,
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
