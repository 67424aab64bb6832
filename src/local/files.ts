/** Files of this computer that photohaul writes and reads beside photos: whole or not at all, onto its own and nobody else's. */

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { codeOf, HaulError } from "../errors.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";

/**
 * Streams text to a temporary file beside `file`, forces it to the medium, and renames it. An older report of
 * that name is replaced, and stays as it was when anything goes wrong. Errors of `text` itself are passed on.
 * @throws HaulError `usage` where the folder is missing or closed to us, `full`, `interrupted`
 */
export async function writeWhole(
  file: string,
  text: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const draft = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomBytes(4).toString("hex")}`);
  try {
    await pipeline(Readable.from(text), createWriteStream(draft, { flags: "wx", flush: true }), {
      signal,
    });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw translated(error, file, signal);
  }
}

/** What the system says, as a HaulError where it is one of the known troubles of a report. */
export function translated(error: unknown, file: string, signal: AbortSignal): unknown {
  if (error instanceof HaulError) return error;
  if (signal.aborted) {
    return new HaulError("interrupted", `Interrupted while writing the report ${file}`, {
      cause: error,
    });
  }
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new HaulError("full", `No space left for the report ${file}`, { cause: error });
  }
  const why = WHY[code];
  if (why === undefined) return error;
  return new HaulError("usage", `The report ${file} cannot be written: ${why}`, { cause: error });
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "what should be its folder is a file",
  EISDIR: "a folder has that name",
  ENOTEMPTY: "a folder has that name",
  EACCES: "the folder may not be written to",
  EPERM: "the folder may not be written to",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/** Bytes by which a file is known. */
const HEAD = 4096;

/** What SQLite puts beside a file (sqlite.org/tempfiles.html). */
const OF_A_DATABASE = /\.(?:sqlite|db)\d?-(?:wal|shm|journal)$/i;

/**
 * What photohaul writes beside photos (`--log`, `--metrics`, `--report`) goes to a new file, to an empty one, or onto
 * one that it wrote itself, told by how that begins. A name mistyped costs no photo, no manifest, and nobody else's file.
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

/** The first bytes of a file; "" where it may not be read. */
export function headOf(file: string | Buffer): string {
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

/**
 * A name where a file is expected may lead to a pipe, which is waited for without end, or to a device, which has none. Looks
 * through links. Nothing at all may have the name, and what cannot be looked at is for whoever opens it to tell.
 * @param what names it for people: "the layout file x.toml"
 * @param orFolder true to leave a folder to whoever opens it as well
 * @throws HaulError `usage`
 */
export function mustBeFile(what: string, file: string, orFolder = false): void {
  const found = whatLiesAt(file);
  if (found === null || found.isFile() || (orFolder && found.isDirectory())) return;
  throw new HaulError("usage", `${what} is ${kindOf(found)}, and no file`);
}

/** Far more than what people write by hand; what is larger is another file named by mistake. */
const SHORT_BYTES = 1_000_000;

/**
 * The text of a file that a person wrote and named.
 * @param what names its kind for people: "layout file"
 * @throws HaulError `usage`
 */
export async function readShortText(what: string, file: string): Promise<string> {
  mustBeFile(`the ${what} ${file}`, file);
  try {
    const bytes = await readFile(file);
    if (bytes.length <= SHORT_BYTES) return bytes.toString("utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HaulError("usage", `the ${what} ${file} cannot be read: ${why}`, { cause: error });
  }
  throw new HaulError("usage", `${file} is too large to be a ${what}`);
}

/** True for a file, be it through links. */
export function isFile(path: string): boolean {
  return whatLiesAt(path)?.isFile() === true;
}

function whatLiesAt(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

/** What something is that is no file, for people. */
export function kindOf(found: Pick<Stats, "isDirectory" | "isFIFO" | "isSocket" | "isSymbolicLink">): string {
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/**
 * Makes an empty file that is its owner's alone (0600), as what photohaul remembers names every photo, where there is none; one that is there already keeps its permissions. SQLite
 * gives its own files beside a database the permissions of the database.
 * @throws errors of the system
 */
export function makePrivate(file: string): void {
  // Not waiting for the other end of a pipe.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  closeSync(openSync(file, flags, 0o600));
}

/**
 * As `mkdir -p`. Node's own (`recursive`) tries for ever where a file system says of what it will not make that its parent
 * is missing, as /proc does (a HOME below it).
 * @param mode of those that are made
 * @throws what mkdir throws
 */
export function makeFolders(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isFolder(path)) return;
    const above = dirname(path);
    const isMissing = codeOf(error) === "ENOENT";
    if (!isMissing || isFolder(above)) throw error;
    makeFolders(above, mode);
    makeFolders(path, mode);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
