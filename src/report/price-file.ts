/** A table of prices of the user's own: another region, another service, an agreement. */

import { z } from "zod";
import { HaulError } from "../errors.ts";
import { readShortText } from "../local/files.ts";
import { jsonOf } from "../manifest-entry.ts";
import { AWS_US_EAST_1 } from "./aws-prices.ts";
import { LINE_NAME, type PriceLine, type PriceTable, UNVERIFIED } from "./prices.ts";

const value = z.number().nonnegative().max(1e12);
const FILE = z.strictObject({
  name: z.string().min(1).max(100),
  asOf: z.string().max(40).default(UNVERIFIED),
  currency: z.string().regex(/^[A-Z]{3}$/, "a currency such as EUR"),
  source: z.string().min(1).max(100).default(UNVERIFIED),
  lines: z.record(
    z.string().regex(LINE_NAME, "no such line"),
    z.union([value, z.strictObject({ price: value, source: z.string().min(1).max(100) })]),
  ),
});

/**
 * Reads such a file. Its lines come in place of those of the built-in table where it is in the same currency; in another
 * one nothing but what it says holds. One `out.N` stands in place of all of them.
 * @throws HaulError `usage` naming what is wrong in it
 */
export async function loadPrices(file: string): Promise<PriceTable> {
  return parsePrices(await readShortText("price table", file), file);
}

/** @throws HaulError `usage` */
export function parsePrices(text: string, file: string): PriceTable {
  const parsed = FILE.safeParse(jsonOf(text));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(" ") || "the file"}: ${message}`);
    throw refused(file, wrong.slice(0, 5).join("; "));
  }
  const { name, asOf, currency, source, lines } = parsed.data;
  const own = Object.entries(lines).map(([line, says]): [string, PriceLine] => [
    line,
    typeof says === "number" ? [says, source] : [says.price, says.source],
  ]);
  const steps = own.some(([line]) => line.startsWith("out."));
  const usual = currency === AWS_US_EAST_1.currency ? Object.entries(AWS_US_EAST_1.lines) : [];
  const kept = usual.filter(([line]) => !(steps && line.startsWith("out.")));
  return { name, asOf, currency, lines: Object.fromEntries([...kept, ...own]) };
}

function refused(file: string, says: string): HaulError {
  return new HaulError("usage", `--prices ${file} cannot be used: ${says}. docs/cold.md shows what such a file says`);
}
