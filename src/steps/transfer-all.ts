/**
 * Transfer all: every photo of the plan that the limits allow, to every target that lacks it, first turns before second
 * ones, and all of them committed. What ends the run ends the photos that are under way, too.
 */

import type { Catalogue, PlanPart } from "../catalogue/catalogue.ts";
import type { HaulError } from "../errors.ts";
import type { Limiter } from "../limiter.ts";
import { fitsNowhere, mergePlans, type Transfer } from "../photo/merge-plans.ts";
import type { Destination } from "../photo/target-set.ts";
import { giveUp } from "../photo/tell-copy.ts";
import { type TransferPorts, transfer } from "../photo/transfer.ts";
import { type Turn, Turns } from "../photo/turns.ts";

type Photo = Transfer<Destination>;

export type TransferAllPorts = TransferPorts & {
  readonly catalogue: Catalogue;
  readonly limiter: Limiter;
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
  const photos = withinLimits(mergePlans(catalogue, targetSet.destinations, part), limits, onLeft, fitsNowhere);
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

interface Taken<T> {
  readonly taken: AsyncIterable<T>;
  /** How many of the plan were not taken; call after the iteration. */
  leftOver(): number;
}

interface Sized {
  readonly object: { readonly size: number };
}

/**
 * Passes the plan on until a limit is reached, and counts the rest.
 * @param onLeft told of each photo that is not taken
 * @param isFree true for a photo that costs nothing: it is passed on whatever the limit, and counts for none
 */
function withinLimits<T extends Sized>(
  plan: AsyncIterable<readonly T[]>,
  limits: Limits,
  onLeft?: (photo: T) => void,
  isFree: (photo: T) => boolean = () => false,
): Taken<T> {
  let left = 0;
  async function* taken() {
    const { spent = { photos: 0, bytes: 0 } } = limits;
    let open = true;
    for await (const chunk of plan) {
      for (const photo of chunk) {
        if (isFree(photo)) {
          yield photo;
          continue;
        }
        open &&= allows(limits, spent.photos, spent.bytes, photo.object.size);
        if (!open) {
          left += 1;
          onLeft?.(photo);
          continue;
        }
        spent.photos += 1;
        spent.bytes += photo.object.size;
        yield photo;
      }
    }
  }
  return { taken: taken(), leftOver: () => left };
}

function allows(limits: Limits, photos: number, bytes: number, next: number): boolean {
  if (limits.limit !== null && photos >= limits.limit) return false;
  if (limits.bytes !== null && photos > 0 && bytes + next > limits.bytes) return false;
  return limits.until === null || limits.now() < limits.until;
}
