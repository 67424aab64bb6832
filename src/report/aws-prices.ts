/** The prices of Amazon S3, as far as they could be looked up. Data. */

import type { Tier } from "../model.ts";
import { type PriceLine, type PriceTable, UNVERIFIED } from "./prices.ts";

const USAGE = "usage.ai 2026-05";
const FLOW = "flowverify.co 2026-05";
const C3X = "c3x.dev, read 2026-11";
const GUIDE = "AWS S3 User Guide, read 2026-11";
const REPOST = "AWS re:Post, read 2026-11";
const DRINKCAT = "drinkc.at 2024-07";
const NEGOTIATIONS = "awsnegotiations.com 2026-05";
const CASOURI = "gist of casouri 2023-03";
const KIT = "cloudcostkit.com 2026-06";

/**
 * List prices of Amazon S3 in us-east-1, without agreements and free tiers but the monthly 100 GB that may leave. They
 * stand at https://aws.amazon.com/s3/pricing, which shows them to browsers only; taken from pages that quote it.
 */
export const AWS_US_EAST_1: PriceTable = {
  name: "Amazon S3 list prices, us-east-1",
  asOf: "2026-05",
  currency: "USD",
  lines: {
    list: [0.005, FLOW],
    "out.0": [0, FLOW],
    "out.100": [0.09, FLOW],
    "out.10240": [0.085, FLOW],
    "out.51200": [0.07, FLOW],
    "out.153600": [0.05, FLOW],
    ...ofClass("STANDARD", { put: [0.005, C3X], get: [0.0004, FLOW], keep: [0.023, USAGE], read: [0, USAGE] }),
    ...ofClass("INTELLIGENT_TIERING", {
      put: [0.005, UNVERIFIED],
      get: [0.0004, UNVERIFIED],
      move: [0.01, UNVERIFIED],
      keep: [0.023, NEGOTIATIONS],
      read: [0, UNVERIFIED],
    }),
    ...ofClass("STANDARD_IA", {
      put: [0.01, C3X],
      get: [0.001, C3X],
      move: [0.01, UNVERIFIED],
      keep: [0.0125, USAGE],
      read: [0.01, USAGE],
      days: [30, USAGE],
      least: [131_072, USAGE],
    }),
    ...ofClass("ONEZONE_IA", {
      put: [0.01, C3X],
      get: [0.001, C3X],
      move: [0.01, UNVERIFIED],
      keep: [0.01, USAGE],
      read: [0.01, USAGE],
      days: [30, USAGE],
      least: [131_072, USAGE],
    }),
    ...ofClass("GLACIER_IR", {
      put: [0.02, C3X],
      get: [0.01, C3X],
      move: [0.02, UNVERIFIED],
      keep: [0.004, USAGE],
      read: [0.03, USAGE],
      days: [90, USAGE],
      least: [131_072, USAGE],
    }),
    ...ofClass("GLACIER", {
      put: [0.03, C3X],
      get: [0.0004, C3X],
      move: [0.03, NEGOTIATIONS],
      keep: [0.0036, USAGE],
      days: [90, USAGE],
      warm: [8_192, DRINKCAT],
      cold: [32_768, DRINKCAT],
      ...ofTier("bulk", { ask: [0, KIT], read: [0, USAGE], from: [5, GUIDE], to: [12, GUIDE] }),
      ...ofTier("standard", { ask: [0.05, REPOST], read: [0.01, REPOST], from: [3, GUIDE], to: [5, GUIDE] }),
      ...ofTier("expedited", { ask: [10, REPOST], read: [0.03, USAGE], from: [1 / 60, GUIDE], to: [5 / 60, GUIDE] }),
    }),
    ...ofClass("DEEP_ARCHIVE", {
      put: [0.05, DRINKCAT],
      get: [0.0004, C3X],
      move: [0.05, NEGOTIATIONS],
      keep: [0.00099, USAGE],
      days: [180, USAGE],
      warm: [8_192, DRINKCAT],
      cold: [32_768, DRINKCAT],
      ...ofTier("bulk", { ask: [0.025, CASOURI], read: [0.0025, USAGE], from: [0, GUIDE], to: [48, GUIDE] }),
      ...ofTier("standard", { ask: [0.1, CASOURI], read: [0.02, USAGE], from: [0, GUIDE], to: [12, GUIDE] }),
    }),
  },
};

/** The same for a service whose prices nobody told: better than no number, where the name says what it is. */
export const ELSEWHERE: PriceTable = {
  ...AWS_US_EAST_1,
  name: "Amazon S3 list prices (this service may ask otherwise, --prices FILE tells)",
};

type Named = Readonly<Record<string, PriceLine>>;

function ofClass(name: string, lines: Named): Named {
  return Object.fromEntries(Object.entries(lines).map(([line, says]) => [`${name}.${line}`, says]));
}

function ofTier(tier: Tier, lines: Named): Named {
  return ofClass(tier, lines);
}
