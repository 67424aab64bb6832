/**
 * Walks a folder on this computer for photos and the sidecars beside them. Synchronous, because a file in the
 * page cache is opened in 10 µs and an asynchronous read of it costs five times that; one folder at a time is
 * in memory. Links are not followed, and what photohaul keeps for itself is passed by.
 */

import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { fileKindOf } from "../decide/file-kinds.ts";
import { LONGEST_SIDECAR, sidecarKeys } from "../decide/sidecar-date.ts";
import { HaulError } from "../errors.ts";
import { decodeKey, encodeKey } from "../key.ts";
import { readHead } from "../metadata/head.ts";
import type { SidecarFile } from "./date.ts";

export interface PhotoFile {
  /** Relative to the folder that was walked, in the form of a key. */
  readonly key: string;
  /** As the file system has it, byte for byte. */
  readonly path: Buffer;
  /** In the same folder, those that there are. */
  readonly sidecars: readonly string[];
}

/** What photohaul itself keeps in a folder. */
export const OWN_FOLDER = ".photohaul";

const SLASH = Buffer.from("/");

/**
 * Every file below a folder that may be a photo or a video: by its name, or, where that says nothing, by its
 * first bytes. In the order of names.
 * @param unreadable told of folders that cannot be read
 * @throws HaulError `no-target` when the folder itself cannot be read
 */
export function* photoFiles(
  root: string,
  unreadable: (key: string, reason: string) => void,
): Generator<PhotoFile> {
  try {
    statSync(`${root}/.`);
  } catch (cause) {
    throw new HaulError("no-target", `${root} is no folder that can be read`, {
      place: "folder",
      cause,
    });
  }
  yield* below(Buffer.from(root), "", unreadable);
}

function* below(
  folder: Buffer,
  prefix: string,
  unreadable: (key: string, reason: string) => void,
): Generator<PhotoFile> {
  let entries: { name: Buffer; isFile(): boolean; isDirectory(): boolean }[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    unreadable(prefix, String(error));
    return;
  }
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  const beside = new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => decodeKey(entry.name))
      .filter((name) => fileKindOf(name) === "sidecar"),
  );
  for (const entry of entries) {
    const name = decodeKey(entry.name);
    const path = Buffer.concat([folder, SLASH, entry.name]);
    if (entry.isDirectory()) {
      if (name !== OWN_FOLDER) yield* below(path, `${prefix}${name}/`, unreadable);
    } else if (entry.isFile() && maybePhoto(name, path)) {
      const sidecars =
        beside.size === 0 ? [] : sidecarKeys(name).filter((other) => beside.has(other));
      yield { key: prefix + name, path, sidecars };
    }
  }
}

/** Where the file of a key lies, as the file system has it. @param root the folder that was walked */
export function pathOf(root: string | Buffer, key: string): Buffer {
  return Buffer.concat([Buffer.from(root), SLASH, encodeKey(key)]);
}

function maybePhoto(name: string, path: Buffer): boolean {
  const kind = fileKindOf(name);
  if (kind === "sidecar" || name.startsWith(".")) return false;
  if (kind !== "unknown") return true;
  try {
    return readHead(readStart(path, Buffer.alloc(256)).bytes).format !== "";
  } catch {
    return false;
  }
}

/** The beginning of a file, and its times in nanoseconds since 1970. */
export interface FileStart {
  readonly bytes: Buffer;
  readonly accessed: bigint;
  readonly modified: bigint;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

/** Fills a buffer with the first bytes of a file. Throws what the file system says. */
export function readStart(path: Buffer, into: Buffer): FileStart {
  const file = openSync(path, "r");
  try {
    const { atimeNs, mtimeNs, size } = fstatSync(file, { bigint: true });
    const bytes = into.subarray(0, readSync(file, into, 0, into.length, 0));
    return { bytes, accessed: atimeNs, modified: mtimeNs, size: Number(size) };
  } finally {
    closeSync(file);
  }
}

/** What the sidecars of a photo say; one that cannot be read says nothing. */
export function readSidecars(photo: PhotoFile): SidecarFile[] {
  const folder = photo.path.subarray(0, photo.path.lastIndexOf(SLASH) + 1);
  return photo.sidecars.flatMap((name) => {
    const path = Buffer.concat([folder, encodeKey(name)]);
    try {
      if (statSync(path).size > LONGEST_SIDECAR) return [];
      return [{ name, text: readFileSync(path, "utf8") }];
    } catch {
      return [];
    }
  });
}
