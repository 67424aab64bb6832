/**
 * One request and its answer, on undici's own level: without the streams that its `request` makes, fetching a
 * small photo takes 80 µs of CPU instead of 170 (measured, Node 24).
 */

import type { Dispatcher } from "undici";

/**
 * Bytes that wait for a slow reader before the connection is told to wait as well. A megabyte is no faster, and takes
 * 60 MB more for a mirror of large photos, up to 64 at once (measured).
 */
const MOST_WAITING = 256 * 1024;

export interface Exchanged {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** How slow an answer may be; that nothing comes at all is undici's to notice. */
export interface Patience {
  /** How long answers may come that promise one (1xx), in milliseconds. */
  readonly promisesMs: number;
  /** While bytes are waited for; absent where a body may come as slowly as it likes. */
  readonly least?: { readonly bytesPerSecond: number; readonly windowMs: number };
}

/** Thrown at an answer that would take for ever. */
class TooSlow extends Error {
  readonly code = "TOO_SLOW";
}

/**
 * Sends a request; resolves when the head of the answer has come.
 * @param patience none where absent: every rate will do
 * @throws what undici throws; an Error of the code `TOO_SLOW`; an Error when aborted, at once
 */
export function exchange(
  dispatcher: Pick<Dispatcher, "dispatch">,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  patience?: Patience,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const body = new Body(patience?.least);
    let promisedAt: number | null = null;
    const stop = () => {
      const error = new Error("aborted", { cause: signal.reason });
      body.fail(error);
      reject(error);
    };
    const end = () => signal.removeEventListener("abort", stop);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    dispatcher.dispatch(request, {
      onRequestStart: (controller) => body.attach(controller),
      onResponseStart(controller, status, headers) {
        if (status >= 200) return resolve({ status, headers, body });
        promisedAt ??= performance.now();
        const waited = performance.now() - promisedAt;
        if (patience === undefined || waited < patience.promisesMs) return;
        controller.abort(new TooSlow(`only promises came (${status}) for ${seconds(waited)}`));
      },
      onResponseData: (_controller, chunk) => body.push(chunk),
      onResponseEnd() {
        end();
        body.end();
      },
      onResponseError(_controller, error) {
        end();
        body.fail(error);
        reject(error);
      },
    });
  });
}

/** The body of an answer, to be read once; whoever stops reading early closes the connection. */
export class Body implements AsyncIterable<Uint8Array> {
  #controller: Dispatcher.DispatchController | null = null;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;
  readonly #least: Patience["least"];
  /** Milliseconds that were waited for bytes, and the bytes that came meanwhile. */
  #waited = 0;
  #came = 0;

  constructor(least?: Patience["least"]) {
    this.#least = least;
  }

  /** The request was begun, perhaps again on another connection. */
  attach(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#error !== null) controller.abort(this.#error);
  }

  push(chunk: Uint8Array): void {
    if (this.#error !== null) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    this.#came += chunk.length;
    if (this.#waiting > MOST_WAITING) this.#controller?.pause();
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What came before is read first, unless nobody wants it any more. */
  fail(error: Error): void {
    if (this.#ended || this.#error !== null) return;
    this.#error = error;
    this.#controller?.abort(error);
    this.#wake?.();
  }

  /** Closes the connection unless everything has come. Safe to call twice. */
  destroy(): void {
    this.#chunks = [];
    if (!this.#ended) this.fail(new Error("the rest is not wanted"));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#waiting -= chunk.length;
          if (this.#controller?.paused === true && this.#waiting <= MOST_WAITING / 2) this.#controller.resume();
          yield chunk;
        } else if (this.#error !== null) throw this.#error;
        else if (this.#ended) return;
        else await this.#waitForMore();
      }
    } finally {
      this.destroy();
    }
  }

  /** Only the time counts in which a reader waits: one that is slow itself, as for --bwlimit, makes no line slow. */
  async #waitForMore(): Promise<void> {
    const before = performance.now();
    await this.#more();
    if (this.#least === undefined) return;
    const { bytesPerSecond, windowMs } = this.#least;
    this.#waited += performance.now() - before;
    if (this.#waited < windowMs) return;
    if (this.#came * 1000 < bytesPerSecond * this.#waited) {
      const rate = `${this.#came} bytes came in ${seconds(this.#waited)}`;
      return this.fail(new TooSlow(rate));
    }
    this.#waited = 0;
    this.#came = 0;
  }

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = null;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
