/**
 * A local folder as a source. Keys are the paths below it, byte for byte, with `/` between the segments.
 * Only regular files count: symbolic links are not followed, what is neither file nor folder is not read,
 * and both are told of. A file has no digest of its bytes to be known by, so its size and time stand in.
 */

import { type BigIntStats, constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { closedBy, stopIf } from "../cancel.ts";
import { codeOf, type ErrorCode, HaulError } from "../errors.ts";
import { decodeKey, encodeKey, isPlainPath } from "../key.ts";
import { headOf } from "../local/files.ts";
import { GALLERY_MARK, GALLERY_PAGE, jsonOf, OWN_FOLDER } from "../manifest-entry.ts";
import type { Listed } from "../model.ts";
import { isoTime } from "./http/header.ts";
import type { KeyRange, Opened, Page, RequestCounts, Source } from "./source.ts";

export interface FolderSourceOptions {
  /** Told of what lies in the folder and is not read, with its key. */
  readonly onPassedOver?: (key: string, what: string) => void;
}

const PAGE = 1000;
const CHUNK = 256 * 1024;

/** @throws HaulError `no-bucket` where there is no such folder, `denied` where it is closed to us */
export async function openFolderSource(folder: string, options: FolderSourceOptions = {}): Promise<Source> {
  const root = resolve(folder);
  const there = await stat(root).catch((error: unknown) => {
    throw translate(error, root, "no-bucket");
  });
  if (!there.isDirectory()) throw new HaulError("no-bucket", `${root} is not a folder`, { place: "folder" });
  return new FolderSource(root, options);
}

class FolderSource implements Source {
  readonly name: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly oneByOne = true;
  readonly fileTimes = true;
  readonly #root: Buffer;
  readonly #options: FolderSourceOptions;

  constructor(root: string, options: FolderSourceOptions) {
    this.name = root;
    this.#root = Buffer.from(root === "/" ? "" : root, "utf8");
    this.#options = options;
  }

  async *list(range: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
    let keys: string[] = [];
    try {
      for await (const found of walk(this.#root, range)) {
        stopIf(signal);
        if (found.what !== "file") {
          this.#options.onPassedOver?.(found.key, found.what);
          continue;
        }
        keys.push(found.key);
        if (keys.length < PAGE) continue;
        yield await this.#page(keys);
        keys = [];
      }
    } catch (error) {
      throw translate(error, this.name, "listing");
    }
    stopIf(signal);
    yield await this.#page(keys);
  }

  async open(object: Listed, offset: number, signal: AbortSignal): Promise<Opened> {
    stopIf(signal);
    this.requests.get += 1;
    const path = this.#pathOf(object.key);
    let file: FileHandle | null = null;
    try {
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      const stats = await file.stat({ bigint: true });
      const now = listedOf(object.key, stats);
      if (!stats.isFile()) throw new HaulError("missing", `${object.key} is no file any more`);
      if (object.etag !== "" && now.etag !== object.etag) {
        throw new HaulError("changed", `${object.key} was changed since it was listed`);
      }
      const head = {
        ...now,
        contentType: "",
        contentDisposition: "",
        metadata: {},
        checksums: {},
        opaqueEtag: true,
      };
      const handle = file;
      const reading = readOn(handle, object.key, { from: offset, to: now.size }, signal);
      return { head, bytes: closedBy(reading, () => handle.close()) };
    } catch (error) {
      await file?.close();
      throw translate(error, `${this.name}/${object.key}`, "broken");
    }
  }

  async close(): Promise<void> {}

  async #page(keys: readonly string[]): Promise<Page> {
    this.requests.list += 1;
    const objects = await Promise.all(
      keys.map(async (key) => {
        try {
          return listedOf(key, await lstat(this.#pathOf(key), { bigint: true }));
        } catch (error) {
          if (codeOf(error) === "ENOENT") return null;
          throw translate(error, `${this.name}/${key}`, "listing");
        }
      }),
    );
    return { objects: objects.filter((object) => object !== null) };
  }

  /** @throws HaulError `missing` for a key that leads out of the folder, which none of a listing does */
  #pathOf(key: string): Buffer {
    if (!isPlainPath(key)) throw new HaulError("missing", `${key} is no file of this folder`);
    return Buffer.concat([this.#root, Buffer.from("/"), encodeKey(key)]);
  }
}

function listedOf(key: string, stats: BigIntStats): Listed {
  return {
    key,
    size: Number(stats.size),
    etag: `${stats.size}-${stats.mtimeNs}`,
    modified: isoTime(Number(stats.mtimeMs)),
    storageClass: "STANDARD",
  };
}

async function* readOn(
  file: FileHandle,
  key: string,
  span: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for (let at = span.from; at < span.to; ) {
      stopIf(signal);
      const wanted = Math.min(CHUNK, span.to - at);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
      if (bytesRead === 0) {
        throw new HaulError("broken", `${key} ended after ${at} of ${span.to} bytes`, {
          retry: true,
        });
      }
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw translate(error, key, "broken");
  } finally {
    await file.close();
  }
}

/** @param otherwise what it is when the system's word says nothing special */
function translate(error: unknown, at: string, otherwise: ErrorCode): HaulError {
  if (error instanceof HaulError) return error;
  const code = codeOf(error);
  if (code === "") throw error;
  const object = otherwise === "broken";
  const details = { place: "folder", cause: error } as const;
  if (code === "EACCES" || code === "EPERM") {
    return new HaulError(object ? "forbidden" : "denied", `${at} may not be read (${code})`, details);
  }
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") {
    return new HaulError(object ? "missing" : otherwise, `${at} is not there (${code})`, details);
  }
  return new HaulError(otherwise, `${at} cannot be read (${code})`, details);
}

export interface Found {
  readonly key: string;
  readonly what:
    | "file"
    | "symbolic link"
    | "special file"
    | "folder of photohaul's own lists"
    | "gallery of photohaul's";
}

/** Of a range, as bytes. */
export interface Bounds {
  readonly after: Buffer | null;
  readonly upto: Buffer | null;
}

/**
 * Everything below the root that is not a folder, in key order, within the range; one folder at a time is
 * in memory. Throws what the file system says of a folder that cannot be read.
 */
export function walk(root: Buffer, range: KeyRange): AsyncGenerator<Found> {
  return below(root, Buffer.alloc(0), boundsOf(range));
}

export function boundsOf({ after, upto }: KeyRange): Bounds {
  return {
    after: after === undefined ? null : encodeKey(after),
    upto: upto === undefined ? null : encodeKey(upto),
  };
}

async function* below(root: Buffer, prefix: Buffer, bounds: Bounds): AsyncGenerator<Found> {
  const slash = Buffer.from("/");
  const folder = Buffer.concat([root, slash, prefix]);
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
  const sorted = entries
    .map((entry) => ({ entry, key: keyOf(prefix, entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { entry, key } of sorted) {
    if (entry.isDirectory()) {
      if (outside(key, bounds)) continue;
      const own = prefix.length === 0 && entry.name.toString() === OWN_FOLDER && (await isTarget(folder));
      if (own) yield { key: OWN_FOLDER, what: "folder of photohaul's own lists" };
      else yield* below(root, key, bounds);
    } else if (inside(key, bounds)) {
      const own = prefix.length === 0 && entry.name.toString() === GALLERY_PAGE && (await isGallery(folder));
      yield { key: decodeKey(key), what: own ? "gallery of photohaul's" : whatIs(entry) };
    }
  }
}

/** Whether a folder is a target, by its `target.json`: in any other, photos in a folder of that name are photos. */
async function isTarget(folder: Buffer): Promise<boolean> {
  const marker = Buffer.concat([folder, Buffer.from(`${OWN_FOLDER}/target.json`)]);
  const isFile = (await lstat(marker).catch(() => null))?.isFile() === true;
  const said = isFile ? jsonOf(await readFile(marker, "utf8").catch(() => "")) : null;
  return typeof said === "object" && said !== null && typeof Reflect.get(said, "id") === "string";
}

/** Whether the page of that name in a folder is what photohaul itself wrote into a target. */
async function isGallery(folder: Buffer): Promise<boolean> {
  const page = Buffer.concat([folder, Buffer.from(GALLERY_PAGE)]);
  const head = (await lstat(page)).isFile() ? headOf(page) : "";
  return head.includes(GALLERY_MARK) && (await isTarget(folder));
}

/** The key of an entry; that of a folder ends with the slash that all keys below it have. */
function keyOf(prefix: Buffer, entry: Dirent<Buffer>): Buffer {
  return Buffer.concat([prefix, entry.name, Buffer.from(entry.isDirectory() ? "/" : "")]);
}

function whatIs(entry: Dirent<Buffer>): Found["what"] {
  if (entry.isFile()) return "file";
  return entry.isSymbolicLink() ? "symbolic link" : "special file";
}

export function inside(key: Buffer, { after, upto }: Bounds): boolean {
  return (after === null || Buffer.compare(key, after) > 0) && (upto === null || Buffer.compare(key, upto) <= 0);
}

/** True when no key that begins with this one can be within the bounds. */
export function outside(folder: Buffer, { after, upto }: Bounds): boolean {
  const tooEarly = after !== null && Buffer.compare(folder, after.subarray(0, folder.length)) < 0;
  return tooEarly || (upto !== null && Buffer.compare(folder, upto) > 0);
}
