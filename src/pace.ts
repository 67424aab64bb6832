/**
 * The one place of concurrency. How much goes on at once is a number that the user names, or that is found:
 * it rises while throughput rises, and halves when the store asks for less or lets requests time out
 * (additive increase would take minutes on a fast line, so it doubles until doubling gains nothing, and
 * then tries one step more from time to time: the way TCP starts slowly and then avoids congestion).
 */

import PQueue from "p-queue";
import { HaulError } from "./errors.ts";

export interface PaceOptions {
  /** A fixed number, or "auto". */
  readonly concurrency: number | "auto";
  /** Told of every change, in words, for --verbose. */
  readonly onChange?: (change: PaceChange) => void;
  /** Milliseconds, ever rising; for tests. */
  readonly now?: () => number;
}

export interface PaceChange {
  readonly limit: number;
  readonly reason: string;
}

/** Where "auto" begins: what every store and line carries. */
const START = 16;
/** Where it ends: beyond, one process is busy with itself, and photos in memory add up. */
const MOST = 128;
const LEAST = 1;
/** A measurement lasts at least so many milliseconds, and at least as many pieces as run at once. */
const WINDOW_MS = 250;
/** What must be gained for more at once to be worth it. */
const GAIN = 1.05;
/** After so many measurements without a change one step more is tried. */
const CALM = 8;
/** After a reduction, further complaints are of requests that were under way then, for so long. */
const COOL_MS = 1000;
/** A piece of work weighs like so many bytes: below that size requests, not bytes, are what takes time. */
const PIECE = 64 * 1024;

export class Pace {
  readonly #queue: PQueue;
  readonly #auto: boolean;
  readonly #onChange: (change: PaceChange) => void;
  readonly #now: () => number;
  #window = { since: 0, pieces: 0, weight: 0, waited: false };
  /** Weight a millisecond at the limit before the last rise. */
  #before = 0;
  #previous: number;
  #rising = true;
  #calm = 0;
  #cooledAt = 0;

  constructor(options: PaceOptions) {
    this.#auto = options.concurrency === "auto";
    const limit = options.concurrency === "auto" ? START : options.concurrency;
    this.#queue = new PQueue({ concurrency: limit });
    this.#previous = limit;
    this.#onChange = options.onChange ?? (() => undefined);
    this.#now = options.now ?? (() => performance.now());
    this.measureAfresh();
  }

  /** How many pieces of work may run at once now. */
  get limit(): number {
    return this.#queue.concurrency;
  }

  /** Forgets what was measured: another kind of work begins. The limit stays. */
  measureAfresh(): void {
    this.#before = 0;
    this.#rising = true;
    this.#calm = 0;
    this.#startWindow();
  }

  /** Tells of bytes that came, so that throughput is more than a count of pieces. */
  moved(bytes: number): void {
    this.#window.weight += bytes;
  }

  /** Tells of a request that failed; where the store could not keep up, less is asked at once from now on. */
  failed(error: HaulError): void {
    const overloaded = error.trouble === "throttled" || error.trouble === "server";
    const late = error.trouble === "broken" || error.trouble === "unreachable";
    if (!this.#auto || (!overloaded && !late) || this.#now() < this.#cooledAt) return;
    this.#cooledAt = this.#now() + COOL_MS;
    this.#rising = false;
    this.#calm = 0;
    this.#before = 0;
    this.#set(Math.max(LEAST, Math.floor(this.limit / 2)), error.message);
    this.#previous = this.limit;
    this.#startWindow();
  }

  /**
   * Runs one piece of work as soon as there is room for it.
   * @throws what the work throws; HaulError `interrupted` when aborted before it began
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#queue.isSaturated || this.#queue.pending >= this.limit) this.#window.waited = true;
    return this.#queue.add(async () => {
      if (signal.aborted) throw interrupted(signal);
      const result = await work();
      this.#done();
      return result;
    });
  }

  /**
   * Does a piece of work for every item, as many at once as the pace allows, in the order they come; items
   * are taken only when there is room. The first error that `work` or `items` throws stops it: no further
   * item is taken, `signal` as the work sees it is aborted, and what is under way is waited for.
   * @throws that first error; HaulError `interrupted` when aborted
   */
  async each<T>(
    items: AsyncIterable<T> | Iterable<T>,
    work: (item: T, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    this.measureAfresh();
    const stop = new AbortController();
    const inner = AbortSignal.any([signal, stop.signal]);
    const failures: unknown[] = [];
    const running = new Set<Promise<void>>();
    const begin = (item: T): void => {
      const piece = this.run(() => work(item, inner), inner)
        .catch((error: unknown) => {
          failures.push(error);
          stop.abort(error);
        })
        .finally(() => running.delete(piece));
      running.add(piece);
    };
    try {
      for await (const item of items) {
        if (inner.aborted) break;
        begin(item);
        await this.#queue.onSizeLessThan(1);
        if (inner.aborted) break;
      }
    } catch (error) {
      failures.push(error);
      stop.abort(error);
    }
    await Promise.all(running);
    if (signal.aborted) throw interrupted(signal);
    if (failures.length > 0) throw failures[0];
  }

  #startWindow(): void {
    this.#window = { since: this.#now(), pieces: 0, weight: 0, waited: false };
  }

  #done(): void {
    const window = this.#window;
    window.pieces += 1;
    window.weight += PIECE;
    const ms = this.#now() - window.since;
    if (!this.#auto || ms < WINDOW_MS || window.pieces < this.limit) return;
    if (window.waited) this.#judge(window.weight / ms);
    this.#startWindow();
  }

  /** At the end of a measurement in which there was more to do than room for it. */
  #judge(rate: number): void {
    const gained = rate > this.#before * GAIN;
    if (this.limit > this.#previous && !gained) {
      this.#rising = false;
      this.#calm = 0;
      this.#set(this.#previous, "more at once gained nothing");
      return;
    }
    this.#calm += 1;
    if (!this.#rising && this.#calm < CALM) {
      this.#before = rate;
      return;
    }
    this.#calm = 0;
    this.#before = rate;
    this.#previous = this.limit;
    const step = this.#rising ? this.limit : Math.max(1, Math.round(this.limit / 8));
    this.#set(Math.min(MOST, this.limit + step), "throughput rises");
  }

  #set(limit: number, reason: string): void {
    if (limit === this.limit) return;
    this.#queue.concurrency = limit;
    this.#onChange({ limit, reason });
  }
}

function interrupted(signal: AbortSignal): HaulError {
  if (signal.reason instanceof HaulError) return signal.reason;
  return new HaulError("interrupted", "interrupted", { cause: signal.reason });
}
