/** How long a mirror takes and what the transfer costs, roughly, before it has begun. Pure. */

import type { Inventory } from "./inventory-data.ts";
import {
  bringingBack,
  type Forecast,
  getting,
  leaving,
  listing,
  type PriceTable,
  pricedBy,
  retrieving,
  tiersOf,
  together,
} from "./prices.ts";

export interface Estimate {
  /** For lines of some speeds, or for the speed that was measured where there is one. */
  readonly times: readonly { readonly line: string; readonly seconds: number }[];
  /** Null where nobody knows what the store asks for. */
  readonly costs: Costs | null;
  /** Null where the free space cannot be told or there is no target. */
  readonly fits: boolean | null;
}

/** In the currency of the price table that is named. */
export interface Costs {
  readonly table: string;
  readonly asOf: string;
  /** The sources of what was reckoned with, and whether all of it could be looked up. */
  readonly by: string;
  readonly currency: string;
  readonly requests: number;
  readonly retrieval: number;
  readonly transfer: number;
  readonly total: number;
}

/** A way that bytes take. */
export interface InternetLine {
  readonly line: string;
  readonly bytesPerSecond: number;
}

export const LINES: readonly InternetLine[] = [
  { line: "20 Mbit/s", bytesPerSecond: 2_500_000 },
  { line: "100 Mbit/s", bytesPerSecond: 12_500_000 },
  { line: "1 Gbit/s", bytesPerSecond: 125_000_000 },
];
/** For what comes from a folder. */
export const DRIVES: readonly InternetLine[] = [
  { line: "a slow USB stick, 10 MB/s", bytesPerSecond: 10_000_000 },
  { line: "a hard disk, 100 MB/s", bytesPerSecond: 100_000_000 },
];
/**
 * Estimates the mirror that the inventory's plan names, or of all originals where there is no plan.
 * @param prices null where nobody knows what the store asks for (any store but the one of the table)
 * @param lines what to reckon with: the speed of an earlier run, where there was one
 */
export function estimate(inventory: Inventory, prices: PriceTable | null, lines: readonly InternetLine[]): Estimate {
  const { plan, originals } = inventory;
  const bytes = plan?.bytes ?? originals.bytes;
  return {
    times: lines.map(({ line, bytesPerSecond }) => ({ line, seconds: bytes / bytesPerSecond })),
    costs: prices === null ? null : costs(inventory, prices),
    fits: plan === null || plan.freeBytes === null ? null : plan.bytes <= plan.freeBytes,
  };
}

/** Null where the table lacks a line of a class that is there. */
function costs(inventory: Inventory, prices: PriceTable): Costs | null {
  const { plan, originals, total } = inventory;
  const part = plan && originals.bytes > 0 ? plan.bytes / originals.bytes : 1;
  const photoPart = plan && originals.keys > 0 ? plan.photos / originals.keys : 1;
  const requests: Forecast[] = [listing(prices, total.keys)];
  const retrieval: Forecast[] = [];
  for (const { name, keys, bytes } of inventory.storageClasses) {
    const storageClass = prices.lines[`${name}.get`] === undefined ? "STANDARD" : name;
    const photos = { storageClass, objects: keys * photoPart, bytes: bytes * part };
    requests.push(getting(prices, photos));
    const [cheapest] = tiersOf(prices, storageClass);
    retrieval.push(cheapest ? bringingBack(prices, photos, cheapest, 0) : retrieving(prices, photos));
  }
  const transfer = leaving(prices, originals.bytes * part);
  const all = together([transfer, ...requests, ...retrieval]);
  const sum = (forecasts: readonly Forecast[]) => forecasts.reduce((amount, one) => amount + (one.amount ?? 0), 0);
  if (all.amount === null) return null;
  const { name: table, asOf, currency } = prices;
  const parts = { requests: sum(requests), retrieval: sum(retrieval), transfer: sum([transfer]) };
  return { table, asOf, by: pricedBy(all), currency, ...parts, total: all.amount };
}
