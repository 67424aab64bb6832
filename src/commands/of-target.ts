/** What of an option concerns one target: `TARGET=VALUE`, or once for all or once for each of those in buckets, in their order. */

import { resolve } from "node:path";
import { HaulError } from "../errors.ts";
import { isBucket, isRemote } from "../targets/apart.ts";

/** `TARGET=…`; null where it is said of all. */
export function ofOne(value: string, targets: readonly string[]) {
  for (let at = value.indexOf("="); at >= 0; at = value.indexOf("=", at + 1)) {
    const named = spelled(value.slice(0, at));
    const meant = targets.filter((target) => spelled(target) === named);
    if (meant.length > 0) return { targets: meant, what: value.slice(at + 1) };
  }
  return null;
}

/** A target as it is compared with others. */
export function spelled(target: string): string {
  return isRemote(target) ? target.replace(/\/+$/, "") : resolve(target);
}

/** What was said of a target in a bucket by its name, else of all or of the one in its place; undefined where nothing was. */
export function saidOf(target: string, targets: readonly string[], values: readonly string[]): string | undefined {
  const named = values.findLast((value) => ofOne(value, targets)?.targets.includes(target));
  if (named !== undefined) return ofOne(named, targets)?.what;
  const plain = values.filter((value) => ofOne(value, targets) === null);
  return plain[targets.filter(isBucket).indexOf(target)] ?? plain.at(-1);
}

/** How often it was said without the name of a target. @throws HaulError `usage` for one that is none of the line's, or no bucket */
export function plainTimes(option: string, values: readonly string[], targets: readonly string[]): number {
  for (const value of values.filter((text) => text.includes("="))) {
    const meant = ofOne(value, targets)?.targets ?? [];
    if (meant.length > 0 && meant.every(isBucket)) continue;
    const [name = ""] = value.split("=");
    const says = meant.length > 0 ? "is no bucket" : `is no target of this line; they are ${targets.join(", ")}`;
    throw new HaulError("usage", `--${option} ${value}: ${name} ${says}`);
  }
  return values.filter((value) => !value.includes("=")).length;
}
