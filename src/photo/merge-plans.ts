/** Load: the plans of several targets as one: each photo once, with the targets that lack it. */

import type { Candidate, Planned, TargetPlan } from "../catalogue/catalogue.ts";
import { compareKeys } from "../key.ts";
import type { Target } from "../targets/target.ts";

/** A target as far as a plan is concerned. */
export interface Place {
  readonly target: Pick<Target, "name" | "id" | "traits" | "freeBytes">;
}

export interface Transfer<P extends Place = Place> {
  readonly object: Candidate;
  /** What each target's own plan says of it; at least one. */
  readonly wanted: readonly { readonly place: P; readonly photo: Planned }[];
}

/** The plans of the targets of a run. */
interface Plans {
  plan(target: string): Pick<TargetPlan, "photos">;
}

/** In the order that all plans have (`TargetPlan.photos`); in chunks. */
export async function* mergePlans<P extends Place>(
  catalogue: Plans,
  places: readonly P[],
): AsyncGenerator<readonly Transfer<P>[]> {
  const [only] = places;
  if (only !== undefined && places.length === 1) {
    for await (const chunk of catalogue.plan(only.target.id).photos()) {
      yield chunk.map((photo) => ({ object: photo.object, wanted: [{ place: only, photo }] }));
    }
    return;
  }
  const plans = places.map((place) => ({ place, rows: rowsOf(catalogue, place.target.id) }));
  let heads = await Promise.all(plans.map(async ({ place, rows }) => ({ place, rows, next: await rows.next() })));
  let chunk: Transfer<P>[] = [];
  for (;;) {
    const open = heads.flatMap(({ place, next }) => (next.done === true ? [] : [{ place, photo: next.value }]));
    const first = open.map(({ photo }) => photo).reduce(earlier, null);
    if (first === null) break;
    const wanted = open.filter(({ photo }) => photo.object.key === first.object.key);
    chunk.push({ object: first.object, wanted });
    heads = await Promise.all(
      heads.map(async (head) =>
        wanted.some(({ place }) => place === head.place) ? { ...head, next: await head.rows.next() } : head,
      ),
    );
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const CHUNK = 1000;

async function* rowsOf(catalogue: Plans, target: string) {
  for await (const chunk of catalogue.plan(target).photos()) yield* chunk;
}

function earlier(a: Planned | null, b: Planned): Planned {
  if (a === null) return b;
  if (a.late !== b.late) return b.late ? a : b;
  if (a.object.modified !== b.object.modified) return a.object.modified < b.object.modified ? a : b;
  return compareKeys(a.object.key, b.object.key) <= 0 ? a : b;
}
