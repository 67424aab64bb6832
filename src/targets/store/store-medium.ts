/**
 * A target in a store of objects. Photos wait on this computer and are then written under their names, each only where
 * nothing lies. What lies in its `.photohaul` is described in the README.txt there.
 */

import { stopIf } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { inParallel } from "../../in-parallel.ts";
import { folded } from "../../naming/name.ts";
import { readObject } from "../../stores/read-object.ts";
import { archiveBy, type KeyRange, type Page } from "../../stores/source.ts";
import type { Store, StoreFiles } from "../../stores/store.ts";
import { temporaryOf } from "../drafts.ts";
import type { Medium, Placed } from "../medium.ts";
import { MediumTarget } from "../medium-target.ts";
import type { Keeping, Lying, Target, Vouched } from "../target.ts";
import { MARKER } from "../target-json.ts";
import { asTarget, targetTrouble } from "../target-trouble.ts";
import { factsOf } from "./object-facts.ts";
import { type OpenedPlace, openPlace, type StoreTargetOptions } from "./open-store.ts";
import { OwnObjects } from "./own-objects.ts";
import type { PlacedObject, Upload } from "./prefix-writer.ts";
import { README_PATH } from "./probe-store.ts";
import { notThere } from "./see-there.ts";

/** Photos under way at once: a store far away answers each only after a while. */
const AT_ONCE = 16;
/** So many failures in a row are the store's, not the photos'. */
const PATIENCE = 8;

/**
 * Opens the place of a target in a store, which the target closes in the end, also after an error here.
 * @param path below the store's root; slashes at its ends do not count
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`
 */
export async function openStoreTarget(store: Store, path: string, options: StoreTargetOptions): Promise<Target> {
  const prefix = path === "" ? "" : `${path}/`;
  try {
    return new MediumTarget(new StoreMedium(await openPlace(store, prefix, options)));
  } catch (error) {
    await store.close();
    throw error;
  }
}

class StoreMedium implements Medium {
  readonly name: string;
  readonly id: string;
  readonly traits: OpenedPlace["traits"];
  readonly freeBytes: number | null;
  readonly date?: NonNullable<Medium["date"]>;
  readonly setAside?: NonNullable<Medium["setAside"]>;
  readonly readCap?: NonNullable<Medium["readCap"]>;
  readonly archive?: NonNullable<Medium["archive"]>;
  readonly memory: OpenedPlace["memory"];
  readonly location: Medium["location"];
  readonly warn: OpenedPlace["warn"];
  readonly lists: OpenedPlace["lists"];
  readonly own: OwnObjects;
  readonly drafts: Medium["drafts"];
  readonly renews: boolean;
  readonly #opened: OpenedPlace;
  #failures = 0;

  constructor(opened: OpenedPlace) {
    this.name = opened.name;
    this.id = opened.id;
    this.traits = opened.traits;
    this.freeBytes = opened.freeBytes;
    this.memory = opened.memory;
    this.location = { holder: `store:${opened.store.address}`, within: opened.name };
    this.warn = opened.warn;
    this.lists = opened.lists;
    this.own = new OwnObjects(opened.place);
    this.drafts = opened.spool?.drafts ?? null;
    this.renews = opened.store.renews === true;
    this.#opened = opened;
    const { store, place } = opened;
    if (store.openCap !== undefined) this.readCap = (cap, path, signal) => this.#readCap(cap, path, signal);
    if (store.archive !== undefined) this.archive = archiveBy(store.archive, (path) => place.keyOf(path));
    if (store.rename !== undefined) this.setAside = (path, to, signal) => place.rename(path, to, signal);
    const { files } = store;
    if (files === undefined) return;
    this.date = (batch, signal) => inParallel(batch, AT_ONCE, (dated) => this.#date(files, dated, signal));
    this.setAside = (path, to, signal) => asTarget(() => files.rename(path, to, signal), this.name);
  }

  /** What the store says is a target's trouble already. */
  attempt<T>(_doing: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  async place(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Placed[]> {
    if (this.#opened.store.putTogether !== undefined) return this.#putTogether(batch, signal);
    const placed: PlacedObject[] = [];
    const put = (unseen: boolean) => async (same: readonly InBatch[]) => {
      for (const { at, keeping } of same) {
        stopIf(signal);
        placed[at] = await this.#put(keeping, signal, unseen);
      }
    };
    await inParallel(byPath(batch), AT_ONCE, put(true));
    const written = batch.flatMap((keeping, at) => {
      const said = placed[at]?.said;
      return said === undefined ? [] : [{ ...keeping.entry, said, at, keeping }];
    });
    const missing = await notThere(this.#opened.place, written, signal);
    if (missing.length < written.length) this.#failures = 0;
    await inParallel(missing, AT_ONCE, (one) => put(false)([one]));
    return placed;
  }

  read(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#opened.place.read(path, signal);
  }

  list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page> {
    return this.#opened.place.list(range, signal);
  }

  async markerTag(signal: AbortSignal): Promise<string | null> {
    const head = await this.#opened.place.headOf(MARKER, signal);
    return head && `${head.etag} ${head.modified}`;
  }

  look(path: string, signal: AbortSignal): Promise<Lying | null> {
    return this.#opened.place.look(path, signal);
  }

  vouchesFor(photo: Vouched, signal: AbortSignal): Promise<boolean> {
    return this.#opened.place.vouchesFor(photo, signal);
  }

  async close(): Promise<void> {
    this.#opened.spool?.lock.release();
    await this.#opened.store.close();
  }

  async #put(keeping: Keeping, signal: AbortSignal, unseen: boolean): Promise<PlacedObject> {
    try {
      const placed = await this.#opened.place.put(uploadOf(keeping), signal, unseen);
      if (!unseen || placed.said === undefined) this.#failures = 0;
      const { files } = this.#opened.store;
      // A file is not dated anew by the mere time of an upload.
      if (placed.kept === "same" && files !== undefined && keeping.entry.captured?.source !== "modified") {
        await this.#date(files, keeping, signal);
      }
      return placed;
    } catch (error) {
      throw await this.#weighed(error, signal);
    }
  }

  #date(files: StoreFiles, { entry, mtime }: Pick<Keeping, "entry" | "mtime">, signal: AbortSignal): Promise<void> {
    return asTarget(() => files.date(entry.path, mtime, signal), this.name);
  }

  async *#readCap(cap: string, path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { store } = this.#opened;
    const open = async (_: unknown, offset: number) => {
      const opened = await store.openCap?.(cap, path, offset, signal);
      if (opened !== undefined) return opened;
      throw new TypeError(`${this.name} knows no caps`);
    };
    try {
      yield* readObject({ name: store.name, open }, path, signal);
    } catch (error) {
      throw targetTrouble(error, this.name);
    }
  }

  async #putTogether(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Placed[]> {
    stopIf(signal);
    try {
      const placed = await this.#opened.place.putTogether(batch.map(uploadOf), signal);
      this.#failures = 0;
      return placed;
    } catch (error) {
      throw await this.#weighed(error, signal);
    }
  }

  /** A store that takes nothing any more is down, however politely it says so. */
  async #weighed(error: unknown, signal: AbortSignal): Promise<unknown> {
    if (!(error instanceof HaulError)) return error;
    if (error.endsRun && error.code !== "read-only") return error;
    this.#failures += 1;
    const many = this.#failures >= PATIENCE;
    if (error.endsRun) {
      return !many && (await this.#takesMore(signal)) ? error.with({ ofOne: true }) : error;
    }
    if (!many) return error;
    const says = `${this.name} took none of the last ${this.#failures} photos. ${error.message}`;
    return new HaulError("no-target", says, { cause: error });
  }

  /**
   * Whether the README can be written where a photo could not: then it is that photo which is refused (by a rule of the
   * bucket for some names, by a proxy that dislikes one), and not all of them.
   */
  async #takesMore(signal: AbortSignal): Promise<boolean> {
    const { place } = this.#opened;
    try {
      await place.replace(README_PATH, this.#opened.readme, false, signal);
      return true;
    } catch (error) {
      if (error instanceof HaulError) return false;
      throw error;
    }
  }
}

function uploadOf(keeping: Keeping): Upload {
  const { entry, origin } = keeping;
  const { held, file, ahead } = temporaryOf(keeping.draft);
  const bytes = held ?? { file, ahead };
  return { path: entry.path, digests: entry, bytes, facts: factsOf(keeping), origin, photo: true };
}

interface InBatch {
  readonly at: number;
  readonly keeping: Keeping;
}

/**
 * Of several photos for one name the first has it: they go one after the other, so that a look before the write sees what
 * lies there. What some store might take for one name counts as one here, whether or not this store was found to.
 */
function byPath(batch: readonly Keeping[]): Iterable<InBatch[]> {
  const paths = new Map<string, InBatch[]>();
  for (const [at, keeping] of batch.entries()) {
    const path = folded(keeping.entry.path, { foldsCase: true, foldsUnicode: true });
    const same = paths.get(path) ?? [];
    same.push({ at, keeping });
    paths.set(path, same);
  }
  return paths.values();
}
