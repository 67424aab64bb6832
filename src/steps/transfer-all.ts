/**
 * Transfer all: every photo of the plan that the limits allow, to every target that lacks it, first turns before second
 * ones, and all of them committed. What ends the run ends the photos that are under way, too.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { HaulError } from "../errors.ts";
import type { Limiter } from "../limiter.ts";
import { fitsNowhere, mergePlans, type Transfer } from "../photo/merge-plans.ts";
import type { Destination } from "../photo/target-set.ts";
import { giveUp } from "../photo/tell-copy.ts";
import { type TransferPorts, transfer } from "../photo/transfer.ts";
import { type Turn, Turns } from "../photo/turns.ts";
import { type Limits, withinLimits } from "./limit.ts";

type Photo = Transfer<Destination>;

export type TransferAllPorts = TransferPorts & {
  readonly catalogue: Catalogue;
  readonly limiter: Limiter;
  readonly signal: AbortSignal;
};

/**
 * @param onLeft told of each photo that a limit leaves for the next run
 * @returns how many these are
 * @throws HaulError that ended the run
 */
export async function transferAll(
  ports: TransferAllPorts,
  limits: Limits,
  onLeft?: (photo: Photo) => void,
): Promise<number> {
  const { catalogue, targetSet, limiter, signal } = ports;
  const photos = withinLimits(mergePlans(catalogue, targetSet.destinations), limits, onLeft, fitsNowhere);
  const turns = new Turns<Photo>(limits.now);
  const work = (turn: Turn<Photo>, inner: AbortSignal) =>
    turns.take(turn, () => takeTurn(turn, turns, limits, { ...ports, signal: inner }));
  await limiter.each(turns.all(photos.taken, signal), work, signal);
  await targetSet.flush();
  return photos.leftOver();
}

async function takeTurn(
  { item, failed }: Turn<Photo>,
  turns: Turns<Photo>,
  { until, now }: Limits,
  ports: TransferAllPorts,
): Promise<void> {
  // Nothing begins after the time of the run, and it did fail.
  if (failed !== null && until !== null && now() >= until) return giveUp(item, failed, ports);
  const first = failed === null;
  return transfer(item, {
    ...ports,
    failed,
    onProof: (proof) => {
      turns.came();
      ports.onProof(proof);
    },
    ...(first ? { waits: (error: HaulError) => turns.waits(item, error) } : {}),
  });
}
