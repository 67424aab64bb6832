/**
 * Which copy of a target is this? A drive that is cloned has the id of the other one in its target.json, so a target is
 * told apart by that id together with what it lies on and what its lists hold:
 *
 *   it lies where a known copy lies, or is named as that was, or goes on where its lists ended     that copy
 *   that one is seen somewhere else at this moment, or this is another file system or store        another copy
 *
 * A folder that was moved, or copied into the place of the first, is that copy still, and is looked through once.
 * One drive at two paths is one copy, two clones are two. Where nobody can tell them apart, as two images of one drive
 * at one place, they count as one; only what the lists at hand name counts as kept there all the same.
 */

import { readFile, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { type Catalogue, COPY_SETTING, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { type CopyRecord, idIn, type Location, parseCopy } from "../catalogue/target-memory.ts";
import { placeOfFolder, relationOf } from "../local/folder-place.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { MARK_SETTING } from "../photo/adopt.ts";
import type { Target } from "../targets/target.ts";

/** The settings that name folders as the system knows them; their values are the copies there. */
export const PLACE_SETTING = "place ";

/** The id in target.json of a copy. */
export function markerOf(copy: string): string {
  return copy.replace(/\+\d+$/, "");
}

type Settings = Pick<Catalogue, "settings">;
type Found = Pick<Target, "id" | "name" | "location" | "lists">;

/**
 * @param names the settings under which this place is remembered
 * @returns the copy, as the catalogue knows it; a new name for one that it does not know
 */
export async function copyOf(
  target: Found,
  names: readonly string[],
  catalogue: Settings,
  signal: AbortSignal,
): Promise<string> {
  const marker = target.id;
  if (marker === "") return "";
  const known = await copiesOf(marker, catalogue);
  const here = await Promise.all(names.map((name) => catalogue.settings.get(name)));
  let best: { copy: string; score: number } | null = null;
  for (const copy of known) {
    const named = here.includes(copy);
    const mark = (await catalogue.settings.get(MARK_SETTING + copy)) || null;
    const follows = mark !== null && (await target.lists.follows(mark, signal));
    const record = await recordOf(copy, catalogue);
    const same = record !== null && isSameLocation(record.location, target.location);
    if (!(named || follows || same)) continue;
    if (!named && record !== null && liesElsewhere(record.location, target.location)) continue;
    if (named && record !== null && isAnotherDrive(record.location, target.location)) continue;
    if (await isSeenElsewhere(copy, record, target, catalogue)) continue;
    const score = Number(follows) * 4 + Number(named) * 2 + Number(same);
    if (best === null || score > best.score) best = { copy, score };
  }
  return best?.copy ?? newCopy(marker, known);
}

/** Remembers where a copy was found. */
export async function rememberCopy(target: Found, name: string, catalogue: Settings): Promise<void> {
  const root = await rootOf(name);
  const record: CopyRecord = { name, root, location: target.location };
  await catalogue.settings.set(COPY_SETTING + target.id, JSON.stringify(record));
}

/**
 * True where what lies here is not the folder that was seen last, or not where it was, though its lists may be the same to
 * a byte: it was copied, moved, or brought back from a backup, and not all of it need have come along.
 */
export async function wasMoved(target: Found, catalogue: Settings): Promise<boolean> {
  const then = (await recordOf(target.id, catalogue))?.location;
  const now = target.location;
  if (then === undefined || then.holder.startsWith("store:")) return false;
  const isBornAnew = then.born !== undefined && now.born !== undefined && then.born !== now.born;
  return isBornAnew || then.within !== now.within;
}

/** All copies of a target that the catalogue knows, by whatever it knows of them. */
async function copiesOf(marker: string, catalogue: Settings): Promise<string[]> {
  const known = new Set<string>();
  for (const beginning of [MARK_SETTING, COPY_SETTING]) {
    for (const { name } of await catalogue.settings.beginning(beginning + marker))
      known.add(name.slice(beginning.length));
  }
  for (const beginning of [TARGET_SETTING, PLACE_SETTING]) {
    for (const { value } of await catalogue.settings.beginning(beginning)) known.add(value);
  }
  return [...known].filter((copy) => markerOf(copy) === marker);
}

function newCopy(marker: string, known: readonly string[]): string {
  if (known.length === 0) return marker;
  for (let number = 2; ; number += 1) {
    if (!known.includes(`${marker}+${number}`)) return `${marker}+${number}`;
  }
}

async function recordOf(copy: string, catalogue: Settings): Promise<CopyRecord | null> {
  return parseCopy(await catalogue.settings.get(COPY_SETTING + copy));
}

function isSameLocation(a: Location, b: Location): boolean {
  return a.holder === b.holder && a.within === b.within;
}

/** A bucket does not move, and a file system keeps its UUID. */
function liesElsewhere(a: Location, b: Location): boolean {
  const store = a.holder.startsWith("store:") && !isSameLocation(a, b);
  return store || isAnotherDrive(a, b);
}

function isAnotherDrive(a: Location, b: Location): boolean {
  const uuids = [a, b].every(({ holder }) => holder.startsWith("uuid:"));
  return uuids && a.holder !== b.holder;
}

/** True where the copy lies at another of its places at this very moment. */
async function isSeenElsewhere(
  copy: string,
  record: CopyRecord | null,
  target: Found,
  catalogue: Settings,
): Promise<boolean> {
  if (target.location.holder.startsWith("store:")) return false;
  const roots = new Set(record === null ? [] : [record.root]);
  for (const beginning of [TARGET_SETTING, PLACE_SETTING]) {
    for (const { name, value } of await catalogue.settings.beginning(beginning))
      if (value === copy) roots.add(name.slice(beginning.length));
  }
  const here = await placeOfFolder(target.name);
  for (const root of roots) {
    if (!isAbsolute(root)) continue;
    const marker = await readFile(join(root, OWN_FOLDER, "target.json"), "utf8").catch(() => "");
    if (idIn(marker) !== target.id) continue;
    if (relationOf(await placeOfFolder(root), here) !== "same") return true;
  }
  return false;
}

async function rootOf(name: string): Promise<string> {
  return isAbsolute(name) ? realpath(name).catch(() => name) : name;
}
