/** Files and directories of a grid below one cap: read, made, linked to. One request a call, but for `file` by a long way. */

import { HaulError } from "../../errors.ts";
import { folderOf } from "../../key.ts";
import { openBody } from "../http/object-body.ts";
import { bodyOf, type Put } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Opened } from "../source.ts";
import type { ObjectToPut } from "../store.ts";
import { type GridPlace, nameOfCap } from "./cap.ts";
import { type GridDirectory, type GridFile, headOf, linkTo, readNode, sizeInCap } from "./grid-node.ts";
import { TahoeNode } from "./web-api.ts";

export class GridTree {
  readonly cap: string;
  readonly node: TahoeNode;
  /** False where the cap can only read. */
  isWritable = true;
  readonly #name: string;
  #making: Promise<unknown> = Promise.resolve();

  /** @param name as people type it */
  constructor({ cap, node }: GridPlace, name: string, stallMs?: number) {
    this.cap = cap;
    this.node = new TahoeNode(node, stallMs);
    this.#name = name;
  }

  /** For messages. */
  asked(kind: Asked["kind"], path: string): Asked {
    return { kind, name: path === "" ? this.#name : `${this.#name}/${path}` };
  }

  /** What lies at a path; null where nothing does, or a directory. */
  async file(path: string, signal: AbortSignal): Promise<GridFile | null> {
    const found = await this.#look({ cap: this.cap, path }, signal);
    return found?.kind === "file" ? found : null;
  }

  /** A directory, and what is in it; null where there is none. @param at its path below a cap, and its name for messages */
  async directory(
    at: { readonly cap: string; readonly path: string; readonly as?: string },
    signal: AbortSignal,
  ): Promise<GridDirectory | null> {
    const found = await this.#look({ ...at, ofDirectory: true }, signal);
    return found?.kind === "directory" ? found : null;
  }

  /**
   * By its cap: at the path of a directory a page for people would come.
   * @param file null where none lies there
   * @param path for messages
   * @throws HaulError `missing`, …
   */
  async open(file: GridFile | null, path: string, offset: number, signal: AbortSignal): Promise<Opened> {
    const asked = this.asked("object", path);
    if (file?.ro_uri === undefined) {
      throw new HaulError("missing", `${asked.name}: nothing lies there`, { place: "tahoe" });
    }
    const head = headOf(file);
    const headers = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const answer = await this.node.ask({ asked, cap: file.ro_uri, headers }, signal, [416]);
    const meant = { key: path, etag: "", size: head.size };
    return { head, bytes: openBody(answer, meant, offset, { asked, signal, undoing: new Map() }).bytes };
  }

  /**
   * A directory to write to, made with those above it where it is missing; null where a file is in the way. Each is made
   * under no name and then linked to, one after the other: of two requests that make what lies above them both, a node
   * lets the second take the place of the first, and what was put into that is gone.
   * @param path "" for the top
   * @throws HaulError `read-only` where it cannot be written to
   */
  async make(path: string, signal: AbortSignal): Promise<GridDirectory | null> {
    if (!this.isWritable) throw this.#readOnly("");
    const found = await this.directory({ cap: this.cap, path }, signal);
    if (found !== null) return this.#toWrite(found, path);
    const making = this.#making.then(() => this.#makeAll(path.split("/"), signal));
    this.#making = making.catch(() => undefined);
    return making;
  }

  async #makeAll(names: readonly string[], signal: AbortSignal): Promise<GridDirectory | null> {
    let at = await this.directory({ cap: this.cap, path: "" }, signal);
    for (const [depth, name] of names.entries()) {
      const path = names.slice(0, depth + 1).join("/");
      if (at === null) return null;
      const child = at.children.get(name);
      if (child !== undefined && child.kind !== "directory") return null;
      const cap = child?.rw_uri ?? child?.ro_uri ?? "";
      at =
        child === undefined
          ? await this.#makeOne(at, name, path, signal)
          : await this.directory({ cap, path: "", as: path }, signal);
      if (at !== null) this.#toWrite(at, path);
    }
    return at;
  }

  async #makeOne(above: GridDirectory, name: string, path: string, signal: AbortSignal): Promise<GridDirectory> {
    const asked = this.asked("write", path);
    const answer = await this.node.ask({ asked, method: "POST", query: { t: "mkdir" } }, signal);
    const cap = (await readBody(answer, asked, signal)).toString("utf8").trim();
    const links = new Map([[name, ["dirnode", { rw_uri: cap }]]]);
    const directory = { cap: above.rw_uri ?? "", path: partsOf(path).folder };
    if (await this.link(directory, links, "false", signal))
      return { kind: "directory", rw_uri: cap, children: new Map() };
    throw new HaulError("server", `${asked.name}: somebody else makes it now`, { place: "tahoe", retry: true });
  }

  #toWrite(directory: GridDirectory, path: string): GridDirectory {
    if (directory.rw_uri === undefined) throw this.#readOnly(path);
    return directory;
  }

  /** Puts bytes under no name. @returns their cap @throws HaulError `wrong-bytes` for that of another number of bytes */
  async upload({ key, bytes, digests: { size, sha256 } }: ObjectToPut, signal: AbortSignal): Promise<string> {
    const asked = this.asked("write", key);
    const body = bodyOf(bytes, size, sha256);
    const answer = await this.node.ask({ asked, method: "PUT", body, bytes: size }, signal);
    const cap = (await readBody(answer, asked, signal)).toString("utf8").trim();
    if (sizeInCap(cap) === size) return cap;
    throw new HaulError("wrong-bytes", `${asked.name}: the node put other bytes there than it was sent`, {
      place: "tahoe",
      retry: true,
    });
  }

  /**
   * Links to caps by names in one directory: all of them, or none.
   * @param links what `linkTo` gives, by name
   * @param replace the word `replace=` knows. `overwrite=`, which the manual names, is heeded by no node: it would replace
   * @returns false where a name was taken
   */
  async link(
    directory: { readonly cap: string; readonly path: string },
    links: ReadonlyMap<string, readonly unknown[]>,
    replace: "false" | "only-files",
    signal: AbortSignal,
  ): Promise<boolean> {
    const asked = this.asked("write", directory.path);
    const request = {
      asked,
      ofDirectory: true,
      method: "POST",
      cap: directory.cap,
      query: { t: "set_children", replace },
      body: JSON.stringify(Object.fromEntries(links)),
    } as const;
    const answer = await this.node.ask(request, signal, replace === "false" ? [409] : []);
    await readBody(answer, asked, signal);
    return answer.status !== 409;
  }

  /** Writes over a file of that name: for the marker alone, which is no photo. One attempt. */
  async replace(writing: ObjectToPut, signal: AbortSignal): Promise<Put> {
    const { folder, name } = partsOf(writing.key);
    const directory = await this.make(folder, signal);
    if (directory === null) return "taken";
    const file = await this.upload(writing, signal);
    const links = new Map([[name, linkTo(file, writing.facts, writing.digests.sha256)]]);
    await this.link({ cap: directory.rw_uri ?? "", path: folder }, links, "only-files", signal);
    return { etag: nameOfCap(file), opaque: true };
  }

  /**
   * One attempt. A node cuts blanks off the ends of names that it is to rename.
   * @param to a name in the same directory
   * @returns false where it is taken, or cannot be given; true also where an attempt before, of which the answer was lost, gave it
   */
  async rename(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    const { folder, name } = partsOf(from);
    if (name.trim() !== name || to.trim() !== to) return false;
    if (!this.isWritable) throw this.#readOnly("");
    const asked = this.asked("write", from);
    const query = { t: "rename", from_name: name, to_name: to, replace: "false" };
    const request = { asked, method: "POST", cap: this.cap, path: folder, query } as const;
    const before = await this.file(from, signal);
    if (before === null) return (await this.file(folder === "" ? to : `${folder}/${to}`, signal)) !== null;
    const answer = await this.node.ask(request, signal, [409]);
    await readBody(answer, asked, signal);
    return answer.status !== 409;
  }

  /** What a node says of the shares of a file or a directory, as text. */
  async check(
    { key, cap, bytes, query }: { key: string; cap: string; bytes: number; query: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<string> {
    const asked = this.asked("object", key);
    const parameters = { t: "check", output: "JSON", "add-lease": "true", ...query };
    const answer = await this.node.ask({ asked, method: "POST", cap, query: parameters, bytes }, signal);
    return (await readBody(answer, asked, signal)).toString("utf8");
  }

  async #look(
    {
      cap,
      path,
      as = path,
      ofDirectory = false,
    }: { readonly cap: string; readonly path: string; readonly as?: string; readonly ofDirectory?: boolean },
    signal: AbortSignal,
  ): Promise<GridFile | GridDirectory | null> {
    const asked = this.asked("object", as);
    try {
      const answer = await this.node.ask({ asked, ofDirectory, cap, path, query: { t: "json" } }, signal);
      return readNode((await readBody(answer, asked, signal)).toString("utf8"), asked.name);
    } catch (error) {
      if (error instanceof HaulError && error.code === "missing") return null;
      throw error;
    }
  }

  #readOnly(path: string): HaulError {
    const { name } = this.asked("write", path);
    return new HaulError("read-only", `${name} can only be read by this cap`, {
      place: "tahoe",
      hint: "Name an alias or a file that has the cap that can write: `tahoe list-aliases` shows it, it begins with URI:DIR2: . Then run the same line again.",
    });
  }
}

/** The directory of a path, "" for the top, and the name there. */
export function partsOf(path: string): { readonly folder: string; readonly name: string } {
  return { folder: folderOf(path), name: path.slice(path.lastIndexOf("/") + 1) };
}
