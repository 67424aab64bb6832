/** An archive looked into and asked for one object after another; it is left alone once its refusals are everybody's. */

import { HaulError } from "../errors.ts";
import type { Listed, Returning } from "../model.ts";
import { type RetryOptions, retrying } from "../retry.ts";
import type { Archive, Asking, Thaw } from "../stores/source.ts";

/** Why an archive was not asked for a photo. */
export interface Refusal {
  readonly reason: string;
  /** False where it may well be asked another time. */
  readonly failed: boolean;
}

/** So many refusals in a row are everybody's: before any was taken, and after. */
const IN_A_ROW = { first: 3, later: 50 };
/** So often all attempts at one may be refused for the rate while none is taken: they may all fall into one second. */
const ROUNDS_IN_VAIN = 4;
const BUSY: Refusal = {
  reason:
    "archived: the archive has no room for expedited requests now. Run the same line again, or with --restore-tier standard",
  failed: false,
};

/**
 * Null where there is none, it does not tell, or it cannot be asked: then what asking for the object itself says decides.
 * @throws HaulError that ends the run
 */
export async function lookInto(
  archive: Pick<Archive, "look"> | undefined,
  object: Listed,
  signal: AbortSignal,
): Promise<Returning | null> {
  if (archive === undefined) return null;
  return retrying(() => archive.look(object, signal), { signal }).catch((error: unknown) => {
    if (error instanceof HaulError && !error.endsRun) return null;
    throw error;
  });
}

type HowToAsk = Pick<RetryOptions, "signal" | "onRetry">;

export class AskEach {
  /** Requests that were taken. */
  asked = 0;
  readonly #archive: Pick<Archive, "ask">;
  readonly #thaw: Thaw;
  readonly #refused = new Map<string, Refusal>();
  #stopped: Refusal | null = null;
  #inARow = 0;
  #answered = 0;

  constructor(archive: Pick<Archive, "ask">, thaw: Thaw) {
    this.#archive = archive;
    this.#thaw = thaw;
  }

  /**
   * @returns null where it was refused, or not asked for any more (`refusalOf`)
   * @throws HaulError that ends the run
   */
  async ask(object: Listed, asking: HowToAsk): Promise<Exclude<Asking, "busy"> | null> {
    for (let inVain = 0; ; ) {
      if (this.#stopped !== null) return null;
      const before = this.#answered;
      try {
        return await this.#once(object, asking);
      } catch (error) {
        if (!(error instanceof HaulError) || error.endsRun) throw error;
        // A region takes so many requests a second: as long as any are taken, this one has its turn too.
        inVain = this.#answered > before ? 0 : inVain + 1;
        if (error.code === "throttled" && inVain < ROUNDS_IN_VAIN) continue;
        return this.#refuse(object, { reason: error.message, failed: true });
      }
    }
  }

  async #once(object: Listed, asking: HowToAsk): Promise<Exclude<Asking, "busy"> | null> {
    let attempts = 0;
    const said = await retrying((attempt) => {
      attempts = attempt;
      return this.#archive.ask(object, this.#thaw, asking.signal);
    }, asking);
    if (said === "busy") return this.#refuse(object, BUSY);
    this.#inARow = 0;
    this.#answered += 1;
    // Where the first answer was lost, the second says that it was taken.
    this.asked += Number(said === "asked" || (said === "ongoing" && attempts > 1));
    return said;
  }

  /** Null where nothing was refused. */
  refusalOf({ key }: Pick<Listed, "key">): Refusal | null {
    return this.#refused.get(key) ?? this.#stopped;
  }

  /** Null where nothing was; how many were not asked for is for whoever counts them. */
  get refusal(): Refusal | null {
    return this.#refused.values().next().value ?? null;
  }

  #refuse({ key }: Listed, refusal: Refusal): null {
    this.#refused.set(key, refusal);
    this.#inARow += 1;
    if (this.#inARow >= (this.asked === 0 ? IN_A_ROW.first : IN_A_ROW.later)) this.#stopped ??= refusal;
    return null;
  }
}
