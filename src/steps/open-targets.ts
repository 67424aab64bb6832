/**
 * The targets of a run: opened, and taken over where the catalogue does not know what they hold. One that cannot be opened
 * delays only itself.
 */

import { realpath, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { type Catalogue, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { type Zone, zoneFor } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { MARK_SETTING } from "../photo/adopt.ts";
import { rememberZone, tellGuess } from "../photo/computer-zone.ts";
import { createNamer, type Namer } from "../photo/namer.ts";
import { isTargetTrouble } from "../photo/target-set.ts";
import { spelledOut } from "../stores/all.ts";
import { openIfKept, openTarget, type TargetOptions } from "../targets/all.ts";
import { isInStore, isRemote, mustLieApart } from "../targets/apart.ts";
import type { Target } from "../targets/target.ts";
import { type Absent, importManifests, mustHoldSome } from "./import-manifests.ts";
import { copyOf, markerOf, PLACE_SETTING, rememberCopy, wasMoved } from "./target-copies.ts";

export interface OpenTargets {
  /** At least one, in the order they were typed. */
  readonly targets: readonly Target[];
  readonly absent: readonly Absent[];
  /** The zone of photos that carry none: as chosen, or as the first target remembers it. */
  readonly zone: Zone;
}

export interface Opening {
  readonly catalogue: Catalogue;
  /** As targets remember it. */
  readonly source: string;
  readonly zone: Zone;
  /** True where each must have been used before (`--adopt`): nothing is made at a mount point without its drive. */
  readonly known: boolean;
  /** True to take whatever lies in the place of a target that was used before (`--new-drive`). */
  readonly newDrive: boolean;
  /** Targets that may be elsewhere, as `spelled` has them. */
  readonly optional: ReadonlySet<string>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @throws what ended the opening of the first target where none can be opened, and what is not a target's trouble */
export async function openTargets(
  names: readonly string[],
  optionsOf: (name: string) => TargetOptions,
  opening: Opening,
): Promise<OpenTargets> {
  const { source, emit } = opening;
  let { zone } = opening;
  if (new Set(names.map(spelled)).size < names.length) {
    throw new HaulError("usage", "a target is named twice");
  }
  const targets: Target[] = [];
  const absent: Absent[] = [];
  try {
    for (const name of names) {
      const options = { ...optionsOf(name), source, zone };
      const target = await openExpected(name, options, opening).catch((error: unknown) => {
        // A request that broke is that target's trouble as well, as long as nothing was asked of the source.
        if (!isTargetTrouble(error) && !isOfOneRequest(error)) throw error;
        absent.push({ name, trouble: error, away: opening.optional.has(spelled(name)) && isAway(error) });
        return null;
      });
      if (target === null) continue;
      targets.push(target);
      await mustBeOnce(targets, opening.signal);
      zone = zoneFor(target.memory, source, zone);
    }
    const [first] = absent;
    if (first !== undefined && targets.length === 0) throw first.trouble;
  } catch (error) {
    for (const target of targets) await target.close();
    throw error;
  }
  for (const { name, trouble, away } of absent) {
    const message = `${trouble.message}. ${name} takes no part in this run and catches up`;
    if (away) emit({ type: "warning", code: "away", message: `${message} when it is back` });
    else emit({ type: "warning", code: "target-lost", message: `${message} in the next one` });
  }
  return { targets, absent, zone };
}

/** What is there and cannot be used (a file in its place, lists that are none, keys that nobody takes) is trouble. */
function isAway(error: HaulError): boolean {
  return error.away || !error.endsRun;
}

function isOfOneRequest(error: unknown): error is HaulError {
  return error instanceof HaulError && !error.endsRun;
}

/**
 * A bucket behind two names has one marker; that of a copy has another time, and names the place. Of two new folders only what
 * was made tells that their names fold. @throws HaulError `usage`
 */
async function mustBeOnce(targets: readonly Target[], signal: AbortSignal): Promise<void> {
  const last = targets.at(-1);
  if (last === undefined || last.id === "") return;
  for (const one of targets.slice(0, -1)) {
    if (isInStore(one.name) !== isInStore(last.name) || markerOf(one.id) !== markerOf(last.id)) continue;
    if (!isInStore(one.name)) {
      await mustLieApart({ name: one.name, role: "target" }, [{ name: last.name, role: "target" }]);
      continue;
    }
    const [first, second] = [await one.markerTag?.(signal), await last.markerTag?.(signal)];
    if (first && second && first !== second) continue;
    const says = `a target is named twice: ${one.name} and ${last.name} are one place, or one is a copy of the other with its .photohaul`;
    throw new HaulError("usage", says);
  }
}

/**
 * A folder is known by its whole path: `usb/` in `/media` is the `/media/usb` of yesterday, so its drive is
 * expected there, and `usb` in another folder is another target.
 */
export function spelled(name: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(name) ? spelledOut(name) : resolve(name);
}

/** The folder itself, through whatever links it was named: its drive is missed also by another of its names. */
async function placeOf(name: string): Promise<string> {
  const path = spelled(name);
  if (path === name && !isAbsolute(name)) return name;
  return realpath(path).catch(() => path);
}

/** The drive must be the one that was used before, where photos were kept on one. */
async function openExpected(
  name: string,
  options: TargetOptions,
  { catalogue, known, newDrive, optional, signal }: Opening,
): Promise<Target> {
  const names = [TARGET_SETTING + spelled(name), PLACE_SETTING + (await placeOf(name))];
  const remembered = await Promise.all(names.map((setting) => catalogue.settings.get(setting)));
  const copy = remembered.find((id) => id !== null) ?? null;
  const bound = copy !== null && !newDrive && (await isBound(copy, catalogue));
  const expectedId = bound ? markerOf(copy) : undefined;
  if (known) await mustBeKnown(name, options);
  if (optional.has(spelled(name)) && !isRemote(name)) await mustBeThere(spelled(name));
  const target = await openTarget(name, { ...options, expectedId });
  try {
    target.knownAs(await copyOf(target, names, catalogue, signal));
    if (options.readOnly === true) return target;
    for (const setting of names) await catalogue.settings.set(setting, target.id);
    // Nothing counts as kept there before it was seen to lie there.
    if (await wasMoved(target, catalogue)) await catalogue.settings.set(MARK_SETTING + target.id, "");
    await rememberCopy(target, spelled(name), catalogue);
    return target;
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** A drive that may be away has no folder made at its mount point, which is on another drive then. */
async function mustBeThere(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) !== null) return;
  throw new HaulError("no-target", `${path} is not there`, { place: "folder", away: true });
}

/** A target on which nothing was ever kept is bound to no place. An empty mark is one that is being taken over anew. */
async function isBound(copy: string, catalogue: Catalogue): Promise<boolean> {
  if (await catalogue.kept(copy).any()) return true;
  return (await catalogue.settings.get(MARK_SETTING + copy)) === "";
}

async function mustBeKnown(name: string, options: TargetOptions): Promise<void> {
  const target = await openIfKept(name, options);
  if (target !== null) return target.close();
  const says = `--adopt: ${name} holds no photos that photohaul kept there. Without --adopt everything is fetched`;
  throw new HaulError("no-target", says);
}

/** What a run knows of its targets; filled in here. */
interface TakingPart {
  targets: readonly { readonly name: string; readonly id: string }[];
  absent: readonly Absent[];
  disagreed: readonly string[];
  readonly opened: AsyncDisposableStack;
}

export interface OpenedTargets {
  /** The zone of photos that carry none. */
  readonly dating: { readonly zone: string; readonly zoneGuessed: boolean };
  /** Opens them for writing, once; a dry run leaves them as they are. To be called when the source has shown its first keys. */
  readonly claim: () => Promise<void>;
  readonly takeOver: () => Promise<readonly OpenedPlace[]>;
  /** Those that still take part. */
  readonly places: () => readonly OpenedPlace[];
}

interface OpenedPlace {
  readonly target: Target;
  readonly namer: Namer;
}

export interface Gathering extends Omit<Opening, "known"> {
  /** True for `--adopt`. */
  readonly insisted: boolean;
  /** False for a dry run, after which a zone that nobody chose is open as before. */
  readonly remembers: boolean;
  readonly state: TakingPart;
}

/**
 * Looks at the targets, which stay as they are until they are claimed: a run that never listed anything leaves no trace
 * on them. The state says who takes part and who does not, and closes them. @throws HaulError as opening does
 */
export async function gatherTargets(
  names: readonly string[],
  reach: (name: string) => TargetOptions,
  gathering: Gathering,
): Promise<OpenedTargets> {
  const { catalogue, state, insisted: known, remembers } = gathering;
  const looking = (name: string) => ({ ...reach(name), readOnly: true });
  const { zone, ...seen } = await openTargets(names, looking, { ...gathering, known });
  const dating = datingBy(zone, gathering.emit);
  let open = seen.targets;
  state.opened.defer(() => closeAll(open));
  state.targets = open;
  state.absent = seen.absent;
  let places: readonly OpenedPlace[] = [];
  const claiming = async () => {
    if (remembers) {
      await closeAll(open);
      open = [];
      // Whether a target is the source itself was found out before.
      const writing = (name: string) => withoutSample(reach(name));
      const opened = await openTargets(
        seen.targets.map(({ name }) => name),
        writing,
        { ...gathering, zone, known: false },
      );
      open = opened.targets;
      state.targets = open;
      state.absent = [...state.absent, ...opened.absent];
      await rememberZone(catalogue, zone);
    }
    places = open.map((target) => ({ target, namer: createNamer(catalogue, target) }));
  };
  let claimed: Promise<void> | null = null;
  const claim = () => (claimed ??= claiming());
  const onLying = knowing(() => places);
  const ports = { ...gathering, mends: remembers, onLying };
  const takeOver = async () => {
    if (known) await mustHoldSome(open, ports);
    await claim();
    if (!remembers) await tellMoved(open, gathering);
    const { absent: lost, disagreed } = await importManifests(open, ports);
    state.absent = [...state.absent, ...lost];
    state.disagreed = disagreed;
    places = places.filter(({ target }) => lost.every(({ name }) => name !== target.name));
    state.targets = places.map(({ target }) => target);
    return places;
  };
  // What somebody insists on is claimed when it was seen to hold photos of this source.
  const onFirst = known ? async () => undefined : claim;
  return { dating, claim: onFirst, takeOver, places: () => places };
}

function datingBy(zone: Zone, emit: Emit): OpenedTargets["dating"] {
  tellGuess(zone, emit);
  return { zone: zone.name, zoneGuessed: zone.doubt !== undefined };
}

/** Enters where bytes lie whose object nobody knows. */
function knowing(places: () => readonly OpenedPlace[]) {
  return (name: string, { path, sha256 }: { readonly path: string; readonly sha256: string }) => {
    const lying = places().find(({ target }) => target.name === name)?.namer.lying;
    lying?.set(sha256, [...new Set([...(lying.get(sha256) ?? []), path])]);
  };
}

/** A dry run believes what is remembered, and so says where the run will not. */
async function tellMoved(targets: readonly Target[], { catalogue, emit }: Gathering): Promise<void> {
  for (const target of targets) {
    if (target.id === "" || !(await wasMoved(target, catalogue))) continue;
    const message = `${target.name} was moved or copied since it was last written to: the same line without --dry-run looks whether all photos came along, and fetches what did not. That is not counted here`;
    emit({ type: "warning", code: "adopting", message });
  }
}

function withoutSample({ sample: _sample, ...options }: TargetOptions): TargetOptions {
  return options;
}

async function closeAll(targets: readonly Target[]): Promise<void> {
  for (const target of targets) await target.close();
}
