/**
 * How far a list had got: the number of bytes of its whole lines, and their SHA-256. What is remembered of a target
 * is bound to it, so that another list of the same length is not taken for this one. Read in a stream: the manifest
 * of 100,000 photos has 40 MB, which take 50 ms.
 */

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { codeOf } from "./errno.ts";

export interface ListMark {
  readonly bytes: number;
  readonly sha256: string;
}

/** Of a list as it is, to go on from. */
export interface ListDigest {
  readonly bytes: number;
  readonly hash: Hash;
}

const BLOCK = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Of the whole lines of a file; of none where there is no file.
 * @param upto bytes after which to stop, which are whole lines
 */
export async function digestLines(file: string, upto = Number.POSITIVE_INFINITY) {
  const handle = await open(file, "r").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return { bytes: 0, hash: createHash("sha256") };
  try {
    return await digestOf(handle, upto);
  } finally {
    await handle.close();
  }
}

/** The same of a file that is open, which some drivers of FAT write to no more once it was opened a second time. */
export async function digestOf(handle: FileHandle, upto = Number.POSITIVE_INFINITY): Promise<ListDigest> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(BLOCK);
  let read = 0;
  let whole: ListDigest = { bytes: 0, hash: hash.copy() };
  while (read < upto) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(BLOCK, upto - read), read);
    if (bytesRead === 0) break;
    const block = buffer.subarray(0, bytesRead);
    const end = block.lastIndexOf(NEWLINE) + 1;
    hash.update(block.subarray(0, end));
    if (end > 0) whole = { bytes: read + end, hash: hash.copy() };
    hash.update(block.subarray(end));
    read += bytesRead;
  }
  return whole;
}

export function markOf({ bytes, hash }: ListDigest): ListMark {
  return { bytes, sha256: hash.copy().digest("hex") };
}

/** True where a file begins with what a mark says: it may have grown since. */
export async function follows(file: string, { bytes, sha256 }: ListMark): Promise<boolean> {
  const then = await digestLines(file, bytes);
  return then.bytes === bytes && markOf(then).sha256 === sha256;
}

/** The manifest's mark and that of the sums, as one text. */
export function markText(manifest: ListMark, sums: ListMark): string {
  return `${manifest.bytes} ${manifest.sha256} ${sums.bytes} ${sums.sha256}`;
}

/** Null for the text of an earlier version, which knew the manifest's length only. */
export function parseMark(text: string): { manifest: ListMark; sums: ListMark } | null {
  const found = /^(\d+) ([0-9a-f]{64}) (\d+) ([0-9a-f]{64})$/.exec(text);
  if (found === null) return null;
  const [, bytes, sha256 = "", sumsBytes, sumsSha256 = ""] = found;
  return {
    manifest: { bytes: Number(bytes), sha256 },
    sums: { bytes: Number(sumsBytes), sha256: sumsSha256 },
  };
}
