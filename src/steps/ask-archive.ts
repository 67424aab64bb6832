/**
 * Asks an archive for photos: says first what that would take, goes on only where that was agreed to, asks for each once,
 * and writes down what it was told.
 */

import type { ArchiveRequest } from "../catalogue/archive-requests.ts";
import { HELD_PART } from "../catalogue/plan-parts.ts";
import { HaulError } from "../errors.ts";
import type { ArchiveEvent } from "../events.ts";
import { DAY, HOUR } from "../measures.ts";
import type { Listed } from "../model.ts";
import { mergePlans, type Transfer } from "../photo/merge-plans.ts";
import type { Destination } from "../photo/target-set.ts";
import {
  amountInWords,
  ClassTally,
  forecastTier,
  forecastTiers,
  lacksTier,
  type TierForecast,
  totalOf,
} from "../report/archive-forecast.ts";
import type { PriceTable, Stored } from "../report/prices.ts";
import { duration, rate } from "../report/units.ts";
import type { Thaw } from "../stores/source.ts";
import { isOnItsWay } from "./archive-reasons.ts";
import { AskEach, type Refusal } from "./ask-each.ts";
import type { Limits, TransferAllPorts } from "./transfer-all.ts";

type Photo = Transfer<Destination>;

/** How archived photos are brought back. */
export interface ThawOptions {
  /** Null where nothing is asked for. */
  readonly thaw: Thaw | null;
  /** For which copies are to stay, in estimates too. */
  readonly days: number;
  /** True where it was said whether anything is asked for. */
  readonly decided: boolean;
  readonly prices: PriceTable;
  /** False where the listing names nothing of the plan that lies in an archive. */
  readonly planned: boolean;
  /** True where the store is the one of which it is known that its listing says what its archive does. */
  readonly tells: boolean;
  /** Of earlier runs; null where none was measured, or nothing is asked for. */
  readonly bytesPerSecond: number | null;
  /** Whether that may be asked for at that price. @throws HaulError `usage` where nobody can say yes */
  readonly agree: (asked: Pick<ArchiveEvent, "photos" | "bytes">, forecast: TierForecast) => Promise<boolean>;
  /** The same of what is found later, where nobody is asked any more. @param amount with all that was agreed to before */
  readonly allows: (amount: number | null) => boolean;
  /** How long the run stays for what was asked, and how often it looks meanwhile; milliseconds. */
  readonly waitMs: number;
  readonly pollMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A photo that the archive holds. */
interface Held {
  readonly photo: Photo;
  /** Null where nothing is known of one. */
  readonly request: ArchiveRequest | null;
  readonly waits: boolean;
}

/** Where nobody says how long an archive takes. */
const LONGEST_HOURS = 48;
/** Days for which copies should stay besides the time of the transfer. */
const SPARE_DAYS = 3;

export class ArchiveAsking {
  /** Photos that came back before this run. */
  ready = 0;
  readonly #ports: TransferAllPorts & { readonly thawing: ThawOptions };
  readonly #limits: Limits;
  /** Null where nothing is asked for. */
  readonly #each: AskEach | null;
  #agreed = 0;
  /** What of the limits was asked for. */
  readonly #spent = { photos: 0, bytes: 0 };
  #declined = false;

  constructor(ports: TransferAllPorts & { readonly thawing: ThawOptions }, limits: Limits) {
    this.#ports = ports;
    this.#limits = limits;
    const { source, thawing } = ports;
    this.#each = source.archive && thawing.thaw ? new AskEach(source.archive, thawing.thaw) : null;
  }

  /**
   * Says what the archive holds, and asks for it.
   * @param onBack told of each photo that can be read already
   * @throws HaulError `usage`
   */
  async ask(which: "all" | "found", onBack: (photo: Photo) => Promise<void>): Promise<void> {
    const { emit, thawing, limiter, signal } = this.#ports;
    const { thaw, prices } = thawing;
    const { event, stored } = await this.#count();
    const told = { ...event, ready: this.ready, forecast: forecastTiers(stored, thawing.days, prices) };
    if (event.photos + event.waiting + this.ready > 0) emit(told);
    if (thaw === null || this.#each === null || event.photos === 0 || this.#declined) return;
    const wanted = await this.#wanted(thaw);
    if (wanted.stored.length === 0 && which === "found") return;
    if (wanted.stored.length === 0) throw noSuchTier(stored, thaw);
    const forecast = forecastTier(wanted.stored, thaw.tier, thaw.days, prices);
    const { amount } = forecast;
    const may =
      which === "all"
        ? await thawing.agree(wanted, forecast)
        : thawing.allows(amount === null ? null : amount + this.#agreed);
    this.#declined = !may;
    if (!may) return;
    this.#agreed += amount ?? 0;
    this.#warnOfDays(wanted.bytes, thaw);
    await limiter.each(this.#toAsk(thaw), (photo) => this.#one(photo, thaw, onBack), signal);
    this.#spent.photos += wanted.photos;
    this.#spent.bytes += wanted.bytes;
  }

  /** Null where nothing was refused. */
  refusalOf(object: Pick<Listed, "key">): Refusal | null {
    return this.#each?.refusalOf(object) ?? null;
  }

  /** How it stands at the end. */
  async tally(): Promise<ArchiveEvent> {
    return (await this.#count()).event;
  }

  async #one(photo: Photo, thaw: Thaw, onBack: (photo: Photo) => Promise<void>): Promise<void> {
    const { object } = photo;
    const { catalogue, limiter, signal, thawing } = this.#ports;
    const said = await this.#each?.ask(object, { signal, onRetry: (error) => limiter.failed(error) });
    if (said === null || said === undefined) return;
    const now = this.#limits.now();
    const readyBy = new Date(now + hoursOf(object, thaw, thawing.prices) * HOUR).toISOString();
    await catalogue.archive.ask(object, { askedAt: new Date(now).toISOString(), tier: thaw.tier, readyBy });
    if (said === "ready" || said === "live") await onBack(photo);
  }

  /** All that is held; `waits` is true for what was asked for and is on its way. */
  async *held(): AsyncGenerator<Held> {
    const { catalogue, targetSet } = this.#ports;
    for await (const photos of mergePlans(catalogue, targetSet.destinations, HELD_PART)) {
      for (const photo of photos) {
        const request = await catalogue.archive.find(photo.object);
        yield { photo, request, waits: request !== null && isOnItsWay(request, this.#limits.now()) };
      }
    }
  }

  /** Oldest first, as many as this run might fetch, and none twice that was refused. */
  async *#toAsk({ tier }: Thaw): AsyncGenerator<Photo> {
    const { limit, bytes } = this.#limits;
    const taken = { ...this.#spent };
    for await (const { photo, waits } of this.held()) {
      const { size, storageClass } = photo.object;
      if (waits || lacksTier(this.#ports.thawing.prices, storageClass, tier)) continue;
      if (this.refusalOf(photo.object) !== null) continue;
      if (limit !== null && taken.photos >= limit) return;
      if (bytes !== null && taken.photos > 0 && taken.bytes + size > bytes) return;
      taken.photos += 1;
      taken.bytes += size;
      yield photo;
    }
  }

  async #wanted(thaw: Thaw) {
    const classes = new ClassTally();
    for await (const { object } of this.#toAsk(thaw)) classes.add(object);
    return classes.sum();
  }

  async #count() {
    const classes = new ClassTally();
    let waiting = 0;
    for await (const { photo, waits } of this.held()) {
      if (waits) waiting += 1;
      else classes.add(photo.object);
    }
    const { photos, bytes, stored } = classes.sum();
    const event: ArchiveEvent = {
      type: "archive",
      photos,
      bytes,
      waiting,
      ready: 0,
      asked: this.#each?.asked ?? 0,
      forecast: [],
    };
    return { event, stored };
  }

  #warnOfDays(bytes: number, { days }: Thaw): void {
    const { bytesPerSecond } = this.#ports.thawing;
    if (bytesPerSecond === null) return;
    const seconds = bytes / bytesPerSecond;
    const needed = Math.ceil((seconds * 1000) / DAY) + SPARE_DAYS;
    if (needed <= days) return;
    const message = `the copies that the archive gives stay for ${days} days, and at ${rate(bytes, seconds)} as measured the transfer alone takes ${duration(seconds)}: what is not fetched by then has to be asked for, and paid for, again. --restore-days ${needed} leaves some room`;
    this.#ports.emit({ type: "warning", code: "restore-days", message });
  }
}

export function hoursOf({ storageClass }: Listed, { tier, days }: Thaw, prices: PriceTable): number {
  return forecastTier([{ storageClass, objects: 1, bytes: 1 }], tier, days, prices).hoursTo ?? LONGEST_HOURS;
}

export function noSuchTier(stored: readonly Stored[], { tier }: Thaw): HaulError {
  const names = stored.map(({ storageClass }) => storageClass).join(" and ");
  const says = `${amountInWords(totalOf(stored))} in the class ${names}, which gives nothing back ${tier}: nothing was asked for. Name another --restore-tier`;
  return new HaulError("usage", says);
}
