/**
 * Fleet: the targets of a run. One that is gone, full or read-only is left out from then on and catches up in
 * the next run; the run ends only when none is left.
 */

import type { Settings } from "../catalogue/catalogue.ts";
import { type ErrorCode, HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { totalOf } from "../report/archive-forecast.ts";
import { bytes as inWords } from "../report/units.ts";
import type { Target } from "../targets/target.ts";
import { rememberMark } from "./adopt.ts";
import { type BatchLimits, Committer, type KeptWriter } from "./commit.ts";
import type { Place, Transfer } from "./merge-plans.ts";
import type { Namer } from "./namer.ts";
import { createOutcomes, type Outcomes } from "./outcomes.ts";
import type { Plan } from "./plan.ts";

/** One target in one run. */
export interface Destination extends Place {
  readonly target: Target;
  readonly namer: Namer;
  readonly committer: Committer;
}

export interface TargetSetPorts {
  readonly catalogue: KeptWriter & { readonly settings: Pick<Settings, "set"> };
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly limits: BatchLimits;
  readonly now: () => number;
  /** True where the run was given several targets, whether or not they all take part. */
  readonly several: boolean;
}

const OF_A_TARGET: readonly ErrorCode[] = ["no-target", "wrong-drive", "read-only", "full", "sealed"];

/** True for what ends one target's part in a run, and not the run. */
export function isTargetTrouble(error: unknown): error is HaulError {
  return error instanceof HaulError && !error.ofOne && OF_A_TARGET.includes(error.code);
}

export class TargetSet {
  readonly destinations: readonly Destination[];
  readonly fates: Outcomes;
  readonly #ports: TargetSetPorts;
  readonly #lost = new Map<Destination, HaulError>();

  constructor(places: readonly { target: Target; namer: Namer }[], ports: TargetSetPorts) {
    this.#ports = ports;
    this.fates = createOutcomes(ports.emit, ports.several);
    this.destinations = places.map(({ target, namer }) => ({
      target,
      namer,
      committer: new Committer({ ...ports, target, emit: this.fates.of(target.name) }),
    }));
  }

  /** The targets that still take part and want this photo. */
  takers(load: Transfer<Destination>): Transfer<Destination>["wanted"] {
    return load.wanted.filter(({ place }) => !this.#lost.has(place));
  }

  /** Targets that left the run, with what took each out, in that order. */
  lost(): readonly { readonly name: string; readonly trouble: HaulError }[] {
    return [...this.#lost].map(([{ target }, trouble]) => ({ name: target.name, trouble }));
  }

  /**
   * Does work that concerns one target; its troubles take only this target out of the run.
   * @returns null when they did, now or before
   * @throws whatever else the work throws; the trouble itself when no target is left
   */
  async attempt<T>(destination: Destination, work: () => Promise<T>): Promise<T | null> {
    if (this.#lost.has(destination)) return null;
    try {
      return await work();
    } catch (error) {
      if (!isTargetTrouble(error)) throw error;
      await this.#lose(destination, error);
      return null;
    }
  }

  /**
   * Leaves out every target that cannot hold what is planned for it.
   * @param most bytes of this run; null for no bound
   * @param asks true where an archive is asked for what lies in it: else that needs no room, and what came back of it all the
   *   same is stopped where the room ends
   */
  async mustFit(plan: Plan, most: number | null, asks = true): Promise<void> {
    const few = unfitting(this.destinations, plan, most, asks);
    for (const { place, trouble } of few) await this.#lose(place, trouble);
  }

  /** Keeps what waits, and remembers how far each manifest has got. @throws HaulError that ends the run */
  async flush(): Promise<void> {
    const flushed = await Promise.allSettled(
      this.destinations.map((one) =>
        this.attempt(one, async () => {
          await one.committer.flush();
          await rememberMark(this.#ports.catalogue, one.target, this.#ports.signal);
        }),
      ),
    );
    for (const one of flushed) if (one.status === "rejected") throw one.reason;
  }

  /** Ends early, after an error: what came is kept where that still works, and the rest given up. */
  async end(): Promise<void> {
    await Promise.all(this.destinations.map(({ committer }) => committer.end()));
    this.fates.end();
  }

  async #lose(destination: Destination, error: HaulError): Promise<void> {
    if (this.#lost.has(destination)) return;
    this.#lost.set(destination, error);
    if (this.#lost.size === this.destinations.length) {
      await leave(destination.committer, error);
      throw error;
    }
    const { name } = destination.target;
    const message = `${error.message}. ${name} is left out for the rest of this run and catches up in the next one`;
    this.#ports.emit({ type: "warning", code: "target-lost", message });
    await leave(destination.committer, error);
    this.fates.forget(name);
  }
}

/**
 * Whether a target has room for what is planned for it; null where it has, or nobody knows.
 * @param planned bytes. @param most bytes of the run; null for no bound
 */
export function tooSmall(
  { name, freeBytes }: Pick<Target, "name" | "freeBytes">,
  planned: number,
  most: number | null,
): HaulError | null {
  const needed = Math.min(planned, most ?? planned);
  if (freeBytes === null || needed <= freeBytes) return null;
  const says = `the photos need ${inWords(needed)}, and ${name} has ${inWords(freeBytes)} free: ${inWords(needed - freeBytes)} too few`;
  const part = Math.floor((freeBytes * FILLED) / 2 ** 20);
  const fitting = part === 0 ? "" : `, or bring a part now: --max-transfer ${part}M takes what fits, oldest first`;
  const hint = `Free some space, use a larger drive${fitting}. --since DATE takes only what is newer.`;
  return new HaulError("full", says, { hint });
}

/** The targets of a plan that have no room for it. @param asks as of `mustFit` */
export function unfitting<P extends { readonly target: Target }>(
  places: readonly P[],
  plan: Plan,
  most: number | null,
  asks: boolean,
) {
  const left = asks ? 0 : totalOf(plan.cold.classes).bytes;
  return places.flatMap((place, at) => {
    const trouble = tooSmall(place.target, Math.max(0, (plan.perTarget[at]?.bytes ?? 0) - left), most);
    return trouble === null ? [] : [{ place, name: place.target.name, trouble }];
  });
}

/** A drive has to hold its lists as well, and each file a little more than its bytes. */
const FILLED = 0.95;

/** A full target has room for what lies there under no name yet; from any other that is lost nothing is hoped for. */
async function leave(committer: Committer, error: HaulError): Promise<void> {
  await (error.code === "full" ? committer.end() : committer.discard());
}
