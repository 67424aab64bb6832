/** The lists of a sealed target: what the lists of the target within say, told of photos and not of sealed files. */

import type { Digests, ManifestEntry } from "../../model.ts";
import { digestsOf } from "../passing.ts";
import type { Lists, ListsMending, OnBroken, Sum } from "../target.ts";
import {
  entryWithin,
  type PartLine,
  photoPath,
  type SealedManifest,
  type SealedPlace,
  SUFFIX,
} from "./sealed-manifest.ts";

const BATCH = 1000;

export class SealedLists implements Lists {
  readonly #place: SealedPlace;
  readonly #manifest: SealedManifest;

  constructor(place: SealedPlace, manifest: SealedManifest) {
    this.#place = place;
    this.#manifest = manifest;
  }

  async follows(mark: string, signal: AbortSignal): Promise<boolean> {
    const words = mark.split(" ");
    const [within, parts] = [words.slice(0, -2).join(" "), words.slice(-2).join(" ")];
    const others = await this.#place.inner.lists.follows(within, signal);
    return (await this.#manifest.follows(parts, others, signal)) && others;
  }

  sums(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<Sum> {
    return this.#manifest.sums(signal, onBroken);
  }

  async mend({ manifest, sums }: ListsMending, signal: AbortSignal): Promise<void> {
    const { lists } = this.#place.inner;
    const wrongLines = await this.#within(this.#place.inner.entries(signal), manifest.isWrong);
    const wrongSums = await this.#within(lists.sums(signal), sums.isWrong);
    await lists.mend(
      {
        manifest: { clean: manifest.clean, isWrong: isOneOf(wrongLines), add: this.#entries(manifest.add, signal) },
        sums: { clean: sums.clean, isWrong: isOneOf(wrongSums), add: this.#sums(sums.add, signal) },
      },
      signal,
    );
    if (manifest.clean) await this.#manifest.renew(signal);
  }

  /** Of the sealed files that are named, those whose photos are meant. */
  async #within(named: AsyncIterable<Sum>, isMeant: (photo: Sum) => boolean): Promise<ReadonlySet<string>> {
    const meant = new Set<string>();
    for await (const { path, sha256 } of named) {
      const photo = photoPath(path);
      const line = photo === null ? null : await this.#manifest.line(photo, sha256);
      if (line !== null && isMeant(line.entry)) meant.add(`${sha256} ${path}`);
    }
    return meant;
  }

  /** Written down here as well: a part may have been what was lost. */
  async *#entries(photos: AsyncIterable<ManifestEntry>, signal: AbortSignal): AsyncGenerator<ManifestEntry> {
    let batch: PartLine[] = [];
    const flush = async function* (this: SealedLists) {
      await this.#manifest.add(batch, signal);
      for (const { entry, sealed } of batch) if (sealed !== null) yield entryWithin(entry, sealed);
      batch = [];
    }.bind(this);
    for await (const entry of photos) {
      const sealed = await this.#digestsOf(entry, signal);
      if (sealed !== null && batch.push({ entry, sealed }) >= BATCH) yield* flush();
    }
    yield* flush();
  }

  async *#sums(photos: AsyncIterable<Sum>, signal: AbortSignal): AsyncGenerator<Sum> {
    for await (const photo of photos) {
      const sealed = await this.#digestsOf(photo, signal);
      if (sealed !== null) yield { path: photo.path + SUFFIX, sha256: sealed.sha256 };
    }
  }

  /** What the file of a photo is; null where none is known that lies there. */
  async #digestsOf(photo: Sum, signal: AbortSignal): Promise<Digests | null> {
    const { inner } = this.#place;
    const known = await this.#manifest.linesOf(photo);
    const file = photo.path + SUFFIX;
    const [only] = known;
    if (only !== undefined && known.length === 1) return only.sealed;
    // Sealed more than once: the file tells which one came to lie.
    const lying = await inner.look(file, signal);
    if (lying === null) return null;
    const { sha256 } = await digestsOf(inner.open(file, signal));
    return known.find(({ sealed }) => sealed.sha256 === sha256)?.sealed ?? null;
  }
}

function isOneOf(files: ReadonlySet<string>): (file: Sum) => boolean {
  return ({ path, sha256 }) => files.has(`${sha256} ${path}`);
}
