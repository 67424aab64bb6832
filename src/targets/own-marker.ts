/** A source that holds its own target would bring home, each time, what the last run brought. */

import { idIn } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../stores/source.ts";

const MARKER = ".photohaul/target.json";
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
