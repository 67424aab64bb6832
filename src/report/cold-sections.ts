/** What an archive holds, and what it takes to have that back. Pure. */

import type { Tier } from "../model.ts";
import { bringingBack, leaving, type PriceTable, pricedBy, type Stored, tiersOf, together } from "./prices.ts";
import type { Section, SectionRow } from "./section.ts";
import { bytes, count, counted } from "./units.ts";

/** What S3 Batch Operations can ask for: nothing expedited (AWS API reference, S3InitiateRestoreObjectOperation). */
export const BATCH_TIERS: readonly Tier[] = ["bulk", "standard"];

export interface ColdStock {
  /** Archived originals by class. */
  readonly classes: readonly Stored[];
  /** Photos that may be archived: only asking for each tells. */
  readonly perhaps: number;
  /** Days for which the copies are to stay. */
  readonly days: number;
  /** Null where nobody told what the service asks for. */
  readonly prices: PriceTable | null;
  readonly tiers: readonly Tier[];
}

export interface ColdForecast {
  readonly tier: Tier;
  readonly amount: number | null;
  readonly currency: string;
  /** Hours until all of it is there; null where nobody says. */
  readonly hours: readonly [number, number] | null;
  readonly by: string;
}

/** By each tier that all of the classes have. */
export function coldForecasts(stock: ColdStock): ColdForecast[] {
  return returnsOf(stock).map(({ tier, all, hours }) => {
    const { amount, currency } = all;
    return { tier, amount, currency, hours, by: pricedBy(all) };
  });
}

function returnsOf({ classes, days, prices, tiers }: ColdStock) {
  if (prices === null) return [];
  return tiers.flatMap((tier) => {
    if (!classes.every(({ storageClass }) => tiersOf(prices, storageClass).includes(tier))) return [];
    const [first, ...more] = classes.map((stored) => bringingBack(prices, stored, tier, days));
    if (first === undefined) return [];
    const known = [first, ...more].flatMap(({ hours }) => (hours === null ? [] : [hours]));
    const span = [Math.min(...known.map(([from]) => from)), Math.max(...known.map(([, to]) => to))] as const;
    return [{ tier, all: together([first, ...more]), hours: known.length < classes.length ? null : span }];
  });
}

export function coldSections(stock: ColdStock): Section[] {
  const { classes, days, prices, perhaps } = stock;
  const forecasts = coldForecasts(stock);
  const size = classes.reduce((sum, one) => sum + one.bytes, 0);
  const rows: SectionRow[] = classes.map((one) => ({
    label: one.storageClass,
    text: `${counted(one.objects, "photo")}, ${bytes(one.bytes)}`,
  }));
  const back = forecasts.map(
    ({ tier, amount, currency, hours }): SectionRow => ({
      label: tier,
      text: [moneyInWords(amount, currency), ...(hours === null ? [] : [waitInWords(hours)])].join(", "),
    }),
  );
  const out = prices === null || classes.length === 0 ? null : leaving(prices, size);
  const leave =
    out === null ? [] : [{ label: "the way out", text: `${moneyInWords(out.amount, out.currency)}, in one month` }];
  const [one, ...others] = [...returnsOf(stock).map(({ all }) => all), ...(out === null ? [] : [out])];
  const by = one === undefined ? [] : [`Estimates, by ${pricedBy(together([one, ...others]))}.`];
  return [
    { id: "archived", title: "In an archive", rows },
    ...(classes.length === 0
      ? []
      : [
          {
            id: "back",
            title: `To bring them back for ${counted(days, "day")}`,
            rows: [...back, ...leave],
            notes: prices === null ? ["Nobody told what this service asks for: --prices FILE does."] : by,
          },
        ]),
    ...(perhaps === 0
      ? []
      : [
          {
            id: "perhaps",
            title: "",
            notes: [
              `${counted(perhaps, "photo")} in INTELLIGENT_TIERING may be archived as well: a listing does not tell, and they are not among these.`,
            ],
          },
        ]),
  ];
}

/** `12.34 USD`; less than a cent says so. */
export function moneyInWords(amount: number | null, currency: string): string {
  if (amount === null) return "nobody told what";
  if (amount > 0 && amount < 0.01) return `< 0.01 ${currency}`;
  return `${amount >= 100 ? count(amount) : amount.toFixed(2)} ${currency}`;
}

/** `3 to 5 h`, `within 48 h`, `1 to 5 min`. */
export function waitInWords([from, to]: readonly [number, number]): string {
  const [unit, scale] = to < 1 ? ["min", 60] : ["h", 1];
  const number = (hours: number) => count(Math.max(0, hours * scale));
  return from === 0 ? `within ${number(to)} ${unit}` : `${number(from)} to ${number(to)} ${unit}`;
}
