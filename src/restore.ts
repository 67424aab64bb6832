/**
 * The story of `restore`: photos of a target come back into a folder, proven by their digests, with their
 * dates and under their own names. Nothing is overwritten. Cut at any instant and run again: same end state.
 */

import type { ManifestIndex } from "./catalogue/manifest-index.ts";
import { HaulError } from "./errors.ts";
import type { RunEvent } from "./events.ts";
import type { Limiter } from "./limiter.ts";
import type { ManifestEntry } from "./model.ts";
import { folded, safePath } from "./naming/name.ts";
import type { Committer } from "./photo/commit.ts";
import type { Meter } from "./photo/progress.ts";
import { notThere, photosOf, unlistedIn } from "./photo/rebuilt-entry.ts";
import { alreadyAt, copyPhoto, homeOf, isWanted, type Wanted } from "./photo/restore-photo.ts";
import { bringHeld, type TargetThawing } from "./steps/thaw-target.ts";
import { readManifest } from "./targets/read-lists.ts";
import type { Target, Traits } from "./targets/target.ts";

export interface RestorePorts {
  /** Opened for reading. */
  readonly from: Target;
  /** An index of its manifest, to be filled. */
  readonly fromLog: ManifestIndex;
  /** Opened for writing: the folder becomes a target itself, so that it can be verified. */
  readonly to: Target;
  /** An index of the manifest that an earlier run left there, to be filled. */
  readonly toLog: ManifestIndex;
  readonly committer: Committer;
  readonly limiter: Pick<Limiter, "each">;
  readonly meter: Meter;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  /** Brings back what an archive has. */
  readonly thawing: Pick<TargetThawing, "ask" | "next" | "fateOf">;
}

/** A photo that an archive has. */
interface Held {
  readonly entry: ManifestEntry;
  readonly error: HaulError;
}

/** Filled in as the story goes on. */
export interface RestoreReport {
  photos: number;
  unwanted: number;
  wantedPhotos: number;
  wantedBytes: number;
  /** Of those that failed, what lies in an archive class. */
  archived: number;
  brokenLines: number;
  /** That SHA256SUMS names and the manifest does not. */
  unlisted: number;
}

/**
 * Reads the manifest and counts what was asked for; writes nothing.
 * @param traits of the folder that the photos are to go to
 */
export async function surveyRestore(
  ports: Pick<RestorePorts, "from" | "fromLog" | "signal">,
  traits: Traits,
  wanted: Wanted,
  report: RestoreReport,
): Promise<void> {
  const { from, fromLog, signal } = ports;
  const place = { entries: from.entries.bind(from), traits };
  const home = ({ key }: ManifestEntry) => safePath(key, traits);
  report.brokenLines = (await readManifest(place, fromLog, signal, home)).brokenLines;
  for await (const _ of unlistedIn(ports)) report.unlisted += 1;
  for await (const entry of photosOf(ports, () => undefined)) {
    report.photos += 1;
    if (isWanted(entry, wanted)) {
      report.wantedPhotos += 1;
      report.wantedBytes += entry.size;
    } else report.unwanted += 1;
  }
}

/**
 * Copies what was asked for, after `surveyRestore`.
 * @throws HaulError that ended the run; what was restored until then is whole
 */
export async function restore(ports: RestorePorts, wanted: Wanted, report: RestoreReport): Promise<void> {
  const { to, toLog, committer, limiter, meter, emit, signal } = ports;
  await readManifest(to, toLog, signal);
  meter.start(report.wantedPhotos, report.wantedBytes);
  const held = new Map<string, Held>();
  const bring = (entry: ManifestEntry) => one(entry, { ...ports, held }, report);
  try {
    await limiter.each(
      photosOf(ports, (sum) => emit(notThere(sum, ports.from.name))),
      async (entry) => {
        if (isWanted(entry, wanted)) await bring(entry);
      },
      signal,
    );
    await committer.flush();
    await bringHeld(held, ports.thawing, async (back) => {
      await limiter.each(back, ({ entry }) => bring(entry), signal);
      await committer.flush();
    });
  } catch (error) {
    await committer.end();
    throw error;
  } finally {
    tellHeld(held, ports, report);
  }
}

/** What waits is skipped; the next run brings it. */
function tellHeld(held: ReadonlyMap<string, Held>, { thawing, emit }: RestorePorts, report: RestoreReport): void {
  for (const [path, { entry, error }] of held) {
    const { key, size: bytes } = entry;
    const { reason, failed } = thawing.fateOf(path) ?? { reason: error.message, failed: true };
    if (failed) report.archived += 1;
    emit({ type: "photo", key, path: null, outcome: failed ? "failed" : "skipped", reason, bytes });
  }
}

async function one(
  entry: ManifestEntry,
  ports: RestorePorts & { readonly held: Map<string, Held> },
  report: RestoreReport,
  past: readonly ManifestEntry[] = ports.fromLog.linesAt("path", entry.path).slice(1),
): Promise<void> {
  const { from, fromLog, to, toLog, committer, meter, emit, signal } = ports;
  const { key, size } = entry;
  try {
    const path = homeOf(entry, to.traits, (above) => fromLog.names(folded(above, to.traits)));
    const there = await alreadyAt(entry, path, to, toLog, signal);
    if (there !== null) {
      meter.moved(size);
      const { sha256 } = entry;
      emit({ type: "photo", key, path: there, outcome: "already", bytes: size, sha256 });
      return;
    }
    const draft = await copyPhoto(entry, from, to, signal, (bytes) => meter.moved(bytes));
    const mtime = new Date(entry.captured?.utc ?? entry.modified);
    const storedAt = new Date().toISOString();
    await committer.add({ draft, entry: { ...entry, path, storedAt }, mtime, replaces: false });
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    const reason = error.message;
    if (error.code === "archived") return void ports.held.set(entry.path, { entry, error });
    emit({ type: "photo", key, path: null, outcome: "failed", reason, bytes: size });
    // The lists may have got lines that nobody wrote for this target: what lies there may be what they said before.
    const [before, ...earlier] = past;
    if (error.code !== "missing" && before !== undefined) await one(before, ports, report, earlier);
  } finally {
    meter.done();
  }
}
