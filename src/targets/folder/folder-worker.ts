/**
 * The work on a drive that is done many times for each batch, in a thread of its own. One call of the system
 * after the other: a photo of 45 kB takes 0.15 ms of CPU so (made, dated, renamed), where the same calls through
 * node:fs/promises take 0.6 ms, most of it of the thread that also fetches (measured, two cores). A drive that
 * hangs holds up this thread only.
 */

import { closeSync, constants, linkSync, lstatSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { codeOf } from "../../errors.ts";
import { openNewSync } from "../new-file.ts";
import { setTime } from "./draft-file.ts";
import { NO_LINKS, wordsOf } from "./errno.ts";

/** A file to be made. */
export interface NewFile {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its modification time, as `secondsOf` gives it. */
  readonly seconds: string;
}

/** A finished file and the name to give it. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

export type Job =
  | { readonly kind: "write"; readonly files: readonly NewFile[] }
  | { readonly kind: "date"; readonly files: readonly Pick<NewFile, "file" | "seconds">[] }
  | { readonly kind: "rename"; readonly names: readonly Rename[]; readonly links: boolean };

/** What the system said, in a form that survives the way between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Done in the order asked, up to the first failure. */
export interface Answer {
  /** How many were done. */
  readonly done: number;
  /** The first that was not done failed so; null when all were. */
  readonly failure: Failure | null;
  /** Of `rename`: false where the name is taken. */
  readonly renamed: readonly boolean[];
  /** Of `rename`: false where links are not to be made, or were refused. */
  readonly links: boolean;
  /** Of `write` and `date`: true where the drive refused a time. */
  readonly undatable: boolean;
  /** Of `write`: the bytes that were not written, given back. */
  readonly rest: readonly Uint8Array<ArrayBuffer>[];
}

const NOTHING = { failure: null, renamed: [], links: true, undatable: false, rest: [] };

export function work(job: Job): Answer {
  if (job.kind === "write") {
    let undatable = false;
    const said = each(job.files, (file) => {
      if (!writeFile(file)) undatable = true;
      // Given back at once: this thread's collector sees little of what the memory of photos comes to.
      file.bytes.buffer.transfer(0);
    });
    const rest = job.files.slice(said.done).map(({ bytes }) => bytes);
    return { ...NOTHING, ...said, undatable, rest };
  }
  if (job.kind === "date") {
    let undatable = false;
    const said = each(job.files, (file) => {
      if (!dateFile(file)) undatable = true;
    });
    return { ...NOTHING, ...said, undatable };
  }
  const renamed: boolean[] = [];
  let { links } = job;
  const said = each(job.names, (name) => {
    const done = links ? linkNoReplace(name) : renameNoReplace(name);
    if (done === null) links = false;
    renamed.push(done ?? renameNoReplace(name));
  });
  return { ...NOTHING, ...said, renamed, links };
}

function each<T>(items: readonly T[], act: (item: T) => void): Pick<Answer, "done" | "failure"> {
  for (const [done, item] of items.entries()) {
    try {
      act(item);
    } catch (error) {
      const code = codeOf(error);
      return { done, failure: { code, message: wordsOf(error) } };
    }
  }
  return { done: items.length, failure: null };
}

/** All of it or nothing. @returns false when the drive refused the time */
function writeFile({ file, bytes, seconds }: NewFile): boolean {
  const handle = openNewSync(file);
  let whole = false;
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    const dated = setTime(handle, seconds);
    whole = true;
    return dated;
  } finally {
    closeSync(handle);
    if (!whole) unlinkSync(file);
  }
}

/** @returns false when the drive refused the time */
function dateFile({ file, seconds }: Pick<NewFile, "file" | "seconds">): boolean {
  const handle = openSync(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    return setTime(handle, seconds);
  } finally {
    closeSync(handle);
  }
}

/**
 * Renames without replacing, as link(2) cannot overwrite.
 * @returns false when the name is taken, null where no links are made; then nothing was changed
 */
function linkNoReplace({ from, to }: Rename): boolean | null {
  // Of a folder, which may stand in the place of a photo that is put back, there are no links anywhere.
  if (lstatSync(from).isDirectory()) return renameNoReplace({ from, to });
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (NO_LINKS.has(codeOf(error))) return null;
    throw error;
  }
  unlinkSync(from);
  return true;
}

/**
 * Drives without links (exFAT, FAT) have no call that renames without overwriting, so there the name is looked up first;
 * between the two only a program other than photohaul could put something there, since the target is locked.
 * @returns false when the name is taken; then nothing was changed
 */
function renameNoReplace({ from, to }: Rename): boolean {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  renameSync(from, to);
  return true;
}

parentPort?.on("message", (job: Job) => {
  const answer = work(job);
  const given = answer.rest.map(({ buffer }) => buffer);
  parentPort?.postMessage(answer, given);
});
