/**
 * Everything that lies in a place, in the order of keys. rclone prints it as the service has it, one file a line, from a
 * process of its own: of a million files neither it nor we hold more than a part at once.
 */

import { createHash } from "node:crypto";
import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import type { Listed } from "../../model.ts";
import { KeyOrder } from "../key-order.ts";
import { retryRequest } from "../listing-guards.ts";
import { isWithin, type Page, type RequestCounts } from "../source.ts";
import type { KeysBelow, StoreOptions } from "../store.ts";
import type { Rclone } from "./rclone-daemon.ts";
import { fileIn, filesInList, listedOf, type RemoteFile, type RemoteTraits } from "./rclone-entry.ts";
import { messagesIn } from "./rclone-trouble.ts";
import type { Twin } from "./rclone-twin.ts";
import { folderBelow, type RemotePlace } from "./remote-place.ts";

const PAGE = 1000;

export interface RcloneLister {
  readonly rclone: Rclone;
  readonly place: RemotePlace;
  readonly traits: RemoteTraits;
  readonly requests: RequestCounts;
  readonly options: Pick<StoreOptions, "onFlaw" | "onRetry" | "pageKeys">;
  /** By key, which of several files of one name is meant; filled while it is listed. */
  readonly twins: Map<string, Twin>;
}

/** @throws HaulError that ends a run; `no-bucket` where there is no such folder, unless keys below one are asked for */
export async function* pagesOf(lister: RcloneLister, range: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
  const { requests, options } = lister;
  const again = { requests, signal, onRetry: options.onRetry };
  await using order = await retryRequest(() => gathered(lister, range, signal), again);
  let objects: Listed[] = [];
  for await (const object of withTwins(order.entries(), lister)) {
    if (!isWithin(object.key, range)) continue;
    if (objects.push(object) < (options.pageKeys ?? PAGE)) continue;
    yield { objects };
    objects = [];
  }
  yield { objects };
}

interface Entry extends RemoteFile {
  readonly key: string;
}

async function gathered(lister: RcloneLister, { prefix }: KeysBelow, signal: AbortSignal): Promise<KeyOrder<Entry>> {
  lister.requests.list += 1;
  const folder = (prefix ?? "").slice(0, (prefix ?? "").lastIndexOf("/") + 1);
  const order = new KeyOrder<Entry>(({ ID = "", ModTime }) => `${ID} ${ModTime}`);
  try {
    for await (const found of filesBelow(lister, folder.replace(/\/$/, ""), signal)) {
      const key = folder + found.Path;
      if (prefix === undefined || key.startsWith(prefix)) await order.add({ ...found, Path: key, key });
    }
    return order;
  } catch (error) {
    // A target has no folder before something was written to it.
    if (prefix !== undefined && error instanceof HaulError && error.code === "no-bucket") return order;
    await order[Symbol.asyncDispose]();
    throw error;
  }
}

async function* filesBelow(lister: RcloneLister, folder: string, signal: AbortSignal): AsyncGenerator<RemoteFile> {
  const { rclone, place, traits } = lister;
  if (folder === "" && !traits.inMemory) {
    yield* filesPrinted(lister, signal);
    return;
  }
  const digest = traits.free === null ? {} : { showHash: true, hashTypes: [traits.free] };
  const opt = { recurse: true, filesOnly: true, noMimeType: true, ...digest };
  const asked = { kind: "listing" as const, name: place.name };
  const input = { fs: folderBelow(place, folder), remote: "", opt };
  yield* filesInList(await rclone.call({ verb: "operations/list", input, asked }, signal));
}

async function* filesPrinted(lister: RcloneLister, signal: AbortSignal): AsyncGenerator<RemoteFile> {
  const { rclone, place, traits, options } = lister;
  const digest = traits.free === null ? [] : ["--hash", "--hash-type", traits.free];
  const quiet = ["--use-json-log", "--ask-password=false", "--log-level", "NOTICE"];
  const args = ["lsjson", "-R", "--files-only", "--no-mimetype", ...digest, ...quiet, "--", place.fs];
  const lines = rclone.lines(args, place.name, signal);
  let ends = false;
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) {
      for (const message of messagesIn(value)) options.onFlaw?.(`rclone says of ${place.name}: ${message}`);
      break;
    }
    const line = value.trim();
    if (line === "[" || line === "") continue;
    if (line === "]" || line === "[]") ends = true;
    else yield fileOf(line.replace(/,$/, ""), place.name);
  }
  if (!ends) throw new HaulError("listing", `${place.name}: rclone's listing has no end`, { retry: true });
}

function fileOf(line: string, name: string): RemoteFile {
  try {
    return fileIn(JSON.parse(line));
  } catch (cause) {
    throw new HaulError("listing", `${name}: a line of rclone's listing cannot be read`, { retry: true, cause });
  }
}

/**
 * Google Drive holds several files of one name in one folder. Each is a key of its own: the first by its number at the
 * service keeps the name, the others have `~` and a digest of theirs before the extension, which comes later in the order.
 */
async function* withTwins(
  entries: AsyncIterable<Entry>,
  { traits, options, twins }: RcloneLister,
): AsyncGenerator<Listed> {
  let last: Entry | null = null;
  let later: Listed[] = [];
  for await (const entry of entries) {
    const { key, Path: path, ID: id = "", Size } = entry;
    if (Size < 0) options.onFlaw?.(`${key}: the service does not say how large it is`, key);
    const object = listedOf(entry, traits);
    if (last?.key === key) {
      const beside = besideKey(key, id);
      twins.set(key, twins.get(key) ?? { path, id: last.ID ?? "" });
      twins.set(beside, { path, id });
      later = [...later, { ...object, key: beside }].sort((a, b) => compareKeys(a.key, b.key));
      continue;
    }
    const before = later.findIndex((twin) => compareKeys(twin.key, key) > 0);
    yield* later.splice(0, before < 0 ? later.length : before);
    yield object;
    last = entry;
  }
  yield* later;
}

function besideKey(key: string, id: string): string {
  const at = key.lastIndexOf(".");
  const dot = at > key.lastIndexOf("/") + 1 ? at : key.length;
  const mark = createHash("sha256").update(id).digest("hex").slice(0, 8);
  return `${key.slice(0, dot)}~${mark}${key.slice(dot)}`;
}
