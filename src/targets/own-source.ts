/**
 * Is a target the source itself, or within it? Photohaul would write to its source, and each run would bring home what
 * the last one brought. Two looks tell what names do not: before anything is written, and while the source is listed.
 */

import { idIn } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { Listed, ObjectHead } from "../model.ts";
import { retrying } from "../retry.ts";
import type { Source } from "../stores/source.ts";
import type { Store } from "../stores/store.ts";
import { SECOND } from "../time.ts";
import { MARKER } from "./target-json.ts";
import { targetTrouble } from "./target-trouble.ts";

/** What lies at a source that may be this place. */
export interface SourceSample {
  /** As people typed it. */
  readonly source: string;
  /** True where bucket or container have one name: that they are two then has to be seen. */
  readonly oneName: boolean;
  /** A few objects of it; empty where it holds none. */
  objects(): Promise<readonly Listed[]>;
}

/**
 * Is a place in a store the source, behind another name of its bucket or service? An object that has the key, size, ETag and time
 * of the source's own is the source's own, as a copy has the time at which it was made.
 * @param name of the target
 * @throws HaulError `usage` where all that is looked at is the same; a target's troubles, but that a look is refused only
 *   where both have one name
 */
export async function mustBeElsewhere(
  store: Store,
  name: string,
  of: SourceSample,
  signal: AbortSignal,
): Promise<void> {
  const sample = await of.objects();
  for (const object of sample) {
    const head = await retrying(() => store.head(object.key, signal), { signal }).catch((error: unknown) => {
      const isRefused = error instanceof HaulError && (error.code === "forbidden" || error.code === "denied");
      if (isRefused && !of.oneName) return null;
      throw targetTrouble(error, name);
    });
    if (head === null || !isSame(head, object)) return;
  }
  if (sample.length === 0) return;
  const says = `${name} is the source ${of.source} behind another name: what lies there has the same keys, ETags and times`;
  throw new HaulError("usage", `${says}. Name another bucket, or a prefix beside that of the source`);
}

/** A head tells the time to the second, rounded either way; a listing may tell more of it. */
function isSame(head: ObjectHead, { size, etag, modified }: Listed): boolean {
  const apart = Math.abs(Date.parse(head.modified) - Date.parse(modified));
  return head.size === size && head.etag === etag && apart <= SECOND;
}

/** A marker has a page at most; what is longer is none. */
const LONGEST = 256 * 1024;

/**
 * The same source, until its listing shows the marker of a target of this run.
 * @param idsOf the ids of the targets, to be told while it is listed
 */
export function noticingOwnMarker(source: Source, idsOf: () => readonly string[]): Source {
  const list = source.list.bind(source);
  source.list = async function* (range, signal) {
    for await (const page of list(range, signal)) {
      for (const object of page.objects.filter(({ key }) => key.endsWith(MARKER))) {
        const id = await idAt(source, object, signal);
        if (id === null || !idsOf().includes(id)) continue;
        const says = `${source.name} holds the target itself, or a copy of it with its marker (${object.key})`;
        throw new HaulError(
          "usage",
          `${says}: each run would bring home again what the last one brought. Name a target that lies outside of the source`,
        );
      }
      yield page;
    }
  };
  return source;
}

/** Null where it is no marker, or cannot be read. */
async function idAt(source: Source, object: Listed, signal: AbortSignal): Promise<string | null> {
  if (object.size > LONGEST) return null;
  try {
    const parts: Uint8Array[] = [];
    const { bytes } = await source.open(object, 0, signal);
    for await (const part of bytes) parts.push(Buffer.from(part));
    return idIn(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    if (error instanceof HaulError && error.code !== "interrupted") return null;
    throw error;
  }
}
