/**
 * Compares pictures, and makes thumbnails, in a process of its own: started with the first picture, replaced where it dies,
 * hangs or grows too large. A picture on which that happens shows nothing, and nothing is decided by it.
 */

import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { HaulError } from "../errors.ts";
import type { PairVerdict } from "./pair.ts";
import type { Ask, Reply } from "./picture-process.ts";

export interface PictureComparer {
  /**
   * Decodes a picture and keeps it under a name.
   * @param bytes of the whole file
   * @returns false where it cannot be decoded. @throws HaulError `interrupted`
   */
  decode(name: string, role: Role, bytes: Uint8Array, signal: AbortSignal): Promise<boolean>;
  /**
   * @param searches false where only `same` matters (pictures/pair.ts)
   * @returns null where one of the two is not there (any more). @throws HaulError `interrupted`
   */
  compare(original: string, rendition: string, signal: AbortSignal, searches?: boolean): Promise<PairVerdict | null>;
  /** Forgets pictures. */
  drop(names: readonly string[]): Promise<void>;
  /** Why no picture can be decoded at all, one clause for people; null as long as none was tried in vain. */
  readonly missing: string | null;
  close(): void;
}

export type Role = "original" | "rendition";

/** Long side at which a picture is kept, pixels: twice and more of what is compared (pictures/likeness.ts). */
const SIDE: Readonly<Record<Role, number>> = { original: 1024, rendition: 512 };
/** Twice the height of a tile of the gallery, pixels. */
const THUMBNAIL_SIDE = 320;
const MISSING = "the package sharp is not installed, or not for this system";
/** 100 megapixels take under a second and HEIC of 12 up to two (measured), on a Raspberry Pi ten times as long. */
const PATIENCE_MS = 60_000;
/** For JavaScript's own objects; pictures lie outside of that. */
const HEAP_MB = 256;

export interface ComparerOptions {
  /** How long one picture may take before its process is killed, milliseconds. */
  readonly patienceMs?: number;
  /** Options of Node for the process, before its file; tests load faults with them. */
  readonly execArgv?: readonly string[];
}

export function createPictureComparer(options: ComparerOptions = {}): PictureComparer {
  return new ProcessComparer(options);
}

export interface Thumbnailer {
  /**
   * @param bytes of the whole file
   * @returns a JPEG; null where the photo cannot be decoded, or nothing can be here. @throws HaulError `interrupted`
   */
  shrink(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array | null>;
  close(): void;
}

/** Makes thumbnails in the same kind of process. */
export function createThumbnailer(): Thumbnailer {
  return new ProcessComparer({});
}

class ProcessComparer implements PictureComparer, Thumbnailer {
  readonly #patienceMs: number;
  readonly #execArgv: readonly string[];
  #child: ChildProcess | null = null;
  #missing: string | null = null;
  /** The one that is asked last; each waits for the one before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ patienceMs = PATIENCE_MS, execArgv = [] }: ComparerOptions) {
    this.#patienceMs = patienceMs;
    this.#execArgv = execArgv;
  }

  get missing(): string | null {
    return this.#missing;
  }

  async decode(name: string, role: Role, bytes: Uint8Array, signal: AbortSignal): Promise<boolean> {
    if (this.#missing !== null) return false;
    const reply = await this.#ask({ ask: "decode", name, bytes, side: SIDE[role] }, signal);
    if (reply === null || !("decoded" in reply)) return false;
    if (reply.decoded === "missing") {
      this.#missing = MISSING;
    }
    return reply.decoded === "decoded";
  }

  async compare(original: string, rendition: string, signal: AbortSignal, searches = true) {
    const reply = await this.#ask({ ask: "compare", original, rendition, searches }, signal);
    return reply !== null && "compared" in reply ? reply.compared : null;
  }

  async shrink(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array | null> {
    if (this.#missing !== null) return null;
    const reply = await this.#ask({ ask: "shrink", bytes, side: THUMBNAIL_SIDE }, signal);
    if (reply === null || !("shrunk" in reply)) return null;
    if (typeof reply.shrunk !== "string") return reply.shrunk;
    if (reply.shrunk === "missing") this.#missing = MISSING;
    return null;
  }

  async drop(names: readonly string[]): Promise<void> {
    if (this.#child !== null) await this.#ask({ ask: "drop", names }, null);
  }

  close(): void {
    this.#child?.kill("SIGKILL");
    this.#child = null;
  }

  #ask(ask: Ask, signal: AbortSignal | null): Promise<Reply | null> {
    const reply = this.#last.then(() => this.#exchange(ask, signal));
    this.#last = reply.catch(() => null);
    return reply;
  }

  /** @returns null where the process died or did not answer in time */
  async #exchange(ask: Ask, signal: AbortSignal | null): Promise<Reply | null> {
    if (signal?.aborted) throw interrupted();
    const child = this.#child ?? start(this.#execArgv);
    this.#child = child;
    const answered = Promise.withResolvers<Reply | null>();
    const failed = () => answered.resolve(null);
    const stopped = () => answered.reject(interrupted());
    const timer = setTimeout(failed, this.#patienceMs);
    child.once("message", answered.resolve);
    child.once("exit", failed);
    child.once("error", failed);
    signal?.addEventListener("abort", stopped);
    try {
      child.send(ask, (error) => {
        if (error !== null) failed();
      });
      const reply = await answered.promise;
      if (reply === null) this.close();
      return reply;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      child.off("message", answered.resolve);
      child.off("exit", failed);
      child.off("error", failed);
      signal?.removeEventListener("abort", stopped);
    }
  }
}

function start(execArgv: readonly string[]): ChildProcess {
  // Beside this file, and of its kind: a source in a checkout, compiled in a package.
  const file = new URL(`picture-process${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(file), [], {
    // Nothing that it decodes needs to know who we are.
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`, ...execArgv],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // An error without a listener would end this process; the exchange under way listens, too.
  child.on("error", () => undefined);
  return child;
}

function interrupted(): HaulError {
  return new HaulError("interrupted", "stopped while comparing pictures");
}
