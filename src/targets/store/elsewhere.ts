/**
 * Is a place in a store the source itself, behind another name of its service? Asked before anything is written
 * there: an object that has the key, size, ETag and time of the source's own is the source's own, as a copy has the
 * time at which it was made.
 */

import { HaulError } from "../../errors.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import type { Store } from "./store.ts";
import { targetTrouble } from "./target-trouble.ts";

/** What lies at a source that may be this place. */
export interface SourceSample {
  /** As people typed it. */
  readonly source: string;
  /** A few objects of it; empty where it holds none. */
  objects(): Promise<readonly Listed[]>;
}

/** @param name of the target. @throws HaulError `usage` where all that is looked at is the same; a target's troubles */
export async function mustBeElsewhere(
  store: Store,
  name: string,
  of: SourceSample,
  signal: AbortSignal,
): Promise<void> {
  const sample = await of.objects();
  for (const object of sample) {
    const head = await retrying(() => store.head(object.key, signal), { signal }).catch((error: unknown) => {
      throw targetTrouble(error, name);
    });
    if (head === null || !isSame(head, object)) return;
  }
  if (sample.length === 0) return;
  const says = `${name} is the source ${of.source} behind another name of its service: what lies there has the same keys, ETags and times`;
  throw new HaulError("usage", `${says}. Name another bucket, or a prefix beside that of the source`);
}

/** A head tells the time to the second, rounded either way; a listing may tell more of it. */
const SECOND = 1000;

function isSame(head: ObjectHead, { size, etag, modified }: Listed): boolean {
  const apart = Math.abs(Date.parse(head.modified) - Date.parse(modified));
  return head.size === size && head.etag === etag && apart <= SECOND;
}
