/** The targets of a run: opened, and taken over where the catalogue does not know what they hold. */

import { createNamer, type Namer } from "../steps/name.ts";
import type { TargetOptions } from "../targets/all.ts";
import type { Target } from "../targets/target.ts";
import { type Opening, openTargets } from "./open-targets.ts";
import type { Account } from "./story.ts";
import { rememberZone } from "./survey-setup.ts";
import { takeOverAll } from "./taking-over.ts";
import { openListing } from "./target-options.ts";

export interface Gathered {
  /** The zone of photos that carry none. */
  readonly zone: string;
  readonly takeOver: () => Promise<readonly Place[]>;
  /** Those that still take part. */
  readonly places: () => readonly Place[];
}

interface Place {
  readonly target: Target;
  readonly namer: Namer;
}

export interface Gathering extends Omit<Opening, "known"> {
  /** True for `--adopt`. */
  readonly insisted: boolean;
  /** False for a dry run, after which a zone that nobody chose is open as before. */
  readonly remembers: boolean;
  readonly account: Account;
  readonly signal: AbortSignal;
}

/** The account says who takes part and who does not, and closes the targets. @throws HaulError as opening does */
export async function gatherTargets(
  names: readonly string[],
  reach: (name: string) => TargetOptions,
  gathering: Gathering,
): Promise<Gathered> {
  const { catalogue, account, insisted } = gathering;
  const { targets, absent, zone } = await openTargets(names, reach, {
    ...gathering,
    known: insisted,
  });
  account.closers.push(...targets.map((target) => () => target.close()));
  account.targets = targets;
  account.absent = absent;
  if (gathering.remembers) await rememberZone(catalogue, zone.name);
  let places = targets.map((target) => ({ target, namer: createNamer(catalogue, target) }));
  const takeOver = async () => {
    const files = (name: string) => openListing(name, reach(name).s3 ?? {});
    const ports = { ...gathering, mends: gathering.remembers };
    const { absent: lost, disagreed } = await takeOverAll(targets, files, ports);
    account.absent = [...account.absent, ...lost];
    account.disagreed = disagreed;
    places = places.filter(({ target }) => lost.every(({ name }) => name !== target.name));
    account.targets = places.map(({ target }) => target);
    return places;
  };
  return { zone: zone.name, takeOver, places: () => places };
}
