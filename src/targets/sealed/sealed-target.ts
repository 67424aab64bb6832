/**
 * A target around a target: each photo lies in that one sealed, as a file of age of its own, which `age` and `rage` open.
 * For the target within it is a photo like any other, whose lists are in clear and have the digests of the sealed files:
 * no store and no drive knows that anything is sealed.
 */

import { stopIf } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import type { Digests, ManifestEntry } from "../../model.ts";
import type { Traits } from "../../naming/name.ts";
import { overhead, plainSize } from "../../seal/age-file.ts";
import { archiveBy, isWithin, type KeyRange, type Page } from "../../stores/source.ts";
import { mustBeInside } from "../medium-target.ts";
import { digestsOf, once, Passing } from "../passing.ts";
import type { Spool } from "../spool.ts";
import type { Bytes, Draft, Keeping, Kept, LargePhoto, Lists, Lying, OnBroken, Target, Vouched } from "../target.ts";
import { SealedDraft, sealedDraft } from "./sealed-draft.ts";
import { SealedLists } from "./sealed-lists.ts";
import { entryWithin, type PartLine, photoPath, SealedManifest, type SealedPlace, SUFFIX } from "./sealed-manifest.ts";

export class SealedTarget implements Target {
  readonly name: string;
  readonly traits: Traits;
  readonly freeBytes: number | null;
  readonly memory: Target["memory"];
  readonly location: Target["location"];
  readonly lists: Lists;
  readonly begun?: NonNullable<Target["begun"]>;
  readonly archive?: NonNullable<Target["archive"]>;
  readonly setAside?: NonNullable<Target["setAside"]>;
  readonly #place: SealedPlace;
  readonly #manifest: SealedManifest;
  readonly #spool: Spool | null;
  readonly #onClose: () => void;
  #earlier: Promise<unknown> = Promise.resolve();

  /** @param spool where photos wait until they are sealed; null for reading only */
  constructor(place: SealedPlace, spool: Spool | null, onClose: () => void) {
    const { inner } = place;
    this.name = inner.name;
    this.traits = sealedTraits(inner.traits);
    this.freeBytes = inner.freeBytes;
    this.memory = inner.memory;
    this.location = inner.location;
    this.#place = place;
    this.#manifest = new SealedManifest(place);
    this.lists = new SealedLists(place, this.#manifest);
    this.#spool = spool;
    this.#onClose = onClose;
    if (spool !== null) this.begun = spool.drafts.begun;
    if (inner.archive !== undefined) this.archive = archiveBy(inner.archive, fileOf);
    if (inner.setAside !== undefined) {
      this.setAside = async (path, to, signal) => (await inner.setAside?.(fileOf(path), fileOf(to), signal)) ?? false;
    }
  }

  get id(): string {
    return this.#place.inner.id;
  }

  get renews(): boolean {
    return this.#place.inner.renews === true;
  }

  knownAs(id: string): void {
    this.#place.inner.knownAs(id);
  }

  async stage(bytes: Bytes, size: number, signal: AbortSignal, large?: LargePhoto): Promise<Draft> {
    return new SealedDraft(await this.#forWriting().drafts.stage(bytes, size, signal, large));
  }

  async commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]> {
    this.#forWriting();
    for (const { entry } of batch) mustBeInside(entry.path);
    return this.#alone(() => this.#commit(batch, signal));
  }

  async *open(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { inner, opener } = this.#place;
    const file = fileOf(path);
    if (opener === null) {
      const says = `${file} on ${this.name} is sealed, and to read it takes the key`;
      throw new HaulError("sealed", says);
    }
    yield* opener.open(inner.open(file, signal), `${file} on ${this.name}`);
    stopIf(signal);
  }

  /** In the order of keys within a page. The size of a photo that nobody knows is made out from that of its file. */
  async *list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page> {
    for await (const { objects } of this.#place.inner.list({}, signal)) {
      const photos: Page["objects"][number][] = [];
      for (const object of objects) {
        const key = photoPath(object.key);
        if (key === null || !isWithin(key, range)) continue;
        photos.push({ ...object, key, size: await this.#sizeOf(key, object.size) });
      }
      yield { objects: photos.sort((a, b) => compareKeys(a.key, b.key)) };
    }
  }

  async look(path: string, signal: AbortSignal): Promise<Lying | null> {
    const lying = await this.#place.inner.look(fileOf(path), signal);
    return lying && { ...lying, size: await this.#sizeOf(path, lying.size) };
  }

  async markerTag(signal: AbortSignal): Promise<string | null> {
    return (await this.#place.inner.markerTag?.(signal)) ?? null;
  }

  /** The sealed file is proven to be the one that holds these bytes: by its store, and where no key is at hand by reading it. */
  async vouchesFor(photo: Vouched, signal: AbortSignal): Promise<boolean> {
    for (const { sealed } of await this.#manifest.linesOf(photo)) {
      if (await this.#lies(fileOf(photo.path), sealed, this.#place.opener === null, signal)) return true;
    }
    return false;
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.#manifest.entries(signal, onBroken);
  }

  async manifestMark(signal: AbortSignal): Promise<string> {
    await this.#earlier;
    return `${await this.#place.inner.manifestMark(signal)} ${await this.#manifest.mark(signal)}`;
  }

  /** The sealed files keep the time at which they were sealed: another would tell when a photo was taken. */
  async redate(batch: readonly Omit<Keeping, "draft" | "head">[], signal: AbortSignal): Promise<void> {
    this.#forWriting();
    for (const { entry } of batch) mustBeInside(entry.path);
    await this.#alone(async () => {
      const lines: PartLine[] = [];
      for (const { entry } of batch) {
        const known = await this.#manifest.linesOf(entry);
        if (known.length === 0) lines.push({ entry, sealed: null });
        else lines.push(...known.map(({ sealed }) => ({ entry, sealed })));
      }
      await this.#manifest.add(lines, signal);
    });
  }

  async close(): Promise<void> {
    await this.#earlier;
    await this.#spool?.drafts.close();
    this.#spool?.lock.release();
    this.#onClose();
    await this.#place.inner.close();
  }

  async #commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]> {
    stopIf(signal);
    const { inner } = this.#place;
    const photos = await this.#sealAll(batch, signal);
    await this.#manifest.add(
      photos.map(({ entry, digests }) => ({ entry, sealed: digests })),
      signal,
    );
    const placed = await inner.commit(
      photos.flatMap(({ within }) => within ?? []),
      signal,
    );
    const kept: Kept[] = [];
    let next = 0;
    for (const { entry, within, twin } of photos) {
      const first = kept[twin] === "occupied" ? "occupied" : "same";
      const is = within === null ? first : (placed[next++] ?? "occupied");
      kept.push(within !== null && is === "occupied" ? await this.#judge(entry, signal) : is);
    }
    for (const [at, { draft }] of batch.entries()) if (kept[at] !== "occupied") await draft.discard();
    return kept;
  }

  /** Seals a batch; the same bytes for the same name once. */
  async #sealAll(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly SealedKeeping[]> {
    const { inner, sealer } = this.#place;
    if (sealer === null) throw new TypeError("a target that was opened for reading is written to");
    const photos: SealedKeeping[] = [];
    for (const { entry, draft } of batch) {
      const is = (one: SealedKeeping) => one.entry.path === entry.path && one.entry.sha256 === entry.sha256;
      const twin = photos.findIndex(is);
      const first = photos[twin];
      if (first !== undefined) {
        photos.push({ entry, digests: first.digests, within: null, twin });
        continue;
      }
      const { draft: inside, digests } = await sealedDraft(draft).seal(sealer, inner, entry, signal);
      // Nothing of the photo but its name: neither when it was taken, nor what it is.
      const within = { draft: inside, entry: entryWithin(entry, digests), mtime: new Date() };
      photos.push({ entry, digests, within, twin });
    }
    return photos;
  }

  /** Whether what has the name of a photo is that photo, sealed by a run that was cut, or by somebody else. */
  async #judge(entry: ManifestEntry, signal: AbortSignal): Promise<Kept> {
    for (const { sealed } of await this.#manifest.linesOf(entry)) {
      if (await this.#lies(fileOf(entry.path), sealed, true, signal)) return this.#same(entry, sealed, signal);
    }
    const { opener, inner } = this.#place;
    if (opener === null) return "occupied";
    const sealed = new Passing();
    try {
      const bytes = sealed.through(inner.open(fileOf(entry.path), signal));
      const { sha256 } = await digestsOf(opener.open(bytes, entry.path));
      if (sha256 !== entry.sha256) return "occupied";
    } catch (error) {
      if (error instanceof HaulError && !error.endsRun) return "occupied";
      throw error;
    }
    return this.#same(entry, sealed.digests(), signal);
  }

  /** It lies there: the lists are to say so. */
  async #same(entry: ManifestEntry, sealed: Digests, signal: AbortSignal): Promise<Kept> {
    await this.#manifest.add([{ entry, sealed }], signal);
    const inside = entryWithin(entry, sealed);
    const nothing = { clean: false, isWrong: () => false };
    const lists = { manifest: { ...nothing, add: once(inside) }, sums: { ...nothing, add: once(inside) } };
    await this.#place.inner.lists.mend(lists, signal);
    return "same";
  }

  /** @param reads true to read it where the store does not say what it is */
  async #lies(path: string, { size, sha256, md5 }: Digests, reads: boolean, signal: AbortSignal): Promise<boolean> {
    const { inner } = this.#place;
    const lying = await inner.look(path, signal);
    if (lying === null || lying.size !== size) return false;
    if (await inner.vouchesFor?.({ path, size, sha256, etag: md5 }, signal)) return true;
    if (!reads) return false;
    return (await digestsOf(inner.open(path, signal))).sha256 === sha256;
  }

  async #sizeOf(path: string, size: number): Promise<number> {
    const known = (await this.#place.lines().at(path)).find(({ sealed }) => sealed.size === size);
    return known?.entry.size ?? plainSize(size, this.#place.sealer?.headerLength ?? USUAL_HEADER);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#earlier.then(work);
    this.#earlier = mine.catch(() => undefined);
    return mine;
  }

  #forWriting(): Spool {
    if (this.#spool !== null && this.#place.sealer !== null) return this.#spool;
    throw new HaulError("read-only", `${this.name} was opened for reading only`);
  }
}

/** Bytes of a header to one recipient. */
const USUAL_HEADER = 168;
/** And to more than anybody names. */
const MOST_HEADER = 2 ** 16;

function fileOf(path: string): string {
  mustBeInside(path);
  return path + SUFFIX;
}

/** A photo of a batch, sealed. */
interface SealedKeeping extends Pick<Keeping, "entry"> {
  readonly digests: Digests;
  /** As the target within is to keep it; null where an earlier one of the batch is the same. */
  readonly within: Keeping | null;
  /** Which one; -1 for none. */
  readonly twin: number;
}

function sealedTraits({ longestName, longestPath, largestFile, ...traits }: Traits): Traits {
  return {
    ...traits,
    longestName: { ...longestName, length: longestName.length - SUFFIX.length },
    longestPath: longestPath === 0 ? 0 : longestPath - SUFFIX.length,
    largestFile: largestFile === 0 ? 0 : largestFile - overhead(largestFile, MOST_HEADER),
  };
}
