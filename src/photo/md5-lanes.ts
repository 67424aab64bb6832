/**
 * MD5 of eight inputs at once. Each step of MD5 waits for the one before, so that one input leaves most of a core idle;
 * eight, one in each lane of two SIMD registers, take little longer than one: 45 kB cost 16 µs so, and 70 µs by
 * node:crypto (measured). The code is assembled in md5-module.ts. What it says is held against node:crypto when
 * it is made, and where that is not the same, or `PHOTOHAUL_MD5=node` is set, there is none.
 */

import { hash } from "node:crypto";
import { assembleMd5, BLOCK, INPUTS, LANES, SINES, STATE } from "./md5-module.ts";

/** As far as it is used here. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Of fewer inputs at once node:crypto has the MD5 as soon. */
export const LEAST = 3;
const PAGE = 65_536;
/** So many inputs are taken at once. */
const MANY = 64;
/** After so many blocks it is looked again which inputs have the most left. */
const QUANTUM = 256;

/** A digest that is under way. */
export interface Md5Stream {
  /** A B C D. */
  readonly state: Uint32Array;
  /** Bytes of a block that is not whole. */
  readonly rest: Uint8Array;
  /** Bytes so far, those of `rest` included. */
  total: number;
}

/** Blocks of one input, in the memory of the lanes. */
interface Job {
  readonly state: Uint32Array;
  at: number;
  blocks: number;
}

export class Md5Lanes {
  /** Bytes that are taken at once, of one input or of many. */
  readonly room: number;
  readonly #bytes: Buffer;
  readonly #state: Uint32Array;
  readonly #run: (...given: number[]) => void;

  private constructor(room: number) {
    this.room = room;
    const pages = Math.ceil((INPUTS + room + MANY * placeOf(0)) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(assembleMd5(pages)), { e: { m: memory } }).exports;
    if (typeof run !== "function") throw new TypeError("nothing was assembled");
    this.#run = (...given) => void run(...given);
    this.#bytes = Buffer.from(memory.buffer);
    this.#state = new Uint32Array(memory.buffer, STATE, 4 * LANES);
    const sine = (_: unknown, step: number) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
    new Uint32Array(memory.buffer, SINES, 64).set(Array.from({ length: 64 }, sine));
  }

  /** @param room bytes that are taken at once. @returns null where it cannot be had, or is not right, here */
  static create(room: number, env: NodeJS.ProcessEnv = process.env): Md5Lanes | null {
    if (env.PHOTOHAUL_MD5 === "node") return null;
    try {
      const made = new Md5Lanes(room);
      const inputs = Array.from({ length: LANES + 1 }, (_, at) => Buffer.alloc(Math.min(room, 31 * at), `input ${at}`));
      const digests = made.digests(inputs);
      return inputs.every((input, at) => digests[at] === hash("md5", input)) ? made : null;
    } catch {
      return null;
    }
  }

  static begin(): Md5Stream {
    const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
    return { state, rest: new Uint8Array(BLOCK), total: 0 };
  }

  /** Of whole inputs, of at most `room` bytes each; hex. */
  digests(inputs: readonly Uint8Array[]): string[] {
    const states = inputs.map((input) => ({ input, state: Md5Lanes.begin().state }));
    this.#inGroups(
      states,
      ({ input }) => input.length,
      ({ input, state }, at) => {
        this.#bytes.set(input, at);
        return { state, at, blocks: this.#pad(at, input.length, input.length) };
      },
    );
    return states.map(({ state }) => hexOf(state));
  }

  /** Goes on with streams, each with pieces of at most `room` bytes together; each stream once. */
  update(streams: readonly (readonly [stream: Md5Stream, pieces: readonly Uint8Array[]])[]): void {
    const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#inGroups(
      streams,
      ([, pieces]) => lengthOf(pieces),
      ([stream, pieces], at) => this.#take(stream, pieces, at),
    );
  }

  /** The digests of streams that have ended; hex. */
  end(streams: readonly Md5Stream[]): string[] {
    this.#inGroups(
      streams,
      ({ rest }) => rest.length,
      ({ state, rest, total }, at) => {
        this.#bytes.set(rest, at);
        return { state, at, blocks: this.#pad(at, total % BLOCK, total) };
      },
    );
    return streams.map(({ state }) => hexOf(state));
  }

  /** Does as many at once as there is room for. */
  #inGroups<T>(items: readonly T[], lengthOf: (item: T) => number, begin: (item: T, at: number) => Job): void {
    let jobs: Job[] = [];
    let at = INPUTS;
    for (const item of items) {
      const length = lengthOf(item);
      if (length > this.room) throw new RangeError(`${length} bytes do not fit into ${this.room}`);
      if (at + placeOf(length) > this.#bytes.length) {
        this.#go(jobs);
        jobs = [];
        at = INPUTS;
      }
      jobs.push(begin(item, at));
      at += placeOf(length);
    }
    this.#go(jobs);
  }

  #take(stream: Md5Stream, pieces: readonly Uint8Array[], at: number): Job {
    const before = stream.total % BLOCK;
    this.#bytes.set(stream.rest.subarray(0, before), at);
    let end = at + before;
    for (const piece of pieces) {
      this.#bytes.set(piece, end);
      end += piece.length;
    }
    stream.total += end - at - before;
    const blocks = Math.floor((end - at) / BLOCK);
    stream.rest.set(this.#bytes.subarray(at + blocks * BLOCK, end));
    return { state: stream.state, at, blocks };
  }

  /** Puts behind `length` bytes what RFC 1321, sections 3.1 and 3.2, ends an input with. @returns its blocks */
  #pad(at: number, length: number, total: number): number {
    const blocks = Math.floor((length + 8) / BLOCK) + 1;
    const end = at + blocks * BLOCK;
    this.#bytes[at + length] = 0x80;
    this.#bytes.fill(0, at + length + 1, end - 8);
    this.#bytes.writeBigUInt64LE(BigInt(total) * 8n, end - 8);
    return blocks;
  }

  /** Those with the most left go first, so that the lanes are full to the end. */
  #go(jobs: readonly Job[]): void {
    let left = jobs.filter(({ blocks }) => blocks > 0);
    while (left.length > 0) {
      const some = left.sort((a, b) => b.blocks - a.blocks).slice(0, LANES);
      const least = some.at(-1)?.blocks ?? 0;
      this.#together(some, left.length > LANES ? Math.min(least, QUANTUM) : least);
      left = left.filter(({ blocks }) => blocks > 0);
    }
  }

  #together(jobs: readonly Job[], blocks: number): void {
    const at = Array.from({ length: LANES }, (_, lane) => jobs[lane]?.at ?? INPUTS);
    for (const [lane, { state }] of jobs.entries())
      for (let r = 0; r < 4; r += 1) this.#state[wordOf(lane, r)] = state[r] ?? 0;
    this.#run(...at, blocks);
    for (const [lane, job] of jobs.entries()) {
      for (let r = 0; r < 4; r += 1) job.state[r] = this.#state[wordOf(lane, r)] ?? 0;
      job.at += blocks * BLOCK;
      job.blocks -= blocks;
    }
  }
}

/** Of an input with what is put before and behind it. */
function placeOf(room: number): number {
  return Math.ceil(room / BLOCK) * BLOCK + 3 * BLOCK;
}

/** Where a word of a lane's state lies. */
function wordOf(lane: number, register: number): number {
  return Math.floor(lane / 4) * 16 + register * 4 + (lane % 4);
}

function hexOf(state: Uint32Array): string {
  return Buffer.from(state.buffer, state.byteOffset, 16).toString("hex");
}
