/** Counts and digests bytes as they pass. */

import { createHash } from "node:crypto";
import type { Digests } from "../model.ts";

export class Passing {
  readonly #sha256 = createHash("sha256");
  readonly #md5 = createHash("md5");
  #size = 0;

  async *through<T extends Uint8Array>(bytes: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const chunk of bytes) {
      this.#sha256.update(chunk);
      this.#md5.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
  }

  /** Once, when all has passed. */
  digests(): Digests {
    return { size: this.#size, sha256: this.#sha256.digest("hex"), md5: this.#md5.digest("hex") };
  }
}

/** Of all that comes. @throws what the bytes throw */
export async function digestsOf(bytes: AsyncIterable<Uint8Array>): Promise<Digests> {
  const passing = new Passing();
  for await (const _ of passing.through(bytes));
  return passing.digests();
}

export async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}
