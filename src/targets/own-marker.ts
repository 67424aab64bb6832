/** A source in whose listing a target of the run shows, by its marker: known once it was written, wherever it lies. */

import { dirname, join } from "node:path";
import { idIn } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { mayBeOne, placeOfFolder } from "../local/folder-place.ts";
import type { Listed } from "../model.ts";
import type { Source } from "../stores/source.ts";
import { isRemote, type NamedPlace } from "./apart.ts";
import { MARKER } from "./target-json.ts";

/** The source, noticing a target that it holds; of folders of this computer a copy of the target is another place. */
export function watched(
  source: Source,
  { name }: NamedPlace,
  targets: readonly NamedPlace[],
  idsOf: () => readonly string[],
): Source {
  const local = [name, ...targets.map((target) => target.name)].every((one) => !isRemote(one));
  return noticingOwnMarker(
    source,
    idsOf,
    local ? (key) => isOneOf(targets, join(name, dirname(dirname(key)))) : always,
  );
}

const always = async () => true;

async function isOneOf(targets: readonly NamedPlace[], folder: string): Promise<boolean> {
  const here = await placeOfFolder(folder);
  for (const { name } of targets) if (mayBeOne(here, await placeOfFolder(name))) return true;
  return false;
}

/** A marker has a page at most; what is longer is none. */
const LONGEST = 256 * 1024;

/**
 * The same source, until its listing shows the marker of a target of this run.
 * @param idsOf the ids of the targets, to be told while it is listed
 * @param isTarget whether a marker with such an id is the target's, and not that of a copy which may lie there
 */
export function noticingOwnMarker(
  source: Source,
  idsOf: () => readonly string[],
  isTarget: (key: string) => Promise<boolean> = always,
): Source {
  const list = source.list.bind(source);
  source.list = async function* (range, signal) {
    for await (const page of list(range, signal)) {
      for (const object of page.objects.filter(({ key }) => key.endsWith(MARKER))) {
        const id = await idOf(source, object, signal);
        if (id === null || !idsOf().includes(id) || !(await isTarget(object.key))) continue;
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
async function idOf(source: Source, object: Listed, signal: AbortSignal): Promise<string | null> {
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
