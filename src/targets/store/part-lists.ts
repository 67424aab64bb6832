/**
 * The lists of a target in a store: numbered parts that are written once, one pair for each batch. Always in the store's
 * usual class: lists in cold storage could not be read when they are needed.
 */

import { createHash } from "node:crypto";
import { HaulError } from "../../errors.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import type { Listed } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { type ListMark, type ListName, linesOf } from "../list-lines.ts";
import type { Addition, ListFiles } from "../medium.ts";
import type { OnBroken } from "../target.ts";
import { editionIn } from "./editions.ts";
import { type PrefixWriter, textUpload } from "./prefix-writer.ts";

const LISTS: Readonly<Record<ListName, { readonly name: string; readonly beginning: string; readonly end: string }>> = {
  manifest: { name: "the manifest", beginning: `${OWN_FOLDER}/manifest-`, end: ".ndjson" },
  sums: { name: "SHA256SUMS", beginning: `${OWN_FOLDER}/SHA256SUMS-`, end: "" },
};

/** So many writes that failed in a row are no trouble of one photo. */
const PATIENCE = 3;
/** So many numbers in a row that somebody else just took are no chance: the store keeps other bytes than it is given. */
const MOST_TAKEN = 20;
const NOTHING = Buffer.alloc(0);
const UNTOLD = { onRest: () => undefined, onForm: () => undefined };

interface ListPart extends Pick<Listed, "key" | "size" | "etag"> {
  readonly number: number;
}

export class PartLists implements ListFiles {
  readonly #place: PrefixWriter;
  readonly #warn: (message: string) => void;
  /** The next number that nobody has taken, as far as is known. */
  #next = 1;
  /** In a row. */
  #failures = 0;

  /** To be read only. */
  constructor(place: PrefixWriter, warn: (message: string) => void) {
    this.#place = place;
    this.#warn = warn;
  }

  /** As they are, and where to go on. */
  static async open(place: PrefixWriter, warn: (message: string) => void, signal: AbortSignal): Promise<PartLists> {
    const lists = new PartLists(place, warn);
    const parts = await Promise.all([lists.#parts("manifest", signal), lists.#parts("sums", signal)]);
    lists.#next = parts.flat().reduce((most, { number }) => Math.max(most, number), 0) + 1;
    return lists;
  }

  /** True where a list names anything. */
  async isThere(list: ListName, signal: AbortSignal): Promise<boolean> {
    return (await this.#parts(list, signal)).length > 0;
  }

  /** A part is written whole, so what has no end is unreadable. */
  async *lines(list: ListName, signal: AbortSignal, onBroken: OnBroken): AsyncGenerator<string> {
    const told = { onRest: () => onBroken("unreadable"), onForm: () => onBroken("form") };
    for (const { key: path } of await this.#parts(list, signal)) {
      yield* linesOf([(await this.#place.readBytes(path, signal)) ?? NOTHING], told);
    }
  }

  placeOf(list: ListName): string {
    return `${LISTS[list].name} of ${this.#place.name}`;
  }

  async mark(list: ListName, signal: AbortSignal): Promise<ListMark> {
    return markOf(await this.#parts(list, signal));
  }

  async follows(list: ListName, { length, sha256 }: ListMark, signal: AbortSignal): Promise<boolean> {
    const first = markOf((await this.#parts(list, signal)).slice(0, length));
    return first.length === length && first.sha256 === sha256;
  }

  async append(additions: readonly Addition[], signal: AbortSignal): Promise<void> {
    try {
      for (const { list, lines } of additions) await this.#write(list, lines, signal);
      this.#next += 1;
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (!(error instanceof HaulError) || error.endsRun || this.#failures < PATIENCE) throw error;
      const says = `${this.#place.name} takes no list of what it keeps, and without one it keeps nothing. ${error.message}`;
      throw new HaulError("no-target", says, { cause: error });
    }
  }

  /** Each part that is not as it was written is set aside under another name, and then holds its good lines. */
  async rewrite(
    list: ListName,
    keep: (line: string) => string | null,
    added: AsyncIterable<readonly string[]>,
    signal: AbortSignal,
  ): Promise<void> {
    for (const { key: path } of await this.#parts(list, signal)) {
      const bytes = (await this.#place.readBytes(path, signal)) ?? NOTHING;
      const kept: string[] = [];
      for await (const line of linesOf([bytes], UNTOLD)) kept.push(keep(line) ?? "");
      const text = kept.join("");
      if (bytes.equals(Buffer.from(text))) continue;
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
      const aside = `${OWN_FOLDER}/before-${stamp}-${path.slice(OWN_FOLDER.length + 1)}`;
      const { kept: outcome } = await this.#place.put(textUpload(aside, bytes), signal);
      if (outcome === "occupied") throw new HaulError("occupied", `${aside} is taken`);
      await this.#place.replace(path, text, false, signal);
      this.#warn(`${this.#place.name}/${aside} holds a part of a list as it was: it had to be mended`);
    }
    for await (const lines of added) await this.append([{ list, lines }], signal);
  }

  /** By number. A store that lists none is asked for the first: a listing that shows nothing would be a target without photos. */
  async #parts(list: ListName, signal: AbortSignal): Promise<readonly ListPart[]> {
    return retrying(
      async () => {
        const parts = await this.#listed(list, signal);
        if (parts.length > 0 || (await this.#place.headOf(pathOf(list, 1), signal)) === null) return parts;
        const says = `${this.#place.name} has ${pathOf(list, 1)} and does not list it: what is kept there cannot be told`;
        const hint =
          "Either these credentials may not list there, or the service is ill. Look with another tool what lies there.";
        throw new HaulError("no-target", says, { retry: true, hint });
      },
      { signal },
    );
  }

  async #listed(list: ListName, signal: AbortSignal): Promise<readonly ListPart[]> {
    const { beginning, end } = LISTS[list];
    const parts = new Map<number, ListPart & { readonly edition: number }>();
    for await (const { objects } of this.#place.list({ prefix: beginning }, signal)) {
      for (const object of objects) {
        const { path, edition } = editionIn(object.key);
        const digits = path.endsWith(end) ? path.slice(beginning.length, path.length - end.length) : "";
        const number = /^\d{6,}$/.test(digits) ? Number(digits) : 0;
        if (number > 0 && edition > (parts.get(number)?.edition ?? 0))
          parts.set(number, { ...object, number, edition });
      }
    }
    return [...parts.values()].sort((a, b) => a.number - b.number);
  }

  /** Under the next number that is free: another computer may write to the same target. */
  async #write(list: ListName, lines: readonly string[], signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < MOST_TAKEN; tries += 1) {
      const path = pathOf(list, this.#next);
      const { kept } = await this.#place.put(textUpload(path, lines.join("")), signal);
      if (kept !== "occupied") return;
      const last = (await this.#listed(list, signal)).at(-1)?.number ?? 0;
      this.#next = Math.max(this.#next, last) + 1;
    }
    const says = `${this.#place.name}: ${pathOf(list, this.#next - 1)} is not what was written there, nor were those before it`;
    throw new HaulError("broken", says);
  }
}

function pathOf(list: ListName, number: number): string {
  const { beginning, end } = LISTS[list];
  return `${beginning}${String(number).padStart(6, "0")}${end}`;
}

/** The number of parts, and what they were by name, size and ETag. */
function markOf(parts: readonly ListPart[]): ListMark {
  const hash = createHash("sha256");
  for (const { key, size, etag } of parts) hash.update(`${key} ${size} ${etag}\n`);
  return { length: parts.length, sha256: hash.digest("hex") };
}
