/** A bucket as it was: chooses, for every key, the version that was the current one at a moment. */

import { compareKeys } from "../key.ts";
import type { Listed } from "../model.ts";
import type { VersionEntry } from "./s3/list-page.ts";

/**
 * Takes the pages of a listing of versions in order and returns the objects of that moment. Versions newer
 * than it are passed over; the newest of the others wins; where that is a delete marker, there was no such
 * object. The versions of a key may go on on the next page.
 */
export function createAsOf(asOf: Date): (entries: readonly VersionEntry[]) => Listed[] {
  const moment = asOf.getTime();
  let decided: string | null = null;
  return (entries) => {
    const objects: Listed[] = [];
    for (const { object, deleted } of [...entries].sort(byKeyNewestFirst)) {
      if (object.key === decided || Date.parse(object.modified) > moment) continue;
      decided = object.key;
      if (!deleted) objects.push(object);
    }
    return objects;
  };
}

/** Versions and delete markers may come as two lists; equal times keep the order of the page. */
function byKeyNewestFirst(a: VersionEntry, b: VersionEntry): number {
  return (
    compareKeys(a.object.key, b.object.key) ||
    Number(b.latest) - Number(a.latest) ||
    Date.parse(b.object.modified) - Date.parse(a.object.modified)
  );
}
