/** A line of the manifest made anew, for a photo of which SHA256SUMS alone says that it was kept. */

import type { ManifestIndex } from "../catalogue/manifest-index.ts";
import { HaulError } from "../errors.ts";
import type { RunEvent } from "../events.ts";
import type { ManifestEntry } from "../model.ts";
import { entryAnew } from "../targets/list-lines.ts";
import { digestsOf } from "../targets/passing.ts";
import { numbered } from "../targets/read-lists.ts";
import type { Sum, Target } from "../targets/target.ts";

/**
 * As `entryAnew` says it, with the date of the file.
 * @returns null where nothing lies there, or other bytes
 * @throws HaulError that ends a run
 */
export async function rebuiltEntry(
  { path, sha256 }: Sum,
  target: Pick<Target, "open" | "look">,
  signal: AbortSignal,
): Promise<ManifestEntry | null> {
  try {
    const lying = await target.look(path, signal);
    if (lying === null) return null;
    const digests = await digestsOf(target.open(path, signal));
    return digests.sha256 === sha256 ? entryAnew(path, digests, lying.modified) : null;
  } catch (error) {
    if (error instanceof HaulError && !error.endsRun) return null;
    throw error;
  }
}

/** A target whose manifest is read, and the index of it. */
interface Restoring {
  readonly from: Pick<Target, "entries" | "open" | "look" | "lists" | "traits">;
  readonly fromLog: ManifestIndex;
  readonly signal: AbortSignal;
}

/**
 * Each photo of the manifest once: the last line about its path. Then those that only SHA256SUMS names, as far as their
 * bytes are there.
 */
export async function* photosOf(ports: Restoring, onLost: (sum: Sum) => void): AsyncGenerator<ManifestEntry> {
  const { from, fromLog, signal } = ports;
  for await (const { entry, line } of numbered(from, signal)) {
    if (fromLog.holds(entry.path, line)) yield entry;
  }
  for await (const sum of unlistedIn(ports)) {
    const entry = await rebuiltEntry(sum, from, signal);
    if (entry === null) onLost(sum);
    else yield entry;
  }
}

/** What SHA256SUMS names and the manifest does not, each once: runs whose manifest was not taken write the same again. */
export async function* unlistedIn({ from, fromLog, signal }: Restoring): AsyncGenerator<Sum> {
  const told = new Set<string>();
  for await (const sum of from.lists.sums(signal)) {
    const line = `${sum.sha256} ${sum.path}`;
    if (fromLog.sha256Of(sum.path) !== null || told.has(line)) continue;
    told.add(line);
    yield sum;
  }
}

/** What is said of one whose bytes are not there. @param name of the target */
export function notThere({ path }: Sum, name: string): RunEvent {
  const reason = `SHA256SUMS of ${name} alone names it, and it does not lie there as it says`;
  return { type: "photo", key: path, path: null, outcome: "failed", reason, bytes: 0 };
}
