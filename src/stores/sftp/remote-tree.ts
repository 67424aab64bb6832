/** The files below the folder that a store was opened for: paths of keys, folders made where they are missing and never followed out of it. */

import { HaulError } from "../../errors.ts";
import { encodeKey, folderOf, isPlainPath } from "../../key.ts";
import { kindOf } from "./sftp-packets.ts";
import { isMissing, isStatus } from "./sftp-trouble.ts";
import type { SftpWire } from "./sftp-wire.ts";

/** Enough for any batch; forgetting costs one look at each folder. */
const REMEMBERED = 10_000;
const SLASH = Buffer.from("/");

export class RemoteTree {
  readonly #typed: string;
  #root: Promise<Buffer> | null = null;
  readonly #good = new Set<string>();
  readonly #blocked = new Set<string>();

  /** @param typed the path of the address, with its slash: `/photos`, or `/~/photos` below the home folder */
  constructor(typed: string) {
    this.#typed = typed.replace(/\/+$/, "");
  }

  /** The folder itself; "" for `/`. */
  root(wire: SftpWire): Promise<Buffer> {
    this.#root ??= this.#find(wire).catch((error: unknown) => {
      this.#root = null;
      throw error;
    });
    return this.#root;
  }

  /** @throws HaulError `missing` for a key that leads out of the folder, which none of a listing does */
  async pathOf(wire: SftpWire, key: string): Promise<Buffer> {
    if (!isPlainPath(key)) throw new HaulError("missing", `${key} is no file of this folder`);
    return Buffer.concat([await this.root(wire), SLASH, encodeKey(key)]);
  }

  /** @param folder "" or a key that ends in a slash, as bytes */
  async folderAt(wire: SftpWire, folder: Buffer): Promise<Buffer> {
    const root = await this.root(wire);
    const path = Buffer.concat([root, SLASH, folder]);
    return path.length > 1 && path.at(-1) === SLASH[0] ? path.subarray(0, -1) : path;
  }

  /**
   * Makes sure that a folder is there, its parents included, each of them a real folder and no link; of the root alone
   * somebody has said that it is the place.
   * @returns false where something else stands in the way
   */
  async ensure(wire: SftpWire, folder: string): Promise<boolean> {
    if (this.#good.has(folder)) return true;
    if (folder !== "" && !(await this.ensure(wire, folderOf(folder)))) return false;
    const path = await this.folderAt(wire, encodeKey(folder));
    if (!(await makeOrFind(wire, path, folder === ""))) {
      this.#blocked.add(folder);
      return false;
    }
    if (this.#good.size >= REMEMBERED) this.#good.clear();
    this.#good.add(folder);
    return true;
  }

  /** True where something was found in the place of a folder that a key lies in. */
  isBlocked(key: string): boolean {
    for (let folder = folderOf(key); folder !== ""; folder = folderOf(folder)) {
      if (this.#blocked.has(folder)) return true;
    }
    return false;
  }

  /** Somebody took folders away: each is looked at again. */
  forget(): void {
    this.#good.clear();
    this.#blocked.clear();
  }

  async #find(wire: SftpWire): Promise<Buffer> {
    const [, relative] = /^\/~(?:\/(.*))?$/s.exec(this.#typed) ?? [];
    if (!this.#typed.startsWith("/~")) return encodeKey(this.#typed);
    const home = await wire.realpath(Buffer.from("."));
    return relative === undefined || relative === "" ? home : Buffer.concat([home, SLASH, encodeKey(relative)]);
  }
}

/** @param follows true to take a link to a folder for one */
async function makeOrFind(wire: SftpWire, path: Buffer, follows: boolean): Promise<boolean> {
  const look = async () => {
    const attrs = await (follows ? wire.stat(path) : wire.lstat(path)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    return attrs === null ? null : kindOf(attrs) === "folder";
  };
  const found = await look();
  if (found !== null) return found;
  try {
    await wire.mkdir(path);
    return true;
  } catch (error) {
    // Another may have been quicker.
    const now = isStatus(error) ? await look() : null;
    if (now === null) throw error;
    return now;
  }
}
