/**
 * The work on a drive that is done many times for each batch, in a thread of its own. One call of the system
 * after the other: a photo of 45 kB takes 0.15 ms of CPU so (made, dated, named), where the same calls through
 * node:fs/promises take 0.6 ms, most of it of the thread that also fetches (measured, two cores). A drive that
 * hangs holds up this thread only.
 */

import { closeSync, futimesSync, linkSync, lstatSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { UNDATABLE } from "./rename-no-replace.ts";

/** A file to be made. */
export interface NewFile {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its modification time, as `secondsOf` gives it. */
  readonly seconds: string;
}

/** A finished file and the name to give it. */
export interface Naming {
  readonly from: string;
  readonly to: string;
}

export type Job =
  | { readonly kind: "write"; readonly files: readonly NewFile[] }
  | { readonly kind: "name"; readonly namings: readonly Naming[]; readonly links: boolean };

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
  /** Of `name`: false where the name is taken. */
  readonly named: readonly boolean[];
  /** Of `write`: true where the drive refused a time. */
  readonly undatable: boolean;
  /** Of `write`: the bytes that were not written, given back. */
  readonly rest: readonly Uint8Array<ArrayBuffer>[];
}

const NOTHING = { failure: null, named: [], undatable: false, rest: [] };

export function work(job: Job): Answer {
  if (job.kind === "write") {
    let undatable = false;
    const said = each(job.files, (file) => {
      if (!writeFile(file)) undatable = true;
    });
    const rest = job.files.slice(said.done).map(({ bytes }) => bytes);
    return { ...NOTHING, ...said, undatable, rest };
  }
  const named: boolean[] = [];
  const said = each(job.namings, (naming) => named.push(giveName(naming, job.links)));
  return { ...NOTHING, ...said, named };
}

function each<T>(items: readonly T[], act: (item: T) => void): Pick<Answer, "done" | "failure"> {
  for (const [done, item] of items.entries()) {
    try {
      act(item);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      return { done, failure: { code, message: String(error) } };
    }
  }
  return { done: items.length, failure: null };
}

/** All of it or nothing. @returns false when the drive refused the time */
function writeFile({ file, bytes, seconds }: NewFile): boolean {
  const handle = openSync(file, "wx");
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

function setTime(handle: number, seconds: string): boolean {
  try {
    futimesSync(handle, seconds, seconds);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && UNDATABLE.has(String(error.code))) return false;
    throw error;
  }
}

/** As `giveName` in naming.ts, which says why so. */
function giveName({ from, to }: Naming, links: boolean): boolean {
  if (!links) {
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
    renameSync(from, to);
    return true;
  }
  try {
    linkSync(from, to);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  unlinkSync(from);
  return true;
}

parentPort?.on("message", (job: Job) => {
  const answer = work(job);
  const given = answer.rest.map(({ buffer }) => buffer);
  parentPort?.postMessage(answer, given);
});
