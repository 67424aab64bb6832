/**
 * Large photos whose transfer was stopped: what came of each stays among the drafts, with a note of which object it is
 * the beginning of, so that the next run goes on there. What is read again from here is no more than a guess: whoever
 * goes on holds a digest of the whole against what the store says, and drops it where that does not agree.
 */

import { lstat, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errors.ts";
import { jsonOf } from "../manifest-entry.ts";
import { DAY } from "../measures.ts";
import type { Listed } from "../model.ts";
import { remadeFolder } from "./new-file.ts";

/** Which object is meant: with another ETag or size it is another one. */
export type ObjectMark = Pick<Listed, "key" | "etag" | "size" | "version">;

/** The beginning of a large photo in a file of this computer. */
export interface Begun {
  readonly file: string;
  /** Bytes; fewer than the object has. */
  readonly length: number;
}

/** Only names like these are ever swept. */
const DRAFT = /^[0-9a-f]{16}\.part$/;
const NOTE = /^([0-9a-f]{16}\.part)\.json$/;
/** Whoever does not come back for it in so many milliseconds gets the space back: 14 days. */
const KEPT_MS = 14 * DAY;

/** The beginnings in one folder. Errors are those of the system. */
export class BegunPhotos {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The longest beginning of an object; null where there is none. */
  async find(object: ObjectMark): Promise<Begun | null> {
    const all = await Promise.all((await this.#of(object)).map(lengthOf));
    const [longest] = all.filter(({ length }) => length > 0).sort((a, b) => b.length - a.length);
    // The last byte is asked for in any case: its answer says whether the object is still the same.
    return longest === undefined ? null : { ...longest, length: Math.min(longest.length, object.size - 1) };
  }

  /** Gives back what lies here of an object. @param but the file that is still wanted */
  async drop(object: ObjectMark, but = ""): Promise<void> {
    for (const file of await this.#of(object)) if (file !== but) await dropFile(file);
  }

  /** Says of a draft which object it is the beginning of. */
  async note(file: string, { key, etag, size, version }: ObjectMark): Promise<void> {
    const write = () => writeFile(noteOf(file), JSON.stringify({ key, etag, size, version }));
    await write().catch((error: unknown) => {
      if (!remadeFolder(error, file)) throw error;
      return write();
    });
  }

  async #of(object: ObjectMark): Promise<string[]> {
    const files: string[] = [];
    for (const name of await namesIn(this.#folder)) {
      const draft = NOTE.exec(name)?.[1];
      if (draft === undefined) continue;
      const file = join(this.#folder, draft);
      const mark = await readNote(file);
      if (mark !== null && isSame(mark, object)) files.push(file);
    }
    return files;
  }
}

/** None where the folder was cleared away. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
}

/** Forgets what a draft is the beginning of. Safe to call twice. */
export async function dropNote(file: string): Promise<void> {
  await unlinkIfThere(noteOf(file));
}

async function dropFile(file: string): Promise<void> {
  await unlinkIfThere(file);
  await dropNote(file);
}

export async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** Removes what killed runs left behind, but for beginnings that are young enough; only regular files whose names are ours. */
export async function sweep(folder: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, DRAFT.test(name) ? name : (NOTE.exec(name)?.[1] ?? ""));
    if (file === folder || !(await lstat(join(folder, name)).catch(() => null))?.isFile()) continue;
    const found = await lstat(file).catch(() => null);
    const young = found?.isFile() === true && now - found.mtimeMs < KEPT_MS;
    if (!young || (await readNote(file)) === null) await dropFile(file);
  }
}

function noteOf(file: string): string {
  return `${file}.json`;
}

async function readNote(file: string): Promise<ObjectMark | null> {
  const value = jsonOf(await readFile(noteOf(file), "utf8").catch(() => ""));
  return isMark(value) ? value : null;
}

function isMark(value: unknown): value is ObjectMark {
  if (typeof value !== "object" || value === null) return false;
  const { key, etag, size, version } = Object.assign({ key: null, etag: null, size: null, version: undefined }, value);
  const texts = typeof key === "string" && typeof etag === "string" && etag !== "";
  return texts && Number.isSafeInteger(size) && (version === undefined || typeof version === "string");
}

function isSame(a: ObjectMark, b: ObjectMark): boolean {
  return a.key === b.key && a.etag === b.etag && a.size === b.size && a.version === b.version;
}

async function lengthOf(file: string): Promise<Begun> {
  const found = await lstat(file).catch(() => null);
  return { file, length: found?.isFile() === true ? found.size : 0 };
}
