/**
 * What photohaul writes beside photos (`--log`, `--metrics`, `--report`) goes to a new file, to an empty one, or onto
 * one that it wrote itself, told by how that begins. A name mistyped costs no photo, no manifest, and nobody else's file.
 */

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HaulError } from "../errors.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { kindOf } from "./regular-file.ts";

/** Bytes by which a file is known. */
const HEAD = 4096;

/** What SQLite puts beside a file (sqlite.org/tempfiles.html). */
const OF_A_DATABASE = /\.(?:sqlite|db)\d?-(?:wal|shm|journal)$/i;

/**
 * @param option as it was typed: "--log"
 * @param isOurs told how the file begins
 * @throws HaulError `usage` where something else has that name, be it through a link
 */
export function mustBeOurs(option: string, file: string, isOurs: (head: string) => boolean): void {
  const refuse = (why: string) => {
    const says = `${option} ${file} is not written: ${why}. Name another file`;
    throw new HaulError("usage", says);
  };
  const inside = resolve(file).split(/[/\\]/).includes(OWN_FOLDER);
  if (inside) refuse("it lies where photohaul keeps the lists of a target");
  if (OF_A_DATABASE.test(file)) refuse("it has a name that a database keeps for itself");
  const stats = statSync(file, { throwIfNoEntry: false, bigint: false });
  if (stats === undefined) return;
  if (!stats.isFile()) refuse(`it is ${kindOf(stats)}`);
  if (stats.size > 0 && !isOurs(headOf(file))) refuse("it is another file, and none that photohaul wrote so");
}

/** "" where it may not be read. */
function headOf(file: string): string {
  try {
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(handle).isFile()) return "";
      const bytes = Buffer.alloc(HEAD);
      return bytes.toString("utf8", 0, readSync(handle, bytes, 0, HEAD, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return "";
  }
}
