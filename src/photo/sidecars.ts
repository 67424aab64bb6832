/** Sidecars: what lies beside a photo in the bucket and says when it was taken. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { isReadInPart, LONGEST_SIDECAR } from "../dates/outside-date.ts";
import { HaulError } from "../errors.ts";
import type { WarningEvent } from "../events.ts";
import { isPicture, type Pairing, pairSidecars, type Unclear } from "../keys/sidecar-pairs.ts";
import { cutSidecarStem, sidecarStems } from "../keys/takeout-name.ts";
import { normalStem } from "../layouts/layout.ts";
import { HEAD_BYTES } from "../measures.ts";
import type { CataloguedObject, Listed } from "../model.ts";
import type { Source } from "../stores/source.ts";
import type { Datable, SidecarFile } from "./decide-date.ts";
import { type FetchOptions, fetchStart, mayPass } from "./fetch.ts";

export interface SidecarReader {
  /** Whether the source has any at all. */
  any(): Promise<boolean>;
  /**
   * Reads the sidecars of a photo, the most trusted first. One that cannot be read, or that other photos could own
   * as well, is left out and told: it dates the photo less well, and is kept as a file of its own all the same.
   * @throws HaulError that ends the run, and where one may be read another time: a date is for good
   */
  of(key: string, signal: AbortSignal): Promise<readonly SidecarFile[]>;
  /** Reads what a film is the moving half of, or its THM, as far as it takes to date it. */
  company(key: string, signal: AbortSignal): Promise<readonly Datable[]>;
}

type Noticed = (error: HaulError) => void;

/**
 * @param warn told of a sidecar that cannot be read, or that more than one photo could own
 * @param noticing who is told of each request for a key that is made again
 */
export function createSidecarReader(
  catalogue: Catalogue,
  source: Source,
  warn: (key: string, message: string) => void,
  noticing: (key: string) => Noticed = () => () => undefined,
): SidecarReader {
  const told = new Set<string>();
  const unclear = (pairing: Pairing, folder: string) => {
    for (const one of pairing.unclear) {
      const [first = ""] = one.sidecars;
      if (told.has(folder + first) || told.size >= MOST_TOLD) continue;
      told.add(folder + first);
      warn(folder + first, unclearWords(one));
    }
  };
  const read: Read = (object, upto, signal, unreadable) =>
    startOf(source, object, upto, { signal, onRetry: noticing(object.key) }, unreadable);
  let any: Promise<boolean> | null = null;
  const hasSidecars = () => {
    any ??= catalogue.listing.kinds().then(({ sidecar }) => sidecar > 0);
    return any;
  };
  const of = async (key: string, signal: AbortSignal) => {
    if (!(await hasSidecars())) return [];
    const { folder, name } = split(key);
    const near = await nearby(key, catalogue);
    const pairing = pairSidecars(name, [...near.keys()]);
    unclear(pairing, folder);
    const found: SidecarFile[] = [];
    for (const sidecar of pairing.own) {
      const object = near.get(sidecar);
      if (object?.kind !== "sidecar") continue;
      if (object.size > LONGEST_SIDECAR && !isReadInPart(sidecar)) continue;
      const bytes = await read(object, LONGEST_SIDECAR, signal, (message) =>
        warn(object.key, `${object.key} cannot be read, so it does not date ${key}: ${message}`),
      );
      if (bytes !== null) found.push({ name: object.key, bytes });
    }
    return found;
  };
  return { any: hasSidecars, of, company: (key, signal) => companyOf(key, { catalogue, read, of, signal }) };
}

/** Sidecars that are told of as unclear in one run. */
export const MOST_TOLD = 1000;

/** One sentence of what happened, what it means, what to do. */
function unclearWords({ sidecars, photos }: Unclear): string {
  const [sidecar = ""] = sidecars;
  if (sidecars.length > 1) {
    return `${sidecars.join(" and ")} could both be of ${photos.join(", ")}: neither dates it; rename the one that is not`;
  }
  const [first = "", second = "", third = first] = photos;
  const some = photos.length > 3 ? [first, second, "one of others"] : [...new Set([first, second, third])];
  return `${sidecar} could be of ${some.join(" or of ")}: it dates none of them; rename it after the one it is of, as ${first}.json`;
}

/** That, as an event. @param key of the sidecar, in the form of a key */
export function unclearWarning(key: string, unclear: Unclear): WarningEvent {
  return { type: "warning", code: "sidecar", message: unclearWords(unclear), key };
}

function split(key: string): { folder: string; name: string } {
  const at = key.lastIndexOf("/") + 1;
  return { folder: key.slice(0, at), name: key.slice(at) };
}

/** What lies in the folder of a key under names akin to its own, by name. */
async function nearby(key: string, catalogue: Catalogue): Promise<Map<string, CataloguedObject>> {
  const { folder, name } = split(key);
  const stem = (await catalogue.listing.find(key))?.stem ?? null;
  const folders = new Set([split(normalStem(key)).folder]);
  if (stem !== null) folders.add(split(stem).folder);
  const stems = new Set(stem === null ? [] : [stem]);
  for (const own of sidecarStems(name)) for (const one of folders) stems.add(one + own);
  const near = new Map<string, CataloguedObject>();
  const enter = (objects: readonly CataloguedObject[]) => {
    for (const object of objects) {
      const other = split(object.key);
      if (other.folder === folder && object.kind !== "other") near.set(other.name, object);
    }
  };
  for (const one of stems) enter(await catalogue.listing.akin(one, false));
  for (const own of [`${name}.xmp`, `${name}.json`, `${name}.XMP`]) {
    const object = await catalogue.listing.find(folder + own);
    if (object !== null) enter([object]);
  }
  // Others whose long names begin as this one does may own a sidecar whose name was cut as well.
  const beginnings = new Set(Array.from(near.keys(), cutSidecarStem));
  for (const beginning of beginnings) {
    if (beginning === null) continue;
    for (const one of folders) enter(await catalogue.listing.akin(one + beginning, true));
  }
  return near;
}

type Read = (
  object: Listed,
  upto: number,
  signal: AbortSignal,
  unreadable: (message: string) => void,
) => Promise<Buffer | null>;

interface CompanyPorts {
  readonly catalogue: Catalogue;
  readonly read: Read;
  readonly of: SidecarReader["of"];
  readonly signal: AbortSignal;
}

async function companyOf(key: string, { catalogue, read, of, signal }: CompanyPorts): Promise<readonly Datable[]> {
  const near = await nearby(key, catalogue);
  const found: Datable[] = [];
  for (const name of pairSidecars(split(key).name, [...near.keys()]).company) {
    const object = near.get(name);
    if (object === undefined || object.size === 0) continue;
    const alone = !isPicture(name);
    const upto = alone ? LONGEST_SIDECAR : HEAD_BYTES;
    const start = await read(object, upto, signal, () => undefined);
    if (start === null) continue;
    const head = { contentDisposition: "", metadata: {} };
    found.push(
      alone
        ? { object, head, firstBytes: NOTHING, sidecars: [{ name: object.key, bytes: start }] }
        : { object, head, firstBytes: start, sidecars: await of(object.key, signal) },
    );
  }
  return found;
}

const NOTHING = new Uint8Array();

/** Null, and told, where it cannot be read. @throws HaulError that ends the run, and what may pass */
async function startOf(
  source: Source,
  object: Listed,
  upto: number,
  options: FetchOptions,
  unreadable: (message: string) => void,
): Promise<Buffer | null> {
  try {
    return (await fetchStart(source, object, upto, options)).firstBytes;
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    if (error.retry) throw mayPass(object.key, error);
    unreadable(error.message);
    return null;
  }
}
