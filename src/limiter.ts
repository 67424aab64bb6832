/**
 * The one place of concurrency. How much goes on at once is a number that the user names, or one that is
 * found: it rises while throughput rises and halves when the store asks for less or too many requests come to grief.
 * It rises as TCP does, by doubling: one more at a time would take minutes on a fast line, and what a small step
 * gains cannot be told from chance. Doubling that gained nothing is tried again later, and later still each time.
 * Once the store complained it rises in steps of an eighth.
 */

import { type ErrorCode, HaulError } from "./errors.ts";

export interface LimiterOptions {
  /** Of fetching: a fixed number, or "auto". */
  readonly concurrency: number | "auto";
  /** Of listing. */
  readonly listConcurrency: number | "auto";
  /** Told of every decision, for --verbose. */
  readonly emit?: (event: LimiterChange) => void;
  /** Milliseconds, ever rising; for tests. */
  readonly now?: () => number;
}

export interface LimiterChange {
  readonly type: "pace";
  readonly work: "listing" | "fetching";
  /** How much may go on at once from now on. */
  readonly limit: number;
  readonly reason: string;
}

export interface Limiter {
  readonly listing: AdaptiveLimiter;
  readonly fetching: AdaptiveLimiter;
  /** `fetching.each` */
  each<T>(items: Items<T>, work: Work<T>, signal: AbortSignal): Promise<void>;
  /** Tells of a request that failed, whether or not it is made again. A store that complains is spared by both lanes. */
  failed(error: HaulError): void;
  /** Tells of bytes of photos that came: throughput is more than a count of photos. */
  moved(bytes: number): void;
}

type Items<T> = AsyncIterable<T> | Iterable<T>;
type Work<T> = (item: T, signal: AbortSignal) => Promise<void>;

export function createLimiter(options: LimiterOptions): Limiter {
  const { emit = () => undefined, now = () => performance.now() } = options;
  const listing = new AdaptiveLimiter("listing", options.listConcurrency, emit, now);
  const fetching = new AdaptiveLimiter("fetching", options.concurrency, emit, now);
  return {
    listing,
    fetching,
    each: (items, work, signal) => fetching.each(items, work, signal),
    failed(error) {
      listing.failed(error);
      fetching.failed(error);
    },
    moved: (bytes) => fetching.moved(bytes),
  };
}

/** Where "auto" begins: what every store and line carries. A page of a listing is asked for quickly and weighs little. */
const START = { listing: 32, fetching: 16 };
/** Where it ends: beyond, one process is busy with itself, and photos or pages in memory add up. */
const MOST_AT_ONCE = { listing: 64, fetching: 128 };
/** A measurement lasts at least so many milliseconds, and at least as many pieces as may run at once. */
const MEASURE_MS = 250;
/** What share of a rise must come back as throughput for it to be kept: twice as much at once, a tenth faster. */
const GAIN = 0.1;
/** A rise is measured so often at most before it counts as vain: once may be a moment in which the computer was busy. */
const RISE_TRIES = 3;
/** After a rise that gained nothing, the next one is tried so many measurements later; then twice as many, and so on. */
const CALM = 8;
const MOST_CALM = 128;
/** After a halving, complaints for so many milliseconds are of requests that were under way before. */
const COOL_MS = 1000;
/** A piece weighs so many bytes by itself: below that size it is requests, not bytes, that take time. */
const PIECE_BYTES = 64 * 1024;
/** Items that may wait for room: waiting for each costs 3 % of a small photo's time (measured). */
const AHEAD = 8;
/** These happen by accident, too: a line that loses one connection in ten gains nothing by doing less at once. */
const ACCIDENTS = new Set<ErrorCode>(["broken", "unreachable", "server"]);
/** More than one in a measurement, and a quarter of what may run at once or was done meanwhile, is too much load. */
const OVERLOAD = 0.25;

/** One kind of work, of which so much goes on at once. */
export class AdaptiveLimiter {
  readonly #work: LimiterChange["work"];
  /** Called whenever there may be room, for whoever takes it by `begin`. */
  onRoom: () => void = () => undefined;
  #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #auto: boolean;
  readonly #emit: (event: LimiterChange) => void;
  readonly #now: () => number;
  #window = newWindow(0, false);
  /** The limit that proved itself last, and the weight a millisecond that it brought. */
  #proven = { limit: 0, rate: 0 };
  /** What the limit of now brought at best, and how often it was measured in vain. */
  #rise = newRise();
  /** How many rises in a row gained nothing. */
  #vain = 0;
  #doubling = true;
  /** Whoever waits until no item waits for room any more. */
  #roomless: (() => void)[] = [];
  /** Measurements to let pass before the next rise. */
  #calm = 0;
  #coolUntil = Number.NEGATIVE_INFINITY;

  constructor(
    work: LimiterChange["work"],
    concurrency: number | "auto",
    emit: (event: LimiterChange) => void,
    now: () => number,
  ) {
    this.#work = work;
    this.#auto = concurrency === "auto";
    this.#limit = concurrency === "auto" ? START[work] : concurrency;
    this.#emit = emit;
    this.#now = now;
    this.#proven.limit = this.limit;
    this.#measure();
  }

  get limit(): number {
    return this.#limit;
  }

  moved(bytes: number): void {
    this.#window.weight += bytes;
  }

  failed(error: HaulError): void {
    if (!this.#auto || this.#now() < this.#coolUntil) return;
    if (error.code !== "throttled" && !this.#tooMany(error.code)) return;
    this.#coolUntil = this.#now() + COOL_MS;
    this.#doubling = false;
    this.#calm = CALM;
    this.#set(Math.max(1, Math.floor(this.limit / 2)), error.message);
    this.#prove(0);
    this.#measure(true);
  }

  /** Takes room for a piece of work, to be given back by `end`; false where there is none. What waits goes first. */
  begin(): boolean {
    if (this.#running >= this.#limit || this.#waiting.length > 0) return false;
    this.#enter();
    return true;
  }

  end(done: boolean): void {
    if (done) this.#done();
    this.#running -= 1;
    this.#admit();
  }

  /**
   * Runs one piece of work as soon as there is room for it.
   * @throws what the work throws; HaulError `interrupted` when aborted before it began
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (!this.begin()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let done = false;
    try {
      if (signal.aborted) throw interruption(signal);
      const result = await work();
      done = true;
      return result;
    } finally {
      this.end(done);
    }
  }

  #enter(): void {
    this.#running += 1;
    if (this.#running >= this.#limit) this.#window.full += 1;
  }

  #admit(): void {
    while (this.#running < this.#limit && this.#waiting.length > 0) {
      this.#enter();
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) return;
    for (const go of this.#roomless.splice(0)) go();
    this.onRoom();
  }

  /**
   * Does a piece of work for every item, in the order they come, as many at once as the limit says; an item is
   * taken when there is room for it or soon will be, so that memory stays flat. The first error that `work` or `items` throws
   * stops it: no further item is taken, the signal that the work was given is aborted, and what is under way
   * is waited for.
   * @throws that first error; HaulError `interrupted` when aborted
   */
  async each<T>(items: Items<T>, work: Work<T>, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const inner = AbortSignal.any([signal, stop.signal]);
    const failures: unknown[] = [];
    const running = new Set<Promise<void>>();
    const fail = (error: unknown): void => {
      failures.push(error);
      stop.abort(error);
    };
    this.#measure();
    try {
      for await (const item of items) {
        if (inner.aborted) break;
        const piece = this.run(() => work(item, inner), inner)
          .catch(fail)
          .finally(() => running.delete(piece));
        running.add(piece);
        if (this.#waiting.length >= AHEAD) await this.#room();
      }
    } catch (error) {
      fail(error);
    }
    await Promise.all(running);
    if (signal.aborted) throw interruption(signal);
    if (failures.length > 0) throw failures[0];
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomless.push(resolve);
    });
  }

  /** @param settling true right after a change: what was begun before it is not to be measured */
  #measure(settling = false): void {
    this.#window = newWindow(this.#now(), settling);
  }

  #done(): void {
    const window = this.#window;
    window.pieces += 1;
    window.weight += PIECE_BYTES;
    if (!this.#auto || window.pieces < this.limit) return;
    const ms = this.#now() - window.since;
    if (!window.settling && ms < MEASURE_MS) return;
    const before = this.limit;
    const measured = !window.settling && window.full * 2 > window.pieces;
    if (measured) this.#judge(window.weight / ms);
    this.#measure(this.limit !== before);
  }

  /** Counts an accident; those of the other lane are none of this one's. */
  #tooMany(code: ErrorCode): boolean {
    if (!ACCIDENTS.has(code) || this.#running === 0) return false;
    const window = this.#window;
    window.broken += 1;
    return window.broken > 1 + Math.max(this.limit, window.pieces) * OVERLOAD;
  }

  /** At the end of a measurement in which, mostly, as much ran at once as may. */
  #judge(rate: number): void {
    const rise = this.limit / this.#proven.limit - 1;
    this.#rise.best = Math.max(this.#rise.best, rate);
    if (rise > 0 && this.#rise.best < this.#proven.rate * (1 + rise * GAIN)) {
      this.#rise.tries += 1;
      if (this.#rise.tries < RISE_TRIES) return;
      this.#calm = Math.min(MOST_CALM, CALM * 2 ** this.#vain);
      this.#vain += 1;
      this.#set(this.#proven.limit, `${this.limit} at once gained nothing`);
      this.#rise = newRise();
      return;
    }
    if (rise > 0) this.#vain = 0;
    this.#prove(this.#rise.best);
    if (this.#calm > 0) {
      this.#calm -= 1;
      return;
    }
    const step = this.#doubling ? this.limit : Math.max(1, Math.round(this.limit / 8));
    this.#set(Math.min(MOST_AT_ONCE[this.#work], this.limit + step), "trying whether more at once gains something");
  }

  #prove(rate: number): void {
    this.#proven = { limit: this.limit, rate };
    this.#rise = newRise();
  }

  #set(limit: number, reason: string): void {
    if (limit === this.limit) return;
    this.#limit = limit;
    this.#admit();
    this.#emit({ type: "pace", work: this.#work, limit, reason });
  }
}

/** A measurement that begins; `full` counts the pieces that were begun when no more might run at once. */
const newWindow = (since: number, settling: boolean) => {
  return { since, settling, pieces: 0, full: 0, weight: 0, broken: 0 };
};

const newRise = () => ({ best: 0, tries: 0 });

function interruption(signal: AbortSignal): HaulError {
  if (signal.reason instanceof HaulError) return signal.reason;
  return new HaulError("interrupted", "interrupted", { cause: signal.reason });
}
