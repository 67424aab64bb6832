/**
 * Many files are put, and then linked to with one request for each directory:
 *
 *   look at the directory ─► put what has no name there ─► link to all of it, or none ─► look again
 *
 * A name that is taken stays with what has it. Where one of many was taken meanwhile, nothing was linked: the directory is
 * looked at, and the rest linked to.
 */

import { HaulError } from "../../errors.ts";
import { inParallel } from "../../in-parallel.ts";
import type { Again } from "../http/request-body.ts";
import { sha256Of } from "../read-object.ts";
import type { ObjectToPut, PutTogether } from "../store.ts";
import { nameOfCap } from "./cap.ts";
import { type GridChild, type GridDirectory, type GridFile, headOf, linkTo, readShares } from "./grid-node.ts";
import { type GridTree, partsOf } from "./grid-tree.ts";

/** A node is one process that encodes: more at once gain nothing there, and over a long line some. */
const UPLOADS_AT_ONCE = 6;
const DIRECTORIES_AT_ONCE = 4;
/** So often a name may be taken by somebody else between the look and the link. */
const MOST_ROUNDS = 5;
/** A directory is read and written whole with each batch. */
const MANY_CHILDREN = 2000;

export interface Putting {
  readonly signal: AbortSignal;
  /** Makes one request again where that may help. */
  readonly again: Again;
  readonly warn?: (message: string) => void;
}

interface Item {
  readonly at: number;
  readonly name: string;
  readonly writing: ObjectToPut;
}

interface Folder {
  readonly path: string;
  readonly items: Item[];
  /** Null where a file is in the way, or it was not looked at. */
  found: GridDirectory | null;
}

/** @returns in the order asked @throws HaulError; then nothing counts, and doing it again is safe */
export async function putTogether(
  tree: GridTree,
  writings: readonly ObjectToPut[],
  putting: Putting,
): Promise<readonly PutTogether[]> {
  const put: PutTogether[] = [];
  for (const round of roundsOf(writings)) await new Batch(tree, putting, put).keep(round);
  return put;
}

/** Of several files for one name the first has it: they go one after the other. A grid takes the forms of Unicode for one. */
function roundsOf(writings: readonly ObjectToPut[]): Item[][] {
  const seen = new Map<string, number>();
  const rounds: Item[][] = [];
  for (const [at, writing] of writings.entries()) {
    const path = writing.key.normalize("NFC");
    const round = seen.get(path) ?? 0;
    seen.set(path, round + 1);
    const items = rounds[round] ?? [];
    items.push({ at, name: partsOf(path).name, writing });
    rounds[round] = items;
  }
  return rounds;
}

class Batch {
  readonly #tree: GridTree;
  readonly #putting: Putting;
  readonly #put: PutTogether[];

  /** @param put filled in */
  constructor(tree: GridTree, putting: Putting, put: PutTogether[]) {
    this.#tree = tree;
    this.#putting = putting;
    this.#put = put;
  }

  async keep(items: readonly Item[]): Promise<void> {
    const folders = foldersOf(items);
    await inParallel(folders, DIRECTORIES_AT_ONCE, (folder) => this.#look(folder));
    const fresh: { readonly folder: Folder; readonly item: Item }[] = [];
    const taken: typeof fresh = [];
    for (const folder of folders) {
      for (const item of folder.items) {
        if (folder.found === null) this.#put[item.at] = { kept: "occupied" };
        else (folder.found.children.has(item.name) ? taken : fresh).push({ folder, item });
      }
    }
    await inParallel(taken, UPLOADS_AT_ONCE, async ({ folder, item }) => {
      this.#put[item.at] = await this.#judge(item, folder.found?.children.get(item.name), "same");
    });
    const caps = new Map<Item, string>();
    await inParallel(fresh, UPLOADS_AT_ONCE, async ({ item }) => {
      caps.set(item, await this.#upload(item));
    });
    const linked = folders.filter(({ items: some }) => some.some((item) => caps.has(item)));
    await inParallel(linked, DIRECTORIES_AT_ONCE, (folder) => this.#link(folder, caps));
  }

  async #look(folder: Folder): Promise<void> {
    const { signal, again } = this.#putting;
    folder.found = await again(() => this.#tree.make(folder.path, signal));
  }

  /** By its path from the top, as it will be looked for: it may have been moved meanwhile. */
  async #see({ path }: Folder): Promise<ReadonlyMap<string, GridChild>> {
    const { signal, again } = this.#putting;
    const found = await again(() => this.#tree.directory({ cap: this.#tree.cap, path }, signal));
    return found?.children ?? new Map();
  }

  async #link({ path, items, found }: Folder, caps: ReadonlyMap<Item, string>): Promise<void> {
    const { signal, again, warn } = this.#putting;
    const directory = { cap: found?.rw_uri ?? "", path };
    let rest = items.filter((item) => caps.has(item));
    const before = found?.children.size ?? 0;
    if (before <= MANY_CHILDREN && before + rest.length > MANY_CHILDREN) warn?.(crowded(this.#tree, path));
    for (let round = 1; rest.length > 0; round += 1) {
      const links = new Map(
        rest.map((item) => {
          const { facts, digests } = item.writing;
          return [item.name, linkTo(caps.get(item) ?? "", facts, digests.sha256)] as const;
        }),
      );
      const all = await again(() => this.#tree.link(directory, links, "false", signal));
      const children = await this.#see({ path, items, found });
      const there = rest.filter(({ name }) => children.has(name));
      for (const item of there) {
        this.#put[item.at] = await this.#judge(item, children.get(item.name), "stored", caps.get(item));
      }
      rest = rest.filter((item) => !there.includes(item));
      const [gone] = rest;
      if (gone !== undefined && (all || round === MOST_ROUNDS)) throw this.#vanished(gone);
    }
  }

  /**
   * What it means that something lies there. The cap of it says whether it is what was put, or would be: the same bytes have
   * the same cap, put by the same node. By another node they have another one; then what is written beside the link
   * tells, where the shares are there, and else the bytes themselves.
   * @param alike what these bytes count as, where they lie there
   */
  async #judge(item: Item, child: GridChild | undefined, alike: "stored" | "same", put?: string): Promise<PutTogether> {
    const { digests } = item.writing;
    if (child?.kind !== "file" || (child.size ?? digests.size) !== digests.size) return { kept: "occupied" };
    const { ro_uri: cap = "" } = child;
    const found = (kept: PutTogether["kept"]) => ({ kept, etag: nameOfCap(cap), cap });
    if (put === cap) return found(alike);
    const { sha256 } = headOf(child).metadata;
    if (sha256 !== undefined && sha256 !== digests.sha256) return { kept: "occupied" };
    if (sha256 === digests.sha256 && (await this.#isWhole(item, cap))) return found("same");
    // Shares that were lost come back with it.
    if ((put ?? (await this.#upload(item))) === cap) return found("same");
    const same = sha256 === undefined && (await this.#sha256Of(child, item)) === digests.sha256;
    return same ? found("same") : { kept: "occupied" };
  }

  async #isWhole({ writing: { key, digests } }: Item, cap: string): Promise<boolean> {
    const { signal, again } = this.#putting;
    const text = await again(() => this.#tree.check({ key, cap, bytes: digests.size, query: {} }, signal));
    return readShares(text)?.recoverable === true;
  }

  #upload({ writing }: Item): Promise<string> {
    const { signal, again } = this.#putting;
    return again(() => this.#tree.upload(writing, signal));
  }

  #sha256Of(file: GridFile, { writing: { key } }: Item): Promise<string> {
    const { signal } = this.#putting;
    const { name } = this.#tree.asked("object", "");
    const store = { name, open: (_: unknown, offset: number) => this.#tree.open(file, key, offset, signal) };
    return sha256Of(store, key, signal);
  }

  #vanished({ writing }: Item): HaulError {
    const { name } = this.#tree.asked("write", writing.key);
    const says = `${name}: the node said that it was linked to, and nothing lies there`;
    return new HaulError("server", says, { place: "tahoe", retry: true });
  }
}

function foldersOf(items: readonly Item[]): Folder[] {
  const folders = new Map<string, Folder>();
  for (const item of items) {
    const { folder: path } = partsOf(item.writing.key);
    const folder: Folder = folders.get(path) ?? { path, items: [], found: null };
    folder.items.push(item);
    folders.set(path, folder);
  }
  return [...folders.values()];
}

function crowded(tree: GridTree, path: string): string {
  const { name } = tree.asked("write", path);
  return `${name} has more than ${MANY_CHILDREN.toLocaleString("en")} photos, and a directory of a grid is written whole with each batch: --name '{yyyy}/{mm}/{key}' or the like makes smaller ones`;
}
