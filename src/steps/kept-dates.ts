/**
 * What the manifest of a folder that photos were mirrored to says of their dates. It knows more of them than they do:
 * what the bucket said, what lay beside them there, in which zone they were read. Photos that an earlier edition of the
 * rules dated, or only their name, or nothing, are dated again, and what was read in a guessed zone is read in the one that
 * is known; the manifest gets a second line about those whose date is another now, and about those of which somebody says it (`--dates`), as `restore` and the next `dates` go by the manifest.
 */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ManifestIndex, openManifestIndex } from "../catalogue/manifest-index.ts";
import { mayBeKnownBetter, readAnew } from "../dates/kept-date.ts";
import type { Redated } from "../events.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import type { ManifestEntry } from "../model.ts";
import type { ComputerZone } from "../photo/computer-zone.ts";
import { openTarget } from "../targets/all.ts";
import { readManifest } from "../targets/read-lists.ts";

/** Entries of a manifest that are written at once. */
const ENTRIES = 1000;

/** What a manifest says of a photo. */
export interface KnownDate extends Pick<ManifestEntry, "size" | "captured"> {
  /** The whole entry, where the photo is to be dated again. */
  readonly again: ManifestEntry | null;
}

/** Numbers of photos whose date in the manifest is another now. */
export interface Amended {
  readonly byRules: number;
  /** By what somebody says. */
  readonly byUser: number;
}

export interface KeptDates {
  /** The zone of photos that carry none. */
  readonly zone: ComputerZone;
  /** Null for a file that the manifest does not name. */
  find(file: string): KnownDate | null;
  /** To be told of every file and its date. */
  note(file: Redated): void;
  /**
   * Writes the dates that are other now into the manifest, behind those that it has.
   * @throws HaulError as `openTarget` and `Target.redate`; doing it again is safe
   */
  amend(): Promise<Amended>;
  close(): void;
}

/**
 * @param zoneBy told the zone that the folder remembers; null where it remembers none, or several
 * @returns null where nothing was mirrored to the folder. @throws HaulError as `openTarget`
 */
export async function openKeptDates(
  root: string,
  zoneBy: (remembered: string | null) => ComputerZone,
  signal: AbortSignal,
): Promise<KeptDates | null> {
  if (!existsSync(join(root, OWN_FOLDER, "manifest.ndjson"))) return null;
  const index = openManifestIndex();
  const zone = zoneBy(await readInto(index, root, signal));
  const knows = zone.doubt === null;
  const other: ManifestEntry[] = [];
  const find = (file: string): KnownDate | null => {
    const entry = index.find(file);
    if (entry === null) return null;
    const { size } = entry;
    const captured = knows && entry.captured !== null ? readAnew(entry.captured, zone.name) : entry.captured;
    return { size, captured, again: mayBeKnownBetter(captured) ? { ...entry, captured } : null };
  };
  return {
    zone,
    find,
    note({ file, outcome, captured }) {
      if (captured === null || (outcome !== "set" && outcome !== "already")) return;
      const known = index.find(file);
      if (known === null) return;
      const again = mayBeKnownBetter(known.captured) || known.captured?.guessed !== undefined;
      if (!(isByUser(captured) ? isOfSize(join(root, file), known) : again)) return;
      const camera = isByUser(captured) ? known.captured?.camera : undefined;
      const now = camera === undefined ? captured : { ...captured, camera };
      if (JSON.stringify(known.captured) !== JSON.stringify(now)) other.push({ ...known, captured: now });
    },
    amend: () => amend(root, other, signal),
    close: () => index.close(),
  };
}

async function amend(root: string, other: readonly ManifestEntry[], signal: AbortSignal): Promise<Amended> {
  const byUser = other.filter(({ captured }) => isByUser(captured)).length;
  if (other.length === 0) return { byRules: 0, byUser };
  const target = await openTarget(root, { signal });
  try {
    for (let from = 0; from < other.length; from += ENTRIES) {
      const batch = other.slice(from, from + ENTRIES);
      await target.redate(
        batch.map((entry) => ({ entry, mtime: new Date(entry.captured?.utc ?? entry.modified) })),
        signal,
      );
    }
  } finally {
    await target.close();
  }
  return { byRules: other.length - byUser, byUser };
}

function isByUser(captured: ManifestEntry["captured"]): boolean {
  return captured?.source === "user";
}

/** Another file may have taken the name of a photo. */
function isOfSize(file: string, { size }: ManifestEntry): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === size;
}

async function readInto(index: ManifestIndex, root: string, signal: AbortSignal): Promise<string | null> {
  // Of sealed photos that were opened beside their files nothing is known but what they say themselves.
  const target = await openTarget(root, { readOnly: true, sealing: "as-files" });
  try {
    await readManifest(target, index, signal);
    const [zone, other] = new Set(Object.values(target.memory.zones));
    return other === undefined ? (zone ?? null) : null;
  } finally {
    await target.close();
  }
}
