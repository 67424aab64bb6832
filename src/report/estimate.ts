/** How long a mirror takes and what the transfer costs, roughly, before it has begun. Pure. */

import type { Inventory } from "./inventory-data.ts";

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
const KEYS_A_PAGE = 1000;
const BYTES_A_GIGABYTE = 1_000_000_000;

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

function costs(inventory: Inventory, prices: PriceTable): Costs {
  const { plan, originals, total } = inventory;
  const part = plan && originals.bytes > 0 ? plan.bytes / originals.bytes : 1;
  const photoPart = plan && originals.keys > 0 ? plan.photos / originals.keys : 1;
  let requests = (Math.ceil(total.keys / KEYS_A_PAGE) / 1000) * prices.listPerThousand;
  let retrieval = 0;
  for (const { name, keys, bytes } of inventory.storageClasses) {
    const price = prices.classes[name] ?? prices.classes.STANDARD;
    if (!price) continue;
    requests += ((keys * photoPart) / 1000) * price.getPerThousand;
    retrieval += ((keys * photoPart) / 1000) * price.restorePerThousand;
    retrieval += ((bytes * part) / BYTES_A_GIGABYTE) * price.retrievalPerGigabyte;
  }
  const gigabytes = (originals.bytes * part) / BYTES_A_GIGABYTE;
  const transfer = egress(gigabytes, prices);
  const { name: table, asOf, currency } = prices;
  const sum = requests + retrieval + transfer;
  return { table, asOf, currency, requests, retrieval, transfer, total: sum };
}

/** Each step of the table up to its end, as bills are made. */
function egress(gigabytes: number, prices: PriceTable): number {
  let sum = 0;
  let from = 0;
  for (const { upToGigabytes, perGigabyte } of prices.egress) {
    const upto = upToGigabytes ?? Number.POSITIVE_INFINITY;
    sum += Math.max(0, Math.min(gigabytes, upto) - from) * perGigabyte;
    from = upto;
  }
  return sum;
}

/**
 * What a store asks for reading, as data to be edited: prices change, and every region has its own. Nothing
 * but an estimate is made of it, which says which table it came from and how old that is.
 */

export interface PriceTable {
  readonly name: string;
  /** When the prices were looked up: "2026-05". */
  readonly asOf: string;
  readonly currency: string;
  readonly listPerThousand: number;
  /** In steps of a month; the last has no end. A gigabyte is 10^9 bytes. */
  readonly egress: readonly {
    readonly upToGigabytes: number | null;
    readonly perGigabyte: number;
  }[];
  /** By storage class; `STANDARD` stands for those that are not named. */
  readonly classes: Readonly<Record<string, ClassPrices>>;
}

export interface ClassPrices {
  readonly getPerThousand: number;
  readonly retrievalPerGigabyte: number;
  /** Of requests to restore from an archive, in bulk, which is the cheapest. */
  readonly restorePerThousand: number;
}

/**
 * List prices of Amazon S3 in us-east-1, without agreements and free tiers but the monthly 100 GB of egress. They stand
 * at https://aws.amazon.com/s3/pricing; taken from two that quote it for May 2026, https://www.usage.ai/blogs/aws/storage-cost/glacier-deep-archive-pricing/
 * (classes and retrieval) and https://www.flowverify.co/blog/cloudflare-r2-vs-s3-vs-backblaze-b2-cost-breakdown (requests
 * and egress). The requests of the colder classes are older: from January 2025.
 */
export const AWS_US_EAST_1: PriceTable = {
  name: "Amazon S3 list prices, us-east-1",
  asOf: "2026-05",
  currency: "USD",
  listPerThousand: 0.005,
  egress: [
    { upToGigabytes: 100, perGigabyte: 0 },
    { upToGigabytes: 10_240, perGigabyte: 0.09 },
    { upToGigabytes: 51_200, perGigabyte: 0.085 },
    { upToGigabytes: 153_600, perGigabyte: 0.07 },
    { upToGigabytes: null, perGigabyte: 0.05 },
  ],
  classes: {
    STANDARD: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    INTELLIGENT_TIERING: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    STANDARD_IA: { getPerThousand: 0.001, retrievalPerGigabyte: 0.01, restorePerThousand: 0 },
    ONEZONE_IA: { getPerThousand: 0.001, retrievalPerGigabyte: 0.01, restorePerThousand: 0 },
    GLACIER_IR: { getPerThousand: 0.01, retrievalPerGigabyte: 0.03, restorePerThousand: 0 },
    GLACIER: { getPerThousand: 0.0004, retrievalPerGigabyte: 0, restorePerThousand: 0 },
    DEEP_ARCHIVE: {
      getPerThousand: 0.0004,
      retrievalPerGigabyte: 0.0025,
      restorePerThousand: 0.025,
    },
  },
};
