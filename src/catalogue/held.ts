/** The file of a catalogue, held for one process at a time. */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { holdLock, type Lock } from "../local/lock.ts";
import { mustBeFile } from "../local/regular-file.ts";

/**
 * Makes its folder if need be.
 * @throws HaulError `locked` when another run uses it, `usage` where it is a pipe or a device; errors of the system
 */
export function holdCatalogue(file: string): Lock {
  for (const part of [file, `${file}.lock`]) mustBeFile(`the catalogue ${part}`, part, true);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return holdLock(`${file}.lock`, `the catalogue ${file}`);
}
