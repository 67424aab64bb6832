/**
 * A photo on its way to a sealed target. It waits on this computer as it came, so that it can be checked and dated, and
 * goes on where a run was cut; it is sealed when it is right, straight into a draft of the target within.
 */

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { HaulError } from "../../errors.ts";
import type { Digests } from "../../model.ts";
import { overhead, type Sealer } from "../../seal/age-file.ts";
import { temporaryOf } from "../drafts.ts";
import { once, Passing } from "../passing.ts";
import type { Draft, Sum, Target } from "../target.ts";

/** Bytes read at once. */
const BLOCK = 256 * 1024;

/** What a photo is once it is sealed, and where that waits. */
export interface Sealed {
  readonly draft: Draft;
  readonly digests: Digests;
}

export class SealedDraft implements Draft {
  readonly size: number;
  readonly #plain: Draft;
  #sealed: Sealed | null = null;

  constructor(plain: Draft) {
    this.#plain = plain;
    this.size = plain.size;
  }

  get file(): string | undefined {
    return this.#plain.file;
  }

  /**
   * Seals it, once; sealed again it would be another file.
   * @param photo what its bytes are: what was read back is held against it, as nobody could tell afterwards
   * @throws HaulError `wrong-bytes`; as `Target.stage`
   */
  async seal(sealer: Sealer, inner: Pick<Target, "stage">, photo: Sum, signal: AbortSignal): Promise<Sealed> {
    if (this.#sealed !== null) return this.#sealed;
    const { held, file } = temporaryOf(this.#plain);
    const bytes = held === null ? createReadStream(file, { highWaterMark: BLOCK }) : once(held);
    const plain = createHash("sha256");
    const sealed = new Passing();
    const size = this.size + overhead(this.size, sealer.headerLength);
    const draft = await inner.stage(sealed.through(sealer.seal(digesting(bytes, plain))), size, signal);
    if (plain.digest("hex") !== photo.sha256) {
      await draft.discard();
      throw new HaulError("wrong-bytes", `${photo.path}: what waited to be sealed is not what came`);
    }
    this.#sealed = { draft, digests: sealed.digests() };
    await this.#plain.discard();
    return this.#sealed;
  }

  async discard(): Promise<void> {
    await this.#sealed?.draft.discard();
    await this.#plain.discard();
  }
}

async function* digesting(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

/** @throws TypeError for the draft of another kind of target, which is a bug */
export function sealedDraft(draft: Draft): SealedDraft {
  if (draft instanceof SealedDraft) return draft;
  throw new TypeError("the draft of another target");
}
