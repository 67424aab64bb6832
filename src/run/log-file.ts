/**
 * `--log FILE`: every event as a JSON line with the time it happened, mode 0600. The file is turned over when
 * it has grown large (FILE becomes FILE.1, FILE.1 becomes FILE.2, …), so that years of daily runs stay small.
 */

import { appendFileSync, closeSync, fstatSync, openSync, renameSync } from "node:fs";
import { codeOf, HaulError } from "../errors.ts";
import { mustBeOurs } from "../local/files.ts";
import { forJson } from "../report/escape.ts";

export interface LogFile {
  /** Never throws: a run goes on when its log cannot be written. */
  write(event: { readonly type: string }): void;
  close(): void;
}

export interface LogOptions {
  /** When a file is turned over, in bytes. */
  readonly most: number;
  /** How many older files are kept. */
  readonly older: number;
  /** Told once, in a sentence, when the log cannot be written any more. */
  readonly onTrouble: (message: string) => void;
}

/** 10 MB and five older ones: about 150,000 photos' worth of lines. */
export const LOG_LIMITS = { most: 10_000_000, older: 5 };

/** Events that only move a bar; they would be most of the log. */
const UNLOGGED = new Set(["progress", "listing"]);

/**
 * @param file null for no log
 * @throws HaulError `usage` when it cannot be opened
 */
export function openLogFile(file: string | null, options: LogOptions): LogFile {
  if (file === null) return { write: () => undefined, close: () => undefined };
  try {
    return new RotatingFile(file, options);
  } catch (error) {
    if (error instanceof HaulError) throw error;
    throw new HaulError("usage", `--log ${file} cannot be written`, { cause: error });
  }
}

/** As `write` begins each line. */
function isLog(head: string): boolean {
  return /^\{"at":"\d{4}-\d\d-\d\dT/.test(head);
}

class RotatingFile implements LogFile {
  readonly #file: string;
  readonly #options: LogOptions;
  /** Null once it was closed or given up. */
  #handle: number | null;
  #size: number;

  constructor(file: string, options: LogOptions) {
    this.#file = file;
    this.#options = options;
    mustBeOurs("--log", file, isLog);
    this.#handle = openSync(file, "a", 0o600);
    this.#size = fstatSync(this.#handle).size;
  }

  write(event: { readonly type: string }): void {
    if (this.#handle === null || UNLOGGED.has(event.type)) return;
    const line = Buffer.from(`${forJson({ at: new Date().toISOString(), ...event })}\n`);
    try {
      if (this.#size > 0 && this.#size + line.length > this.#options.most) this.#turnOver();
      appendFileSync(this.#handle, line);
      this.#size += line.length;
    } catch (error) {
      this.close();
      const why = error instanceof Error ? error.message : String(error);
      this.#options.onTrouble(`${this.#file} cannot be written any more, the run goes on: ${why}`);
    }
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  /**
   * The oldest file is replaced by the next one; a file that cannot be renamed goes on growing.
   * @throws HaulError `usage` where one of those names is another's
   */
  #turnOver(): void {
    const { older } = this.#options;
    for (let age = 1; age <= older; age += 1) mustBeOurs("--log", `${this.#file}.${age}`, isLog);
    const name = (age: number) => (age === 0 ? this.#file : `${this.#file}.${age}`);
    for (let age = older; age > 0; age -= 1) renameIfThere(name(age - 1), name(age));
    const next = openSync(this.#file, "a", 0o600);
    this.close();
    this.#handle = next;
    this.#size = fstatSync(next).size;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
