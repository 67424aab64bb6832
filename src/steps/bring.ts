/** Bring: one photo's way from the source into the next batch: fetch, check, date, name. */

import type { Bandwidth } from "../bandwidth.ts";
import type { Catalogue, Planned } from "../catalogue/catalogue.ts";
import { folded } from "../decide/name.ts";
import type { Template } from "../decide/template.ts";
import { judge, type Proof, partSizes } from "../decide/verdict.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { ManifestEntry } from "../model.ts";
import { retrying } from "../retry.ts";
import type { Source } from "../sources/source.ts";
import type { Draft, Target } from "../targets/target.ts";
import { type Inspection, inspect } from "./check.ts";
import type { Dated, Dater } from "./date.ts";
import { type Fetching, fetchObject } from "./fetch.ts";
import type { Keeper, Ready } from "./keep.ts";
import type { Meter } from "./meter.ts";
import type { Namer } from "./name.ts";
import { pathOf } from "./plan.ts";
import type { SidecarReader } from "./sidecars.ts";

export interface BringPorts {
  readonly source: Source;
  readonly target: Target;
  readonly catalogue: Catalogue;
  readonly dater: Dater;
  readonly sidecars: SidecarReader;
  readonly namer: Namer;
  readonly keeper: Keeper;
  readonly meter: Meter;
  readonly bandwidth: Bandwidth;
  readonly template: Template;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Told of every photo that came, and how its bytes were proven. */
  readonly onProof: (proof: Proof) => void;
}

/** ExifTool reads what the head leaves open; 128 KB hold the date of 227 of 228 JPEGs (facts measured on real ones). */
const HEAD_BYTES = 128 * 1024;

/**
 * Brings one photo, whole and checked, or says why not: its failure is an event and a row.
 * @throws HaulError only when nothing more can be done in this run
 */
export async function bring(photo: Planned, ports: BringPorts): Promise<void> {
  try {
    const ready = await prepare(photo, ports);
    if (ready !== null) await ports.keeper.add(ready);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    const { key, size } = photo.object;
    await ports.catalogue.fail(ports.target.id, key, error.message);
    const reason = error.message;
    ports.emit({ type: "photo", key, path: null, outcome: "failed", reason, bytes: size });
  } finally {
    ports.meter.done();
  }
}

interface Arrived {
  readonly fetching: Fetching;
  readonly inspection: Inspection;
  readonly draft: Draft;
}

/** Null when exactly these bytes are kept already, under an older ETag of the same key. */
async function prepare(photo: Planned, ports: BringPorts): Promise<Ready | null> {
  const arrived = await fetchRight(photo, ports);
  try {
    const { object } = arrived.fetching;
    const { sha256 } = arrived.inspection.digests();
    const twin = photo.object.replaces
      ? await ports.catalogue.keptBytes(ports.target.id, object.key, sha256)
      : null;
    if (twin === null) return await dated(photo, arrived, ports);
    await arrived.draft.discard();
    await recognise({ ...twin, etag: object.etag, modified: object.modified }, ports);
    return null;
  } catch (error) {
    await arrived.draft.discard();
    throw error;
  }
}

/** Fetches until the bytes are right; wrong ones are given back and fetched again, as often as retry.ts allows. */
async function fetchRight(photo: Planned, ports: BringPorts): Promise<Arrived> {
  const onRetry = (error: HaulError) => {
    const message = `${error.message}; trying again`;
    ports.emit({ type: "warning", code: "retry", message, key: photo.object.key });
  };
  return retrying(() => fetchOnce(photo, ports, onRetry), { signal: ports.signal, onRetry });
}

async function fetchOnce(
  photo: Planned,
  ports: BringPorts,
  onRetry: (error: HaulError) => void,
): Promise<Arrived> {
  const { source, target, bandwidth, signal } = ports;
  const fetching = await once(() => fetchObject(source, photo.object, { signal, onRetry }));
  const { object, head } = fetching;
  const inspection = inspect(bandwidth.slow(fetching.bytes, signal), {
    partSizes: partSizes(object.etag, object.size),
    crc32: head.checksums.crc32 !== undefined,
    headBytes: HEAD_BYTES,
    onBytes: (bytes) => ports.meter.moved(bytes),
  });
  const draft = await once(() => target.stage(inspection.bytes, object.size, signal));
  const verdict = judge(object, head, inspection.digests());
  if (verdict.right) {
    ports.onProof(verdict.proof);
    return { fetching, inspection, draft };
  }
  await draft.discard();
  ports.meter.moved(-draft.size);
  throw new HaulError("wrong-bytes", `${object.key}: ${verdict.reason}`, { retry: true });
}

/** What fetch.ts has tried as often as it may is not tried again from the start. */
async function once<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HaulError) || !error.retry) throw error;
    throw new HaulError(error.trouble, error.message, { cause: error });
  }
}

async function dated(photo: Planned, arrived: Arrived, ports: BringPorts): Promise<Ready> {
  const { fetching, inspection, draft } = arrived;
  const { object, head } = fetching;
  const { sha256, md5, size } = inspection.digests();
  const date = await ports.dater.date(
    {
      object,
      head,
      firstBytes: inspection.head(),
      sidecars: await ports.sidecars(object.key, ports.signal),
      ...(draft.file === undefined ? {} : { file: draft.file }),
    },
    ports.signal,
  );
  const entry: ManifestEntry = {
    path: photo.path ?? (await nameByDate(photo, date, ports)),
    key: object.key,
    etag: object.etag,
    size,
    sha256,
    md5,
    captured: date.captured,
    modified: object.modified,
    storedAt: new Date().toISOString(),
  };
  return { draft, entry, mtime: date.mtime, replaces: photo.object.replaces };
}

async function nameByDate(photo: Planned, date: Dated, ports: BringPorts): Promise<string> {
  const { captured, camera } = date;
  const wanted = pathOf(photo.object, ports.template, ports.target.traits, { captured, camera });
  return (await ports.namer.name(photo.object, wanted)).path;
}

/** The object was written again with the same bytes: the catalogue learns its new ETag, the target is not touched. */
async function recognise(entry: ManifestEntry, ports: BringPorts): Promise<void> {
  await ports.catalogue.keep(ports.target.id, [
    { entry, folded: folded(entry.path, ports.target.traits) },
  ]);
  const { key, path, size, sha256 } = entry;
  const reason = "written again at the source with the same bytes";
  ports.emit({ type: "photo", key, path, outcome: "already", reason, bytes: size, sha256 });
}
