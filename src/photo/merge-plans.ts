/**
 * The plans of several targets as one: each photo once, with the targets that lack it; and which of them can hold it in no
 * file, as FAT32 none of 4 GiB. The plan knows those, so that they are told before the transfer, and no byte of them is
 * fetched in vain.
 */

import type { Candidate, Planned, PlanPart, TargetPlan } from "../catalogue/catalogue.ts";
import type { TooLarge } from "../events.ts";
import { compareKeys } from "../key.ts";
import type { Listed } from "../model.ts";
import { bytes } from "../report/units.ts";
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
  part?: PlanPart,
): AsyncGenerator<readonly Transfer<P>[]> {
  const [only] = places;
  if (only !== undefined && places.length === 1) {
    for await (const chunk of catalogue.plan(only.target.id).photos(part)) {
      yield chunk.map((photo) => ({ object: photo.object, wanted: [{ place: only, photo }] }));
    }
    return;
  }
  const plans = places.map((place) => ({ place, rows: rowsOf(catalogue, place.target.id, part) }));
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

async function* rowsOf(catalogue: Plans, target: string, part: PlanPart | undefined) {
  for await (const chunk of catalogue.plan(target).photos(part)) yield* chunk;
}

function earlier(a: Planned | null, b: Planned): Planned {
  if (a === null) return b;
  if (a.turn !== b.turn) return a.turn < b.turn ? a : b;
  return compareKeys(a.object.key, b.object.key) <= 0 ? a : b;
}

type Holder = Pick<Place["target"], "name" | "traits">;

const FAT = 4 * 1024 ** 3 - 1;
const EXAMPLES = 10;

export function isTooLarge(size: number, { traits }: Pick<Holder, "traits">): boolean {
  return traits.largestFile > 0 && size > traits.largestFile;
}

/** True where none of the targets that want it can hold it: it costs no transfer, and counts for no limit. */
export function fitsNowhere({ object, wanted }: Transfer): boolean {
  return wanted.every(({ place }) => isTooLarge(object.size, place.target));
}

/** Why, and what to do, for people. */
export function tooLargeWords(size: number, { name, traits }: Holder): string {
  const fat = traits.largestFile === FAT ? ", as on every FAT32 drive" : "";
  return `it has ${bytes(size)}, and no file on ${name} can have more than ${bytes(traits.largestFile)}${fat}: add another target, or use a drive with exFAT`;
}

/** Counts what is too large for some targets, names the first, and remembers no more of the others. */
export class TooLargeCount {
  readonly #most: number;
  readonly #examples: string[] = [];
  #photos = 0;
  #bytes = 0;

  constructor(holders: readonly Pick<Holder, "traits">[]) {
    this.#most = Math.max(0, ...holders.map(({ traits }) => traits.largestFile));
  }

  add({ key, size }: Pick<Listed, "key" | "size">): void {
    this.#photos += 1;
    this.#bytes += size;
    if (this.#examples.length < EXAMPLES) this.#examples.push(key);
  }

  /** As it stands in an event: nothing where there are none. */
  result(): { readonly tooLarge?: TooLarge } {
    if (this.#photos === 0) return {};
    const [photos, size, examples] = [this.#photos, this.#bytes, [...this.#examples]];
    return { tooLarge: { photos, bytes: size, most: this.#most, examples } };
  }
}
