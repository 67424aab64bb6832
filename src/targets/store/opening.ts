/** Opening the place of a target in a store of objects: is it the right one, may it be written, what can its store do. */

import { createHash, randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Memory, NO_MEMORY, remembering, type Told } from "../../catalogue/target-memory.ts";
import { HaulError } from "../../errors.ts";
import type { Traits } from "../../naming/traits.ts";
import { Spool } from "../spool.ts";
import { mustBeElsewhere, type SourceSample } from "./elsewhere.ts";
import { PartedLedger } from "./manifest.ts";
import { MANIFEST } from "./parts.ts";
import { PrefixWriter, textUpload } from "./prefix-writer.ts";
import { probeFolds, probeStore } from "./probe.ts";
import { readmeFor } from "./readme.ts";
import type { Store } from "./store.ts";
import { type Folds, MARKER, type Marker, NO_FOLDS, parseMarker, UNTRIED, writtenMarker } from "./target-json.ts";
import { UploadJournal } from "./upload-journal.ts";

/** With the source and its zone, for target.json. */
export interface StoreTargetOptions extends Told {
  /** Writes nothing at all; `stage` and `commit` are refused. */
  readonly readOnly?: boolean;
  /** The id that this target had when it was last used; another one, or none, is `wrong-drive`. */
  readonly expectedId?: string | undefined;
  /** Present where this may be the source itself by another name; looked at before the first use. */
  readonly sample?: SourceSample;
  readonly warn?: (message: string) => void;
  /** Folder in which photos wait; the system's for temporary files where absent. */
  readonly spool?: string;
  readonly signal?: AbortSignal;
}

/** A place that was found right. */
export interface Opened {
  readonly name: string;
  readonly store: Store;
  readonly prefixWriter: PrefixWriter;
  readonly id: string;
  readonly traits: Traits;
  /** What target.json remembered when the target was opened. */
  readonly memory: Memory;
  readonly warn: (message: string) => void;
  /** Null when it was opened for reading. */
  readonly writing: { readonly spool: Spool; readonly ledger: PartedLedger } | null;
}

/**
 * @param prefix "" or one that ends in a slash
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`
 */
export async function openShelf(store: Store, prefix: string, options: StoreTargetOptions): Promise<Opened> {
  const signal = options.signal ?? new AbortController().signal;
  const { warn = () => undefined } = options;
  const reading = new PrefixWriter({ store, prefix }, UNTRIED);
  const { name } = reading;
  const { marker: old, unreadable } = await markerOf(reading, options, signal);
  if (options.sample !== undefined && options.expectedId === undefined)
    await mustBeElsewhere(store, name, options.sample, signal);
  const memory = old ?? NO_MEMORY;
  const common = { name, store, memory, warn };
  if (options.readOnly === true) {
    const traits = traitsOf(store, prefix, old?.folds ?? NO_FOLDS);
    return { ...common, traits, prefixWriter: reading, id: old?.id ?? "", writing: null };
  }
  const spool = await Spool.open(spoolFolder(options, store, name), name);
  try {
    const can = old?.can ?? (await probeStore(store, prefix, readmeFor(store, name), signal));
    if (!can.onlyNew) {
      warn(
        `${name} would overwrite what it is asked not to; photohaul looks before it writes, so let no other computer write there at the same time`,
      );
    }
    const folds = old?.folds ?? (await probeFolds(store, prefix, can, signal));
    const journal = new UploadJournal(spool.folder);
    await giveUpLeftOver(store, journal);
    const prefixWriter = new PrefixWriter({ store, prefix, journal }, can);
    if (unreadable !== null) await setAside(prefixWriter, unreadable, signal);
    const { id } = await mark(prefixWriter, { old, can, folds, options }, signal);
    return {
      ...common,
      traits: traitsOf(store, prefix, folds),
      prefixWriter,
      id,
      writing: { spool, ledger: await PartedLedger.open(prefixWriter, signal) },
    };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function giveUpLeftOver(store: Store, journal: UploadJournal): Promise<void> {
  for (const upload of await journal.leftOver()) {
    if (await store.abort(upload)) await journal.ended(upload);
  }
}

interface Found {
  readonly marker: Marker | null;
  /** What lies in the marker's place and says nothing usable. */
  readonly unreadable: string | null;
}

/** What target.json says, after it was found to be the one expected; where it was lost, what the lists beside it say. */
async function markerOf(prefixWriter: PrefixWriter, options: StoreTargetOptions, signal: AbortSignal): Promise<Found> {
  const { expectedId, warn } = options;
  const text = await prefixWriter.readText(MARKER, signal);
  const read = readMarker(text, prefixWriter.name);
  if (read === null || read instanceof HaulError) {
    // The first run of a place that is new looks for nothing else there.
    const isMissed = read !== null || expectedId !== undefined || options.readOnly === true;
    const holds = isMissed && (await prefixWriter.list(MANIFEST.beginning, signal)).length > 0;
    if (holds) {
      warn?.(`${prefixWriter.name}/${MARKER} was lost; the target is known by the lists beside it`);
      return { marker: lostMarker(prefixWriter.name, expectedId), unreadable: text };
    }
    if (read !== null) throw read;
  }
  if (expectedId === undefined || read?.id === expectedId) return { marker: read, unreadable: null };
  const held = read === null ? "holds no photohaul target" : "holds another photohaul target";
  throw new HaulError("wrong-drive", `${prefixWriter.name} ${held}`);
}

function readMarker(text: string | null, name: string): Marker | HaulError | null {
  try {
    return text === null ? null : parseMarker(text, name);
  } catch (error) {
    if (error instanceof HaulError) return error;
    throw error;
  }
}

/** Where nobody remembers the id of the place, its name gives it one, the same one each time. */
function lostMarker(name: string, expectedId: string | undefined): Marker {
  const id = expectedId ?? `lost-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  return { id, createdAt: new Date().toISOString(), ...NO_MEMORY, can: null, folds: null };
}

async function setAside(prefixWriter: PrefixWriter, text: string, signal: AbortSignal): Promise<void> {
  if (text === "") return;
  const aside = `.photohaul/before-${new Date().toISOString().replaceAll(/[-:.]/g, "")}-target.json`;
  await prefixWriter.put(textUpload(aside, Buffer.from(text)), signal);
}

interface Marking {
  readonly old: Marker | null;
  readonly can: Marker["can"];
  readonly folds: Folds;
  readonly options: StoreTargetOptions;
}

async function mark(prefixWriter: PrefixWriter, marking: Marking, signal: AbortSignal): Promise<Marker> {
  const { old, can, folds, options } = marking;
  const marker: Marker = {
    id: old?.id ?? randomUUID(),
    createdAt: old?.createdAt ?? new Date().toISOString(),
    ...remembering(old ?? NO_MEMORY, options),
    can,
    folds,
  };
  if (JSON.stringify(marker) === JSON.stringify(old)) return marker;
  const onlyNew = old === null && can?.onlyNew === true;
  const put = await prefixWriter.replace(MARKER, writtenMarker(marker), onlyNew, signal);
  if (put !== "taken") return marker;
  // Another computer was quicker, or the answer to our own write was lost: what lies there holds.
  const { marker: first } = await markerOf(prefixWriter, options, signal);
  if (first === null) throw new HaulError("no-target", `${prefixWriter.name}/${MARKER} comes and goes`);
  return first;
}

function spoolFolder(options: StoreTargetOptions, store: Store, name: string): string {
  const place = `${store.address} ${name}`;
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 16);
  return join(options.spool ?? tmpdir(), `photohaul-spool-${hash}`);
}

function traitsOf({ traits }: Store, prefix: string, folds: Folds): Traits {
  const room = traits.longestKey - Buffer.byteLength(prefix);
  return {
    ...folds,
    forbidden: "",
    trimsEnds: false,
    longestName: { length: room, unit: "bytes" },
    longestPath: room,
    links: false,
    timeGranularity: 1_000_000,
    earliestTime: "0001-01-01T00:00:00Z",
    largestFile: traits.largestObject,
  };
}
