/** Plan: which photos this run takes and under which names, written down before the first byte is fetched. */

import { stopIf } from "../cancel.ts";
import type { Candidate, Catalogue, Planned } from "../catalogue/catalogue.ts";
import type { PlanEvent, TargetPlan } from "../events.ts";
import type { Refusal } from "../keys/key-filter.ts";
import { etag8, safePath } from "../naming/name.ts";
import { expand, type NameFields, needsDate, needsName, type Template } from "../naming/template.ts";
import { type ColdPhotos, ColdTally } from "../report/archive-forecast.ts";
import type { Target } from "../targets/target.ts";
import { fitsNowhere, isTooLarge, mergePlans, type Place, TooLargeCount } from "./merge-plans.ts";
import type { Namer } from "./namer.ts";

export interface PlanOptions {
  readonly renditions: "skip" | "fallback" | "keep";
  readonly refusal: Refusal;
  readonly template: Template;
  /** Photos at most; null for all. */
  readonly limit: number | null;
}

export interface Plan extends PlanEvent {
  readonly perTarget: readonly (TargetPlan & { readonly leftOver: number })[];
  /** Of `photos`, how many stand in for a missing original. */
  readonly fallbacks: number;
  /** Of `skipped`, how many only because of the limit. */
  readonly leftOver: number;
  /** What of all that is lacking, whatever the limit, lies in an archive. */
  readonly cold: ColdPhotos;
}

/** Without a namer nothing will be written there: the plan is counted and not entered, which takes half the time. */
export type PlannedPlace = Place & { readonly namer: Namer | null };

interface PlanPorts {
  readonly catalogue: Catalogue;
  /** Where the plan is for, at least one; of photos that several lack each is fetched once. */
  readonly places: readonly PlannedPlace[];
  readonly signal: AbortSignal;
}

/** Enters the plan for each target into the catalogue, in place of an earlier one, and counts them as one. */
export async function makePlan(ports: PlanPorts, options: PlanOptions): Promise<Plan> {
  const { catalogue, places } = ports;
  const entered: Entered[] = [];
  for (const place of places) entered.push(await enter(place, ports, options));
  const [one, ...more] = entered;
  const { taken, perTarget, tooLarge, cold } =
    one !== undefined && more.length === 0 && options.limit === null
      ? { ...one, perTarget: [one] }
      : await countWithin(catalogue, places, options.limit);
  const each = await Promise.all(
    places.map(async ({ target: { name, id, freeBytes } }, at) => {
      const counted = perTarget[at];
      const { photos, bytes, leftOver } = counted?.taken ?? nothing();
      const already = await catalogue.plan(id).keptCount(options.renditions);
      const skipped = (entered[at]?.refused ?? 0) + leftOver;
      return {
        target: name,
        photos,
        bytes,
        freeBytes,
        already,
        skipped,
        leftOver,
        ...counted?.tooLarge.result(),
      };
    }),
  );
  const [only] = each;
  const { already, skipped } =
    only !== undefined && each.length === 1
      ? only
      : await settled(ports, taken.photos + (tooLarge.result().tooLarge?.photos ?? 0), options);
  const free = each.flatMap(({ freeBytes }) => (freeBytes === null ? [] : [freeBytes]));
  return {
    type: "plan",
    ...taken,
    ...tooLarge.result(),
    freeBytes: free.length === 0 ? null : Math.min(...free),
    already,
    skipped,
    perTarget: each,
    cold: cold.sum(),
  };
}

/** What is neither kept everywhere nor has its turn in this run is skipped. */
async function settled({ catalogue, places }: PlanPorts, turns: number, options: PlanOptions) {
  const ids = places.map(({ target }) => target.id);
  const { wanted, settled: already } = await catalogue.wantedOnAny(ids, options.renditions);
  return { already, skipped: wanted - already - turns };
}

interface Entered {
  /** Photos that the rules refuse. */
  readonly refused: number;
  /** What is planned, were there no limit and no other target. */
  readonly taken: ReturnType<typeof nothing> & { fallbacks: number };
  /** What is planned as well, to be named as failed. */
  readonly tooLarge: TooLargeCount;
  readonly cold: ColdTally;
}

async function enter(
  { target, namer }: PlannedPlace,
  { catalogue, places, signal }: PlanPorts,
  options: PlanOptions,
): Promise<Entered> {
  await catalogue.plan(target.id).clear();
  const unread = namer === null && places.length === 1 && options.limit === null;
  const taken = { ...nothing(), fallbacks: 0 };
  const tooLarge = new TooLargeCount([target]);
  const cold = new ColdTally();
  let refused = 0;
  for await (const chunk of catalogue.plan(target.id).candidates(options.renditions)) {
    stopIf(signal, "interrupted while planning");
    const rows: (Omit<Planned, "turn"> & { folded: string | null })[] = [];
    for (const object of chunk) {
      if (options.refusal(object) !== null) {
        refused += 1;
        continue;
      }
      if (isTooLarge(object.size, target)) tooLarge.add(object);
      else {
        take(taken, object);
        cold.add(object);
        if (object.fallback) taken.fallbacks += 1;
      }
      if (!unread) rows.push(await placed(object, options.template, { namer, target }));
    }
    if (!unread) await catalogue.plan(target.id).add(rows);
    namer?.settle();
  }
  return { refused, taken, tooLarge, cold };
}

/**
 * The name of a photo, once everything is known that the template wants.
 */
export function pathOf(
  object: Candidate,
  template: Template,
  traits: Target["traits"],
  known: Omit<NameFields, "key" | "etag8">,
): string {
  const fields = { key: object.key, etag8: etag8(object.etag), ...known };
  return safePath(expand(template, fields), traits);
}

async function placed(object: Candidate, template: Template, { namer, target }: PlannedPlace) {
  if (namer === null || needsDate(template) || needsName(template, object.key))
    return { object, path: null, folded: null };
  const wanted = pathOf(object, template, target.traits, { captured: null, camera: null });
  return { object, ...(await namer.name(object, wanted)) };
}

const nothing = () => ({ photos: 0, bytes: 0, leftOver: 0 });

async function countWithin(catalogue: Catalogue, places: PlanPorts["places"], limit: number | null) {
  const taken = { ...nothing(), fallbacks: 0 };
  const tooLarge = new TooLargeCount(places.map(({ target }) => target));
  const cold = new ColdTally();
  const perTarget = places.map(({ target }) => ({
    taken: nothing(),
    tooLarge: new TooLargeCount([target]),
  }));
  for await (const chunk of mergePlans(catalogue, places)) {
    for (const load of chunk) {
      const { object, wanted } = load;
      const counts = wanted.flatMap(({ place }) => perTarget[places.indexOf(place)] ?? []);
      const nowhere = fitsNowhere(load);
      if (!nowhere) cold.add(object);
      if (!nowhere && limit !== null && taken.photos >= limit) {
        for (const one of [taken, ...counts.map((count) => count.taken)]) one.leftOver += 1;
        continue;
      }
      for (const [at, { place }] of wanted.entries()) {
        const count = counts[at];
        if (isTooLarge(object.size, place.target)) count?.tooLarge.add(object);
        else if (count !== undefined) take(count.taken, object);
      }
      if (nowhere) tooLarge.add(object);
      else take(taken, object);
      if (!nowhere && wanted.some(({ photo }) => photo.object.fallback)) taken.fallbacks += 1;
    }
  }
  return { taken, perTarget, tooLarge, cold };
}

function take(taken: ReturnType<typeof nothing>, { size }: Candidate): void {
  taken.photos += 1;
  taken.bytes += size;
}
