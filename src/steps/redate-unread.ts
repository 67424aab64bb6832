/**
 * Redate unread: photos that were dated while ExifTool could not run are dated again once it does, by all that dates a
 * photo that comes. They are fetched for that once more; what the source has no longer is read on the target.
 */

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { ManifestEntry } from "../model.ts";
import { NO_DATE } from "../naming/template.ts";
import type { Dated, Dater } from "../photo/date.ts";
import { fetchObject } from "../photo/fetch.ts";
import { HEAD_BYTES } from "../photo/read-start.ts";
import type { SidecarReader } from "../photo/sidecars.ts";
import type { Source } from "../stores/source.ts";
import type { Target } from "../targets/target.ts";
import { type RedatableTarget, type Redating, type RedatingPorts, redateKept } from "./redate-kept.ts";

export interface UnreadPorts extends RedatingPorts {
  readonly catalogue: Pick<Catalogue, "zones" | "keep" | "keptAs" | "find" | "unread">;
  readonly source: Source;
  readonly dater: Dater;
  readonly sidecars: SidecarReader;
}

type Readable = RedatableTarget & Pick<Target, "open">;

/** Nothing is done where none are remembered, or ExifTool still cannot run. @throws HaulError as `redateKept` */
export async function redateUnread(target: Readable, ports: UnreadPorts): Promise<void> {
  const { catalogue, dater } = ports;
  const keys = await catalogue.unread.of(target.id);
  if (keys.length === 0 || !(await dater.canReadAgain(keys.length))) return;
  const read: string[] = [];
  const paths: string[] = [];
  const emit: Emit = (event) => {
    if (event.type === "redated") paths.push(event.path);
    ports.emit(event);
  };
  const folder = await mkdtemp(join(tmpdir(), "photohaul-unread-"));
  try {
    await redateKept(target, redated(target, keys, { ...ports, folder, read }), "redated", { ...ports, emit });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await catalogue.unread.forget(target.id, read);
  if (paths.length > 0) ports.emit({ type: "warning", code: "dated-later", message: datedLater(paths) });
}

function datedLater(paths: readonly string[]): string {
  const many = paths.length === 1 ? "1 photo has its date" : `${paths.length} photos have their dates`;
  const says = `${many} now that ExifTool can run: in the manifest, and as the time of the file`;
  const [first, ...others] = paths.filter((path) => path.split("/").includes(NO_DATE));
  if (first === undefined) return says;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${says}. Names on a target never change, so ${first}${more} ${others.length === 0 ? "stays" : "stay"} where photos without a date are filed`;
}

/** @param read filled with the keys that need not be read again */
type Reading = UnreadPorts & { readonly folder: string; readonly read: string[] };

async function* redated(target: Readable, keys: readonly string[], ports: Reading): AsyncGenerator<Redating> {
  for (const key of keys) {
    if (ports.signal.aborted) throw new HaulError("interrupted", "interrupted while dates were set");
    const [kept] = await ports.catalogue.keptAs(target.id, key);
    const dated = kept === undefined ? null : await dateAgain(kept, target, ports);
    if (dated?.unread === true) continue;
    if (kept === undefined || dated !== null) ports.read.push(key);
    const captured = dated?.captured ?? null;
    if (kept === undefined || captured === null || captured.source === "modified") continue;
    if (JSON.stringify(captured) !== JSON.stringify(kept.captured)) yield { ...kept, captured };
  }
}

/** Null, and told, where it cannot be read this time. */
async function dateAgain(kept: ManifestEntry, target: Readable, ports: Reading): Promise<Dated | null> {
  const { dater, sidecars, signal, emit } = ports;
  const file = join(ports.folder, `photo${extname(kept.path)}`);
  try {
    const { object, head, firstBytes } = await wholeOf(kept, file, target, ports);
    const company = (asked: AbortSignal) => sidecars.company(kept.key, asked);
    const beside = { sidecars: await sidecars.of(kept.key, signal), company };
    return await dater.date({ object, head, firstBytes, file, ...beside }, signal);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    const message = `${kept.key} could not be dated again: ${error.message}; the next run tries once more`;
    emit({ type: "warning", code: "no-exiftool", message, key: kept.key });
    return null;
  } finally {
    await rm(file, { force: true });
  }
}

/** Its bytes into a file, from the source while it has these very ones. */
async function wholeOf(kept: ManifestEntry, file: string, target: Readable, ports: Reading) {
  const { catalogue, source, signal } = ports;
  const { key, size, etag, modified } = kept;
  const listed = await catalogue.find(key);
  const object = { key, size, etag, modified, storageClass: "STANDARD", ...listed };
  if (listed?.etag === etag) {
    const fetching = await fetchObject(source, listed, { signal, onRetry: () => undefined });
    const firstBytes = await written(fetching.bytes, file, signal);
    return { object, head: fetching.head, firstBytes };
  }
  const firstBytes = await written(target.open(kept.path, signal), file, signal);
  return { object, head: { contentDisposition: "", metadata: {} }, firstBytes };
}

/** @returns the first bytes */
async function written(bytes: AsyncIterable<Uint8Array>, file: string, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  const noticed = async function* () {
    for await (const chunk of bytes) {
      // A chunk is the reader's until it asks for the next; what waits to be written has to be its own.
      const own = Buffer.from(chunk);
      if (length < HEAD_BYTES) parts.push(own);
      length += own.length;
      yield own;
    }
  };
  await pipeline(noticed, createWriteStream(file), { signal });
  return Buffer.concat(parts);
}
