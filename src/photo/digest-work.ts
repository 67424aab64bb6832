/** The thread that digests: it takes slabs of bytes of many objects, and gives them back with the sums. */

import { parentPort } from "node:worker_threads";
import type { FullDigests } from "../model.ts";
import { Sums, type Wanted } from "./digests.ts";

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

const running = new Map<number, Sums>();

function digest({ bytes, begun, pieces, ended, dropped }: Slab): Digested {
  for (const { object, ...wanted } of begun) running.set(object, new Sums(wanted));
  for (let at = 0; at < pieces.length; at += 3) {
    const [object = -1, from, to] = pieces.slice(at, at + 3);
    running.get(object)?.update(bytes.subarray(from, to));
  }
  const sums = ended.map((object) => [object, sumsOf(object).result()] as const);
  for (const object of [...ended, ...dropped]) running.delete(object);
  return { bytes, sums };
}

function sumsOf(object: number): Sums {
  const sums = running.get(object);
  if (sums === undefined) throw new TypeError("an object ended that never began");
  return sums;
}

parentPort?.on("message", (slab: Slab) => {
  const digested = digest(slab);
  parentPort?.postMessage(digested, [digested.bytes.buffer]);
});
