/** Counts and digests bytes as they pass. */

import { createHash } from "node:crypto";
import type { Digests } from "../../model.ts";

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

  /** Lets all pass, to nobody. */
  async all(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const _ of this.through(bytes));
  }

  /** Once, when all has passed. */
  digests(): Digests {
    return { size: this.#size, sha256: this.#sha256.digest("hex"), md5: this.#md5.digest("hex") };
  }
}

export async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}
