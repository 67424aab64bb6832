/**
 * Repair: a damaged photo gets its name back from good bytes. Good bytes are those whose length and SHA-256
 * are what the manifest says; they are staged and proven first. Only then is the damaged file renamed, beside
 * itself, to `name~rotten-<date>.ext`: nothing is overwritten and nothing is lost, and a cut between the two
 * leaves a missing photo, which the next repair brings.
 */

import { createHash } from "node:crypto";
import { besidePath } from "../decide/name.ts";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import type { Draft, Target } from "../targets/target.ts";

/** Where good bytes may come from. */
export interface GoodBytes {
  /** As people would type it. */
  readonly name: string;
  /**
   * The bytes that should be those of the entry; the caller proves them.
   * @throws HaulError `missing`, `changed`, …, also while they come
   */
  open(entry: ManifestEntry, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * @returns where the damaged file lies now; null where none lay there
 * @throws HaulError why this photo cannot be repaired, or what ends the run
 */
export async function repair(
  entry: ManifestEntry,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<string | null> {
  const draft = await stageGood(entry, from, target, signal);
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

async function stageGood(
  entry: ManifestEntry,
  from: GoodBytes,
  target: Target,
  signal: AbortSignal,
): Promise<Draft> {
  const hash = createHash("sha256");
  const bytes = await from.open(entry, signal);
  const draft = await target.stage(digesting(bytes, hash.update.bind(hash)), entry.size, signal);
  if (draft.size === entry.size && hash.digest("hex") === entry.sha256) return draft;
  await draft.discard();
  throw new HaulError("wrong-bytes", `${from.name} holds other bytes than those that were kept`);
}

async function* digesting(bytes: AsyncIterable<Uint8Array>, update: (bytes: Uint8Array) => void) {
  for await (const chunk of bytes) {
    update(chunk);
    yield chunk;
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
