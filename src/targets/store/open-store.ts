/** Opening the place of a target in a store of objects: is it the right one, may it be written, what can its store do. */

import { createHash } from "node:crypto";
import { NO_MEMORY } from "../../catalogue/target-memory.ts";
import { HaulError } from "../../errors.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import type { Traits } from "../../naming/name.ts";
import type { Store } from "../../stores/store.ts";
import { mustBeElsewhere, type SourceSample } from "../apart.ts";
import type { Medium, OpenOptions } from "../medium.ts";
import { sealedReadme, storeReadme } from "../readme.ts";
import { HELD, openSpool, type Spool, spoolFolder } from "../spool.ts";
import {
  type Abilities,
  type Folds,
  type FoundMarker,
  type FoundOut,
  findMarker,
  MARKER,
  renewedMarker,
  type TargetJson,
  writtenTargetJson,
} from "../target-json.ts";
import { asTarget } from "../target-trouble.ts";
import { PartLists } from "./part-lists.ts";
import { PrefixWriter, textUpload } from "./prefix-writer.ts";
import { probeFolds, probeStore } from "./probe-store.ts";
import { tryFiles } from "./try-files.ts";
import { UploadJournal } from "./upload-journal.ts";

export interface StoreTargetOptions extends OpenOptions {
  /** Present where this may be the source itself by another name; looked at before the first use. */
  readonly sample?: SourceSample;
  /** Folder in which photos wait; the system's for temporary files where absent. */
  readonly spool?: string;
}

/** A place that was found right. */
export interface OpenedPlace extends Pick<Medium, "name" | "id" | "traits" | "freeBytes" | "memory" | "warn"> {
  readonly store: Store;
  readonly place: PrefixWriter;
  readonly lists: PartLists;
  /** What its README.txt says. */
  readonly readme: string;
  /** Null when it was opened for reading. */
  readonly spool: Spool | null;
}

/** What may be assumed of a store that nobody tried. */
const UNTRIED: Abilities = { onlyNew: false, onlyNewInParts: false, copies: false, sha256: false };
const NO_FOLDS: Folds = { foldsCase: false, foldsUnicode: false };

/**
 * @param prefix "" or one that ends in a slash
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`
 */
export async function openPlace(store: Store, prefix: string, options: StoreTargetOptions): Promise<OpenedPlace> {
  const { warn = () => undefined, signal = new AbortController().signal } = options;
  const reading = new PrefixWriter({ store, prefix }, UNTRIED);
  const { name } = reading;
  await asTarget(async () => store.prepare?.(signal), name);
  const found = await markerOf(reading, options, signal);
  const { marker } = found;
  // What is a target already is told by its marker, in the listing of the source; its copies have keys and ETags of the
  // source's, and may have been made in the second in which that was written.
  if (options.sample !== undefined && marker === null) {
    await mustBeElsewhere(store, name, options.sample, signal);
  }
  const sealed = options.sealed ?? marker?.sealed;
  const readme = sealed === undefined ? storeReadme(store, name) : sealedReadme(name, sealed);
  const free = async () => (await (store.free?.(signal) ?? store.files?.free(signal))) ?? null;
  const freeBytes = await asTarget(free, name);
  const opened = { name, store, warn, freeBytes, memory: marker ?? NO_MEMORY, readme };
  if (options.readOnly === true) {
    const traits = marker?.traits ?? traitsOf(store, prefix, marker?.folds ?? NO_FOLDS);
    const lists = new PartLists(reading, warn);
    return { ...opened, traits, id: marker?.id ?? "", place: reading, lists, spool: null };
  }
  const spool = await spoolFor(store, name, options);
  try {
    const triedAt = placeOf(store, name);
    // A copy of a target brings along what another store can.
    const known = marker?.triedAt === triedAt ? marker : null;
    const tried = await tryFiles(store, name, known, { ...options, warn, signal });
    const can = known?.can ?? (await probeStore(store, prefix, readme, signal));
    if (!can.onlyNew && store.traits.writesOnce !== true) {
      warn(
        `${name} would overwrite what it is asked not to; photohaul looks before it writes, so let no other computer write there at the same time`,
      );
    }
    const folds = tried.traits ?? known?.folds ?? (await probeFolds(store, prefix, can, signal));
    const journal = new UploadJournal(spool.folder);
    await abortLeftOver(store, journal);
    const place = new PrefixWriter({ store, prefix, journal }, can);
    const what =
      tried.traits === undefined ? { can, folds, triedAt } : { traits: tried.traits, can, files: tried.files, triedAt };
    const { id } = await markTarget(place, found, what, options, signal);
    if (marker === null && store.firstUse !== undefined) warn(store.firstUse);
    const traits = tried.traits ?? traitsOf(store, prefix, folds);
    return { ...opened, traits, id, place, lists: await PartLists.open(place, warn, signal), spool };
  } catch (error) {
    spool.lock.release();
    throw error;
  }
}

function spoolFor(store: Store, name: string, { spool }: StoreTargetOptions): Promise<Spool> {
  const { files } = store;
  const folder = spoolFolder(spool, `${store.address} ${name}`);
  // Other stores cut parts from a file.
  return files === undefined ? openSpool(folder, name) : openSpool(folder, name, HELD, (signal) => files.ahead(signal));
}

/** Tells places apart, and says no address to whoever reads target.json. A cap opens one place, however its file is called. */
function placeOf(store: Store, name: string): string {
  const place = store.openCap === undefined ? `${store.address} ${name}` : "a grid";
  return createHash("sha256").update(place).digest("hex").slice(0, 16);
}

/** Uploads that a killed run began. */
async function abortLeftOver(store: Store, journal: UploadJournal): Promise<void> {
  for (const upload of await journal.leftOver()) {
    if (await store.abort?.(upload)) await journal.ended(upload);
  }
}

async function markerOf(place: PrefixWriter, options: OpenOptions, signal: AbortSignal): Promise<FoundMarker> {
  const { readOnly, expectedId } = options;
  return findMarker(
    {
      target: place.name,
      file: `${place.name}/${MARKER}`,
      hint: "",
      read: async () => (await readMarker(place, signal))?.toString("utf8") ?? null,
      async seedOfLists(isUnreadable) {
        // The first run of a place that is new looks for nothing else there.
        const isMissed = isUnreadable || expectedId !== undefined || readOnly === true;
        const lists = new PartLists(place, () => undefined);
        return isMissed && (await lists.isThere("manifest", signal)) ? place.name : null;
      },
    },
    options,
  );
}

async function markTarget(
  place: PrefixWriter,
  { marker: old, isUnreadable }: FoundMarker,
  found: FoundOut & { readonly can: Abilities },
  options: OpenOptions,
  signal: AbortSignal,
): Promise<TargetJson> {
  if (isUnreadable) await setMarkerAside(place, signal);
  const marker = renewedMarker(old, found, options);
  if (marker === old) return marker;
  const onlyNew = old === null && found.can.onlyNew;
  const put = await place.replace(MARKER, writtenTargetJson(marker), onlyNew, signal);
  if (put !== "taken") return marker;
  // Another computer was quicker, or the answer to our own write was lost: what lies there holds.
  const { marker: first } = await markerOf(place, options, signal);
  if (first === null) throw new HaulError("no-target", `${place.name}/${MARKER} comes and goes`);
  return first;
}

async function readMarker(place: PrefixWriter, signal: AbortSignal): Promise<Buffer | null> {
  return place.readBytes(await place.lastEdition(MARKER, signal), signal);
}

async function setMarkerAside(place: PrefixWriter, signal: AbortSignal): Promise<void> {
  const bytes = await readMarker(place, signal);
  if (bytes === null || bytes.length === 0) return;
  const aside = `${OWN_FOLDER}/before-${new Date().toISOString().replaceAll(/[-:.]/g, "")}-target.json`;
  await place.put(textUpload(aside, bytes), signal);
}

/** What disks take, where one was not tried out yet. */
const LONGEST_FILE_NAME = 255;

function traitsOf({ traits, files }: Store, prefix: string, folds: Folds): Traits {
  const room = traits.longestKey - Buffer.byteLength(prefix);
  return {
    ...folds,
    forbidden: "",
    trimsEnds: false,
    longestName: {
      length: files === undefined ? Math.min(room, traits.longestName ?? room) : LONGEST_FILE_NAME,
      unit: "bytes",
    },
    longestPath: room,
    links: false,
    timeGranularity: 1_000_000,
    earliestTime: "0001-01-01T00:00:00Z",
    largestFile: traits.largestObject,
  };
}
