/** The targets of a run: opened, and taken over where the catalogue does not know what they hold. */

import { createNamer, type Namer } from "../photo/namer.ts";
import type { RunState } from "../run/state.ts";
import type { TargetOptions } from "../targets/all.ts";
import type { Target } from "../targets/target.ts";
import { importManifests } from "./import-manifests.ts";
import { type Opening, openTargets } from "./open-targets.ts";
import { rememberZone } from "./survey-setup.ts";
import { openListing } from "./target-options.ts";

export interface Gathered {
  /** The zone of photos that carry none. */
  readonly zone: string;
  /** Opens them for writing, once; a dry run leaves them as they are. To be called when the source has shown its first keys. */
  readonly claim: () => Promise<void>;
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
  readonly state: RunState;
}

/**
 * Looks at the targets, which stay as they are until they are claimed: a run that never listed anything leaves no trace
 * on them. The state says who takes part and who does not, and closes them. @throws HaulError as opening does
 */
export async function gatherTargets(
  names: readonly string[],
  reach: (name: string) => TargetOptions,
  gathering: Gathering,
): Promise<Gathered> {
  const { catalogue, state, insisted: known, remembers } = gathering;
  const looking = (name: string) => ({ ...reach(name), readOnly: true });
  const seen = await openTargets(names, looking, { ...gathering, known });
  const { zone } = seen;
  let open = seen.targets;
  state.opened.defer(() => closeAll(open));
  state.targets = open;
  state.absent = seen.absent;
  let places: readonly Place[] = [];
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
      await rememberZone(catalogue, zone.name);
    }
    places = open.map((target) => ({ target, namer: createNamer(catalogue, target) }));
  };
  let claimed: Promise<void> | null = null;
  const claim = () => (claimed ??= claiming());
  const takeOver = async () => {
    await claim();
    const files = (name: string) => openListing(name, reach(name).s3 ?? {});
    const ports = { ...gathering, mends: remembers };
    const { absent: lost, disagreed } = await importManifests(open, files, ports);
    state.absent = [...state.absent, ...lost];
    state.disagreed = disagreed;
    places = places.filter(({ target }) => lost.every(({ name }) => name !== target.name));
    state.targets = places.map(({ target }) => target);
    return places;
  };
  return { zone: zone.name, claim, takeOver, places: () => places };
}

function withoutSample({ sample: _sample, ...options }: TargetOptions): TargetOptions {
  return options;
}

async function closeAll(targets: readonly Target[]): Promise<void> {
  for (const target of targets) await target.close();
}
