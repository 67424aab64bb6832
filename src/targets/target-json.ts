/**
 * `.photohaul/target.json`: which target this is, what was found out about its drive or store, what it holds. One that is
 * gone or says nothing usable (a power cut leaves an empty file or one of zeros) loses no photo where the lists lie
 * beside it: they name the photos, and what is remembered of a target is held against them.
 */

import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { MEMORY_SHAPE, type Memory, NO_MEMORY, remembering } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import type { Traits } from "../naming/name.ts";
import type { FileAbilities } from "../stores/store.ts";
import type { OpenOptions } from "./medium.ts";

export const TARGET_JSON = "target.json";
/** In a target. */
export const MARKER = `${OWN_FOLDER}/${TARGET_JSON}`;

/** What a store of objects can do, found out by doing when the target was first used. */
export interface Abilities {
  /** A write with `If-None-Match: *` is refused where something lies. */
  readonly onlyNew: boolean;
  /** The same for objects that are written in parts. */
  readonly onlyNewInParts: boolean;
  /** Copies within itself, only what has the ETag that was named, and over nothing that other writes would spare. */
  readonly copies: boolean;
  /** Takes and checks `x-amz-checksum-sha256`. */
  readonly sha256: boolean;
}

/** Which names a store takes for one, as a drive may (`Traits`). */
export type Folds = Pick<Traits, "foldsCase" | "foldsUnicode">;

export interface TargetJson extends Memory {
  readonly id: string;
  readonly createdAt: string;
  /** Of a drive; null when what was written cannot be read, absent before it was tried. */
  readonly traits?: Traits | null | undefined;
  /** As the system names it, and what it lies on; another one means that the traits must be found out again. */
  readonly drive?:
    | { readonly device: number; readonly type: number; readonly on?: string | undefined }
    | null
    | undefined;
  /** Of a store; as `traits`. */
  readonly can?: Abilities | null | undefined;
  /** Of a store; earlier versions never tried. */
  readonly folds?: Folds | null | undefined;
  /** Of a store of files, which has traits as drives do. */
  readonly files?: FileAbilities | null | undefined;
  /** Of a store: digest of the address where this was found out. A copy that lies elsewhere is tried anew. */
  readonly triedAt?: string | null | undefined;
}

/** What was found out of a drive or a store. */
export type FoundOut = Pick<TargetJson, "traits" | "drive" | "can" | "folds" | "files" | "triedAt">;

const traits = z.object({
  foldsCase: z.boolean(),
  foldsUnicode: z.boolean(),
  forbidden: z.string(),
  characters: z.enum(["ascii", "bmp", "unicode"]),
  trimsEnds: z.boolean(),
  longestName: z.object({ length: z.int().min(40), unit: z.enum(["bytes", "utf16"]) }),
  longestPath: z.int().min(0),
  links: z.boolean(),
  timeGranularity: z.number().positive(),
  earliestTime: z.iso.datetime(),
  largestFile: z.int().min(0),
});
const can = z.object({
  onlyNew: z.boolean(),
  onlyNewInParts: z.boolean(),
  copies: z.boolean(),
  sha256: z.boolean(),
});

const shape = z.object({
  id: z.string().min(1),
  createdAt: z.string(),
  ...MEMORY_SHAPE,
  traits: traits.nullish().catch(null),
  drive: z.object({ device: z.number(), type: z.number(), on: z.string().optional() }).nullish().catch(null),
  can: can.nullish().catch(null),
  folds: z.object({ foldsCase: z.boolean(), foldsUnicode: z.boolean() }).nullish().catch(null),
  files: z
    .object({ rename: z.enum(["spares", "overwrites", "refused"]), fsync: z.boolean(), times: z.boolean() })
    .nullish()
    .catch(null),
  triedAt: z.string().nullish().catch(null),
});

/** @throws SyntaxError or a ZodError where it says nothing usable */
export function parseTargetJson(text: string): TargetJson {
  return shape.parse(JSON.parse(text));
}

export function writtenTargetJson(marker: TargetJson): string {
  return `${JSON.stringify(marker, null, 2)}\n`;
}

/** Where a target.json is looked for. */
export interface MarkerPlace {
  /** Of the target, as it was typed. */
  readonly target: string;
  /** Of target.json, for messages. */
  readonly file: string;
  /** After the words that it is another target: why that may be. */
  readonly hint: string;
  /** Null where there is none. */
  read(): Promise<string | null>;
  /**
   * What tells this target by its lists, the same each time; null where no list names anything: then nothing shows that
   * this is a target.
   */
  seedOfLists(isUnreadable: boolean): Promise<string | Uint8Array | null>;
}

export interface FoundMarker {
  /** Null where there is none, and none is missed. */
  readonly marker: TargetJson | null;
  /** True where something lies in its place that says nothing usable. */
  readonly isUnreadable: boolean;
}

/**
 * What target.json says, after it was found to be the one expected; where it was lost, what the lists beside it say.
 * @throws HaulError `wrong-drive`; as `read` does
 */
export async function findMarker(
  place: MarkerPlace,
  { expectedId, warn }: Pick<OpenOptions, "expectedId" | "warn">,
): Promise<FoundMarker> {
  const read = await readMarker(place);
  const isUnreadable = read instanceof HaulError;
  const seed = read === null || isUnreadable ? await place.seedOfLists(isUnreadable) : null;
  if (seed !== null) {
    warn?.(`${place.file} was lost; the target is known by the lists beside it`);
    return { marker: lostMarker(seed, expectedId), isUnreadable };
  }
  if (isUnreadable) throw read;
  if (expectedId === undefined || read?.id === expectedId) return { marker: read, isUnreadable };
  const held = read === null ? "holds no photohaul target" : "holds another photohaul target";
  throw new HaulError("wrong-drive", `${place.target} ${held}${place.hint}`, { away: read === null });
}

async function readMarker(place: MarkerPlace): Promise<TargetJson | HaulError | null> {
  try {
    const text = await place.read();
    return text === null ? null : parseTargetJson(text);
  } catch (cause) {
    if (cause instanceof HaulError) throw cause;
    const says = `${place.file} cannot be read, and no list of photos lies beside it`;
    const hint =
      "Where photos were kept there, mount the drive that has them, or bring its folder .photohaul back from a copy. Where none were, delete that file. Then run the same line again.";
    return new HaulError("wrong-drive", says, { cause, hint });
  }
}

/** Where nobody remembers the id of the target, its lists give it one. */
function lostMarker(seed: string | Uint8Array, expectedId: string | undefined): TargetJson {
  const id = expectedId ?? `lost-${createHash("sha256").update(seed).digest("hex").slice(0, 32)}`;
  return { id, createdAt: new Date().toISOString(), ...NO_MEMORY, lost: true };
}

/** The marker that is to lie there now; the old one itself where it says all of that already. */
export function renewedMarker(old: TargetJson | null, found: FoundOut, options: OpenOptions): TargetJson {
  const marker = {
    id: old?.id ?? randomUUID(),
    createdAt: old?.createdAt ?? new Date().toISOString(),
    ...remembering(old ?? NO_MEMORY, options),
    ...found,
  };
  return old !== null && JSON.stringify(marker) === JSON.stringify(old) ? old : marker;
}
