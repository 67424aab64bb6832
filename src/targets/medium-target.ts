/** A target over a medium: the order in which photos are kept, one batch after the other, whatever they are kept on. */

import { stopIf } from "../cancel.ts";
import type { Location, Memory } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { folderOf } from "../key.ts";
import { isPathInside, OWN_FOLDER } from "../manifest-entry.ts";
import type { ManifestEntry } from "../model.ts";
import type { KeyRange, Page } from "../stores/source.ts";
import type { Drafts } from "./drafts.ts";
import { TargetLists } from "./lists.ts";
import type { Medium, Placed } from "./medium.ts";
import type {
  Bytes,
  Draft,
  Keeping,
  Kept,
  LargePhoto,
  Lying,
  OnBroken,
  OwnFiles,
  Target,
  Traits,
  Vouched,
} from "./target.ts";

export class MediumTarget implements Target {
  readonly name: string;
  id: string;
  readonly traits: Traits;
  readonly freeBytes: number | null;
  readonly memory: Memory;
  readonly location: Location;
  readonly lists: TargetLists;
  readonly own: OwnFiles;
  readonly begun?: NonNullable<Target["begun"]>;
  readonly draftsFolder?: NonNullable<Target["draftsFolder"]>;
  readonly takeDraft?: NonNullable<Target["takeDraft"]>;
  readonly vouchesFor?: NonNullable<Target["vouchesFor"]>;
  readonly markerTag?: NonNullable<Target["markerTag"]>;
  readonly renews: boolean;
  readonly setAside?: NonNullable<Target["setAside"]>;
  readonly openCap?: NonNullable<Target["openCap"]>;
  readonly archive?: NonNullable<Target["archive"]>;
  readonly #medium: Medium;
  #earlier: Promise<unknown> = Promise.resolve();

  constructor(medium: Medium) {
    this.name = medium.name;
    this.id = medium.id;
    this.traits = medium.traits;
    this.freeBytes = medium.freeBytes;
    this.memory = medium.memory;
    this.location = medium.location;
    this.renews = medium.renews === true;
    this.lists = new TargetLists(medium, (doing, work) => this.#alone(doing, work));
    this.own = medium.own;
    this.#medium = medium;
    const { vouchesFor, markerTag, setAside, drafts, readCap } = medium;
    if (markerTag !== undefined) this.markerTag = markerTag.bind(medium);
    if (readCap !== undefined) this.openCap = (cap, path, signal) => readCap(cap, path, signal);
    if (medium.archive !== undefined) this.archive = medium.archive;
    if (medium.draftsFolder !== undefined) this.draftsFolder = medium.draftsFolder;
    if (drafts !== null) {
      if (medium.draftsFolder !== undefined) this.takeDraft = (written) => drafts.take(written);
      this.begun = {
        find: (object) => medium.attempt("looking for what came of a photo", () => drafts.begun.find(object)),
        drop: (object) => medium.attempt("dropping what came of a photo", () => drafts.begun.drop(object)),
      };
    }
    if (vouchesFor !== undefined) this.vouchesFor = (photo, signal) => this.#vouches(photo, signal);
    if (setAside !== undefined) this.setAside = (path, to, signal) => this.#setAside(path, to, signal);
  }

  knownAs(id: string): void {
    this.id = id;
  }

  async stage(bytes: Bytes, size: number, signal: AbortSignal, large?: LargePhoto): Promise<Draft> {
    return this.#forWriting().stage(bytes, size, signal, large);
  }

  async commit(batch: readonly Keeping[], signal: AbortSignal): Promise<readonly Kept[]> {
    this.#forWriting();
    for (const { entry } of batch) mustBeInside(entry.path);
    return this.#alone("keeping photos", async () => {
      const placed = await this.#medium.place(batch, signal);
      await this.lists.add(
        batch.flatMap(({ entry }, at) => writtenDown(entry, placed[at])),
        signal,
      );
      for (const [at, { draft }] of batch.entries()) if (placed[at]?.kept !== "occupied") await draft.discard();
      return placed.map(({ kept }) => kept);
    });
  }

  async *open(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    mustBeInside(path);
    stopIf(signal);
    yield* this.#medium.read(path, signal);
    stopIf(signal);
  }

  async *list(range: KeyRange, signal: AbortSignal): AsyncIterable<Page> {
    for await (const { objects } of this.#medium.list(range, signal)) {
      yield { objects: objects.filter(({ key }) => !key.startsWith(`${OWN_FOLDER}/`)) };
    }
  }

  async look(path: string, signal: AbortSignal): Promise<Lying | null> {
    mustBeInside(path);
    return this.#medium.look(path, signal);
  }

  entries(signal: AbortSignal, onBroken?: OnBroken): AsyncIterable<ManifestEntry> {
    return this.lists.entries(signal, onBroken);
  }

  async manifestMark(signal: AbortSignal): Promise<string> {
    await this.#earlier;
    return this.lists.mark(signal);
  }

  async redate(batch: readonly Omit<Keeping, "draft">[], signal: AbortSignal): Promise<void> {
    this.#forWriting();
    for (const { entry } of batch) mustBeInside(entry.path);
    const entries = batch.map(({ entry }) => entry);
    return this.#alone("dating photos", async () => {
      await this.#medium.date?.(batch, signal);
      await this.lists.amend(entries, signal);
    });
  }

  async close(): Promise<void> {
    await this.#earlier;
    await this.#medium.drafts?.close();
    await this.#medium.close();
  }

  async #vouches(photo: Vouched, signal: AbortSignal): Promise<boolean> {
    mustBeInside(photo.path);
    return (await this.#medium.vouchesFor?.(photo, signal)) ?? false;
  }

  async #setAside(path: string, to: string, signal: AbortSignal): Promise<boolean> {
    this.#forWriting();
    for (const one of [path, to]) mustBeInside(one);
    if (folderOf(path) !== folderOf(to)) throw new TypeError("aside is in the same folder");
    stopIf(signal);
    return (await this.#medium.setAside?.(path, to, signal)) ?? false;
  }

  /** After all that was begun before. */
  async #alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    const mine = this.#earlier.then(() => this.#medium.attempt(doing, work));
    this.#earlier = mine.catch(() => undefined);
    return mine;
  }

  #forWriting(): Drafts {
    const { drafts, name } = this.#medium;
    if (drafts !== null) return drafts;
    throw new HaulError("read-only", `${name} was opened for reading only`);
  }
}

/** The last wall before the medium, whatever key and template said. @throws HaulError `name` */
export function mustBeInside(path: string): void {
  if (isPathInside(path) && !(process.platform === "win32" && /[\\:]/.test(path))) return;
  throw new HaulError("name", `${JSON.stringify(path)} is not a path inside a target`);
}

/** The line of the manifest for a photo, if it lies there now. What another target calls its bytes is not said here. */
function writtenDown(
  { targetEtag: _elsewhere, cap: _ofOther, ...entry }: ManifestEntry,
  placed: Placed | undefined,
): ManifestEntry[] {
  if (placed === undefined || placed.kept === "occupied") return [];
  const { etag, cap } = placed;
  return [{ ...entry, ...(etag === undefined ? {} : { targetEtag: etag }), ...(cap === undefined ? {} : { cap }) }];
}
