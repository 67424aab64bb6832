/**
 * A target in a store of objects. Photos are spooled on this computer and then written under their names, each
 * only where nothing lies. What lies in its `.photohaul` is described in the README.txt there.
 */

import type { Location, Memory } from "../../catalogue/target-memory.ts";
import { HaulError } from "../../errors.ts";
import type { ManifestEntry } from "../../model.ts";
import { folded } from "../../naming/name.ts";
import { inParallel } from "../folder/in-parallel.ts";
import { safeSegments } from "../folder/safe-path.ts";
import { SpooledDraft } from "../spool.ts";
import type { Draft, Keeping, Kept, Lying, OnBroken, Target, Traits, Vouched } from "../target.ts";
import type { PartedLedger } from "./manifest.ts";
import { factsOf } from "./object-facts.ts";
import { type Opened, openShelf, type StoreTargetOptions } from "./opening.ts";
import type { Placed } from "./prefix-writer.ts";
import { README_PATH } from "./probe.ts";
import { readmeFor } from "./readme.ts";
import type { Store } from "./store.ts";
import { StoreLists } from "./store-lists.ts";

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
    return new StoreTarget(await openShelf(store, prefix, options));
  } catch (error) {
    await store.close();
    throw error;
  }
}

class StoreTarget implements Target {
  readonly name: string;
  id: string;
  readonly traits: Traits;
  readonly freeBytes = null;
  readonly memory: Memory;
  readonly location: Location;
  readonly lists: StoreLists;
  readonly #opened: Opened;
  #earlier: Promise<unknown> = Promise.resolve();
  #failures = 0;

  constructor(opened: Opened) {
    this.name = opened.name;
    this.id = opened.id;
    this.traits = opened.traits;
    this.memory = opened.memory;
    const { store } = opened;
    this.location = { holder: `store:${store.address}`, within: opened.name };
    this.#opened = opened;
    this.lists = new StoreLists(opened, (work) => this.#alone(work));
  }

  knownAs(id: string): void {
    this.id = id;
  }

  async stage(bytes: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<Draft> {
    return this.#forWriting().spool.stage(bytes, size, signal);
  }

  async commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]> {
    const { ledger } = this.#forWriting();
    for (const keeping of batch) safeSegments(keeping.entry.path);
    return this.#alone(() => this.#commit(batch, ledger, signal));
  }

  async *open(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    safeSegments(path);
    stopIf(signal);
    yield* this.#opened.prefixWriter.read(path, signal);
    stopIf(signal);
  }

  vouchesFor(photo: Vouched, signal: AbortSignal): Promise<boolean> {
    safeSegments(photo.path);
    return this.#opened.prefixWriter.vouchesFor(photo, signal);
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.lists.entries(signal, onBroken);
  }

  async manifestMark(signal: AbortSignal): Promise<string> {
    await this.#earlier;
    return this.lists.mark(signal);
  }

  look(path: string, signal: AbortSignal): Promise<Lying | null> {
    safeSegments(path);
    return this.#opened.prefixWriter.look(path, signal);
  }

  async redate(batch: readonly Omit<Keeping, "draft">[], signal: AbortSignal): Promise<void> {
    const { ledger } = this.#forWriting();
    for (const { entry } of batch) safeSegments(entry.path);
    const entries = batch.map(({ entry }) => entry);
    return this.#alone(() => ledger.amend(entries, signal));
  }

  async close(): Promise<void> {
    await this.#earlier;
    await this.#opened.writing?.spool.close();
    await this.#opened.store.close();
  }

  /** After all that was begun before. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#earlier.then(work);
    this.#earlier = mine.catch(() => undefined);
    return mine;
  }

  async #commit(batch: readonly Keeping[], ledger: PartedLedger, signal: AbortSignal): Promise<Kept[]> {
    const placed: Placed[] = [];
    await inParallel(byPath(batch), AT_ONCE, async (same) => {
      for (const { at, keeping } of same) {
        stopIf(signal);
        placed[at] = await this.#put(keeping, signal);
      }
    });
    const done = batch.filter((_, at) => placed[at]?.kept !== "occupied");
    await ledger.add(
      batch.flatMap(({ entry }, at) => writtenDown(entry, placed[at])),
      signal,
    );
    for (const { draft } of done) await draft.discard();
    return placed.map(({ kept }) => kept);
  }

  async #put(keeping: Keeping, signal: AbortSignal): Promise<Placed> {
    const { prefixWriter } = this.#opened;
    const { entry } = keeping;
    try {
      const placed = await prefixWriter.put(
        {
          path: entry.path,
          digests: entry,
          bytes: { file: draftOf(keeping.draft).file },
          facts: factsOf(keeping),
          origin: keeping.origin,
          photo: true,
        },
        signal,
      );
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
    const { prefixWriter, store } = this.#opened;
    try {
      await prefixWriter.replace(README_PATH, readmeFor(store, this.name), false, signal);
      return true;
    } catch (error) {
      if (error instanceof HaulError) return false;
      throw error;
    }
  }

  #forWriting() {
    if (this.#opened.writing !== null) return this.#opened.writing;
    throw new HaulError("read-only", `${this.name} was opened for reading only`);
  }
}

/**
 * Of several photos for one name the first has it: they go one after the other, so that a look before the write sees what
 * lies there. What some store might take for one name counts as one here, whether or not this store was found to.
 */
function byPath(batch: readonly Keeping[]): Iterable<{ at: number; keeping: Keeping }[]> {
  const paths = new Map<string, { at: number; keeping: Keeping }[]>();
  for (const [at, keeping] of batch.entries()) {
    const path = folded(keeping.entry.path, { foldsCase: true, foldsUnicode: true });
    const same = paths.get(path) ?? [];
    same.push({ at, keeping });
    paths.set(path, same);
  }
  return paths.values();
}

/** The line of the manifest for a photo, if it lies there now. */
function writtenDown({ targetEtag: _elsewhere, ...entry }: ManifestEntry, placed: Placed | undefined): ManifestEntry[] {
  if (placed === undefined || placed.kept === "occupied") return [];
  return [{ ...entry, ...(placed.etag === undefined ? {} : { targetEtag: placed.etag }) }];
}

function draftOf(draft: Draft): SpooledDraft {
  if (draft instanceof SpooledDraft) return draft;
  throw new TypeError("the draft of another target");
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted");
}
