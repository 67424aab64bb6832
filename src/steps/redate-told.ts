/**
 * Redate told: what `--dates` says of photos that were kept before it was said. Only what is told is done: a line that
 * is taken out of the file later gives no date back.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { toldDate } from "../decide/told-date.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Target } from "../targets/target.ts";
import { type Redating, redateKept } from "./redate-kept.ts";

/** So many photos are dated after one reading of the manifest. */
const BATCH = 10_000;

export interface TellingPorts {
  readonly catalogue: Pick<Catalogue, "zones" | "keep" | "keptAs">;
  /** What the user says, by key. */
  readonly told: ReadonlyMap<string, string>;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  /** Told of every photo that got another date. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Of several objects under one key the newest that is kept is meant.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateTold(
  target: Pick<Target, "id" | "name" | "traits" | "redate" | "entries">,
  { catalogue, told, zone, emit, signal }: TellingPorts,
): Promise<void> {
  let batch: Redating[] = [];
  const settle = async () => {
    await redateKept(target, batch, catalogue, signal);
    for (const { key, path, captured } of batch) {
      emit({ type: "redated", target: target.name, key, path, captured });
    }
    batch = [];
  };
  for (const [key, written] of told) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted while dates were set");
    const [newest] = await catalogue.keptAs(target.id, key);
    const captured = newest === undefined ? null : toldDate(newest, written, zone);
    if (newest === undefined || captured === null) continue;
    batch.push({ ...newest, captured });
    if (batch.length >= BATCH) await settle();
  }
  await settle();
}
