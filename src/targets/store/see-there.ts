/**
 * A store may say that it wrote what it did not keep: what a batch wrote is looked for before the manifest names it.
 * Photos that lie close together are seen on one page of the listing, others by a look at each. Where a page takes a listing of
 * all that lies there, it is looks alone.
 */

import { inParallel } from "../../in-parallel.ts";
import { compareKeys } from "../../key.ts";
import type { Listed, ManifestEntry } from "../../model.ts";
import { disproves } from "./object-facts.ts";
import type { PrefixWriter } from "./prefix-writer.ts";

/** What was written. */
export interface Written extends Pick<ManifestEntry, "path" | "size" | "md5" | "sha256"> {
  /** What the store called it when it took it. */
  readonly said: string;
}

/** So few are looked at one by one; a page that shows fewer costs more than that (a listing costs 12 heads at Amazon). */
const FEW = 8;
const LOOKS_AT_ONCE = 32;

type Place = Pick<PrefixWriter, "list" | "headOf" | "listsAll">;

/**
 * Those that are not there, or of which the store has other bytes.
 * @throws HaulError a target's troubles
 */
export async function notThere<T extends Written>(
  place: Place,
  written: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const unseen = place.listsAll ? written : await notListed(place, written, signal);
  const missing: T[] = [];
  await inParallel(unseen, LOOKS_AT_ONCE, async (one) => {
    const head = await place.headOf(one.path, signal);
    if (head === null || disproves(head, one)) missing.push(one);
  });
  return missing;
}

/** @returns those that no page of the listing showed as they were written */
async function notListed<T extends Written>(
  place: Place,
  written: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const unseen = new Map(written.map((one) => [one.path, one]));
  let ahead = [...unseen.keys()].sort(compareKeys);
  while (ahead.length > FEW) {
    const before = unseen.size;
    const objects = await pageAt(place, ahead[0] ?? "", ahead.at(-1) ?? "", signal);
    for (const { key, size, etag } of objects) {
      const one = unseen.get(key);
      if (one?.size === size && [one.said, one.md5].includes(etag.toLowerCase())) unseen.delete(key);
    }
    if (before - unseen.size < FEW) break;
    const last = objects.at(-1)?.key ?? "";
    ahead = ahead.filter((path) => compareKeys(path, last) > 0);
  }
  return [...unseen.values()];
}

/** The page that begins with a path, or a little before it. */
async function pageAt(place: Place, first: string, upto: string, signal: AbortSignal): Promise<readonly Listed[]> {
  const after = Array.from(first).slice(0, -1).join("");
  for await (const { objects } of place.list(after === "" ? { upto } : { after, upto }, signal)) return objects;
  return [];
}
