/**
 * A place that rclone reaches: one of seventy services, or what is made of several. It is listed, read, and written only
 * where nothing lies: nothing here asks rclone to delete, to move or to overwrite. What lies there is looked at before each
 * write, and the write itself passes over what came meanwhile (IgnoreExisting); no service promises more through rclone.
 */

import { randomUUID } from "node:crypto";
import { unlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { stopIf, unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { isPlainPath } from "../../key.ts";
import type { ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { one } from "../http/header.ts";
import { openBody, openedObject, type Undoing } from "../http/object-body.ts";
import type { Put } from "../http/request-body.ts";
import type { Asked } from "../http/wire.ts";
import { sha256Of } from "../read-object.ts";
import type { HowToOpen, Opened, Page, RequestCounts } from "../source.ts";
import type { KeysBelow, MeantObject, ObjectToPut, Store, StoreAddress, StoreOptions, StoreTraits } from "../store.ts";
import { Rclone } from "./rclone-daemon.ts";
import { fileInStat, headOf, type RemoteFile, type RemoteTraits, traitsIn } from "./rclone-entry.ts";
import { pagesOf, type RcloneLister } from "./rclone-lister.ts";
import { openTwin } from "./rclone-twin.ts";
import { bytesPath, type RemotePlace, remotePlace } from "./remote-place.ts";
import { patiently } from "./sending.ts";

const DEFAULT_PROGRAM = "rclone";
/** What every service that rclone reaches takes (Dropbox, Box, pCloud, drives: 255). */
const LONGEST_NAME = 255;
const LONGEST_KEY = 1024;
/** crypt makes 255 characters of a name of 143 bytes, and 26 of the shortest: 4,096 of a path of 120 names. */
const LONGEST_SEALED = { name: 140, key: 240 };

/** `rclone:REMOTE:PATH`, as the OpenStore of this kind. */
export function openRclone(at: StoreAddress, options: StoreOptions): RcloneStore {
  const idle = options.endpoint === undefined ? options.asOf : options.endpoint;
  if (idle !== undefined) {
    const which = options.endpoint === undefined ? "--as-of" : "--endpoint";
    throw new HaulError(
      "usage",
      `${at.typed}: ${which} is for S3; how a remote is reached is in rclone's configuration`,
    );
  }
  return new RcloneStore(remotePlace(at.typed), options);
}

class RcloneStore implements Store {
  readonly name: string;
  readonly address: string;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly oneByOne = true;
  readonly fileTimes = true;
  readonly #place: RemotePlace;
  readonly #options: StoreOptions;
  readonly #rclone: Rclone;
  readonly #undoing: Undoing = new Map();
  readonly #twins: RcloneLister["twins"] = new Map();
  readonly #closing = new AbortController();
  #known: Promise<RemoteTraits> | null = null;
  #seals = false;
  #sent = 0;

  constructor(place: RemotePlace, options: StoreOptions) {
    this.name = place.name;
    this.address = `rclone:${place.remote}:`;
    this.#place = place;
    this.#options = options;
    this.#rclone = Rclone.share(options.rclone ?? DEFAULT_PROGRAM);
  }

  get traits(): StoreTraits {
    return {
      metadataPrefix: "",
      segments: null,
      parts: { beyond: Number.MAX_SAFE_INTEGER, size: 0 },
      longestKey: this.#seals ? LONGEST_SEALED.key : LONGEST_KEY,
      longestName: this.#seals ? LONGEST_SEALED.name : LONGEST_NAME,
      largestObject: Number.MAX_SAFE_INTEGER,
      mayCheckSha256: false,
      writesOnce: true,
    };
  }

  async prepare(signal: AbortSignal): Promise<void> {
    this.#seals = (await this.#remote(signal)).seals;
  }

  async *list(range: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    stopIf(signal);
    const traits = await this.#remote(signal);
    const { requests } = this;
    const lister = {
      rclone: this.#rclone,
      place: this.#place,
      traits,
      requests,
      options: this.#options,
      twins: this.#twins,
    };
    yield* pagesOf(lister, range, signal);
  }

  async open(
    meant: MeantObject,
    offset: number,
    signal: AbortSignal,
    { atOnce = false }: HowToOpen = {},
  ): Promise<Opened> {
    stopIf(signal);
    this.requests.get += 1;
    const { key, etag, size } = meant;
    const name = `${this.name}/${key}`;
    const twin = this.#twins.get(key);
    if (twin !== undefined) return openTwin(this.#rclone, this.#place, twin, { ...meant, offset }, signal);
    const asked: Asked = { kind: "object", name, ...(atOnce && offset === 0 ? { atOnce: size } : {}) };
    const found = await this.#find(key, asked, signal);
    if (found === null) throw new HaulError("missing", `${name} is not there`, { place: "rclone" });
    const head = headOf(found, await this.#remote(signal));
    if (etag !== "" && head.etag !== etag) {
      throw new HaulError("changed", `${name} was changed since it was listed`, { place: "rclone" });
    }
    const range = offset === 0 ? "" : `bytes=${offset}-`;
    const answer = await this.#rclone.get(bytesPath(this.#place, key), range, asked, signal);
    const whole = { key, etag: head.etag, size: head.size };
    const opened = openBody(answer, whole, offset, { asked, signal, undoing: this.#undoing });
    return openedObject(opened, { ...head, size: opened.size, contentType: one(opened.headers, "content-type") });
  }

  async head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    this.requests.head += 1;
    const found = await this.#find(key, { kind: "object", name: `${this.name}/${key}` }, signal);
    return found === null ? null : headOf(found, await this.#remote(signal));
  }

  /** Never over anything. What lay there, or came first, is seen by whoever looks afterwards. */
  async put({ key, bytes, digests, facts }: ObjectToPut, signal: AbortSignal): Promise<Put> {
    stopIf(signal);
    const name = `${this.name}/${key}`;
    if (!isPlainPath(key)) throw new HaulError("name", `${name} is no name that rclone takes`, { place: "rclone" });
    const own = bytes instanceof Uint8Array ? await this.#written(bytes) : null;
    const file = own ?? (bytes instanceof Uint8Array ? "" : bytes.file);
    try {
      const seconds = Number(facts.metadata?.mtime ?? Number.NaN);
      if (!Number.isNaN(seconds)) await utimes(file, seconds, seconds);
      await this.#copy(file, key, { kind: "write", name }, digests.size, signal);
      return { etag: "", opaque: true };
    } finally {
      if (own !== null) await unlink(own);
    }
  }

  /** By a digest that rclone has of both, else by reading. */
  async holds({ key, bytes, digests }: ObjectToPut, signal: AbortSignal): Promise<boolean> {
    const { dear } = await this.#remote(signal);
    const asked: Asked = { kind: "object", name: `${this.name}/${key}` };
    const theirs = dear === null ? "" : await this.#digest(this.#place.fs, key, dear, asked, signal);
    if (theirs !== "" && (dear === "sha256" || dear === "md5")) return theirs === digests[dear];
    if (theirs !== "" && dear !== null && !(bytes instanceof Uint8Array)) {
      const ours = await this.#digest(dirname(bytes.file), basename(bytes.file), dear, asked, signal);
      if (ours !== "") return theirs === ours;
    }
    return (await sha256Of(this, key, signal)) === digests.sha256;
  }

  async free(signal: AbortSignal): Promise<number | null> {
    if (!(await this.#remote(signal)).tellsSpace) return null;
    const asked: Asked = { kind: "login", name: this.name };
    const about = (fs: string) =>
      this.#rclone.call({ verb: "operations/about", input: { fs }, asked }, signal).catch(() => null);
    // Of a folder that is not there yet some tell nothing.
    const answer = (await about(this.#place.fs)) ?? (await about(`${this.#place.remote}:`));
    const { free }: { free?: unknown } = answer !== null && typeof answer === "object" ? answer : {};
    return typeof free === "number" && free >= 0 ? free : null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#rclone.giveBack();
  }

  /** @throws HaulError `no-bucket`, `credentials`, … */
  #remote(signal: AbortSignal): Promise<RemoteTraits> {
    // One answer serves all who wait for it, and is not given up where one of them is.
    const life = this.#closing.signal;
    this.#known ??= retrying(() => this.#askRemote(life), { signal: life }).catch((error: unknown) => {
      this.#known = null;
      throw error;
    });
    return unlessAborted(this.#known, signal);
  }

  async #askRemote(signal: AbortSignal): Promise<RemoteTraits> {
    const { fs, path, name } = this.#place;
    const asked: Asked = { kind: "listing", name };
    const traits = traitsIn(await this.#rclone.call({ verb: "operations/fsinfo", input: { fs }, asked }, signal));
    if (!traits.bucketsOnly || path !== "") return traits;
    throw new HaulError("usage", `${name}: name a bucket of this remote as well, as in ${name}photos`);
  }

  async #find(key: string, asked: Asked, signal: AbortSignal): Promise<RemoteFile | null> {
    if (!isPlainPath(key)) return null;
    const { free } = await this.#remote(signal);
    return this.#stat(this.#place.fs, key, free, asked, signal);
  }

  async #digest(fs: string, remote: string, kind: string, asked: Asked, signal: AbortSignal): Promise<string> {
    return (await this.#stat(fs, remote, kind, asked, signal))?.Hashes?.[kind] ?? "";
  }

  async #stat(
    fs: string,
    remote: string,
    digest: string | null,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<RemoteFile | null> {
    const opt = {
      filesOnly: true,
      noMimeType: true,
      ...(digest === null ? {} : { showHash: true, hashTypes: [digest] }),
    };
    try {
      return fileInStat(
        await this.#rclone.call({ verb: "operations/stat", input: { fs, remote, opt }, asked }, signal),
      );
    } catch (error) {
      // A file stands where a folder of its path would be.
      if (error instanceof HaulError && error.code === "missing") return null;
      throw error;
    }
  }

  async #written(bytes: Uint8Array): Promise<string> {
    const file = join(this.#rclone.folder, randomUUID());
    await writeFile(file, bytes, { mode: 0o600 });
    return file;
  }

  async #copy(file: string, key: string, asked: Asked, size: number, signal: AbortSignal): Promise<void> {
    this.#sent += 1;
    const group = `photohaul-${this.#sent}`;
    const input = {
      srcFs: dirname(file),
      srcRemote: basename(file),
      dstFs: this.#place.fs,
      dstRemote: key,
      _config: { IgnoreExisting: true },
      _group: group,
    };
    const copying = (until: AbortSignal) =>
      this.#rclone.call({ verb: "operations/copyfile", input, asked, withinMs: 0 }, until);
    const moved = async (until: AbortSignal) => {
      const answer = await this.#rclone.call({ verb: "core/stats", input: { group }, asked }, until);
      const { bytes = 0 }: { bytes?: unknown } = answer !== null && typeof answer === "object" ? answer : {};
      return Number(bytes);
    };
    await patiently(copying, moved, `${asked.name} (${size} bytes)`, signal);
  }
}
