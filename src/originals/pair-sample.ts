/**
 * Chooses, of the renditions of each family, those whose pictures are compared: the same ones on every run, spread over
 * the bucket and over its folders, some of them neighbours by key, and for families of the same photos the same photos.
 * Takes a listing in key order; bounded however long it is. Pure.
 */

import { keyHash } from "../key.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import type { CataloguedObject } from "../model.ts";
import { PAIRS, unitOf } from "./family-proof.ts";

/** A chosen rendition; `order` is that of its photo among all photos, neighbours have the same. */
export interface Chosen {
  readonly object: CataloguedObject;
  readonly order: number;
}

export interface FamilySample {
  /** Keys of the family that were offered. */
  readonly keys: number;
  readonly bytes: number;
  /** Pictures among them: only those can be compared. */
  readonly pictures: number;
  /** More than are compared, as not all have an original that can be; in the order in which to take them. */
  readonly chosen: readonly Chosen[];
}

/** Kept of a family by the order of their photos, and one of each of so many folders. */
const SPREAD = 120;
const FOLDERS = 120;
/** Families of which a sample is kept; what is beyond that is not proven. */
const FAMILIES = 60;

interface Offered extends Chosen {
  /** The picture before it in key order, where that is of the same family. */
  readonly neighbour: CataloguedObject | null;
}

interface FamilyCounts {
  keys: number;
  bytes: number;
  pictures: number;
  last: CataloguedObject | null;
  spread: Offered[];
  readonly folders: Map<string, { readonly order: number; candidate: Offered }>;
}

export class PairSample {
  readonly #families = new Map<string, FamilyCounts>();

  /** To be called in key order, with renditions only. */
  add(object: CataloguedObject): void {
    const unit = unitOf(object.family);
    const family = this.#families.get(unit) ?? this.#begin(unit);
    if (family === null) return;
    family.keys += 1;
    family.bytes += object.size;
    const kind = fileKindOf(object.key);
    if (object.stem === null || kind === "video" || kind === "raw") return;
    family.pictures += 1;
    const order = keyHash(object.stem);
    const candidate = { object, order, neighbour: family.last };
    family.last = object;
    family.spread.push(candidate);
    if (family.spread.length > 4 * SPREAD) family.spread = first(family.spread, SPREAD);
    addToFolder(family, candidate);
  }

  #begin(unit: string): FamilyCounts | null {
    if (this.#families.size >= FAMILIES) return null;
    const family: FamilyCounts = {
      keys: 0,
      bytes: 0,
      pictures: 0,
      last: null,
      spread: [],
      folders: new Map(),
    };
    this.#families.set(unit, family);
    return family;
  }

  /** By unit. */
  get samples(): ReadonlyMap<string, FamilySample> {
    return new Map([...this.#families].map(([unit, family]) => [unit, sampleOf(family)]));
  }
}

/** The folder of a key, and the family's own name: where a family of another kind would hide. */
function addToFolder({ folders }: FamilyCounts, candidate: Offered): void {
  const { key, family } = candidate.object;
  const folder = `${family} ${key.slice(0, key.lastIndexOf("/") + 1)}`;
  const known = folders.get(folder);
  if (known !== undefined) {
    if (candidate.order < known.candidate.order) known.candidate = candidate;
    return;
  }
  folders.set(folder, { order: keyHash(folder), candidate });
  if (folders.size <= 4 * FOLDERS) return;
  const kept = [...folders].sort(([, a], [, b]) => a.order - b.order).slice(0, FOLDERS);
  folders.clear();
  for (const [name, one] of kept) folders.set(name, one);
}

function first(candidates: readonly Offered[], count: number): Offered[] {
  return candidates.toSorted((a, b) => a.order - b.order).slice(0, count);
}

/** All of a small family; else one by its order, one of a folder, in turn, each followed by its neighbour now and then. */
function sampleOf(family: FamilyCounts): FamilySample {
  const { keys, bytes, pictures } = family;
  const spread = first(family.spread, pictures < PAIRS ? PAIRS : SPREAD);
  const folders = [...family.folders.values()]
    .sort((a, b) => a.order - b.order)
    .slice(0, FOLDERS)
    .map(({ candidate }) => candidate);
  const chosen = new Map<string, Chosen>();
  const take = (object: CataloguedObject, order: number) => {
    if (!chosen.has(object.key)) chosen.set(object.key, { object, order });
  };
  for (let at = 0; at < Math.max(spread.length, folders.length); at += 1) {
    for (const candidate of [spread[at], folders[at]]) {
      if (candidate === undefined) continue;
      take(candidate.object, candidate.order);
      if (at % 2 === 0 && candidate.neighbour !== null) take(candidate.neighbour, candidate.order);
    }
  }
  return { keys, bytes, pictures, chosen: [...chosen.values()] };
}
