/**
 * What a store asks for, as data: a line a price, each with its source and date or the word `unverified`. Prices change,
 * every region has its own, and nothing but estimates is made of them; each estimate says which lines it came from.
 * Pure. `aws-prices.ts` is the table that photohaul brings along, `price-file.ts` reads one of the user's own.
 */

import { TIERS, type Tier } from "../model.ts";

/** A line's value, and who says so: `usage.ai 2026-05`, or `unverified`. */
export type PriceLine = readonly [value: number, source: string];

/**
 * The lines of a table by name, all of one currency:
 * - `list`: a thousand listing requests
 * - `out.N`: a gigabyte that leaves the store's network, of those above N gigabytes in a month
 * - `CLASS.put` `CLASS.get` `CLASS.move`: a thousand objects written, read, or moved to the class by a lifecycle rule
 * - `CLASS.keep`: a gigabyte for a month · `CLASS.read`: a gigabyte read, where nothing has to be asked for first
 * - `CLASS.days`: the least that is charged for an object · `CLASS.least`: its least bytes
 * - `CLASS.warm` `CLASS.cold`: bytes that each object has besides its own, charged as STANDARD and as the class
 * - `CLASS.TIER.ask` `CLASS.TIER.read`: a thousand objects asked for, and a gigabyte brought back
 * - `CLASS.TIER.from` `CLASS.TIER.to`: hours until it is there
 *
 * A gigabyte is 10^9 bytes. Amazon counts 2^30, so what is said here is up to 7 % too much rather than too little.
 */
export interface PriceTable {
  readonly name: string;
  /** When most of it was looked up: "2026-05". */
  readonly asOf: string;
  readonly currency: string;
  readonly lines: Readonly<Record<string, PriceLine>>;
}

export const UNVERIFIED = "unverified";

/** The form of a line's name. */
export const LINE_NAME =
  /^(?:list|out\.\d{1,12}|[A-Z0-9_]{1,40}\.(?:put|get|move|keep|read|days|least|warm|cold|(?:bulk|standard|expedited)\.(?:ask|read|from|to)))$/;

/** What something costs, roughly. Whoever prints it prints `pricedBy` too. */
export interface Forecast {
  /** Null where the table has not all the lines it takes. */
  readonly amount: number | null;
  readonly currency: string;
  /** Name of the table. */
  readonly table: string;
  /** Of the lines that it came from, each once. */
  readonly sources: readonly string[];
  /** The lines it would take besides. */
  readonly lacks: readonly string[];
}

/** Some photos of a class. */
export interface Stored {
  readonly storageClass: string;
  readonly objects: number;
  readonly bytes: number;
}

/** A forecast of what an archive gives back, and when. */
export interface Return extends Forecast {
  /** Hours from the request on; 0 is "at any time from then on"; null where nobody says. */
  readonly hours: readonly [from: number, to: number] | null;
}

/** What a class is asked for before it can be read; none for a class that is read at once, or that the table does not know. */
export function tiersOf(table: PriceTable, storageClass: string): Tier[] {
  return TIERS.filter((tier) => table.lines[`${storageClass}.${tier}.ask`] !== undefined);
}

const GIGABYTE = 1e9;
const DAYS_A_MONTH = 30;

/**
 * What it costs to have archived photos brought back for some days, and how long that takes. The copies are charged as
 * STANDARD as long as they stay, which is part of it; the way out of the store is not (`leaving`).
 */
export function bringingBack(
  table: PriceTable,
  { storageClass, objects, bytes }: Stored,
  tier: Tier,
  days: number,
): Return {
  const bill = new Bill(table);
  const of = `${storageClass}.${tier}`;
  bill.add(`${of}.ask`, objects / 1000);
  bill.add(`${of}.read`, bytes / GIGABYTE);
  bill.add("STANDARD.keep", (bytes / GIGABYTE) * (days / DAYS_A_MONTH));
  const [from, to] = [bill.value(`${of}.from`), bill.value(`${of}.to`)];
  return { ...bill.sum(), hours: from === null || to === null ? null : [from, to] };
}

/** What it costs to keep photos for some months of 30 days, or for the least time that the class charges for. */
export function keeping(table: PriceTable, { storageClass, objects, bytes }: Stored, months: number): Forecast {
  const bill = new Bill(table);
  const of = (line: string) => bill.value(`${storageClass}.${line}`) ?? 0;
  const time = Math.max(months, of("days") / DAYS_A_MONTH);
  const own = Math.max(bytes, of("least") * objects);
  bill.add(`${storageClass}.keep`, ((own + of("cold") * objects) / GIGABYTE) * time);
  const warm = of("warm") * objects;
  if (warm > 0) bill.add("STANDARD.keep", (warm / GIGABYTE) * time);
  return bill.sum();
}

/** What it costs to write photos of a class, each in one request. */
export function putting(table: PriceTable, { storageClass, objects }: Stored): Forecast {
  return new Bill(table).add(`${storageClass}.put`, objects / 1000).sum();
}

/** What it costs to have a lifecycle rule move photos to a class. */
export function moving(table: PriceTable, { storageClass, objects }: Stored): Forecast {
  return new Bill(table).add(`${storageClass}.move`, objects / 1000).sum();
}

/** What it costs to ask for photos once they can be read. */
export function getting(table: PriceTable, { storageClass, objects }: Stored): Forecast {
  return new Bill(table).add(`${storageClass}.get`, objects / 1000).sum();
}

/** What a class that is read at once asks besides, for what is read of it. */
export function retrieving(table: PriceTable, { storageClass, bytes }: Stored): Forecast {
  return new Bill(table).add(`${storageClass}.read`, bytes / GIGABYTE).sum();
}

/** What it costs to list so many keys. */
export function listing(table: PriceTable, keys: number): Forecast {
  return new Bill(table).add("list", Math.ceil(keys / 1000) / 1000).sum();
}

/** What it costs that so many bytes leave the store's network within a month, each step up to its end as bills are made. */
export function leaving(table: PriceTable, bytes: number): Forecast {
  const bill = new Bill(table);
  const steps = Object.keys(table.lines)
    .flatMap((name) => (name.startsWith("out.") ? [Number(name.slice("out.".length))] : []))
    .sort((a, b) => a - b);
  if (steps[0] !== 0) bill.add("out.0", bytes / GIGABYTE);
  steps.forEach((from, at) => {
    const upto = steps[at + 1] ?? Number.POSITIVE_INFINITY;
    const within = Math.min(bytes / GIGABYTE, upto) - from;
    if (within > 0) bill.add(`out.${from}`, within);
  });
  return bill.sum();
}

/** Several forecasts by one table, as one. */
export function together(forecasts: readonly [Forecast, ...Forecast[]]): Forecast {
  const [{ currency, table }] = forecasts;
  const lacks = [...new Set(forecasts.flatMap((one) => one.lacks))];
  const sources = [...new Set(forecasts.flatMap((one) => one.sources))];
  const sum = forecasts.reduce((amount, one) => amount + (one.amount ?? 0), 0);
  return { amount: lacks.length === 0 ? sum : null, currency, table, sources, lacks };
}

/** `Amazon S3 list prices, us-east-1: usage.ai 2026-05; in part unverified`, or which line the table has not. */
export function pricedBy({ table, sources, lacks }: Forecast): string {
  if (lacks.length > 0) return `${table}: no line ${lacks.join(", ")}`;
  const known = sources.filter((source) => source !== UNVERIFIED);
  if (known.length === 0) return `${table}: ${UNVERIFIED}`;
  return `${table}: ${known.join(", ")}${known.length < sources.length ? `; in part ${UNVERIFIED}` : ""}`;
}

/** Adds up lines of a table. */
class Bill {
  readonly #table: PriceTable;
  readonly #sources = new Set<string>();
  readonly #lacks = new Set<string>();
  #amount = 0;

  constructor(table: PriceTable) {
    this.#table = table;
  }

  add(name: string, times: number): this {
    this.#amount += (this.value(name, true) ?? 0) * times;
    return this;
  }

  /** @param needed true where there is no forecast without the line */
  value(name: string, needed = false): number | null {
    const [value, source] = this.#table.lines[name] ?? [null, null];
    if (source !== null) this.#sources.add(source);
    else if (needed) this.#lacks.add(name);
    return value;
  }

  sum(): Forecast {
    const [sources, lacks] = [[...this.#sources], [...this.#lacks]];
    const amount = lacks.length === 0 ? this.#amount : null;
    return { amount, currency: this.#table.currency, table: this.#table.name, sources, lacks };
  }
}
