/**
 * An option that concerns nothing of what was typed was meant for something else: who gives `--endpoint` for a target
 * would have it looked for at AWS.
 */

import { HaulError } from "../errors.ts";
import { isBucket } from "./target-options.ts";

/** Of a source in a bucket. */
const OF_A_SOURCE = ["endpoint", "region", "profile", "no-sign-request", "request-payer", "as-of"] as const;
/** Of targets in buckets: once for all, or once for each. */
const OF_TARGETS = [
  "target-endpoint",
  "target-region",
  "target-profile",
  "storage-class",
  "object-lock-mode",
  "object-lock-days",
  "object-lock-retain-until-date",
] as const;

/** Whoever asks for these counts on them; how to reach a bucket harms nobody where there is none. */
const PROMISES = new Set<string>(["storage-class", "object-lock-mode"]);

type Given = Readonly<Partial<Record<(typeof OF_A_SOURCE)[number] | (typeof OF_TARGETS)[number], unknown>>>;

interface Places {
  /** Null where none was typed. */
  readonly source: string | null;
  /** What names the source. */
  readonly by: string;
  readonly targets: readonly string[];
}

/** @throws HaulError `usage` naming an option that concerns neither source nor targets, and what to say instead */
export function mustConcern({ source, by, targets }: Places, given: Given): void {
  const buckets = targets.filter(isBucket).length;
  const idle = OF_A_SOURCE.find((name) => isGiven(given[name]));
  if (idle !== undefined && (source === null || !isBucket(source))) {
    const says = `--${idle} says how to reach ${by} in a bucket, and there is none`;
    const twin = OF_TARGETS.find((name) => name === `target-${idle}`);
    const instead = twin === undefined || buckets === 0 ? "" : `. For a target say --${twin}`;
    throw new HaulError("usage", `${says}${instead}`);
  }
  for (const name of OF_TARGETS) {
    const times = [given[name] ?? []].flat().length;
    if (times > 0 && buckets === 0 && PROMISES.has(name))
      throw new HaulError("usage", `--${name} is for targets in buckets, and there is none`);
    if (times <= Math.max(1, buckets)) continue;
    const says = `--${name} is given ${times} times, and of targets in buckets there are ${buckets}`;
    throw new HaulError("usage", says);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
