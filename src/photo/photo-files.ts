/**
 * Walks a folder on this computer for photos and what lies beside them. Synchronous, because a file in the
 * page cache is opened in 10 µs and an asynchronous read of it costs five times that; one folder at a time is
 * in memory. Links are not followed, and what photohaul keeps for itself is passed by.
 */

import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { isReadInPart, LONGEST_SIDECAR } from "../dates/outside-date.ts";
import { HaulError } from "../errors.ts";
import { decodeKey, encodeKey } from "../key.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { isPicture, type Pairing, pairSidecars } from "../keys/sidecar-pairs.ts";
import { mayMove, sidecarStem, sidecarStems } from "../keys/takeout-name.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { HEAD_BYTES } from "../measures.ts";
import { readHeadTags } from "../metadata/head.ts";
import type { Datable, SidecarFile } from "./decide-date.ts";
import { isoTime } from "./file-times.ts";

export interface PhotoFile {
  /** Relative to the folder that was walked, in the form of a key. */
  readonly key: string;
  /** As the file system has it, byte for byte. */
  readonly path: Buffer;
  /** What lies beside it in the same folder, and how that is found for another of its files. */
  readonly beside: Pairing;
  readonly pair: (name: string) => Pairing;
}

const SLASH = Buffer.from("/");

/**
 * Every file below a folder that may be a photo or a video: by its name, or, where that says nothing, by its
 * first bytes. In the order of names.
 * @param unreadable told of folders that cannot be read
 * @throws HaulError `no-target` when the folder itself cannot be read
 */
export function* photoFiles(root: string, unreadable: (key: string, reason: string) => void): Generator<PhotoFile> {
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
  const pair = pairer(entries.filter((entry) => entry.isFile()).map((entry) => decodeKey(entry.name)));
  for (const entry of entries) {
    const name = decodeKey(entry.name);
    const path = Buffer.concat([folder, SLASH, entry.name]);
    if (entry.isDirectory()) {
      if (name !== OWN_FOLDER) yield* below(path, `${prefix}${name}/`, unreadable);
    } else if (entry.isFile() && maybePhoto(name, path)) {
      yield { key: prefix + name, path, beside: pair(name), pair };
    }
  }
}

const ALONE: Pairing = { own: [], company: [], unclear: [] };

/** Files that share a stem and are looked at: so many photos can own no one sidecar, and `part.00001` goes on for long. */
const MOST_AKIN = 50;

/** Pairs the photos of a folder with its sidecars; costs nothing where there are none, and no films. */
function pairer(names: readonly string[]): (photo: string) => Pairing {
  const sidecars = names.some((name) => fileKindOf(name) === "sidecar");
  if (!sidecars && !names.some(mayMove)) return () => ALONE;
  const byStem = new Map<string, string[]>();
  const enter = (name: string, stems: readonly string[]) => {
    for (const stem of stems) {
      const same = byStem.get(stem);
      if (same === undefined) byStem.set(stem, [name]);
      else if (same.length < MOST_AKIN) same.push(name);
    }
  };
  const others = names.filter((name) => fileKindOf(name) !== "sidecar");
  for (const name of names) if (fileKindOf(name) === "sidecar") enter(name, [sidecarStem(name)]);
  // Long names have many stems, of which only those matter that a sidecar has.
  const known = new Set(byStem.keys());
  for (const name of others) {
    const [own = "", ...more] = sidecarStems(name);
    enter(name, [own, ...more.filter((stem) => known.has(stem))]);
  }
  return (photo) => {
    if (!sidecars && !mayMove(photo)) return ALONE;
    const near = new Set(sidecarStems(photo).flatMap((stem) => byStem.get(stem) ?? []));
    return pairSidecars(photo, [...near]);
  };
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
    return readHeadTags(readStart(path, Buffer.alloc(256)).bytes).format !== "";
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
export function readSidecars(photo: Pick<PhotoFile, "path" | "beside">): SidecarFile[] {
  return photo.beside.own.flatMap((name) => {
    const start = readBeside(photo.path, name, LONGEST_SIDECAR);
    if (start === null || (start.size > LONGEST_SIDECAR && !isReadInPart(name))) return [];
    return [{ name, bytes: start.bytes }];
  });
}

/** The first bytes of a file in the same folder; null where it cannot be read. */
function readBeside(path: Buffer, name: string, most: number): FileStart | null {
  const other = Buffer.concat([path.subarray(0, path.lastIndexOf(SLASH) + 1), encodeKey(name)]);
  try {
    const found = statSync(other);
    if (!found.isFile()) return null;
    const size = Math.min(found.size, most);
    return readStart(other, Buffer.alloc(size));
  } catch {
    return null;
  }
}

/** Reads what a film is the moving half of, or its THM, as far as it takes to date it. */
export function readCompany({ key, path, beside, pair }: PhotoFile): Datable[] {
  return beside.company.flatMap((name) => {
    const alone = !isPicture(name);
    const start = readBeside(path, name, alone ? 0 : HEAD_BYTES);
    if (start === null) return [];
    const own = alone ? { ...ALONE, own: [name] } : pair(name);
    const folder = key.slice(0, key.lastIndexOf("/") + 1);
    const modified = isoTime(start.modified);
    const object = { key: folder + name, size: 0, etag: "", modified, storageClass: "" };
    const head = { contentDisposition: "", metadata: {} };
    return [{ object, head, firstBytes: start.bytes, sidecars: readSidecars({ path, beside: own }) }];
  });
}
