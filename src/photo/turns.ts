/**
 * Turns: first ones go before second ones. A photo that failed, and may come when it is asked for again, waits until every
 * other had its first turn: what fails again and again takes no time from those that come.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { HaulError } from "../errors.ts";
import { LONGEST_WAIT_MS, waitBefore } from "../retry.ts";

/** So many may wait; beyond, each is asked for again at once. */
const MOST = 1000;
/** After so many in a row of which none came it is the store that fails, and it is not hurried through the plan. */
const IN_A_ROW = 100;

export interface Turn<T> {
  readonly item: T;
  /** Why it has a second turn; null in its first. */
  readonly failed: HaulError | null;
}

interface Waiting<T> {
  readonly item: T;
  readonly failed: HaulError;
  /** By the clock of the limits. */
  readonly readyAt: number;
}

export class Turns<T> {
  readonly #now: () => number;
  #waiting: Waiting<T>[] = [];
  /** First turns that are not over. */
  #open = 0;
  #inARow = 0;
  #stopped = false;
  #wake: () => void = () => undefined;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All first turns, then the second ones, each as soon as it may be; ends when no photo can come to wait any more. */
  async *all(first: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<Turn<T>, undefined> {
    for await (const item of first) {
      this.#open += 1;
      yield { item, failed: null };
    }
    while (!this.#stopped && !signal.aborted) {
      const next = this.#waiting.reduce<Waiting<T> | null>(
        (a, b) => (a === null || b.readyAt < a.readyAt ? b : a),
        null,
      );
      const ms = next === null ? null : next.readyAt - this.#now();
      if (next !== null && ms !== null && ms <= 0) {
        this.#waiting = this.#waiting.filter((one) => one !== next);
        yield { item: next.item, failed: next.failed };
      } else if (next === null && this.#open === 0) return;
      else await this.#news(ms ?? LONGEST_WAIT_MS, signal);
    }
  }

  /** Does the work of a turn. @throws what it throws; then there are no more turns */
  async take(turn: Turn<T>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#stopped = true;
      throw error;
    } finally {
      if (turn.failed === null) this.#open -= 1;
      this.#wake();
    }
  }

  /** A photo had its outcome: it is not the store that fails. */
  came(): void {
    this.#inARow = 0;
  }

  /** Whether a photo that failed in its first turn waits for a second one. */
  waits(item: T, failed: HaulError): boolean {
    this.#inARow += 1;
    const patient = (failed.afterMs ?? 0) <= LONGEST_WAIT_MS;
    if (!patient || this.#inARow > IN_A_ROW || this.#waiting.length >= MOST) return false;
    this.#waiting.push({ item, failed, readyAt: this.#now() + waitBefore(1, failed) });
    return true;
  }

  /** Until something may have changed. To wake by a controller's abort would make an error for each photo: 30 µs. */
  async #news(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined);
    this.#wake = () => undefined;
  }
}
