/**
 * Thaw: what lies in an archive is told apart from what can be read, asked for where that was said, and fetched once it is
 * there, what goes soonest first. All else is transferred meanwhile. What waits is told with its reason, and is the next
 * run's. What the store says decides; classes serve for the forecast alone.
 *
 *   look ─► ask ─► transfer ─► (look again ─► transfer what came) ─► tell what waits
 */

import type { Planned, PlanPart } from "../catalogue/catalogue.ts";
import { HELD, HELD_PART, roundPart } from "../catalogue/plan-parts.ts";
import { HaulError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import { ARCHIVES, type Listed } from "../model.ts";
import { mergePlans, type Transfer } from "../photo/merge-plans.ts";
import type { Destination } from "../photo/target-set.ts";
import { failCopy, skipCopy } from "../photo/tell-copy.ts";
import { lacksTier } from "../report/archive-forecast.ts";
import { heldReason, isOnItsWay } from "./archive-reasons.ts";
import { hearStates } from "./archive-states.ts";
import { ArchiveAsking, type ThawOptions } from "./ask-archive.ts";
import { lookInto } from "./ask-each.ts";
import { type Limits, type TransferAllPorts, transferAll } from "./transfer-all.ts";

type Photo = Transfer<Destination>;

type ThawPorts = TransferAllPorts & {
  /** How archived photos are brought back. */
  readonly thawing: ThawOptions;
};

/** The same for a caller without any: then what is archived fails. */
export type BringPorts = TransferAllPorts & Partial<ThawPorts>;

/** Heads asked for at once. */
const HEADS = 16;

/** As `transferAll`, with what an archive gives back. @throws as that; HaulError `usage` where nobody agreed to what it would cost */
export async function transferThawed(
  { thawing, ...ports }: BringPorts,
  limits: Limits,
  onLeft?: (photo: Photo) => void,
): Promise<number> {
  if (thawing === undefined) return transferAll(ports, limits, onLeft);
  const thaw = new Thawing({ ...ports, thawing }, limits);
  await thaw.look();
  await thaw.ask("all");
  const spent = { photos: 0, bytes: 0 };
  const bring = (part?: PlanPart) =>
    transferAll({ ...ports, archived: (photo, error) => thaw.hold(photo, error) }, { ...limits, spent }, onLeft, part);
  let left = await bring();
  const back = await thaw.ask("found");
  if (back !== null) left += await bring(back);
  for (let part = await thaw.nextRound(); part !== null; part = await thaw.nextRound()) left += await bring(part);
  await thaw.tell();
  return left;
}

class Thawing {
  readonly #ports: ThawPorts;
  readonly #limits: Limits;
  readonly #asking: ArchiveAsking;
  readonly #until: number;
  #round = 1;
  /** True once anything is held, or came back. */
  #any = false;
  /** True once the store says in its listing what its archive does. */
  #tells: boolean;
  /** Photos that an archive does not give, found by asking for them. */
  #found = 0;
  /** Of photos that wait for what lies beside them, why. */
  readonly #neighbours = new Map<string, string>();

  constructor(ports: ThawPorts, limits: Limits) {
    this.#ports = ports;
    this.#limits = limits;
    this.#tells = ports.thawing.tells;
    this.#asking = new ArchiveAsking(ports, limits);
    const { waitMs } = ports.thawing;
    this.#until = Math.min(limits.now() + waitMs, limits.until ?? Number.POSITIVE_INFINITY);
  }

  /** Finds out what of the plan an archive holds, and what it gave back. */
  async look(): Promise<void> {
    if (await this.#none()) return;
    await this.#listStates();
    this.#asking.ready = await this.#sort({ archived: true, below: HELD }, 1);
  }

  /** @returns the part of the plan that was asked for and is there already; null where there is none */
  async ask(which: "all" | "found"): Promise<PlanPart | null> {
    if (!this.#any || (which === "found" && this.#found === 0)) return null;
    this.#round += 1;
    const part = roundPart(this.#round);
    let back = false;
    await this.#asking.ask(which, async (photo) => {
      back = true;
      await this.#move([photo], () => part.from);
    });
    return back ? part : null;
  }

  /** Puts a photo aside that cannot be read as long as its archive has it. */
  async hold(photo: Photo, error: HaulError): Promise<void> {
    const { catalogue } = this.#ports;
    const { archive } = catalogue;
    this.#any = true;
    const { object } = photo;
    const now = this.#limits.now();
    if (error.cause instanceof HaulError && error.cause.code === "archived") {
      // What lies beside it is archived, and not it.
      this.#neighbours.set(object.key, error.message);
    } else if (error.afterMs !== undefined) {
      // The first GET was the request.
      const [askedAt, readyBy] = [iso(now), iso(now + error.afterMs)];
      const before = await archive.find(object);
      await archive.ask(object, { askedAt: before?.askedAt ?? askedAt, tier: "", readyBy });
    } else {
      const before = await archive.find(object);
      if (before === null || !isOnItsWay(before, now)) {
        this.#found += 1;
        await archive.gone(object);
      }
    }
    await this.#move([photo], () => HELD);
  }

  /** Waits, as long as was said, until something came that was asked for; the part of the plan that it is. */
  async nextRound(): Promise<PlanPart | null> {
    const { thawing, signal } = this.#ports;
    const { now } = this.#limits;
    while (this.#any && (await this.#waits()) && now() < this.#until) {
      await thawing.sleep(Math.min(thawing.pollMs, this.#until - now()), signal);
      this.#round += 1;
      await this.#listStates();
      if ((await this.#sort({ ...HELD_PART, archived: true }, this.#round)) > 0) return roundPart(this.#round);
    }
    return null;
  }

  /** Says of all that is held why. */
  async tell(): Promise<void> {
    if (!this.#any) return;
    const { targetSet, meter, emit, thawing } = this.#ports;
    for await (const { photo, request, waits } of this.#asking.held()) {
      const refusal = waits ? null : this.#asking.refusalOf(photo.object);
      const beside = this.#neighbours.get(photo.object.key);
      const known = beside ?? refusal?.reason ?? this.#noTier(photo, waits);
      const reason = known ?? heldReason(request, this.#limits.now(), thawing);
      const takers = targetSet.takers(photo);
      const names = takers.map(({ place }) => place.target.name);
      if (names.length > 0) targetSet.fates.expect(photo.object.key, names);
      const tell = beside === undefined && refusal?.failed === true ? failCopy : skipCopy;
      for (const { place } of takers) await tell(photo, place, reason, this.#ports);
      meter.done();
    }
    const tally = await this.#asking.tally();
    emit({ ...tally, undecided: thawing.decided ? 0 : tally.photos });
  }

  /** Of a class that has no such tier; null where it has one. */
  #noTier({ object: { storageClass } }: Photo, waits: boolean): string | null {
    const { thaw, prices } = this.#ports.thawing;
    if (waits || thaw === null || !lacksTier(prices, storageClass, thaw.tier)) return null;
    return `archived in ${storageClass}, which gives nothing back ${thaw.tier}: name another --restore-tier`;
  }

  async #none(): Promise<boolean> {
    const { catalogue, targetSet, thawing } = this.#ports;
    // Where neither the listing nor an earlier run knows of an archive, the plan is not gone through for it.
    if (!thawing.planned && !(await catalogue.archive.knows())) return true;
    for await (const _ of mergePlans(catalogue, targetSet.destinations, { archived: true })) return false;
    return true;
  }

  async #waits(): Promise<boolean> {
    for await (const { waits } of this.#asking.held()) if (waits) return true;
    return false;
  }

  async #listStates(): Promise<void> {
    const { source, catalogue, signal } = this.#ports;
    if (await hearStates(source, catalogue, signal)) this.#tells = true;
  }

  /** Gives each its turn: what came back before all others, what has not none. @returns how many came back */
  async #sort(part: PlanPart, round: number): Promise<number> {
    const { catalogue, targetSet } = this.#ports;
    const { from } = roundPart(round);
    let ready = 0;
    for await (const photos of mergePlans(catalogue, targetSet.destinations, part)) {
      this.#any = true;
      const held: Photo[] = [];
      const untils = new Map<string, string>();
      await inParallel(photos, HEADS, async (photo) => {
        const until = await this.#verdict(photo.object, round);
        if (until === "held") held.push(photo);
        else if (until !== null) untils.set(photo.object.key, until);
      });
      const back = photos.filter(({ object }) => untils.has(object.key));
      ready += back.length;
      await this.#move(back, ({ object }) => from + (untils.get(object.key) ?? ""));
      if (round === 1) await this.#move(held, () => HELD);
    }
    return ready;
  }

  /** When its copy goes, for one that can be read; `held`; null where only a GET tells. */
  async #verdict(object: Listed, round: number): Promise<string | null> {
    const { source, catalogue, thawing, signal } = this.#ports;
    let request = await catalogue.archive.find(object);
    if (request !== null && request.askedAt !== null && request.state === "" && source.archive !== undefined) {
      const returning = await lookInto(source.archive, object, signal);
      if (returning !== null) {
        await catalogue.archive.say([{ ...object, returning }]);
        request = (await catalogue.archive.find(object)) ?? request;
      }
    }
    if (request?.state === "ready") return request.until;
    if (request?.state === "ongoing") return "held";
    const now = this.#limits.now();
    if (source.archive === undefined && Date.parse(request?.readyBy ?? "") > now) return "held";
    if (request !== null && (source.archive === undefined || isOnItsWay(request, now))) return round === 1 ? null : "";
    if (round > 1) return "held";
    const cold = ARCHIVES.has(object.storageClass);
    return (cold && this.#tells) || ((cold || request !== null) && thawing.thaw !== null) ? "held" : null;
  }

  async #move(photos: readonly Photo[], turn: (photo: Planned) => string): Promise<void> {
    const { catalogue, targetSet } = this.#ports;
    const full = (photo: Planned) =>
      turn(photo) === HELD ? HELD + photo.turn.replace(/^(?:!\d{6}|~+)/, "") : turn(photo);
    for (const place of targetSet.destinations) {
      const own = photos.flatMap(({ wanted }) => wanted.filter((one) => one.place === place).map(({ photo }) => photo));
      if (own.length > 0) await catalogue.plan(place.target.id).move(own, full);
    }
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
