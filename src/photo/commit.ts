/**
 * Keep: photos that are right and dated are made durable on the target in batches, and then, last of all,
 * written down in the catalogue. Photos fetched meanwhile go into the next batch.
 */

import type { KeptPhotos } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { PhotoEvent } from "../events.ts";
import { folderOf } from "../key.ts";
import { besidePath, etag8, folded, hash8 } from "../naming/name.ts";

import type { Keeping, Kept, Target } from "../targets/target.ts";

/** A photo ready to be kept; `entry.path` is where it should lie. */
export interface Pending extends Keeping {
  /** True when an older object of the same key is kept already. */
  readonly replaces: boolean;
}

/** When a batch is full: a power cut costs no more than this to fetch again. */
export interface BatchLimits {
  readonly photos: number;
  /** Bytes. */
  readonly bytes: number;
  /** Photos that may gather while the batch before is on its way: what a slow drive forces at once becomes more. */
  readonly most: number;
  /** How long the first of a batch may wait for the others, in milliseconds. */
  readonly waitMs: number;
  /** How long photos that came may still take to be kept once the run is to end, in milliseconds. */
  readonly lastMs: number;
}

const LAST_MS = 10_000;

export const BATCH: BatchLimits = {
  photos: 256,
  most: 512,
  bytes: 256 * 1024 * 1024,
  waitMs: 10_000,
  lastMs: LAST_MS,
};
/** While so many batches wait to be kept, no photo is added: what waits is held in memory. */
const FULL = 2;
/** `--durable photo`: each photo is durable and written down before the next is reported. */
export const SINGLE: BatchLimits = { photos: 1, most: 1, bytes: 0, waitMs: 0, lastMs: LAST_MS };

/** Where it is written down what is kept on a target, and what failed. */
export interface KeptWriter {
  kept(target: string): Pick<KeptPhotos, "add" | "fail">;
}

interface CommitterPorts {
  readonly target: Target;
  readonly catalogue: KeptWriter;
  readonly emit: (event: PhotoEvent) => void;
  readonly signal: AbortSignal;
  readonly limits: BatchLimits;
  readonly now: () => number;
}

/** Photos of one target on their way into its batches. */
export class Committer {
  readonly #ports: CommitterPorts;
  #waiting: Pending[] = [];
  #bytes = 0;
  #since = 0;
  #last: Promise<void> = Promise.resolve();
  /** Batches that are full and not written down yet. */
  #full = 0;
  /** True while somebody waits to flush what gathers behind the batch that is on its way. */
  #next = false;

  constructor(ports: CommitterPorts) {
    this.#ports = { ...ports, signal: patient(ports.signal, ports.limits.lastMs) };
  }

  /**
   * Takes a photo over. Comes back at once unless a batch is full; then when it is written down.
   * @throws HaulError that ends the run
   */
  async add(ready: Pending): Promise<void> {
    await this.#put(ready);
  }

  /** As `add`, one after the other. */
  async addAll(ready: readonly Pending[]): Promise<void> {
    for (const one of ready) {
      const full = this.#put(one);
      if (full !== null) await full;
    }
  }

  /** @returns null where nothing is to be waited for */
  #put(ready: Pending): Promise<void> | null {
    const { limits, now } = this.#ports;
    if (this.#waiting.length === 0) this.#since = now();
    this.#waiting.push(ready);
    this.#bytes += ready.draft.size;
    const large = this.#bytes >= limits.bytes;
    const due = large || this.#waiting.length >= limits.photos || now() - this.#since >= limits.waitMs;
    if (due && (this.#full === 0 || limits.most <= limits.photos)) return this.flush();
    if (due && !this.#next) return this.#flushNext();
    // What became of those batches is told to whoever filled them; this photo waits for the next.
    const many = this.#full > 0 && (large || this.#waiting.length >= limits.most);
    return many || this.#full >= FULL ? this.#last.catch(() => undefined) : null;
  }

  async #flushNext(): Promise<void> {
    this.#next = true;
    await this.#last.catch(() => undefined);
    this.#next = false;
    return this.flush();
  }

  /** Keeps what waits. @throws HaulError that ends the run */
  flush(): Promise<void> {
    const batch = this.#take();
    this.#full += 1;
    // A batch that failed is told by its own promise; the next one is tried all the same.
    this.#last = this.#last
      .catch(() => undefined)
      .then(() => (batch.length === 0 ? undefined : keepBatch(batch, this.#ports)))
      .finally(() => {
        this.#full -= 1;
      });
    return this.#last;
  }

  /**
   * Ends early: keeps what waits, once and within `lastMs`, where that still works, and gives up the rest, which
   * counts as not fetched.
   */
  async end(): Promise<void> {
    await this.#idle();
    const signal = AbortSignal.any([this.#ports.signal, AbortSignal.timeout(this.#ports.limits.lastMs)]);
    await keepBatch(this.#take(), { ...this.#ports, signal }).catch(() => undefined);
  }

  /** Gives up what waits: it counts as not fetched. */
  async discard(): Promise<void> {
    await this.#idle();
    await Promise.all(this.#take().map(({ draft }) => draft.discard()));
  }

  /** Until no batch is on its way, also none that began meanwhile. */
  async #idle(): Promise<void> {
    for (let last: Promise<void> | null = null; last !== this.#last; ) {
      last = this.#last;
      await last.catch(() => undefined);
    }
  }

  #take(): Pending[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return taken;
  }
}

/** Aborts a while after another signal does: what came and is being kept is not given up for a Ctrl-C. */
function patient(signal: AbortSignal, ms: number): AbortSignal {
  const stop = new AbortController();
  const abort = () => void setTimeout(() => stop.abort(signal.reason), ms).unref();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return stop.signal;
}

/** Keeps a batch. Where the target is full, as much of its beginning as halving finds room for is kept first. */
async function keepBatch(batch: readonly Pending[], ports: CommitterPorts): Promise<void> {
  try {
    const moved = (await commit(batch, ports)).occupied.map((ready) => elsewhere(ready, ports.target));
    for (const ready of (await commit(moved, ports)).occupied) {
      await fail(ready, await inTheWay(ready, ports), ports);
    }
  } catch (error) {
    const full = error instanceof HaulError && error.code === "full";
    const half = full ? Math.floor(batch.length / 2) : 0;
    await Promise.all(batch.slice(half).map(({ draft }) => draft.discard()));
    if (half > 0) await keepBatch(batch.slice(0, half), ports);
    throw error;
  }
}

/** What hinders a photo that no name could be given, in words. Where nothing lies under its name, it is one of its folders. */
async function inTheWay({ entry: { path } }: Pending, { target, signal }: CommitterPorts): Promise<string> {
  const folder = folderOf(path);
  if (folder === "" || (await target.look(path, signal)) !== null) {
    return `${path} and the name without its tag are taken by something else on ${target.name}: move one of them away`;
  }
  return `a file or a link stands where ${target.name} is to have the folder ${folder}: move it away`;
}

/** Commits a batch and writes down what was kept; a photo-level error is narrowed down to its photo. */
async function commit(batch: readonly Pending[], ports: CommitterPorts): Promise<{ occupied: Pending[] }> {
  if (batch.length === 0) return { occupied: [] };
  let kept: readonly Kept[];
  try {
    kept = await ports.target.commit(batch, ports.signal);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    return commitOneByOne(batch, error, ports);
  }
  await writeDown(
    batch.filter((_, at) => kept[at] !== "occupied"),
    kept.filter((outcome) => outcome !== "occupied"),
    ports,
  );
  return { occupied: batch.filter((_, at) => kept[at] === "occupied") };
}

async function commitOneByOne(
  batch: readonly Pending[],
  error: HaulError,
  ports: CommitterPorts,
): Promise<{ occupied: Pending[] }> {
  const [only] = batch;
  if (only !== undefined && batch.length === 1) {
    await fail(only, error.message, ports);
    return { occupied: [] };
  }
  const occupied: Pending[] = [];
  for (const ready of batch) occupied.push(...(await commit([ready], ports)).occupied);
  return { occupied };
}

async function writeDown(batch: readonly Pending[], kept: readonly Kept[], ports: CommitterPorts): Promise<void> {
  if (batch.length === 0) return;
  await ports.catalogue.kept(ports.target.id).add(
    batch.map(({ entry }, at) => ({
      entry,
      folded: folded(entry.path, ports.target.traits),
      lay: kept[at] === "same",
    })),
  );
  for (const [at, { entry }] of batch.entries()) {
    ports.emit({
      type: "photo",
      key: entry.key,
      path: entry.path,
      outcome: "stored",
      ...(kept[at] === "same" ? { reason: "exactly these bytes lay there already" } : {}),
      bytes: entry.size,
      sha256: entry.sha256,
      ...(entry.captured === null ? {} : { captured: entry.captured }),
      ...(entry.original === undefined ? {} : { original: entry.original }),
    });
  }
}

async function fail(ready: Pending, reason: string, ports: CommitterPorts): Promise<void> {
  await ready.draft.discard();
  const { key, size } = ready.entry;
  await ports.catalogue.kept(ports.target.id).fail(key, reason);
  ports.emit({ type: "photo", key, path: null, outcome: "failed", reason, bytes: size });
}

/** Never over what lies there: a changed object goes beside its older self, anything else beside the stranger. */
function elsewhere(ready: Pending, target: Target): Pending {
  const { entry } = ready;
  const tag = ready.replaces ? etag8(entry.etag) : hash8(entry.key);
  const path = besidePath(entry.path, tag, target.traits);
  return { ...ready, entry: { ...entry, path } };
}
