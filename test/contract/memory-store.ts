/**
 * A store that lies in memory: the least that a new kind of store is. It is added as any other would be, by one line in
 * the list of stores, and the contracts for sources and targets hold for it.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { HaulError } from "../../src/errors.ts";
import { compareKeys } from "../../src/key.ts";
import type { Listed, ObjectHead } from "../../src/model.ts";
import { openSource, STORES } from "../../src/stores/all.ts";
import type { Opened, Page } from "../../src/stores/source.ts";
import type { KeysBelow, MeantObject, ObjectToPut, Store, StoreAddress } from "../../src/stores/store.ts";
import { openTarget } from "../../src/targets/all.ts";
import type { SourceRig } from "./source-rig.ts";
import { PREFIX, type StoreRig, storeRig } from "./store-rig.ts";

interface Kept {
  readonly bytes: Buffer;
  readonly head: ObjectHead;
}

const buckets = new Map<string, Map<string, Kept>>();
const PAGE = 7;

STORES.set("memory", async () => (at) => new MemoryStore(at));

class MemoryStore implements Store {
  readonly name: string;
  readonly address = "here";
  readonly requests = { list: 0, get: 0, head: 0, retried: 0 };
  readonly traits = {
    metadataPrefix: "",
    segments: null,
    parts: { beyond: Number.MAX_SAFE_INTEGER, size: 0 },
    longestKey: 1024,
    largestObject: 2 ** 40,
    mayCheckSha256: false,
  };
  readonly #objects: Map<string, Kept>;
  readonly #prefix: string;

  constructor({ container, prefix }: StoreAddress) {
    this.name = `memory://${container}`;
    this.#objects = bucketOf(container);
    this.#prefix = prefix;
  }

  async *list({ after, upto, prefix = this.#prefix }: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    const all = [...this.#objects].map(([key, { head }]) => listedOf(key, head));
    const wanted = all
      .filter(({ key }) => key.startsWith(prefix))
      .filter(({ key }) => after === undefined || compareKeys(key, after) > 0)
      .filter(({ key }) => upto === undefined || compareKeys(key, upto) <= 0)
      .sort((a, b) => compareKeys(a.key, b.key));
    for (let at = 0; at === 0 || at < wanted.length; at += PAGE) {
      stopIf(signal);
      this.requests.list += 1;
      yield { objects: wanted.slice(at, at + PAGE) };
    }
  }

  async open({ key, etag }: MeantObject, offset: number, signal: AbortSignal): Promise<Opened> {
    stopIf(signal);
    this.requests.get += 1;
    const kept = this.#objects.get(key);
    if (kept === undefined) throw new HaulError("missing", `${key} is not there`);
    if (etag !== "" && etag !== kept.head.etag) throw new HaulError("changed", `${key} is another object now`);
    return { head: kept.head, bytes: piecesOf(kept.bytes.subarray(offset), signal) };
  }

  async head(key: string): Promise<ObjectHead | null> {
    return this.#objects.get(key)?.head ?? null;
  }

  async put({ key, bytes, facts, onlyNew }: ObjectToPut) {
    if (onlyNew && this.#objects.has(key)) return "taken" as const;
    const body = bytes instanceof Uint8Array ? Buffer.from(bytes) : await readFile(bytes.file);
    return { etag: putInto(this.#objects, key, body, facts.metadata).etag, opaque: false };
  }

  async close(): Promise<void> {}
}

/** A bucket `photos` as a source. */
export async function memoryRig(): Promise<SourceRig> {
  const objects = bucketOf("photos");
  objects.clear();
  return {
    put: async (key, bytes) => void putInto(objects, key, Buffer.from(bytes)),
    remove: async (key) => void objects.delete(key),
    open: () => openSource("memory://photos", {}),
    takes: () => true,
    close: async () => objects.clear(),
  };
}

/** An empty prefix of a bucket `second` as a target. */
export async function memoryTargetRig(): Promise<StoreRig> {
  const objects = bucketOf("second");
  objects.clear();
  return storeRig({
    keys: () => objects.keys(),
    get: (key) => objects.get(key)?.bytes ?? null,
    put: (key, bytes) => void putInto(objects, key, Buffer.from(bytes)),
    metadata: (key, name) => objects.get(key)?.head.metadata[name],
    uploads: () => [],
    open: (more) => openTarget(`memory://second/${PREFIX}`, more),
    close: async () => objects.clear(),
  });
}

function bucketOf(name: string): Map<string, Kept> {
  const bucket = buckets.get(name) ?? new Map<string, Kept>();
  buckets.set(name, bucket);
  return bucket;
}

function putInto(objects: Map<string, Kept>, key: string, bytes: Buffer, metadata = {}): ObjectHead {
  const head: ObjectHead = {
    size: bytes.length,
    etag: createHash("md5").update(bytes).digest("hex"),
    modified: new Date().toISOString(),
    contentType: "",
    contentDisposition: "",
    metadata,
    checksums: {},
  };
  objects.set(key, { bytes, head });
  return head;
}

function listedOf(key: string, { size, etag, modified }: ObjectHead): Listed {
  return { key, size, etag, modified, storageClass: "STANDARD" };
}

async function* piecesOf(bytes: Buffer, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    stopIf(signal);
    yield Buffer.from(bytes.subarray(at, at + 65_536));
  }
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted");
}
