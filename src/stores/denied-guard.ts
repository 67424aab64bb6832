/**
 * What a store says of everybody and everything, it may say of one object only: a photo over a download cap, one that
 * lies elsewhere, one that a proxy does not let pass. It costs that photo, until many different ones fail in a row and one
 * that was read before fails as well: then it is the store's, is told once, and not for each of a hundred thousand.
 */

import { cancel } from "../cancel.ts";
import { type ErrorCode, HaulError } from "../errors.ts";
import type { Listed } from "../model.ts";
import { MOST_ATTEMPTS, retrying } from "../retry.ts";
import type { Source } from "./source.ts";

/** So many different objects in a row. */
const MANY = 20;
/** Each of the others is asked so often, all of them at once. */
const FEW = 3;

/** Objects from all over the source, of which one that can be read says that not all is refused. */
export type Others = () => Promise<readonly Listed[]>;

/** Troubles that are the store's where they are not one object's. */
const OF_A_STORE = new Set<ErrorCode>(["credentials", "denied", "no-bucket", "unreachable", "quota", "listing"]);

/**
 * The same source, whose `open` throws what ends a run only where it is the store's: until then such an error is `ofOne`.
 * Objects that may not be read (`forbidden`) are the store's as long as none could be read; then opening throws `denied`.
 */
export function guardDenied(source: Source, others: Others = async () => []): Source {
  const open = source.open.bind(source);
  const row = new RefusalRow((object, signal) => open(object, 0, signal), others);
  const took = source.took?.bind(source);
  if (took !== undefined) {
    source.took = (object) => {
      took(object);
      row.wasRead(object);
    };
  }
  source.open = async (object, offset, signal, how) => {
    try {
      const opened = await open(object, offset, signal, how);
      row.wasRead(object);
      return opened;
    } catch (error) {
      if (!(error instanceof HaulError) || !row.concerns(error)) throw error;
      row.failed(object, error);
      if (!row.isLong || (await row.stillReads(signal))) {
        throw error.endsRun ? error.with({ ofOne: true }) : error;
      }
      throw row.told(source.name, error);
    }
  };
  return source;
}

type Again = (object: Listed, signal: AbortSignal) => ReturnType<Source["open"]>;

/** Objects that failed one after the other. */
class RefusalRow {
  readonly #again: Again;
  readonly #others: Others;
  /** How often each was asked for in vain. */
  readonly #asked = new Map<string, number>();
  /** Those that are not asked for again. */
  readonly #lost = new Set<string>();
  #good: Listed | null = null;
  #looking: Promise<boolean> | null = null;

  constructor(again: Again, others: Others) {
    this.#again = again;
    this.#others = others;
  }

  get isLong(): boolean {
    return this.#lost.size >= MANY;
  }

  concerns(error: HaulError): boolean {
    if (error.code === "forbidden") return this.#good === null;
    return OF_A_STORE.has(error.code);
  }

  wasRead(object: Listed): void {
    this.#good = object;
    this.#clear();
  }

  failed({ key }: Listed, { retry }: HaulError): void {
    const times = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, times);
    if (!retry || times >= MOST_ATTEMPTS) this.#lost.add(key);
  }

  /** Whether an object that was read before, or one of the others, can be read now. One look serves all who ask. */
  stillReads(signal: AbortSignal): Promise<boolean> {
    this.#looking ??= this.#look(signal).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  told(name: string, { message, place, code }: HaulError): HaulError {
    const count = this.#lost.size;
    const says =
      this.#good === null
        ? `${name}: none of the first ${count} photos may be read, nor any other that was tried. ${message}`
        : `${name}: the last ${count} photos could not be read, nor any other that was tried. ${message}`;
    return new HaulError(code === "forbidden" ? "denied" : code, says, { place });
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    const good = this.#good;
    if (good !== null) {
      const trouble = await this.#ask(good, MOST_ATTEMPTS, signal);
      if (trouble === null || !OF_A_STORE.has(trouble)) return this.#clear();
    }
    const others = await this.#others();
    const troubles = await Promise.all(others.map((other) => this.#ask(other, FEW, signal)));
    // Of what was never read, only an answer that lets it be read, now or once it was brought back, says something.
    return troubles.some((trouble) => trouble === null || trouble === "archived") && this.#clear();
  }

  /** What comes of asking for one more; null where it was read. */
  async #ask(object: Listed, attempts: number, signal: AbortSignal): Promise<ErrorCode | null> {
    try {
      const { bytes } = await retrying(() => this.#again(object, signal), { signal, attempts });
      await cancel(bytes);
      this.#good = object;
      return null;
    } catch (error) {
      if (!(error instanceof HaulError) || error.code === "interrupted") throw error;
      return error.code;
    }
  }

  #clear(): true {
    this.#asked.clear();
    this.#lost.clear();
    return true;
  }
}
