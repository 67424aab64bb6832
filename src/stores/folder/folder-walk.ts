/** Walks a folder in the order of keys, which is not that of names: `a/b` comes after `a.txt`. */

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { decodeKey, encodeKey } from "../../key.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import type { KeyRange } from "../source.ts";

export interface Found {
  readonly key: string;
  readonly what: "file" | "symbolic link" | "special file";
}

/** What photohaul itself keeps on a target that is now a source. */

interface Bounds {
  readonly after: Buffer | null;
  readonly upto: Buffer | null;
}

/**
 * Everything below the root that is not a folder, in key order, within the range; one folder at a time is
 * in memory. Throws what the file system says of a folder that cannot be read.
 */
export function walk(root: Buffer, range: KeyRange): AsyncGenerator<Found> {
  const bounds = {
    after: range.after === undefined ? null : encodeKey(range.after),
    upto: range.upto === undefined ? null : encodeKey(range.upto),
  };
  return below(root, Buffer.alloc(0), bounds);
}

async function* below(root: Buffer, prefix: Buffer, bounds: Bounds): AsyncGenerator<Found> {
  const slash = Buffer.from("/");
  const folder = Buffer.concat([root, slash, prefix]);
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
  const sorted = entries
    .map((entry) => ({ entry, key: keyOf(prefix, entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { entry, key } of sorted) {
    if (entry.isDirectory()) {
      if (outside(key, bounds) || (prefix.length === 0 && entry.name.toString() === OWN_FOLDER)) continue;
      yield* below(root, key, bounds);
    } else if (inside(key, bounds)) {
      yield { key: decodeKey(key), what: whatIs(entry) };
    }
  }
}

/** The key of an entry; that of a folder ends with the slash that all keys below it have. */
function keyOf(prefix: Buffer, entry: Dirent<Buffer>): Buffer {
  return Buffer.concat([prefix, entry.name, Buffer.from(entry.isDirectory() ? "/" : "")]);
}

function whatIs(entry: Dirent<Buffer>): Found["what"] {
  if (entry.isFile()) return "file";
  return entry.isSymbolicLink() ? "symbolic link" : "special file";
}

function inside(key: Buffer, { after, upto }: Bounds): boolean {
  return (after === null || Buffer.compare(key, after) > 0) && (upto === null || Buffer.compare(key, upto) <= 0);
}

/** True when no key that begins with this one can be within the bounds. */
function outside(folder: Buffer, { after, upto }: Bounds): boolean {
  const tooEarly = after !== null && Buffer.compare(folder, after.subarray(0, folder.length)) < 0;
  return tooEarly || (upto !== null && Buffer.compare(folder, upto) > 0);
}
