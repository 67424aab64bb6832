/** Restore one photo: under which name, whether it was asked for, and its proven bytes. */

import type { ManifestIndex } from "../catalogue/manifest-index.ts";
import { HaulError } from "../errors.ts";
import type { Refusal } from "../keys/key-filter.ts";
import type { ManifestEntry } from "../model.ts";
import { besidePath, etag8, hash8, safePath } from "../naming/name.ts";
import type { Draft, Target, Traits } from "../targets/target.ts";
import { stageVerified } from "./stage.ts";

export interface Wanted {
  /** Globs, held against the key. */
  readonly refusal: Refusal;
  /** `2014`, `2014-07` or `2014-07-31`, by the wall clock where the photo was taken; null for no bound. */
  readonly since: string | null;
  /** The same; photos of that year, month or day are still wanted. */
  readonly until: string | null;
}

/** True when a photo was asked for. One of unknown date counts by the time its object was written. */
export function isWanted(entry: ManifestEntry, { refusal, since, until }: Wanted): boolean {
  const { key, size, etag, modified } = entry;
  if (refusal({ key, size, etag, modified, storageClass: "STANDARD" }) !== null) return false;
  const taken = entry.captured?.local ?? modified;
  if (since !== null && taken.slice(0, since.length) < since) return false;
  return until === null || taken.slice(0, until.length) <= until;
}

/**
 * Where a photo goes in the folder: under the name it had at the service. An object that took the place of an
 * older one of its key lies beside it; a key below a key that is a photo itself (`a` and `a/b`) goes below
 * `a~<hash8>/`, as a path cannot be file and folder at once. Both as `mirror` does it.
 * @param isPhoto whether a photo of the target has this very path as its own
 */
export function homeOf(entry: ManifestEntry, traits: Traits, isPhoto: (path: string) => boolean): string {
  const segments = safePath(entry.key, traits).split("/");
  for (let at = 1; at < segments.length; at += 1) {
    const above = segments.slice(0, at).join("/");
    if (isPhoto(above)) {
      segments[at - 1] = besidePath(segments[at - 1] ?? "", hash8(above), traits);
    }
  }
  const path = segments.join("/");
  const tag = etag8(entry.etag);
  return entry.path.includes(`~${tag}`) ? besidePath(path, tag, traits) : path;
}

/** Where the folder has the photo from an earlier run; null where it does not. */
export async function alreadyAt(
  entry: ManifestEntry,
  wanted: string,
  folder: Pick<Target, "open" | "traits">,
  log: Pick<ManifestIndex, "sha256Of">,
  signal: AbortSignal,
): Promise<string | null> {
  for (const path of [wanted, besidePath(wanted, hash8(entry.key), folder.traits)]) {
    if (log.sha256Of(path) === entry.sha256 && (await lies(path, folder, signal))) return path;
  }
  return null;
}

async function lies(path: string, folder: Pick<Target, "open">, signal: AbortSignal) {
  try {
    for await (const _ of folder.open(path, signal)) return true;
    return true;
  } catch (error) {
    if (error instanceof HaulError && !error.endsRun) return false;
    throw error;
  }
}

/**
 * Copies the bytes of a photo, proven; a copy that is not right is read once more, by another way where there is one.
 * @throws HaulError `missing`, `broken`, `wrong-bytes`, and what ends a run
 */
export async function copyPhoto(
  entry: ManifestEntry,
  from: Pick<Target, "open" | "openCap">,
  to: Pick<Target, "stage">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Draft> {
  const stage = (bytes: AsyncIterable<Uint8Array>) => stageVerified(entry, bytes, to, signal, onBytes);
  const read = () => stage(from.open(entry.path, signal));
  const byCap = entry.cap === undefined ? undefined : from.openCap?.(entry.cap, entry.path, signal);
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    // Of a directory that is lost the files need not be.
    if (byCap !== undefined) return stage(byCap);
    if (error.code === "missing") throw error;
    return read();
  }
}
