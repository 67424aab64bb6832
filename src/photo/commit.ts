/**
 * Keep: photos that are right and dated are made durable on the target in batches, and then, last of all,
 * written down in the catalogue. Photos fetched meanwhile go into the next batch.
 */

import type { KeptPhotos } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { PhotoEvent } from "../events.ts";
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
  /** How long the first of a batch may wait for the others, in milliseconds. */
  readonly waitMs: number;
  /** How long photos that came may still take to be kept once the run is to end, in milliseconds. */
  readonly lastMs: number;
}

const LAST_MS = 10_000;

export const BATCH: BatchLimits = {
  photos: 256,
  bytes: 256 * 1024 * 1024,
  waitMs: 10_000,
  lastMs: LAST_MS,
};
/** While so many batches are on their way to a drive, no photo is added: what waits is held in memory. */
const FULL = 2;
/** `--durable photo`: each photo is durable and written down before the next is reported. */
export const SINGLE: BatchLimits = { photos: 1, bytes: 0, waitMs: 0, lastMs: LAST_MS };

export interface Committer {
  /**
   * Takes a photo over. Comes back at once unless a batch is full; then when it is written down.
   * @throws HaulError that ends the run
   */
  add(ready: Pending): Promise<void>;
  /** Keeps what waits. @throws HaulError that ends the run */
  flush(): Promise<void>;
  /**
   * Ends early: keeps what waits, once and within `lastMs`, where that still works, and gives up the rest, which
   * counts as not fetched.
   */
  end(): Promise<void>;
  /** Gives up what waits: it counts as not fetched. */
  discard(): Promise<void>;
}

/** Where it is written down what is kept on a target, and what failed. */
export interface KeptWriter {
  kept(target: string): Pick<KeptPhotos, "add" | "fail">;
}

interface KeeperPorts {
  readonly target: Target;
  readonly catalogue: KeptWriter;
  readonly emit: (event: PhotoEvent) => void;
  readonly signal: AbortSignal;
  readonly limits: BatchLimits;
  readonly now: () => number;
}

export function createCommitter(given: KeeperPorts): Committer {
  const { lastMs } = given.limits;
  const ports = { ...given, signal: patient(given.signal, lastMs) };
  let waiting: Pending[] = [];
  let bytes = 0;
  let since = 0;
  let last: Promise<void> = Promise.resolve();
  /** Batches that are full and not written down yet. */
  let full = 0;

  const flush = (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    bytes = 0;
    full += 1;
    // A batch that failed is told by its own promise; the next one is tried all the same.
    last = last
      .catch(() => undefined)
      .then(() => (batch.length === 0 ? undefined : keepBatch(batch, ports)))
      .finally(() => {
        full -= 1;
      });
    return last;
  };
  return {
    flush,
    async add(ready) {
      if (waiting.length === 0) since = ports.now();
      waiting.push(ready);
      bytes += ready.draft.size;
      const { limits } = ports;
      const late = ports.now() - since >= limits.waitMs;
      if (waiting.length >= limits.photos || bytes >= limits.bytes || late) await flush();
      // What became of those batches is told to whoever filled them; this photo waits for the next.
      else if (full >= FULL) await last.catch(() => undefined);
    },
    async end() {
      await last.catch(() => undefined);
      const batch = waiting;
      waiting = [];
      const signal = AbortSignal.any([ports.signal, AbortSignal.timeout(lastMs)]);
      await keepBatch(batch, { ...ports, signal }).catch(() => undefined);
    },
    async discard() {
      await last.catch(() => undefined);
      await Promise.all(waiting.map(({ draft }) => draft.discard()));
      waiting = [];
    },
  };
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
async function keepBatch(batch: readonly Pending[], ports: KeeperPorts): Promise<void> {
  try {
    const moved = (await commit(batch, ports)).occupied.map((ready) => elsewhere(ready, ports.target));
    for (const ready of (await commit(moved, ports)).occupied) {
      const reason = `${ready.entry.path} and the name without its tag are taken by something else`;
      await fail(ready, reason, ports);
    }
  } catch (error) {
    const full = error instanceof HaulError && error.code === "full";
    const half = full ? Math.floor(batch.length / 2) : 0;
    await Promise.all(batch.slice(half).map(({ draft }) => draft.discard()));
    if (half > 0) await keepBatch(batch.slice(0, half), ports);
    throw error;
  }
}

/** Commits a batch and writes down what was kept; a photo-level error is narrowed down to its photo. */
async function commit(batch: readonly Pending[], ports: KeeperPorts): Promise<{ occupied: Pending[] }> {
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
  ports: KeeperPorts,
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

async function writeDown(batch: readonly Pending[], kept: readonly Kept[], ports: KeeperPorts): Promise<void> {
  if (batch.length === 0) return;
  await ports.catalogue
    .kept(ports.target.id)
    .add(batch.map(({ entry }) => ({ entry, folded: folded(entry.path, ports.target.traits) })));
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

async function fail(ready: Pending, reason: string, ports: KeeperPorts): Promise<void> {
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
