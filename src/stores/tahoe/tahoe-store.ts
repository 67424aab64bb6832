/**
 * A directory of a Tahoe-LAFS grid, by the web API of a node. Bytes are put without a name and come back as a cap, which
 * names them and nothing else; a name is a link to a cap, made for many photos at once and over nothing. Nothing here
 * unlinks.
 */

import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import type { Put } from "../http/request-body.ts";
import { isWithin, type Opened, type Page, type RequestCounts } from "../source.ts";
import type {
  KeysBelow,
  MeantObject,
  ObjectToPut,
  PutTogether,
  Store,
  StoreAddress,
  StoreOptions,
  StoreTraits,
  Vouching,
} from "../store.ts";
import { findPlace, nameOfCap } from "./cap.ts";
import { type GridDirectory, headOf, listedOf, sizeInCap } from "./grid-node.ts";
import { GridTree, partsOf } from "./grid-tree.ts";
import { putTogether } from "./put-together.ts";
import { ShareCount } from "./share-count.ts";
import { gridReadme } from "./tahoe-readme.ts";

const PAGE = 1000;
/** In bytes. A grid has no limit, but each folder of a path costs a request or two whenever it is walked. */
const LONGEST_PATH = 512;
const LARGEST_FILE = 2 ** 40;

/** `tahoe:ALIAS[/path]` or `tahoe:FILE[/path]`, as the OpenStore of this kind. @throws HaulError as `findPlace` */
export function openTahoe(at: StoreAddress, options: StoreOptions): Store {
  return new TahoeStore(at, options);
}

class TahoeStore implements Store {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly traits: StoreTraits = {
    metadataPrefix: "",
    segments: null,
    parts: { beyond: Number.MAX_SAFE_INTEGER, size: 0 },
    longestKey: LONGEST_PATH,
    largestObject: LARGEST_FILE,
    mayCheckSha256: false,
  };
  readonly renews = true;
  readonly firstUse: string;
  readonly #tree: GridTree;
  readonly #options: StoreOptions;
  readonly #count: ShareCount;
  #address = "";

  constructor({ container }: StoreAddress, options: StoreOptions) {
    this.name = `tahoe:${container}`;
    this.firstUse = `write the cap of ${this.name} down on paper (\`tahoe list-aliases\` shows those of aliases): nobody can find it out again, and without it every photo there is lost`;
    this.#options = options;
    this.#tree = new GridTree(findPlace(container, options.tahoe), this.name, options.stallMs);
    this.#count = new ShareCount(this.name, options.mends === true);
  }

  get address(): string {
    return this.#address;
  }

  readme(target: string): string {
    return gridReadme(target);
  }

  /** Finds the directory. By whichever of its caps it is named, it is one place. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { cap } = this.#tree;
    const found = await retrying(() => this.#tree.directory({ cap, path: "" }, signal), { signal });
    if (found === null)
      throw new HaulError("no-target", `${this.name}: the cap names no directory`, { place: "tahoe" });
    this.#tree.isWritable = found.rw_uri !== undefined;
    this.#address = `tahoe ${nameOfCap(found.verify_uri ?? cap)}`;
  }

  async *list({ after, upto, prefix = "" }: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    let objects: Listed[] = [];
    const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const { cap } = this.#tree;
    const top = await this.#directory({ cap, path: start.replace(/\/$/, "") }, signal);
    const range = { prefix, ...(after === undefined ? {} : { after }), ...(upto === undefined ? {} : { upto }) };
    const walk = top === null ? [] : this.#below(top, start, range, signal);
    for await (const object of walk) {
      if (objects.push(object) < PAGE) continue;
      yield { objects };
      objects = [];
    }
    yield { objects };
  }

  /** In the order of keys. @param folder "" or one that ends in a slash */
  async *#below(
    directory: GridDirectory,
    folder: string,
    range: KeysBelow & { readonly prefix: string },
    signal: AbortSignal,
  ): AsyncGenerator<Listed> {
    for (const [name, child] of directory.children) {
      if (!isPlainName(name)) {
        this.#options.warn?.(`${this.name}: ${JSON.stringify(folder + name)} is no path, and is passed over`);
      } else if (child.kind === "file") {
        if ((folder + name).startsWith(range.prefix) && isWithin(folder + name, range))
          yield listedOf(folder + name, child);
      } else if (child.kind === "directory" && mayHold(`${folder}${name}/`, range)) {
        const cap = child.rw_uri ?? child.ro_uri ?? "";
        const below = await this.#directory({ cap, path: "", as: folder + name }, signal);
        if (below !== null) yield* this.#below(below, `${folder}${name}/`, range, signal);
      }
    }
  }

  #directory(at: Parameters<GridTree["directory"]>[0], signal: AbortSignal): Promise<GridDirectory | null> {
    const attempt = () => {
      this.requests.list += 1;
      return this.#tree.directory(at, signal);
    };
    return retrying(attempt, { signal });
  }

  async open({ key }: MeantObject, offset: number, signal: AbortSignal): Promise<Opened> {
    const file = await this.#tree.file(key, signal);
    this.requests.get += 1;
    return this.#tree.open(file, key, offset, signal);
  }

  openCap(cap: string, key: string, offset: number, signal: AbortSignal): Promise<Opened> {
    this.requests.get += 1;
    const size = sizeInCap(cap);
    return this.#tree.open({ kind: "file", ro_uri: cap, size, mutable: false, metadata: {} }, key, offset, signal);
  }

  rename(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    return retrying(() => this.#tree.rename(from, partsOf(to).name, signal), { signal });
  }

  async head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    this.requests.head += 1;
    const file = await this.#tree.file(key, signal);
    return file === null ? null : headOf(file);
  }

  async put(writing: ObjectToPut, signal: AbortSignal): Promise<Put> {
    if (!writing.onlyNew) return this.#tree.replace(writing, signal);
    const [put] = await putTogether(this.#tree, [writing], { signal, again: (attempt) => attempt() });
    return put?.kept === "stored" ? { etag: put.etag ?? "", opaque: true } : "taken";
  }

  putTogether(writings: readonly ObjectToPut[], signal: AbortSignal): Promise<readonly PutTogether[]> {
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    const { warn } = this.#options;
    return putTogether(this.#tree, writings, { signal, again, ...(warn === undefined ? {} : { warn }) });
  }

  /**
   * The cap of what lies there is a digest of it: the same as when it was kept, and the node reads all shares of it and holds
   * them against that. The lease of each share is renewed on the way, and of the directories above it.
   */
  async vouches({ key, prefix, etag, size }: Vouching, signal: AbortSignal): Promise<boolean> {
    await this.#count.keepAlive(this.#tree, key, prefix, signal);
    const file = await this.#tree.file(key, signal);
    if (file?.ro_uri === undefined) return false;
    const shares = await this.#count.check(this.#tree, { key, cap: file.ro_uri, size }, signal);
    return shares?.recoverable === true && headOf(file).etag === etag && file.size === size;
  }

  async close(): Promise<void> {
    for (const sentence of this.#count.sentences()) this.#options.warn?.(sentence);
    await this.#tree.node.close();
  }
}

/** A grid takes names that are no part of a path. */
function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/");
}

/** Whether a key of the range may lie in a folder. */
function mayHold(folder: string, { after, upto, prefix }: KeysBelow & { readonly prefix: string }): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  if (upto !== undefined && compareKeys(folder, upto) > 0) return false;
  return after === undefined || after.startsWith(folder) || compareKeys(folder, after) > 0;
}
