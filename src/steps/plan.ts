/** Plan: which photos this run takes and under which names, written down before the first byte is fetched. */

import type { Candidate, Catalogue, Planned } from "../catalogue/catalogue.ts";
import { etag8, safePath } from "../decide/name.ts";
import type { Refusal } from "../decide/plan.ts";
import { expand, needsDate, type Template } from "../decide/template.ts";
import { HaulError } from "../errors.ts";
import type { PlanEvent } from "../events.ts";
import type { Target } from "../targets/target.ts";
import type { Namer } from "./name.ts";

export interface PlanOptions {
  readonly renditions: "skip" | "fallback" | "keep";
  readonly refusal: Refusal;
  readonly template: Template;
  /** Photos at most; null for all. */
  readonly limit: number | null;
}

export interface Plan extends PlanEvent {
  /** Of `photos`, how many stand in for a missing original. */
  readonly fallbacks: number;
  /** Of `skipped`, how many only because of the limit. */
  readonly leftOver: number;
}

interface PlanPorts {
  readonly catalogue: Catalogue;
  readonly target: Pick<Target, "id" | "traits" | "freeBytes">;
  readonly namer: Namer;
  readonly signal: AbortSignal;
}

/** Enters the plan for the target into the catalogue, in place of an earlier one, and counts it. */
export async function makePlan(ports: PlanPorts, options: PlanOptions): Promise<Plan> {
  const { catalogue, target, namer, signal } = ports;
  await catalogue.clearPlan(target.id);
  let skipped = 0;
  for await (const chunk of catalogue.candidates(target.id, options.renditions)) {
    stopIfAborted(signal);
    const rows: (Planned & { folded: string | null })[] = [];
    for (const object of chunk) {
      if (options.refusal(object) !== null) skipped += 1;
      else rows.push(await placed(object, options.template, ports));
    }
    await catalogue.addToPlan(target.id, rows);
    namer.settle();
  }
  const taken = await countWithin(catalogue, target.id, options.limit);
  return {
    type: "plan",
    photos: taken.photos,
    bytes: taken.bytes,
    freeBytes: target.freeBytes,
    already: await catalogue.keptCount(target.id, options.renditions),
    skipped: skipped + taken.leftOver,
    fallbacks: taken.fallbacks,
    leftOver: taken.leftOver,
  };
}

/**
 * The name of a photo once its date is known.
 * @param camera as the photo names it; null where it does not
 */
export function pathOf(
  object: Candidate,
  template: Template,
  traits: Target["traits"],
  known: { captured: Parameters<typeof expand>[1]["captured"]; camera: string | null },
): string {
  const fields = { key: object.key, etag8: etag8(object.etag), ...known };
  return safePath(expand(template, fields), traits);
}

async function placed(object: Candidate, template: Template, { namer, target }: PlanPorts) {
  if (needsDate(template)) return { object, path: null, folded: null };
  const wanted = pathOf(object, template, target.traits, { captured: null, camera: null });
  return { object, ...(await namer.name(object, wanted)) };
}

async function countWithin(catalogue: Catalogue, target: string, limit: number | null) {
  const taken = { photos: 0, bytes: 0, fallbacks: 0, leftOver: 0 };
  for await (const chunk of catalogue.plan(target)) {
    for (const { object } of chunk) {
      if (limit !== null && taken.photos >= limit) {
        taken.leftOver += 1;
        continue;
      }
      taken.photos += 1;
      taken.bytes += object.size;
      if (object.fallback) taken.fallbacks += 1;
    }
  }
  return taken;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new HaulError("interrupted", "interrupted while planning");
}
