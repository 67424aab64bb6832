/**
 * The files below a folder of a server, in the order of their keys. One folder at a time is in memory, and those that
 * come next: they are asked for ahead, as each takes some round trips.
 */

import { decodeKey } from "../../key.ts";
import { type Bounds, inside, outside } from "../folder-source.ts";
import type { NameEntry } from "./sftp-packets.ts";

/** Folders asked for ahead, at each depth. */
const AHEAD = 8;

export interface FoundFile {
  readonly key: string;
  readonly entry: NameEntry;
}

interface Walked {
  readonly key: Buffer;
  readonly entry: NameEntry;
}

export interface RemoteWalk {
  /** What lies in a folder; its key is "" or ends in a slash. */
  readonly read: (folder: Buffer) => Promise<readonly NameEntry[]>;
  readonly bounds: Bounds;
  /** All keys begin so. */
  readonly prefix: Buffer;
}

/** Everything that is no folder. */
export async function* walkRemote(
  walk: RemoteWalk,
  folder: Buffer,
  coming: Promise<readonly NameEntry[]> = walk.read(folder),
): AsyncGenerator<FoundFile> {
  const all = (await coming).map((entry) => ({ key: keyOf(folder, entry), entry }));
  const wanted = all.filter((one) => isWanted(one, walk)).sort((a, b) => Buffer.compare(a.key, b.key));
  const folders = wanted.filter(({ entry }) => entry.kind === "folder");
  const ahead = new Map<Walked, Promise<readonly NameEntry[]>>();
  let [asked, entered] = [0, 0];
  for (const one of wanted) {
    if (one.entry.kind !== "folder") {
      yield { key: decodeKey(one.key), entry: one.entry };
      continue;
    }
    for (; asked < Math.min(folders.length, entered + AHEAD); asked += 1) {
      const next = folders[asked] ?? one;
      const reading = walk.read(next.key);
      // It is looked at in its turn, if that comes.
      reading.catch(() => undefined);
      ahead.set(next, reading);
    }
    entered += 1;
    const reading = ahead.get(one);
    ahead.delete(one);
    yield* walkRemote(walk, one.key, reading);
  }
}

/** That of a folder ends with the slash that all keys below it have. */
function keyOf(folder: Buffer, { name, kind }: NameEntry): Buffer {
  return Buffer.concat([folder, name, Buffer.from(kind === "folder" ? "/" : "")]);
}

function isWanted({ key, entry }: Walked, { bounds, prefix }: RemoteWalk): boolean {
  const shared = Math.min(key.length, prefix.length);
  const onTheWay = key.subarray(0, shared).equals(prefix.subarray(0, shared));
  if (entry.kind === "folder") return onTheWay && !outside(key, bounds);
  return onTheWay && key.length >= prefix.length && inside(key, bounds);
}
