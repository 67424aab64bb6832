/** Files of a target's own in its `.photohaul` that are written once. */

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { stopIf } from "../../cancel.ts";
import { codeOf } from "../../errors.ts";
import type { Medium } from "../medium.ts";
import type { OwnFile, OwnFiles } from "../target.ts";
import { TemporaryFile } from "../temporary-file.ts";
import { fromErrno } from "./errno.ts";
import { forceDirectory, fsyncFiles } from "./fsync.ts";

export class OwnFolderFiles implements OwnFiles {
  readonly #home: string;
  readonly #attempt: Medium["attempt"];

  /** @param home `.photohaul`, in which `tmp` lies */
  constructor(home: string, attempt: Medium["attempt"]) {
    this.#home = home;
    this.#attempt = attempt;
  }

  async list(beginning: string, signal: AbortSignal): Promise<readonly OwnFile[]> {
    const names = await this.#looking(() => readdir(this.#home));
    const files: OwnFile[] = [];
    for (const name of (names ?? []).filter((one) => one.startsWith(beginning)).toSorted()) {
      const bytes = await this.read(name, signal);
      if (bytes !== null) files.push({ name, tag: sha256(bytes) });
    }
    return files;
  }

  async read(name: string, signal: AbortSignal): Promise<Buffer | null> {
    stopIf(signal);
    return this.#looking(() => readFile(join(this.#home, name)));
  }

  async put(name: string, bytes: Buffer, signal: AbortSignal): Promise<boolean> {
    const there = await this.read(name, signal);
    if (there !== null) return there.equals(bytes);
    return this.#attempt("writing down what is kept", async () => {
      const draft = await TemporaryFile.of(join(this.#home, "tmp"), Uint8Array.from(bytes), 0);
      try {
        await fsyncFiles([draft.file], null);
        // One process at a time writes to a target, so nothing came between.
        if ((await lstat(join(this.#home, name)).catch(() => null)) !== null) return false;
        await rename(draft.file, join(this.#home, name));
        draft.placed = join(this.#home, name);
        await forceDirectory(this.#home);
        return true;
      } finally {
        await draft.discard();
      }
    });
  }

  async #looking<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (["ENOENT", "EISDIR", "ENOTDIR"].includes(codeOf(error))) return null;
      throw fromErrno(error, `looking into ${this.#home}`);
    }
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
