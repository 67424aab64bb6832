/**
 * Digests what is fetched, beside the thread that fetches: SHA-256 and MD5 of a photo of 45 kB take 0.1 ms of CPU
 * (measured). Bytes are copied into slabs, which go to the thread once a
 * turn of the event loop, however many photos they are of, and come back to be filled again: so nothing is
 * allocated. A run that fetches little never starts the thread.
 */

import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { HEAD_BYTES } from "../measures.ts";
import type { FullDigests } from "../model.ts";
import type { Digested, Slab } from "./digest-work.ts";
import { digestsOf, SLAB, Sums, type Wanted } from "./digests.ts";
import { Md5Company } from "./md5-company.ts";

/** The digests of one object while it comes. */
export interface Running {
  /** Takes a copy. @returns a promise where the caller has to wait until the thread has caught up */
  update(chunk: Uint8Array): Promise<void> | undefined;
  /** To be called once, after the last byte. @throws whatever ended the thread, which is a bug */
  result(): Promise<FullDigests>;
  /** Nobody will ask for the result. */
  drop(): void;
}

export interface Digester {
  /** @param size how many bytes are to come, as far as that is known */
  begin(wanted: Wanted, size?: number): Running;
  /** Of bytes that came all at once. To be called once for each. */
  whole(bytes: Uint8Array, wanted: Wanted): Promise<FullDigests>;
  close(): Promise<void>;
}

/** So many bytes are digested here before the thread is started: to start it takes 0.1 s of CPU (measured). */
const FEW = 16 * 1024 * 1024;
/** Slabs with the thread at once; then it is waited for. */
const MOST = 6;

/** @param few how many bytes are digested without the thread; infinity for all, and then nothing is to be closed */
export function createDigester(few = FEW): Digester {
  let left = few;
  let thread: DigestThread | null = null;
  // Those that came in one turn of the event loop go together. Where the processor is what is waited for, many come in each;
  // where it is the line, each is digested as soon as it is there.
  const company = new Md5Company(setImmediate);
  return {
    async whole(bytes, wanted) {
      // Of a larger one the end would be digested alone, and slower.
      if (bytes.length > HEAD_BYTES) return digestsOf(bytes, wanted);
      const { promise, resolve } = Promise.withResolvers<string>();
      company.whole(bytes, resolve);
      return digestsOf(bytes, wanted, await promise);
    },
    begin(wanted, size = 0) {
      if (left <= size) {
        thread ??= new DigestThread();
        return thread.begin(wanted);
      }
      const sums = new Sums(wanted);
      return {
        update(chunk) {
          left -= chunk.length;
          sums.update(chunk);
          return undefined;
        },
        result: async () => sums.result(),
        drop: () => undefined,
      };
    },
    close: async () => thread?.close(),
  };
}

class DigestThread {
  readonly #worker: Worker;
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #results = new Map<number, PromiseWithResolvers<FullDigests>>();
  #objects = 0;
  #slab: OpenSlab | null = null;
  #away = 0;
  #roomless: (() => void)[] = [];
  #failure: unknown = null;

  constructor() {
    // Beside this file, and of its kind: a source in a checkout, compiled in a package.
    const file = new URL(`digest-work${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file);
    this.#worker.on("message", (digested: Digested) => this.#take(digested));
    this.#worker.on("error", (error) => this.#fail(error));
  }

  begin(wanted: Wanted): Running {
    this.#objects += 1;
    const object = this.#objects;
    this.#open().begun.push({ object, ...wanted });
    return {
      update: (chunk) => this.#update(object, chunk, 0),
      result: () => {
        const result = Promise.withResolvers<FullDigests>();
        this.#results.set(object, result);
        this.#open().ended.push(object);
        if (this.#failure !== null) this.#fail(this.#failure);
        return result.promise;
      },
      drop: () => this.#open().dropped.push(object),
    };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#fail(new Error("the thread that digests was closed"));
  }

  #update(object: number, chunk: Uint8Array, from: number): Promise<void> | undefined {
    for (let at = from; at < chunk.length; ) {
      if (this.#slab?.filled === SLAB) this.#send();
      if (this.#away >= MOST && this.#failure === null) return this.#later(object, chunk, at);
      const slab = this.#open();
      const piece = chunk.subarray(at, at + SLAB - slab.filled);
      slab.bytes.set(piece, slab.filled);
      slab.pieces.push(object, slab.filled, slab.filled + piece.length);
      slab.filled += piece.length;
      at += piece.length;
    }
    return undefined;
  }

  async #later(object: number, chunk: Uint8Array, from: number): Promise<void> {
    await new Promise<void>((resolve) => this.#roomless.push(resolve));
    await this.#update(object, chunk, from);
  }

  /** The slab that is being filled; it goes off at the end of this turn, or when the thread has nothing else. */
  #open(): OpenSlab {
    if (this.#slab === null) {
      const bytes = this.#spare.pop() ?? new Uint8Array(SLAB);
      this.#slab = { bytes, filled: 0, begun: [], pieces: [], ended: [], dropped: [] };
      // While the thread has some, what comes waits for it to fill a slab: to wake it for each chunk costs more than to digest it.
      setImmediate(() => this.#away === 0 && this.#send());
    }
    return this.#slab;
  }

  #send(): void {
    if (this.#slab === null || this.#failure !== null) return;
    const { filled: _filled, ...slab } = this.#slab;
    this.#slab = null;
    this.#away += 1;
    this.#worker.postMessage(slab satisfies Slab, [slab.bytes.buffer]);
  }

  #take({ bytes, sums }: Digested): void {
    this.#away -= 1;
    this.#spare.push(bytes);
    if (this.#away === 0) this.#send();
    for (const [object, digests] of sums) {
      this.#results.get(object)?.resolve(digests);
      this.#results.delete(object);
    }
    for (const go of this.#roomless.splice(0)) go();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    for (const result of this.#results.values()) result.reject(error);
    this.#results.clear();
    for (const go of this.#roomless.splice(0)) go();
  }
}

type OpenSlab = {
  -readonly [Field in keyof Slab]: Slab[Field] extends readonly (infer Item)[] ? Item[] : Slab[Field];
} & { filled: number };

export interface Inspection {
  /** The same bytes, to be read once. A chunk is good until the next is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What they were; to be called once, after the last of them. */
  digests(): Promise<FullDigests>;
  /** The first of them, at most the number asked for. */
  head(): Buffer;
}

interface Inspecting extends Wanted {
  /** How many bytes of the head to keep. */
  readonly headBytes: number;
  /** How many are to come, as far as that is known. */
  readonly size?: number;
  /** Told of each chunk, in bytes. */
  readonly onBytes?: (bytes: number) => void;
}

/** Digests a stream on its way through, once, and keeps the first of it for the date; a chunk is digested before it is passed on, so what was written is what was digested. */
export function digestStream(
  bytes: AsyncIterable<Uint8Array>,
  wanted: Inspecting,
  digester: Pick<Digester, "begin">,
): Inspection {
  const { headBytes, size, onBytes, ...sums } = wanted;
  let running: Running | null = null;
  const head: Uint8Array[] = [];
  let missing = headBytes;
  async function* through() {
    let whole = false;
    running = digester.begin(sums, size);
    try {
      for await (const chunk of bytes) {
        onBytes?.(chunk.length);
        const behind = running.update(chunk);
        if (behind !== undefined) await behind;
        const kept = Math.min(missing, chunk.length);
        if (kept > 0) head.push(chunk.subarray(0, kept));
        missing -= kept;
        yield chunk;
        if (kept === 0) letGo(chunk);
      }
      whole = true;
    } finally {
      if (!whole) running.drop();
    }
  }
  return {
    bytes: through(),
    digests: () => (running ?? digester.begin(sums, size)).result(),
    head: () => joined(head),
  };
}

/**
 * Frees the memory of a chunk at once, where the chunk is all of it. The collector knows too late that nobody reads
 * it any more: a mirror of 4 GB in chunks of 64 kB marks the whole heap 80 times otherwise, and so 23 times (measured).
 */
function letGo({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && length > 0 && buffer.byteLength === length) {
    buffer.transfer(0);
  }
}

/** A small photo comes in one piece, which is not copied. */
function joined(pieces: readonly Uint8Array[]): Buffer {
  const [only, ...more] = pieces;
  if (only === undefined || more.length > 0) return Buffer.concat(pieces);
  return Buffer.from(only.buffer, only.byteOffset, only.length);
}
