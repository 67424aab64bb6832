/** Lets the targets of a run be taken over; one that cannot be delays only itself. */

import { HaulError } from "../errors.ts";
import { type AdoptPorts, adopt, mayTakeOver } from "../photo/adopt.ts";
import { isTargetTrouble } from "../photo/target-set.ts";
import type { Target } from "../targets/target.ts";

/** A target that takes no part in the run, and why. */
export interface Absent {
  readonly name: string;
  readonly trouble: HaulError;
  /** True where it may be elsewhere (`--optional`), and is. */
  readonly away?: boolean;
}

export interface Imported {
  /** The targets that could not be looked at. */
  readonly absent: readonly Absent[];
  /** Names of those whose lists did not agree with one another. */
  readonly disagreed: readonly string[];
}

/** @throws HaulError `no-target` where `insisted` and nothing could be taken over; what ends the run */
export async function importManifests(targets: readonly Target[], ports: AdoptPorts): Promise<Imported> {
  const absent: Absent[] = [];
  const disagreed: string[] = [];
  let photos = 0;
  for (const target of targets) {
    const { name } = target;
    try {
      const taken = await adopt(target, ports);
      photos += taken.photos;
      if (taken.disagreed) disagreed.push(name);
    } catch (trouble) {
      if (!isTargetTrouble(trouble)) throw trouble;
      absent.push({ name, trouble });
      const message = `${trouble.message}. ${name} takes no part in this run and catches up in the next one`;
      ports.emit({ type: "warning", code: "target-lost", message });
    }
  }
  const [first] = absent;
  if (first !== undefined && absent.length === targets.length) throw first.trouble;
  if (ports.insisted && photos === 0 && disagreed.length === 0) throw nothingToTake(targets, ports);
  return { absent, disagreed };
}

/**
 * For `--adopt`, before anything is written or remembered. A target that cannot be looked at is told when it is opened.
 * @throws HaulError `no-target` where none of them holds a photo of the source
 */
export async function mustHoldSome(targets: readonly Target[], ports: AdoptPorts): Promise<void> {
  for (const target of targets) {
    const may = await mayTakeOver(target, ports).catch((trouble: unknown) => {
      if (!isTargetTrouble(trouble)) throw trouble;
      return true;
    });
    if (may) return;
  }
  throw nothingToTake(targets, ports);
}

function nothingToTake(targets: readonly Target[], { source }: AdoptPorts): HaulError {
  const names = targets.map(({ name }) => name).join(" and ");
  const says = `--adopt: ${names} holds no photo of ${source} that could be taken over. Without --adopt all of them are fetched`;
  return new HaulError("no-target", says);
}
