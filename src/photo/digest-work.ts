/** The thread that digests: it takes slabs of bytes of many objects, and gives them back with the sums. */

import { parentPort } from "node:worker_threads";
import type { FullDigests } from "../model.ts";
import { SLAB, Sums, type Wanted } from "./digests.ts";
import { LEAST, Md5Lanes, type Md5Stream } from "./md5-lanes.ts";

/** What is done with a slab, in this order; objects go by numbers. */
export interface Slab {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly begun: readonly (Wanted & { readonly object: number })[];
  /** Object, from, to; and so on, in the order of the bytes of each object. */
  readonly pieces: readonly number[];
  /** Objects that have come whole. */
  readonly ended: readonly number[];
  /** Objects of which nothing more comes, and nobody asks. */
  readonly dropped: readonly number[];
}

export interface Digested {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sums: readonly (readonly [object: number, digests: FullDigests])[];
}

interface Digesting {
  readonly sums: Sums;
  /** Its MD5, beside those of others; null where node:crypto has it. */
  readonly md5: Md5Stream | null;
}

/** Of fewer at once a slab often holds one or two, and a lane without bytes costs what one with bytes does (4 films, measured). */
const UNEVEN = 2 * LEAST;

const running = new Map<number, Digesting>();
let lanes: Md5Lanes | null | undefined;

function begin(object: number, wanted: Wanted): void {
  const worth = running.size >= UNEVEN - 1;
  if (lanes === undefined && worth) lanes = Md5Lanes.create(SLAB);
  const md5 = lanes && worth ? Md5Lanes.begin() : null;
  running.set(object, { sums: new Sums(wanted, md5 === null), md5 });
}

function digest({ bytes, begun, pieces, ended, dropped }: Slab): Digested {
  for (const { object, ...wanted } of begun) begin(object, wanted);
  const streams = new Map<Md5Stream, Uint8Array[]>();
  for (let at = 0; at < pieces.length; at += 3) {
    const [object = -1, from, to] = pieces.slice(at, at + 3);
    const one = running.get(object);
    const piece = bytes.subarray(from, to);
    one?.sums.update(piece);
    if (one?.md5) streams.set(one.md5, [...(streams.get(one.md5) ?? []), piece]);
  }
  lanes?.update([...streams]);
  const sums = ended.map((object) => [object, resultOf(object)] as const);
  for (const object of [...ended, ...dropped]) running.delete(object);
  return { bytes, sums };
}

function resultOf(object: number): FullDigests {
  const one = running.get(object);
  if (one === undefined) throw new TypeError("an object ended that never began");
  return one.sums.result(one.md5 === null ? undefined : lanes?.end([one.md5])[0]);
}

parentPort?.on("message", (slab: Slab) => {
  const digested = digest(slab);
  parentPort?.postMessage(digested, [digested.bytes.buffer]);
});
