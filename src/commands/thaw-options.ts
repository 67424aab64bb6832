/** The options about archives: whether and how photos are brought back from one, and what that may cost. */

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import { MINUTE } from "../measures.ts";
import { TIERS } from "../model.ts";
import type { ColdPhotos } from "../report/archive-forecast.ts";
import { amountInWords, DEFAULT_DAYS, tierInWords } from "../report/archive-forecast.ts";
import type { Process } from "../run/command.ts";
import { confirmAt, type Output } from "../run/output.ts";
import type { ThawOptions } from "../steps/ask-archive.ts";
import { measuredSpeed } from "../steps/measured-speed.ts";
import { TargetThawing } from "../steps/thaw-target.ts";
import type { S3Options } from "../stores/s3/address.ts";
import type { Target } from "../targets/target.ts";
import { duration, flag, whole } from "./option-values.ts";
import { PRICES_OPTION, type Pricing, pricingOf } from "./prices-option.ts";

const COLD = { group: "Cold storage:" };
/** For photos that are meant to stay in the archive. */
const NEVER = "never";
const DEFAULT_DOLLARS = "5";
export const THAW_OPTIONS = {
  "restore-tier": z
    .enum([...TIERS, NEVER])
    .nullable()
    .default(null)
    .meta({
      ...COLD,
      description:
        "ask the archive for photos, this fast; what it costs is said first. Without it none is asked for, and a health check says so; never leaves them there knowingly",
    }),
  "restore-days": whole.default(Number(DEFAULT_DAYS)).meta({
    ...COLD,
    description: "days for which the copies that the archive gives are to stay",
    shown: DEFAULT_DAYS,
  }),
  "max-cost": z
    .string()
    .regex(/^\d{1,9}(\.\d{1,2})?$/, "an amount of dollars such as 5 or 12.50")
    .transform(Number)
    .default(Number(DEFAULT_DOLLARS))
    .meta({
      ...COLD,
      description: "DOLLARS up to which the archive is asked without a yes",
      shown: DEFAULT_DOLLARS,
    }),
  yes: flag.meta({ ...COLD, description: "ask the archive whatever is forecast" }),
  wait: duration
    .nullable()
    .default(null)
    .meta({
      ...COLD,
      description: "stay for so long, such as 48h, look every 15 minutes and fetch what came; else the next run does",
    }),
  ...PRICES_OPTION,
};
type ThawTyped = z.output<z.ZodObject<typeof THAW_OPTIONS>>;

const POLL_MS = 15 * MINUTE;
/** One that waits for less than a few polls looks more often. */
const POLLS = 8;

/** What concerns a target that photos are read from. */
export const THAW_TARGET_OPTIONS = {
  ...THAW_OPTIONS,
  limit: whole
    .nullable()
    .default(null)
    .meta({ ...COLD, description: "photos at most that the archive is asked for in this run" }),
};

/** What the options come to for a target. */
export async function thawingOfTarget(
  target: Target,
  s3: S3Options | undefined,
  running: Omit<Running, "pricing" | "options"> & { readonly options: TargetTyped },
): Promise<TargetThawing> {
  const { options, process, output } = running;
  const { endpoint = null, profile = null } = s3 ?? {};
  const { prices } = options;
  const pricing = await pricingOf({ source: target.name, endpoint, profile, prices }, process.env);
  const thawing = await thawingOf({ ...running, pricing }, { catalogue: null, cold: null });
  const { emit } = output;
  return new TargetThawing({ target, thawing, limit: options.limit, emit, signal: process.signal, now: Date.now });
}

type TargetTyped = Running["options"] & { readonly limit: number | null };

interface Running {
  /** With how the run speaks. */
  readonly options: ThawTyped & { readonly json: boolean; readonly quiet: boolean };
  readonly process: Process;
  readonly output: Output;
  readonly pricing: Pricing;
}

/** True where the archive of the source is asked for what lies in it. */
export function asksArchive({ "restore-tier": tier }: Pick<ThawTyped, "restore-tier">): boolean {
  return tier !== null && tier !== NEVER;
}

/** What the options come to. */
export async function thawingOf(
  { options: typed, process, output, pricing }: Running,
  { catalogue, cold }: { readonly catalogue: Catalogue | null; readonly cold: ColdPhotos | null },
): Promise<ThawOptions> {
  const { "restore-tier": tier, "restore-days": days, "max-cost": most, yes, wait } = typed;
  const thaw = tier === null || tier === NEVER ? null : { tier, days };
  const waitMs = wait ?? 0;
  const allows = (amount: number | null) => yes || (amount !== null && amount <= most);
  return {
    thaw,
    days,
    decided: tier !== null,
    prices: pricing.prices,
    planned: cold === null || cold.classes.length > 0,
    tells: pricing.onAws,
    bytesPerSecond: thaw === null || catalogue === null ? null : await measuredSpeed(catalogue),
    allows,
    async agree(asked, forecast) {
      if (allows(forecast.amount)) return true;
      const what = `${amountInWords(asked)} from the archive, ${tierInWords(forecast)} (${forecast.priced})`;
      const ask = confirmAt(process, output, typed);
      if (ask !== undefined) return ask(`Bring back ${what}? [y/N] `);
      const limit = forecast.amount === null ? "" : `, or --max-cost ${Math.ceil(forecast.amount)}`;
      const says = `To bring back ${what} is above --max-cost ${most}, and nobody is here to say yes: nothing was asked for`;
      throw new HaulError("usage", says, { hint: `If that is what you want, say --yes${limit}.` });
    },
    waitMs,
    pollMs: Math.min(POLL_MS, Math.max(1000, waitMs / POLLS)),
    sleep: sleepFor,
  };
}

/** By the real clock. @throws HaulError `interrupted` */
async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((cause: unknown) => {
    throw new HaulError("interrupted", "interrupted while waiting for the archive", { cause });
  });
}
