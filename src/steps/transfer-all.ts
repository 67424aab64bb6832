/**
 * Transfer all: every photo of the plan that the limits allow, to every target that lacks it, first turns before second
 * ones, and all of them committed. What ends the run ends the photos that are under way, too.
 */

import type { Catalogue, PlanPart } from "../catalogue/catalogue.ts";
import type { Limiter } from "../limiter.ts";
import { ByHand, type Single } from "../photo/by-hand.ts";
import { answeredBefore, type Hands } from "../photo/hands.ts";
import { fitsNowhere, mergePlans, type Transfer } from "../photo/merge-plans.ts";
import type { Destination } from "../photo/target-set.ts";
import { giveUp } from "../photo/tell-copy.ts";
import { type TransferPorts, transfer } from "../photo/transfer.ts";
import { type Turn, Turns } from "../photo/turns.ts";

type Photo = Transfer<Destination>;

export type TransferAllPorts = TransferPorts & {
  readonly catalogue: Catalogue;
  readonly limiter: Limiter;
  readonly hands?: Pick<Hands, "for" | "threadFor" | "heed">;
  readonly signal: AbortSignal;
};

/**
 * @param onLeft told of each photo that a limit leaves for the next run
 * @param part of the plan; all that an archive does not hold, where absent
 * @returns how many these are
 * @throws HaulError that ended the run
 */
export async function transferAll(
  ports: TransferAllPorts,
  limits: Limits,
  onLeft?: (photo: Photo) => void,
  part?: PlanPart,
): Promise<number> {
  const { catalogue, targetSet, limiter, signal } = ports;
  const within = withinLimits(limits, onLeft);
  const turns = new Turns<Single>(limits.now);
  const onProof: TransferAllPorts["onProof"] = (proof) => {
    turns.came();
    ports.onProof(proof);
  };
  const byHand = new ByHand({ ...ports, onProof });
  const singles = byHand.singles(mergePlans(catalogue, targetSet.destinations, part), within.admits);
  const work = async (turn: Turn<Single>, inner: AbortSignal) => {
    try {
      await turns.take(turn, () => takeTurn(turn, turns, limits, { ...ports, onProof, signal: inner }));
    } catch (error) {
      byHand.stop();
      throw error;
    }
  };
  await limiter.each(turns.all(singles, signal), work, signal);
  await targetSet.flush();
  return within.leftOver();
}

async function takeTurn(
  { item, failed }: Turn<Single>,
  turns: Turns<Single>,
  { until, now }: Limits,
  ports: TransferAllPorts,
): Promise<void> {
  const { photo, before } = item;
  if (failed === null) {
    const { hands } = ports;
    const answering = before === null || hands === undefined ? {} : { hands: answeredBefore(before, hands) };
    return transfer(photo, { ...ports, ...answering, failed, waits: (error) => turns.waits(item, error) });
  }
  // Nothing begins after the time of the run, and it did fail.
  if (until !== null && now() >= until) return giveUp(photo, failed, ports);
  return transfer(photo, { ...ports, failed });
}

/** The part of the plan that this run may take (`--limit`, `--max-transfer`, `--max-duration`). */
export interface Limits {
  /** Photos; null for all. */
  readonly limit: number | null;
  /** Bytes; null for no bound. The photo that would go beyond is not begun, unless it is the first. */
  readonly bytes: number | null;
  /** When to stop beginning photos, in milliseconds since the epoch; null for never. */
  readonly until: number | null;
  readonly now: () => number;
  /** What was taken before, where a run takes its plan in several parts. */
  readonly spent?: { photos: number; bytes: number };
}

interface Within {
  /** Asked of each photo of the plan, in its order: false for one that is left for the next run. */
  readonly admits: (photo: Photo) => boolean;
  /** How many were not admitted. */
  leftOver(): number;
}

/** Those that fit nowhere cost nothing: they are admitted whatever the limit, and count for none. */
function withinLimits(limits: Limits, onLeft?: (photo: Photo) => void): Within {
  const { spent = { photos: 0, bytes: 0 } } = limits;
  let left = 0;
  let open = true;
  const admits = (photo: Photo): boolean => {
    if (fitsNowhere(photo)) return true;
    const { size } = photo.object;
    open &&= allows(limits, spent.photos, spent.bytes, size);
    if (open) {
      spent.photos += 1;
      spent.bytes += size;
    } else {
      left += 1;
      onLeft?.(photo);
    }
    return open;
  };
  return { admits, leftOver: () => left };
}

function allows(limits: Limits, photos: number, bytes: number, next: number): boolean {
  if (limits.limit !== null && photos >= limits.limit) return false;
  if (limits.bytes !== null && photos > 0 && bytes + next > limits.bytes) return false;
  return limits.until === null || limits.now() < limits.until;
}
