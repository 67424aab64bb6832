/** Entry: the line of the manifest for a photo that is about to be kept. */

import type { Captured, Digests, Listed, ManifestEntry } from "../model.ts";

/**
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
