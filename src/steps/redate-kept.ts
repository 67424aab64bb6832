/**
 * Redate kept: photos that lie on a target get another date, there, in its manifest, and then in the catalogue.
 * Names stay: a path that was given is the photo's for good.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { stopIf } from "../cancel.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { HEAD_BYTES } from "../measures.ts";
import type { Captured, ManifestEntry } from "../model.ts";
import { folded } from "../naming/name.ts";
import { NO_DATE_FOLDER } from "../naming/template.ts";
import type { Dater } from "../photo/date.ts";
import type { Dated } from "../photo/decide-date.ts";
import { fetchObject, saveTo } from "../photo/fetch.ts";
import type { SidecarReader } from "../photo/sidecars.ts";
import type { Source } from "../stores/source.ts";
import type { Target } from "../targets/target.ts";

/** A photo with its new date. */
export type Redating = ManifestEntry & { readonly captured: Captured };

export type RedatableTarget = Pick<Target, "id" | "name" | "traits" | "redate" | "entries">;

/** What the manifest says of a photo and the catalogue does not know. */
type Besides = Pick<ManifestEntry, "targetEtag" | "cap" | "original">;

/** So many photos are dated after one reading of the manifest. */
const BATCH = 10_000;

export interface RedatingPorts {
  readonly catalogue: Pick<Catalogue, "kept">;
  /** Told of every photo that got another date. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Reads the manifest once for each 10,000 of them.
 * @param photos as the catalogue has them
 * @param type of the event that tells of each
 * @returns how many they were; objects of the same bytes under one key are one photo
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateKept(
  target: RedatableTarget,
  photos: AsyncIterable<Redating>,
  type: "zone" | "redated",
  ports: RedatingPorts,
): Promise<number> {
  let batch: Redating[] = [];
  let redone = 0;
  const settle = async () => {
    await redateBatch(target, batch, ports);
    redone += new Set(batch.map(({ path }) => path)).size;
    for (const { key, path, captured } of batch) {
      ports.emit({ type, target: target.name, key, path, captured });
    }
    batch = [];
  };
  for await (const photo of photos) {
    batch.push(photo);
    if (batch.length >= BATCH) await settle();
  }
  await settle();
  return redone;
}

async function redateBatch(
  target: RedatableTarget,
  photos: readonly Redating[],
  { catalogue, signal }: RedatingPorts,
): Promise<void> {
  if (photos.length === 0) return;
  const besides = await besidesOf(photos, target, signal);
  const whole = photos.map((photo) => ({ ...photo, ...besides.get(photo.path) }));
  await target.redate(
    whole.map((entry) => ({ entry, mtime: new Date(entry.captured.utc) })),
    signal,
  );
  await catalogue.kept(target.id).zones.forget(photos);
  const rows = photos.map((entry) => ({ entry, folded: folded(entry.path, target.traits) }));
  await catalogue.kept(target.id).add(rows);
}

/** By path; the last line about the same bytes holds, and one that was written without them takes nothing away. */
async function besidesOf(
  photos: readonly Redating[],
  target: Pick<Target, "entries">,
  signal: AbortSignal,
): Promise<Map<string, Besides>> {
  const wanted = new Map(photos.map(({ path, sha256 }) => [path, sha256]));
  const found = new Map<string, Besides>();
  for await (const { path, sha256, targetEtag, cap, original } of target.entries(signal)) {
    if (wanted.get(path) !== sha256) continue;
    const named = {
      ...(targetEtag === undefined ? {} : { targetEtag }),
      ...(cap === undefined ? {} : { cap }),
      ...(original === undefined ? {} : { original }),
    };
    if (Object.keys(named).length > 0) found.set(path, { ...found.get(path), ...named });
  }
  return found;
}

export interface UnreadPorts extends RedatingPorts {
  readonly catalogue: Pick<Catalogue, "kept" | "listing">;
  readonly source: Source;
  readonly dater: Dater;
  readonly sidecars: SidecarReader;
}

type Readable = RedatableTarget & Pick<Target, "open">;

/**
 * Dates again what was dated while ExifTool could not run, by all that dates a photo that comes. It is fetched for that
 * once more; what the source has no longer is read on the target. Does nothing where nothing is remembered, or ExifTool
 * still cannot run.
 * @throws HaulError as `redateKept`
 */
export async function redateUnread(target: Readable, ports: UnreadPorts): Promise<void> {
  const { catalogue, dater } = ports;
  const keys = await catalogue.kept(target.id).unread.all();
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
  await catalogue.kept(target.id).unread.forget(read);
  if (paths.length > 0) ports.emit({ type: "warning", code: "dated-later", message: datedLater(paths) });
}

function datedLater(paths: readonly string[]): string {
  const many = paths.length === 1 ? "1 photo has its date" : `${paths.length} photos have their dates`;
  const says = `${many} now that ExifTool can run: in the manifest, and as the time of the file`;
  const [first, ...others] = paths.filter((path) => path.split("/").includes(NO_DATE_FOLDER));
  if (first === undefined) return says;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${says}. Names on a target never change, so ${first}${more} ${others.length === 0 ? "stays" : "stay"} where photos without a date are filed`;
}

/** @param read filled with the keys that need not be read again */
type ReadingUnread = UnreadPorts & { readonly folder: string; readonly read: string[] };

async function* redated(target: Readable, keys: readonly string[], ports: ReadingUnread): AsyncGenerator<Redating> {
  for (const key of keys) {
    stopIf(ports.signal, "interrupted while dates were set");
    const [kept] = await ports.catalogue.kept(target.id).find(key);
    const dated = kept === undefined ? null : await dateAgain(kept, target, ports);
    if (dated?.unread === true) continue;
    if (kept === undefined || dated !== null) ports.read.push(key);
    const captured = dated?.captured ?? null;
    if (kept === undefined || captured === null || captured.source === "modified") continue;
    if (JSON.stringify(captured) !== JSON.stringify(kept.captured)) yield { ...kept, captured };
  }
}

/** Null, and told, where it cannot be read this time. */
async function dateAgain(kept: ManifestEntry, target: Readable, ports: ReadingUnread): Promise<Dated | null> {
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
async function wholeOf(kept: ManifestEntry, file: string, target: Readable, ports: ReadingUnread) {
  const { catalogue, source, signal } = ports;
  const { key, size, etag, modified } = kept;
  const listed = await catalogue.listing.find(key);
  const object = { key, size, etag, modified, storageClass: "STANDARD", ...listed };
  if (listed?.etag === etag) {
    const fetching = await fetchObject(source, listed, { signal, onRetry: () => undefined });
    const firstBytes = await saveTo(file, fetching.bytes, HEAD_BYTES, signal);
    return { object, head: fetching.head, firstBytes };
  }
  const firstBytes = await saveTo(file, target.open(kept.path, signal), HEAD_BYTES, signal);
  return { object, head: { contentDisposition: "", metadata: {} }, firstBytes };
}
