/** Puts a report on the disk: whole under its name, or not at all. */

import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HaulError } from "../errors.ts";

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
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
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
