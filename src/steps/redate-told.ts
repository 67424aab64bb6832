/**
 * Redate told: what `--dates` says of photos that were kept before it was said. Only what is told is done: a line that
 * is taken out of the file later gives no date back.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { dateOverride } from "../dates/kept-date.ts";
import { HaulError } from "../errors.ts";
import { type RedatableTarget, type Redating, type RedatingPorts, redateKept } from "./redate-kept.ts";

export interface TellingPorts extends RedatingPorts {
  readonly catalogue: Pick<Catalogue, "zones" | "keep" | "keptAs">;
  /** What the user says, by key. */
  readonly told: ReadonlyMap<string, string>;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
}

/**
 * Of several objects under one key the newest that is kept is meant.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export function redateTold(target: RedatableTarget, ports: TellingPorts): Promise<void> {
  return redateKept(target, toldOf(target, ports), "redated", ports);
}

async function* toldOf(
  { id }: RedatableTarget,
  { catalogue, told, zone, signal }: TellingPorts,
): AsyncGenerator<Redating> {
  for (const [key, written] of told) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted while dates were set");
    const [newest] = await catalogue.keptAs(id, key);
    const captured = newest === undefined ? null : dateOverride(newest, written, zone);
    if (newest !== undefined && captured !== null) yield { ...newest, captured };
  }
}
