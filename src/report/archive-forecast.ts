/** What bringing photos back from an archive would take, by tier, and in words. Pure. */

import type { ArchiveEvent } from "../events.ts";
import type { Tier } from "../model.ts";
import { TIERS } from "../model.ts";
import { bringingBack, type PriceTable, pricedBy, type Return, type Stored, tiersOf, together } from "./prices.ts";
import { bytes, counted } from "./units.ts";

export type TierForecast = ArchiveEvent["forecast"][number];

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
  const { amount, currency } = together([first, ...more]);
  const times = each.flatMap(({ hours }) => (hours === null ? [] : [hours]));
  const hours = {
    from: times.length < each.length ? null : Math.min(...times.map(([from]) => from)),
    to: times.length < each.length ? null : Math.max(...times.map(([, to]) => to)),
  };
  return {
    tier,
    amount,
    currency,
    hoursFrom: hours.from,
    hoursTo: hours.to,
    priced: pricedBy(together([first, ...more])),
  };
}

/** Amazon asks nothing for what comes out of Intelligent-Tiering's archives in its own time (S3 pricing, "retrieval"). */
function returnOf(stored: Stored, tier: Tier, days: number, prices: PriceTable): Return {
  const known = bringingBack(prices, stored, tier, days);
  if (stored.storageClass !== "INTELLIGENT_TIERING" || tier === "expedited" || known.amount !== null) return known;
  return { ...known, amount: 0, lacks: [], sources: ["AWS S3 User Guide"], hours: [0, tier === "bulk" ? 48 : 12] };
}

/** `bulk about 1.33 USD, there within 48 hours`. */
export function tierInWords({ tier, amount, currency, hoursTo }: TierForecast): string {
  const price = amount === null ? "at a price that nobody told" : `about ${amount.toFixed(2)} ${currency}`;
  return `${tier} ${price}${hoursTo === null ? "" : `, there within ${timeInWords(hoursTo)}`}`;
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
      `${amountInWords({ photos, bytes: size })} ${word} in an archive. To bring them back (--restore-tier): ${tiers} (${first.priced})`,
    );
  }
  return says;
}
