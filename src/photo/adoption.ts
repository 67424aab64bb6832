/**
 * Which lines of a target's manifest may count as kept for a source whose catalogue does not know them? A line
 * counts only where a file of its size lies under its path; then the sources decide that the target says it holds:
 *
 * | its key in the listing now     | this source only | this and others           | others only             |
 * |--------------------------------|------------------|---------------------------|-------------------------|
 * | the same ETag and size         | kept             | kept; of a folder foreign | kept if the ETag is an MD5 of its bytes |
 * | another ETag or size           | kept (changed)   | kept (changed)            | foreign                 |
 * | not there                      | kept (gone)      | foreign                   | foreign                 |
 *
 * `foreign` photos are another source's, as far as can be told: neither kept nor missing. What lies there is never
 * touched, so the worst that a wrong answer does is a photo fetched again, and kept beside.
 */

import type { Claim } from "../catalogue/claims.ts";

/** What a target says that it holds: photos of this source only, of others as well, or of others only. */
export type Holding = "only" | "also" | "not";

/** @param insisted somebody says that the target holds photos of this source, whatever it says itself */
export function holdingOf(sources: readonly string[], source: string, insisted: boolean): Holding {
  if (!insisted && !sources.includes(source)) return "not";
  return sources.some((other) => other !== source) ? "also" : "only";
}

export interface Adopted {
  readonly claim: Claim;
  readonly standing: "kept" | "missing" | "foreign";
}

/** @param claims all lines about one object (key and ETag), the newest last; at least one */
export function adoptionOf(claims: readonly Claim[], holding: Holding): Adopted {
  const lying = claims.findLast(({ entry, found, superseded }) => !superseded && found === entry.size);
  const claim = lying ?? claims.at(-1);
  if (claim === undefined) throw new TypeError("an object without lines");
  if (isForeign(claim, holding)) return { claim, standing: "foreign" };
  return { claim, standing: lying === undefined ? "missing" : "kept" };
}

/** The ETag of a file in a folder: its size and its time. */
const OF_FOLDER = /^\d{1,15}-\d+$/;

function isForeign({ entry, listed }: Claim, holding: Holding): boolean {
  if (holding === "only") return false;
  if (listed === null) return true;
  const source = entry.original ?? entry;
  const same = listed.etag === entry.etag && listed.size === source.size;
  // Files of two folders may share name, size and time; what is read once more is known again by its bytes.
  if (holding === "also") return same && OF_FOLDER.test(entry.etag);
  const digest = entry.etag.toLowerCase() === source.md5 || /^[0-9a-f]{32}-\d+$/i.test(entry.etag);
  return !(same && digest);
}
