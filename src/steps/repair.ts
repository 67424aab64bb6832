/**
 * Repair: a damaged photo gets its name back from good bytes. Good bytes are those whose length and SHA-256
 * are what the manifest says; they are staged and proven first. Only then is the damaged file renamed, beside
 * itself, to `name~rotten-<date>.ext`: nothing is overwritten and nothing is lost, and a cut between the two
 * leaves a missing photo, which the next repair brings.
 *
 * Of a photo into which `--write-exif` wrote its date a source has the original only: that is put back, byte for byte, and
 * the manifest says so.
 */

import type { CheckLog } from "../catalogue/check-log.ts";
import { HaulError } from "../errors.ts";
import { type Emit, isDamage } from "../events.ts";
import type { ManifestEntry } from "../model.ts";
import { besidePath, hash8, safePath } from "../naming/name.ts";
import { stageVerified } from "../photo/stage.ts";
import { numbered } from "../targets/read-lists.ts";
import type { Sum, Target } from "../targets/target.ts";
import { checkPhoto, type ReportDraft } from "./verify-photo.ts";

/** Where good bytes may come from. */
export interface GoodBytes {
  /** As people would type it. */
  readonly name: string;
  /**
   * The bytes that should be those of the entry; the caller proves them.
   * @throws HaulError `missing`, `changed`, …, also while they come
   */
  open(entry: ManifestEntry, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Every photo that it holds; absent for a source, which does not say what it held. */
  photos?(signal: AbortSignal): AsyncIterable<Held>;
}

/** A photo of another target. */
export interface Held {
  readonly entry: ManifestEntry;
  /** Its path, before it was made to suit what that target can hold. */
  readonly name: string;
}

export interface Repaired {
  /** Where the damaged file lies now; null where none lay there. */
  readonly aside: string | null;
  /** As the manifest has it now. */
  readonly entry: ManifestEntry;
}

/** @throws HaulError why this photo cannot be repaired, or what ends the run */
export async function repair(
  entry: ManifestEntry,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<Repaired> {
  const original = originalOf(entry);
  // Only a target may have the copy with the date in it.
  if (original === null || from.photos !== undefined) {
    try {
      return { aside: await putBack(entry, from, target, signal), entry };
    } catch (error) {
      if (original === null || !(error instanceof HaulError) || error.endsRun || error.code === "occupied") throw error;
    }
  }
  return { aside: await putBack(original, from, target, signal), entry: original };
}

/** The photo as it came, before its date was written into it; null where it was not. */
function originalOf({ original, ...entry }: ManifestEntry): ManifestEntry | null {
  return original === undefined ? null : { ...entry, ...original };
}

async function putBack(
  entry: ManifestEntry,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<string | null> {
  const bytes = await from.open(entry, signal);
  const draft = await stageVerified(entry, bytes, target, signal);
  try {
    const keeping = {
      draft,
      entry: { ...entry, storedAt: new Date().toISOString() },
      mtime: new Date(entry.captured?.utc ?? entry.modified),
    };
    const [kept] = await target.commit([keeping], signal);
    if (kept !== "occupied") return null;
    const aside = await setAside(entry.path, target, signal);
    const [again] = await target.commit([keeping], signal);
    if (again !== "occupied") return aside;
    throw new HaulError("occupied", `${entry.path} was taken again by something else`);
  } finally {
    await draft.discard();
  }
}

/** As many names as a photo may rot in one day. */
const NAMES = 9;

async function setAside(path: string, target: Target, signal: AbortSignal): Promise<string> {
  if (target.setAside === undefined) {
    throw new HaulError("occupied", `${target.name} can rename nothing, so ${path} stays as it is`);
  }
  const day = new Date().toISOString().slice(0, 10);
  for (let number = 1; number <= NAMES; number += 1) {
    const tag = number === 1 ? `rotten-${day}` : `rotten-${day}-${number}`;
    const aside = besidePath(path, tag, target.traits);
    if (await target.setAside(path, aside, signal)) return aside;
  }
  throw new HaulError("occupied", `${path} cannot be set aside: every name for it is taken`);
}

/**
 * Brings over a photo that another target has and this one never got, as when the source was gone before it could:
 * proven, and over nothing that lies there.
 * @returns where it lies now
 * @throws HaulError why it cannot be had, or what ends the run
 */
export async function copyMissing(
  { entry, name }: Held,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<string> {
  const bytes = await from.open(entry, signal);
  const draft = await stageVerified(entry, bytes, target, signal);
  const path = safePath(name, target.traits);
  const storedAt = new Date().toISOString();
  const mtime = new Date(entry.captured?.utc ?? entry.modified);
  try {
    for (const free of [path, besidePath(path, hash8(entry.key), target.traits)]) {
      const keeping = { draft, entry: { ...entry, path: free, storedAt }, mtime };
      const [kept] = await target.commit([keeping], signal);
      if (kept !== "occupied") return free;
    }
    throw new HaulError("occupied", `${path} and the name beside it are taken by something else`);
  } finally {
    await draft.discard();
  }
}

const AS_IT_CAME = "as it came, without the date that --write-exif wrote into it";

export interface RepairPorts {
  readonly log: CheckLog;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** The same target, opened for writing. */
  readonly target: Target;
  readonly from: GoodBytes;
}

/**
 * Puts back what this run found damaged, one photo after the other.
 * @throws HaulError that ends the run; a photo that cannot be repaired is an event
 */
export async function repairDamaged(ports: RepairPorts, report: ReportDraft): Promise<void> {
  const { target, log, from, emit, signal } = ports;
  const place = { type: "repair", target: target.name } as const;
  const replaced = new Map<string, string>();
  for await (const { entry, line } of numbered(target, signal)) {
    const condition = log.found(entry.path, line);
    if (condition === null || !isDamage(condition)) continue;
    const { path } = entry;
    try {
      if (log.namesBelow(path)) throw new HaulError("occupied", `${path} is a folder in which other photos are kept`);
      const { aside, entry: whole } = await repair(entry, from, target, signal);
      const { condition: now, reason } = await checkPhoto(whole, target, signal, () => undefined);
      log.record([{ path, condition: now }], new Date().toISOString());
      if (now !== "whole") throw new HaulError("broken", `put back, but ${reason}`);
      const where = aside === null ? {} : { setAside: aside };
      report.repaired += 1;
      if (whole !== entry) replaced.set(path, entry.sha256);
      const how = whole === entry ? {} : { reason: AS_IT_CAME };
      emit({ ...place, path, outcome: "repaired", ...where, ...how });
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      emit({ ...place, path, outcome: "failed", reason: error.message });
    }
  }
  if (replaced.size === 0) return;
  // `sha256sum -c` goes by every line of it, and not by the last about a path.
  const isWrong = ({ path, sha256 }: Sum) => replaced.get(path) === sha256;
  const clean = { clean: true, isWrong, add: (async function* () {})() };
  await target.lists.mend({ manifest: clean, sums: clean }, signal);
}

/**
 * Brings over what another target has and this one never got: it may have been out of the run, and the source gone since.
 * @throws HaulError that ends the run; a photo that cannot be brought is an event
 */
export async function catchUp(ports: RepairPorts, report: ReportDraft): Promise<void> {
  const { target, from, emit, signal } = ports;
  const place = { type: "repair", target: target.name } as const;
  for await (const held of lacking(ports)) {
    try {
      const path = await copyMissing(held, from, target, signal);
      report.broughtOver += 1;
      emit({ ...place, path, outcome: "brought" });
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      report.notBrought += 1;
      emit({ ...place, path: held.entry.path, outcome: "failed", reason: error.message });
    }
  }
}

/** True when another target has photos that this one has not: else nothing need be opened for writing. */
export async function isBehind(ports: Pick<RepairPorts, "log" | "from" | "signal">) {
  for await (const _ of lacking(ports)) return true;
  return false;
}

async function* lacking({ log, from, signal }: Pick<RepairPorts, "log" | "from" | "signal">) {
  for await (const held of from.photos?.(signal) ?? []) {
    if (log.pathOf(held.entry.sha256, held.entry.size) === null) yield held;
  }
}
