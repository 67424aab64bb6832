/**
 * Dates of photos that were kept by an earlier edition of the rules. Each edition has a number, which stands with every
 * date that it decided; a date that people told themselves has none, as no rule decided it.
 *
 *   1   (no number)
 *   2   times of upload refuse nothing, finer within vaguer, names in the forms of all phones, hidden zones
 */

import type { Captured, ManifestEntry } from "../model.ts";
import { decideCaptureDate } from "./capture-date.ts";
import { datesInKey } from "./key-date.ts";

/** To be raised with every change after which photos that are kept would be dated otherwise. */
export const DATE_RULES = 2;

/** True where an earlier edition decided, or nothing did. */
export function isOfOlderRules(captured: Captured | null): boolean {
  if (captured === null) return true;
  return captured.source !== "user" && (captured.rules ?? 1) < DATE_RULES;
}

/**
 * True where the manifest alone shows that the photo would be dated otherwise now: by its name, or as nothing dated
 * it for the sake of a time of upload that is none. Of all others their bytes tell.
 * @param zone IANA zone of photos that carry none
 */
export function isSurelyOtherwise(
  { key, etag, modified, captured }: Pick<ManifestEntry, "key" | "etag" | "modified" | "captured">,
  zone: string,
): boolean {
  if (!isOfOlderRules(captured) || (captured !== null && !BY_NAME.has(captured.source))) return false;
  const fileTimes = isOfFile(etag);
  const fresh = decideCaptureDate(datesInKey(key), { modified, defaultZone: zone, fileTimes });
  return captured !== null && !isSame(captured, fresh.captured);
}

/** True for what a folder as source calls a file, by its size and its time (stores/folder/folder-source.ts): a time of no upload. */
export function isOfFile(etag: string): boolean {
  return /^\d+-\d{15,20}$/.test(etag);
}

const NAMED = new Set<Captured["source"]>(["name", "key"]);
/** Sources of which the manifest has all that there is. */
const BY_NAME = new Set<Captured["source"]>([...NAMED, "modified"]);
/** What neither the photo nor its name says, and nothing says again. */
const FROM_OUTSIDE = new Set<Captured["source"]>(["service", "metadata", "sidecar"]);

/**
 * The date of a kept photo that was read again.
 * @param fresh by the photo, its name and what lies beside it, without what only its store knew
 * @returns null where it stays as it is
 */
export function reconsidered(kept: Captured | null, fresh: Captured | null): Captured | null {
  if (fresh === null) return null;
  // What a name was believed to say is taken back where it says nothing.
  if (fresh.source === "modified") return kept !== null && NAMED.has(kept.source) ? fresh : null;
  if (kept === null || kept.source === "modified") return fresh;
  if (kept.source === "user" || isSame(kept, fresh)) return null;
  return FROM_OUTSIDE.has(kept.source) ? null : fresh;
}

/** The same wall clock, as well known, in the same zone; a zone that others lent is as good as none. */
function isSame(kept: Captured, fresh: Captured | null): boolean {
  if (fresh === null) return false;
  const lent = kept.zoneFrom === "partner" || kept.zoneFrom === "neighbour";
  const zone = fresh.offset === null ? lent || kept.offset === null : kept.offset === fresh.offset;
  return kept.local === fresh.local && kept.precision === fresh.precision && zone;
}
