/** What an archive holds, and what bringing that back would take, by tier: as data, in words, and as sections. Pure. */

import type { ArchiveEvent } from "../events.ts";
import { ARCHIVES, type Listed, TIERS, type Tier } from "../model.ts";
import {
  bringingBack,
  leaving,
  type PriceTable,
  pricedBy,
  type Return,
  type Stored,
  tiersOf,
  together,
} from "./prices.ts";
import type { Section, SectionRow } from "./section.ts";
import { bytes, counted, money } from "./units.ts";

export type TierForecast = ArchiveEvent["forecast"][number];

/** How many photos of each class, and how large. */
export class ClassTally {
  readonly #classes = new Map<string, { objects: number; bytes: number }>();

  add({ storageClass, size }: Pick<Listed, "storageClass" | "size">): void {
    const tally = this.#classes.get(storageClass) ?? { objects: 0, bytes: 0 };
    tally.objects += 1;
    tally.bytes += size;
    this.#classes.set(storageClass, tally);
  }

  sum() {
    const stored: Stored[] = [...this.#classes].map(([storageClass, tally]) => ({ storageClass, ...tally }));
    return { stored, ...totalOf(stored) };
  }
}

/** Of all classes together. */
export function totalOf(stored: readonly Stored[]): Pick<ArchiveEvent, "photos" | "bytes"> {
  return {
    photos: stored.reduce((sum, { objects }) => sum + objects, 0),
    bytes: stored.reduce((sum, one) => sum + one.bytes, 0),
  };
}

/** What of some photos lies in an archive, by what their listing says. */
export class ColdTally {
  readonly #classes = new ClassTally();
  #perhaps = 0;

  add(photo: Pick<Listed, "storageClass" | "size">): void {
    if (ARCHIVES.has(photo.storageClass)) this.#classes.add(photo);
    else if (photo.storageClass === "INTELLIGENT_TIERING") this.#perhaps += 1;
  }

  sum(): ColdPhotos {
    return { classes: this.#classes.sum().stored, perhaps: this.#perhaps };
  }
}

export interface ColdPhotos {
  /** Archived ones by class. */
  readonly classes: readonly Stored[];
  /** Photos that may be archived: only asking for each tells. */
  readonly perhaps: number;
}

/** For how many days copies are to stay, where nobody said. */
export const DEFAULT_DAYS = "7";

/** True for a class of which the table knows that it has no such tier. */
export function lacksTier(prices: PriceTable, storageClass: string, tier: Tier): boolean {
  const tiers = tiersOf(prices, storageClass);
  return tiers.length > 0 && !tiers.includes(tier);
}

/** Of each tier that all of the classes have. @param days for which copies are to stay */
export function forecastTiers(stored: readonly Stored[], days: number, prices: PriceTable): TierForecast[] {
  return TIERS.flatMap((tier) => {
    if (stored.length === 0 || stored.some(({ storageClass }) => lacksTier(prices, storageClass, tier))) return [];
    return [forecastTier(stored, tier, days, prices)];
  });
}

export function forecastTier(stored: readonly Stored[], tier: Tier, days: number, prices: PriceTable): TierForecast {
  const each = stored.map((one) => returnOf(one, tier, days, prices));
  const [first, ...more] = each;
  if (first === undefined) throw new TypeError("a forecast of nothing");
  const all = together([first, ...more]);
  const times = each.flatMap(({ hours }) => (hours === null ? [] : [hours]));
  const told = times.length === each.length;
  return {
    tier,
    amount: all.amount,
    currency: all.currency,
    hoursFrom: told ? Math.min(...times.map(([from]) => from)) : null,
    hoursTo: told ? Math.max(...times.map(([, to]) => to)) : null,
    priced: pricedBy(all),
  };
}

/** Amazon asks nothing for what comes out of Intelligent-Tiering's archives in its own time (S3 pricing, "retrieval"). */
function returnOf(stored: Stored, tier: Tier, days: number, prices: PriceTable): Return {
  const known = bringingBack(prices, stored, tier, days);
  if (stored.storageClass !== "INTELLIGENT_TIERING" || tier === "expedited" || known.amount !== null) return known;
  return { ...known, amount: 0, lacks: [], sources: ["AWS S3 User Guide"], hours: [0, tier === "bulk" ? 48 : 12] };
}

/** `bulk: about 1.33 USD, there within 48 hours`. */
export function tierInWords(forecast: TierForecast): string {
  return `${forecast.tier}: ${priceAndTime(forecast)}`;
}

function priceAndTime({ amount, currency, hoursTo }: TierForecast): string {
  return `${priceInWords(amount, currency)}${hoursTo === null ? "" : `, there within ${timeInWords(hoursTo)}`}`;
}

function priceInWords(amount: number | null, currency: string): string {
  if (amount === null) return "at a price that nobody told";
  if (amount === 0) return "for nothing";
  return amount > 0 && amount < 0.01 ? `less than 0.01 ${currency}` : `about ${money(amount, currency)}`;
}

function timeInWords(hours: number): string {
  return hours < 1 ? counted(Math.ceil(hours * 60), "minute") : counted(Math.ceil(hours), "hour");
}

/** `1,000 photos, 3.2 GB`. */
export function amountInWords({ photos, bytes: size }: Pick<ArchiveEvent, "photos" | "bytes">): string {
  return `${counted(photos, "photo")}, ${bytes(size)}`;
}

/** What the archive holds and would take, a sentence each. */
export function archiveInWords({ photos, bytes: size, waiting, ready, forecast }: ArchiveEvent): string[] {
  const [first] = forecast;
  if (first === undefined) return [];
  const says: string[] = [];
  if (ready > 0) says.push(`${counted(ready, "photo")} came back from the archive and can be fetched`);
  if (waiting > 0) says.push(`${counted(waiting, "photo")} on the way back from the archive`);
  if (photos > 0) {
    const tiers = forecast.map(tierInWords).join("; ");
    const word = photos === 1 ? "lies" : "lie";
    says.push(
      `${amountInWords({ photos, bytes: size })} ${word} in an archive. To bring them back (--restore-tier): ${tiers}. Estimates, by ${first.priced}`,
    );
  }
  return says;
}

/** What lies in an archive. */
export interface ColdStock extends ColdPhotos {
  /** Days for which the copies are to stay. */
  readonly days: number;
  readonly prices: PriceTable;
}

/** By each tier that all of its classes have. */
export function forecastsOf({ classes, days, prices }: ColdStock): TierForecast[] {
  return forecastTiers(classes, days, prices);
}

/** For programs; null where nothing is archived. */
export function coldEvent(stock: ColdStock): ArchiveEvent | null {
  const { classes } = stock;
  if (classes.length === 0) return null;
  return { type: "archive", ...totalOf(classes), waiting: 0, ready: 0, asked: 0, forecast: forecastsOf(stock) };
}

/**
 * @param forecasts of its classes
 * @param next what to do about it, a line each
 */
export function coldSections(
  { classes, perhaps, days, prices }: ColdStock,
  forecasts: readonly TierForecast[],
  next: readonly string[] = [],
): Section[] {
  const rows: SectionRow[] = classes.map((one) => ({
    label: one.storageClass,
    text: amountInWords({ photos: one.objects, bytes: one.bytes }),
  }));
  const beside = perhaps === 0 ? [] : [PERHAPS(counted(perhaps, "photo"))];
  const sections: Section[] = [{ id: "archived", title: "In an archive", rows, notes: beside }];
  if (classes.length === 0) return rows.length + perhaps > 0 ? sections : [];
  const out = leaving(prices, totalOf(classes).bytes);
  const back = forecasts.map((one): SectionRow => ({ label: one.tier, text: priceAndTime(one) }));
  const leave = {
    label: "the way out",
    text: `${priceInWords(out.amount, out.currency)} besides, for what leaves the service in one month`,
  };
  const returns = forecasts.flatMap(({ tier }) => classes.map((one) => returnOf(one, tier, days, prices)));
  const notes = [...next, `Estimates, by ${pricedBy(together([out, ...returns]))}.`];
  return [
    ...sections,
    { id: "back", title: `To bring them back for ${counted(days, "day")}`, rows: [...back, leave], notes },
  ];
}

const PERHAPS = (photos: string) =>
  `${photos} in INTELLIGENT_TIERING may be archived as well: a listing does not tell, and they are not among these.`;
