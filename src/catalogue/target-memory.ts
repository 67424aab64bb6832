/** What a target remembers of the sources whose photos it holds; in its marker, so that it outlives the computer. */

import { z } from "zod";
import { jsonOf } from "../manifest-entry.ts";

export interface Memory {
  /** The names of the sources, as they were typed. */
  readonly sources: readonly string[];
  /** The zone of photos that carry none, by the name of their source. */
  readonly zones: Readonly<Record<string, string>>;
  /** Recipients of age that its photos are sealed to, earlier ones included; absent where they lie in clear. */
  readonly sealed?: readonly string[] | undefined;
  /** True where it was lost, and what it said with it. */
  readonly lost?: true;
}

export const NO_MEMORY: Memory = { sources: [], zones: {} };

/** Of `target.json`; what cannot be read is not remembered. */
export const MEMORY_SHAPE = {
  sources: z.array(z.string()).catch([]),
  zones: z.record(z.string(), z.string()).catch({}),
  // One that says it is sealed is so, to whomever.
  sealed: z.array(z.string()).optional().catch([]),
};

/** Where a target lies, which tells one copy of it from another: its `.photohaul` was copied with all the rest. */
export interface Location {
  /** `uuid:…` of a file system, `mount:…` of a network drive, `device:…`, `store:…`; "" where nobody knows. */
  readonly holder: string;
  /** The path in that. */
  readonly within: string;
  /** When its `.photohaul` was made there, in ns since 1970: of a folder that was copied, later. Absent where nobody knows. */
  readonly born?: string | undefined;
  /** What tells its disk from a clone of it, which has the same UUID; absent where nobody knows. */
  readonly disk?: string | undefined;
}

/** A zone, and whether anybody chose it: what was typed or remembered is chosen, this computer's own is not. */
export interface Zone {
  readonly name: string;
  readonly chosen: boolean;
  /** Where it is guessed, and so not to be remembered: one sentence that says so. */
  readonly doubt?: string;
}

/** The source of a run and its zone, and to whom it seals, for a target to remember. */
export interface Told {
  readonly source?: string;
  readonly zone?: Zone;
  readonly sealed?: readonly string[];
}

/** A zone that was chosen holds; else the one that the target remembers; else the one told. */
export function zoneFor(memory: Memory, source: string, zone: Zone): Zone {
  const remembered = Object.hasOwn(memory.zones, source) ? memory.zones[source] : undefined;
  return zone.chosen || remembered === undefined ? zone : { name: remembered, chosen: true };
}

export function remembering(memory: Memory, { source, zone, sealed }: Told): Memory {
  const all = sealed === undefined ? memory.sealed : [...new Set([...(memory.sealed ?? []), ...sealed])];
  const also = all === undefined ? {} : { sealed: all };
  if (source === undefined) return { sources: memory.sources, zones: memory.zones, ...also };
  const sources = [...new Set([...memory.sources, source])];
  if (zone === undefined) return { sources, zones: memory.zones, ...also };
  const { name, doubt } = zoneFor(memory, source, zone);
  return { sources, zones: doubt === undefined ? { ...memory.zones, [source]: name } : memory.zones, ...also };
}

/** The id of a target as its target.json states it; null where that says nothing. */
export function idIn(marker: string): string | null {
  try {
    return z.object({ id: z.string().min(1) }).parse(JSON.parse(marker)).id;
  } catch {
    return null;
  }
}

const where = z.object({
  holder: z.string(),
  within: z.string(),
  born: z.string().optional(),
  disk: z.string().optional(),
});
const names = {
  /** As it was typed last, and whole. */
  name: z.string(),
  /** Links resolved. */
  root: z.string(),
};
const COPY_SHAPE = z.union([
  z.object({ ...names, location: where }),
  // As earlier versions wrote it.
  z.object({ ...names, berth: where }).transform(({ berth: location, ...named }) => ({ ...named, location })),
]);

/** What a catalogue remembers of a copy of a target besides its photos: where it was found last. */
export type CopyRecord = z.output<typeof COPY_SHAPE>;

/** Null where nothing is remembered, or nothing that can be read. */
export function parseCopy(text: string | null): CopyRecord | null {
  return COPY_SHAPE.safeParse(text === null ? null : jsonOf(text)).data ?? null;
}

const seenShape = z.object({ at: z.iso.datetime(), lacks: z.int().nonnegative() });

/** When a copy took part in a run last that ended by itself, and how many photos it lacked after the last run. */
export type SeenRecord = z.output<typeof seenShape>;

/** Null where nothing is remembered, or nothing that can be read. */
export function parseSeen(text: string | null): SeenRecord | null {
  return seenShape.safeParse(text === null ? null : jsonOf(text)).data ?? null;
}
