/** `--prices`: by which table every estimate of a command goes. */

import { AWS_US_EAST_1, ELSEWHERE } from "../report/aws-prices.ts";
import { loadPrices } from "../report/price-file.ts";
import type { PriceTable } from "../report/prices.ts";
import type { Process } from "../run/command.ts";
import { text } from "./option-values.ts";
import { isOnAws } from "./remembered.ts";

export const PRICES_OPTION = {
  prices: text.meta({
    group: "Cold storage:",
    description: "what the service asks for, as JSON in FILE (docs/cold.md): every estimate goes by it",
  }),
};

/** Whose prices hold, and by which table estimates go. */
export interface Pricing {
  readonly onAws: boolean;
  readonly prices: PriceTable;
}

/**
 * The table that was named, else Amazon's; `ELSEWHERE` where another service answers, whose prices nobody told.
 * @throws HaulError `usage`
 */
export async function pricingOf(
  { prices, ...reach }: Parameters<typeof isOnAws>[0] & { readonly prices: string | null },
  env: Process["env"],
): Promise<Pricing> {
  const onAws = await isOnAws(reach, env);
  if (prices !== null) return { onAws, prices: await loadPrices(prices) };
  return { onAws, prices: onAws ? AWS_US_EAST_1 : ELSEWHERE };
}
