/** MD5s of photos that come at one time, computed side by side (md5-lanes.ts). */

import { hash } from "node:crypto";
import { HEAD_BYTES } from "../measures.ts";
import { LEAST, Md5Lanes, type Md5Stream } from "./md5-lanes.ts";
import { LANES } from "./md5-module.ts";

/** So long those wait for others that are too few, in milliseconds. */
const WAIT_MS = 1;
/** Pieces that wait for company at most: 8 MB. */
const MOST_WAITING = 64;

interface Piece {
  readonly bytes: Uint8Array;
  readonly done: () => void;
}

export class Md5Company {
  /** Null where there are none here; undefined as long as they are not needed. */
  #lanes: Md5Lanes | null | undefined;
  #wholes: { readonly bytes: Uint8Array; readonly done: (md5: string) => void }[] = [];
  readonly #pieces = new Map<Md5Stream, Piece[]>();
  /** How many wait. */
  #waiting = 0;
  /** Large ones that are under way. */
  #running = 0;
  #isDue = false;
  readonly #later: (work: () => void) => void;

  /** @param later when those go that are too few; after a millisecond where absent */
  constructor(later: (work: () => void) => void = (work) => setTimeout(work, WAIT_MS)) {
    this.#later = later;
  }

  /** Of bytes that came all at once, at most `HEAD_BYTES`. @param done called once, perhaps later */
  whole(bytes: Uint8Array, done: (md5: string) => void): void {
    this.#wholes.push({ bytes, done });
    this.#soon();
  }

  /** Of one that comes in pieces; null where node:crypto is as fast. To be ended, or left. */
  begin(): Md5Stream | null {
    this.#running += 1;
    return this.#running >= LEAST && this.#made() !== null ? Md5Lanes.begin() : null;
  }

  /** At most `HEAD_BYTES`. @param done called once, perhaps later, in the order of the pieces */
  piece(stream: Md5Stream | null, bytes: Uint8Array, done: () => void): void {
    if (stream === null) {
      done();
      return;
    }
    const before = this.#pieces.get(stream);
    if (before === undefined) this.#pieces.set(stream, [{ bytes, done }]);
    else before.push({ bytes, done });
    this.#waiting += 1;
    if (this.#waiting >= MOST_WAITING) this.#together();
    else if (before === undefined) this.#soon();
  }

  /** @returns undefined where node:crypto has it */
  end(stream: Md5Stream | null): string | undefined {
    this.#running -= 1;
    return stream === null ? undefined : this.#lanes?.end([stream])[0];
  }

  /** Nobody asks for one that was begun any more. */
  leave(): void {
    this.#running -= 1;
  }

  #soon(): void {
    if (this.#wholes.length === LANES) this.#go();
    if (this.#pieces.size === LANES) this.#together();
    if (this.#isDue || this.#wholes.length + this.#pieces.size === 0) return;
    this.#isDue = true;
    this.#later(() => {
      this.#isDue = false;
      this.#go();
      while (this.#pieces.size > 0) this.#together();
    });
  }

  #go(): void {
    const wholes = this.#wholes;
    this.#wholes = [];
    const lanes = wholes.length >= LEAST ? this.#made() : null;
    const md5s = lanes?.digests(wholes.map(({ bytes }) => bytes));
    for (const [at, { bytes, done }] of wholes.entries()) done(md5s?.[at] ?? hash("md5", bytes));
  }

  /** A piece of each of those of which the most wait, as long as the lanes are full; once in any case. */
  #together(): void {
    do {
      const fullest = [...this.#pieces].sort(([, a], [, b]) => b.length - a.length).slice(0, LANES);
      const first = fullest.flatMap(([stream, [piece]]) => (piece === undefined ? [] : [{ stream, ...piece }]));
      for (const [stream, pieces] of fullest) {
        pieces.shift();
        if (pieces.length === 0) this.#pieces.delete(stream);
      }
      this.#waiting -= first.length;
      this.#lanes?.update(first.map(({ stream, bytes }) => [stream, [bytes]]));
      for (const { done } of first) done();
    } while (this.#pieces.size >= LANES);
  }

  #made(): Md5Lanes | null {
    this.#lanes ??= this.#lanes === undefined ? Md5Lanes.create(LANES * HEAD_BYTES) : null;
    return this.#lanes;
  }
}
