/** A folder of a server that speaks SFTP: its files listed, read, and written. Keys are the paths below it, byte for byte. */

import { homedir } from "node:os";
import { join } from "node:path";
import { stopIf, unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { decodeKey, encodeKey, folderOf } from "../../key.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { boundsOf } from "../folder-source.ts";
import { isoTime } from "../http/header.ts";
import type { Put } from "../http/request-body.ts";
import { WIRE } from "../http/wire.ts";
import { retryRequest } from "../listing-guards.ts";
import { sha256Of } from "../read-object.ts";
import { AT_ONCE, type HowToOpen, type Opened, type Page, type RequestCounts } from "../source.ts";
import type { KeysBelow, MeantObject, ObjectToPut, Store, StoreAddress, StoreOptions, StoreTraits } from "../store.ts";
import { putFile } from "./put-file.ts";
import { readOn, readWhole } from "./read-file.ts";
import { namesIn, RemoteFiles, TEMPORARY, temporaryName } from "./remote-files.ts";
import { RemoteTree } from "./remote-tree.ts";
import { walkRemote } from "./remote-walk.ts";
import { SftpLine } from "./sftp-line.ts";
import { type Attrs, kindOf, OPEN } from "./sftp-packets.ts";
import { sftpReadme } from "./sftp-readme.ts";
import { isMissing, isStatus, readTrouble, writeTrouble } from "./sftp-trouble.ts";
import type { SftpWire } from "./sftp-wire.ts";
import { sshPlaceOf } from "./ssh-login.ts";

const PAGE = 1000;
/** What a disk of Linux takes. */
const LONGEST_PATH = 4095;
/** What is tried where a write was refused, to tell a disk that is full from a file that is not wanted; bytes at most. */
const TRIAL = 8 * 1024 * 1024;

const TRAITS: StoreTraits = {
  metadataPrefix: "",
  segments: null,
  parts: { beyond: Number.MAX_SAFE_INTEGER, size: 0 },
  longestKey: LONGEST_PATH,
  largestObject: Number.MAX_SAFE_INTEGER,
  mayCheckSha256: false,
};

/** `sftp://[user@]host[:port]/path`, as the OpenStore of this kind. */
export function openSftp(at: StoreAddress, options: StoreOptions): SftpStore {
  const idle = options.endpoint === undefined ? options.asOf && "--as-of" : "--endpoint";
  if (idle !== undefined) throw new HaulError("usage", `${at.typed}: ${idle} is for S3`);
  return new SftpStore(at, options);
}

export class SftpStore implements Store {
  readonly name: string;
  readonly address: string;
  readonly traits = TRAITS;
  readonly requests: RequestCounts = { list: 0, get: 0, head: 0, retried: 0 };
  readonly oneByOne = true;
  readonly fileTimes = true;
  readonly readme = sftpReadme;
  readonly files: RemoteFiles;
  readonly #options: StoreOptions;
  readonly #line: SftpLine;
  readonly #tree: RemoteTree;
  /** Files that this process made under their names, when the line broke, with the bytes that they are to have. */
  readonly #unfinished = new Map<string, number>();
  /** True once a target was found to have a folder to be made in. */
  #mayBeMissing = false;

  constructor({ typed, container, prefix }: StoreAddress, options: StoreOptions) {
    const { identity = null, sshFolder = join(homedir(), ".ssh"), stallMs = WIRE.stallMs } = options;
    const path = prefix.replace(/^\/+|\/+$/g, "");
    this.name = `sftp://${container}${path === "" ? "" : `/${path}`}`;
    this.address = `sftp://${container}`;
    this.#options = options;
    const place = sshPlaceOf(container, typed);
    this.#line = new SftpLine({ ...place, name: this.address, identity, folder: sshFolder, stallMs });
    this.#tree = new RemoteTree(`/${path}`);
    this.files = new RemoteFiles(this.#line, this.#tree, options.durable !== false);
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await retrying(() => this.#find(signal), { signal });
  }

  /** Finds the folder, or the one that it can be made in. */
  async #find(signal: AbortSignal): Promise<void> {
    const wire = await this.#line.wire(signal);
    const root = await this.#tree.folderAt(wire, Buffer.alloc(0));
    const look = (path: Buffer) =>
      wire.stat(path).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw readTrouble(error, this.name, "listing");
      });
    const found = await look(root);
    if (found !== null && kindOf(found) === "folder") return;
    const above = root.subarray(0, Math.max(1, root.lastIndexOf("/")));
    if (found === null && (await look(above)) !== null) {
      this.#mayBeMissing = true;
      return;
    }
    const says = found === null ? `does not exist, and neither does the folder above it` : "is not a folder";
    throw new HaulError("no-bucket", `${this.name} ${says}`, { place: "sftp" });
  }

  async *list({ after, upto, prefix = "" }: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    const range = { ...(after === undefined ? {} : { after }), ...(upto === undefined ? {} : { upto }) };
    const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const read = (folder: Buffer) => this.#folder(folder, signal);
    const walk = { read, bounds: boundsOf(range), prefix: encodeKey(prefix) };
    let objects: Listed[] = [];
    for await (const { key, entry } of walkRemote(walk, encodeKey(start))) {
      stopIf(signal);
      if (entry.kind !== "file") {
        this.#options.onFlaw?.(`${key} is a ${entry.kind} and is not read`, key);
        continue;
      }
      objects.push(await this.#listed(key, entry.attrs, signal));
      if (objects.length < PAGE) continue;
      yield { objects };
      objects = [];
    }
    stopIf(signal);
    yield { objects };
  }

  async open(
    { key, etag }: MeantObject,
    offset: number,
    signal: AbortSignal,
    { atOnce = false }: HowToOpen = {},
  ): Promise<Opened> {
    this.requests.get += 1;
    const wire = await this.#line.wire(signal);
    const name = this.#nameOf(key);
    const path = await this.#tree.pathOf(wire, key);
    let opening: ReturnType<SftpWire["open"]> | null = null;
    const close = () => void opening?.then((handle) => wire.close(handle)).catch(() => undefined);
    const meant = (attrs: Attrs, is: string): ObjectHead => {
      if (kindOf(attrs) !== "file") throw new HaulError("missing", `${name} is no file`);
      const head = headOf(attrs);
      if (is !== "" && head.etag !== is) throw new HaulError("changed", `${name} was changed since it was listed`);
      return head;
    };
    try {
      // Looked at before, and no link followed: a server waits for minutes where it opens a pipe, with all that is asked after
      // it, and what was listed as a file may be one by now.
      const head = meant(await unlessAborted(wire.lstat(path), signal), etag);
      opening = wire.open(path, OPEN.read);
      opening.catch(() => undefined);
      const handle = await unlessAborted(opening, signal);
      const asking = unlessAborted(wire.fstat(handle), signal);
      const file = { wire, handle, name, size: head.size };
      const isSmall = atOnce && offset === 0 && head.size <= AT_ONCE;
      const reading = isSmall ? readWhole(file, signal) : null;
      reading?.catch(() => undefined);
      meant(await asking, head.etag);
      if (reading === null) return { head, bytes: readOn(file, offset, signal) };
      const whole = await reading;
      close();
      return { head, whole, bytes: once(whole) };
    } catch (error) {
      close();
      throw readTrouble(error, name, "object");
    }
  }

  async head(key: string, signal: AbortSignal): Promise<ObjectHead | null> {
    this.requests.head += 1;
    const wire = await this.#line.wire(signal);
    try {
      const attrs = await unlessAborted(wire.lstat(await this.#tree.pathOf(wire, key)), signal);
      if (await this.#takesBack(wire, key, attrs)) return null;
      // What has the name and is no file is nobody's photo.
      return headOf(kindOf(attrs) === "file" ? attrs : { ...attrs, size: -1 });
    } catch (error) {
      if (isMissing(error)) this.#unfinished.delete(key);
      if (isMissing(error)) return this.#tree.isBlocked(key) ? headOf({ size: -1, mode: -1, mtime: 0 }) : null;
      throw readTrouble(error, this.#nameOf(key), "object");
    }
  }

  async put({ key, bytes, digests, facts, lasting, onlyNew }: ObjectToPut, signal: AbortSignal): Promise<Put> {
    const wire = await this.#line.wire(signal);
    const name = this.#nameOf(key);
    const { size } = digests;
    const seconds = Number(facts.metadata?.mtime ?? Number.NaN);
    try {
      const path = await this.#tree.pathOf(wire, key);
      if (!(await this.#tree.ensure(wire, folderOf(key))) || !(await this.#tree.ensure(wire, TEMPORARY)))
        return "taken";
      const put = {
        path,
        name,
        temporary: await this.#tree.pathOf(wire, `${TEMPORARY}/${temporaryName()}`),
        bytes,
        size,
        time: Number.isNaN(seconds) ? null : new Date(seconds * 1000),
        replaces: !lasting && !onlyNew,
      };
      const onMade = () => this.#unfinished.set(key, size);
      const how = { ...this.files.can, durable: this.#options.durable !== false, onMade };
      const done = await unlessAborted(putFile(wire, put, how, signal), signal);
      this.#unfinished.delete(key);
      return done ? { etag: "", opaque: true } : "taken";
    } catch (error) {
      if (isMissing(error)) this.#tree.forget();
      // While the line stands, what was begun was taken back at once.
      if (wire.isOpen) this.#unfinished.delete(key);
      const room = isStatus(error) ? await this.#room(wire) : null;
      const takesMore = () => this.#takesMore(wire, Math.min(size, TRIAL));
      throw await writeTrouble(error, { at: name, size, room, takesMore });
    }
  }

  /** Of a file only reading tells what it holds. */
  async holds({ key, digests }: ObjectToPut, signal: AbortSignal): Promise<boolean> {
    if ((await this.head(key, signal))?.size !== digests.size) return false;
    return (await sha256Of(this, key, signal)) === digests.sha256;
  }

  async close(): Promise<void> {
    this.#line.close();
  }

  /** Takes back what this process itself left unfinished, as nobody else can have written there. */
  async #takesBack(wire: SftpWire, key: string, { size }: Attrs): Promise<boolean> {
    const meant = this.#unfinished.get(key);
    this.#unfinished.delete(key);
    if (meant === undefined || size === meant) return false;
    return wire.remove(await this.#tree.pathOf(wire, key)).then(
      () => true,
      () => false,
    );
  }

  #nameOf(key: string): string {
    return `${this.name}/${key}`;
  }

  async #folder(folder: Buffer, signal: AbortSignal) {
    const isRoot = folder.length === 0;
    const name = isRoot ? this.name : this.#nameOf(decodeKey(folder));
    const { requests } = this;
    const { onRetry } = this.#options;
    const attempt = async () => {
      requests.list += 1;
      const wire = await this.#line.wire(signal);
      const path = await this.#tree.folderAt(wire, folder);
      return unlessAborted(namesIn(wire, path, name), signal).catch((error: unknown) => {
        if (isMissing(error) && (!isRoot || this.#mayBeMissing)) return [];
        throw readTrouble(error, name, "listing");
      });
    };
    return retryRequest(attempt, { requests, onRetry, signal });
  }

  /** A server that says neither size nor time of an entry is asked for them. */
  async #listed(key: string, attrs: Attrs, signal: AbortSignal): Promise<Listed> {
    const head = attrs.size >= 0 && attrs.mtime >= 0 ? headOf(attrs) : await this.head(key, signal);
    const { size, etag, modified } = head ?? headOf(attrs);
    return { key, size, etag, modified, storageClass: "STANDARD" };
  }

  async #room(wire: SftpWire) {
    return wire.room(await this.#tree.folderAt(wire, Buffer.alloc(0))).catch(() => null);
  }

  /** Whether a file of so many bytes can be written in the folder for what has no name yet. */
  async #takesMore(wire: SftpWire, size: number): Promise<boolean> {
    const temporary = await this.#tree.pathOf(wire, `${TEMPORARY}/${temporaryName()}`);
    const put = { path: temporary, name: "", temporary, bytes: Buffer.alloc(size), size, time: null, replaces: true };
    const how = { rename: "refused", fsync: false, times: false, durable: false } as const;
    try {
      return await putFile(wire, put, how, new AbortController().signal);
    } catch {
      return false;
    } finally {
      await wire.remove(temporary).catch(() => undefined);
    }
  }
}

/** A file has no digest of its bytes to be known by, so its size and time stand in, as those of a folder's do. */
function headOf({ size, mtime }: Attrs): ObjectHead {
  return {
    size,
    etag: `${size}-${mtime}000000000`,
    modified: isoTime(Math.max(0, mtime) * 1000),
    contentType: "",
    contentDisposition: "",
    metadata: {},
    checksums: {},
    opaqueEtag: true,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
