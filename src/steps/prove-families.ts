/**
 * Prove: some pairs of each family of would-be renditions are fetched, decoded and compared, each original once for all
 * its families. originals/family-proof.ts says what that proves.
 */

import type { Emit } from "../events.ts";
import type { CataloguedObject } from "../model.ts";
import {
  type ComparedPair,
  type Control,
  type FamilyProof,
  judgeFamily,
  PAIRS,
  pairsWanted,
} from "../originals/family-proof.ts";
import {
  type ComparePorts,
  comparePair,
  nameOf,
  notComparable,
  nothing,
  type ObjectPair,
  type Seen,
  see,
} from "./compare-pair.ts";
import type { SampledFamily, SampledPair } from "./sample-listing.ts";

export interface ProvePorts extends ComparePorts {
  readonly emit: Emit;
  /** Bytes that may be fetched. */
  readonly budget: number;
}

/** What was compared before in this run, by rendition and original: it is not fetched for another family again. */
export type ComparedBefore = Map<string, { readonly pair: ComparedPair; readonly controls: Control[] }>;

/** What was compared of a family. */
export interface Compared {
  readonly proof: FamilyProof;
  readonly pairs: readonly ComparedPair[];
  readonly controls: readonly Control[];
}

interface FamilyPair extends SampledPair {
  readonly unit: string;
}

/** One original and its renditions in all families, compared together. */
interface Visit {
  readonly parent: CataloguedObject;
  readonly pairs: readonly FamilyPair[];
}

interface SeenVisit extends Visit {
  readonly original: Seen;
  readonly renditions: ReadonlyMap<FamilyPair, Seen>;
}

/** What is known of a family so far. */
interface Open {
  readonly whole: boolean;
  readonly keys: number;
  readonly pairs: ComparedPair[];
  readonly controls: Control[];
}

/**
 * Compares pairs of families, those of one photo together.
 * @param most pairs of a family that are compared; where that is as many as a sample has, of a small one all
 * @returns by unit what the pairs prove
 * @throws HaulError `interrupted`, and what else ends a run
 */
export async function proveFamilies(
  sampled: ReadonlyMap<string, SampledFamily>,
  ports: ProvePorts,
  most: (keys: number, unit: string) => number = pairsWanted,
  before: ComparedBefore = new Map(),
): Promise<Map<string, Compared>> {
  const families = new Map<string, Open>();
  const pairs: FamilyPair[] = [];
  for (const [unit, family] of sampled) {
    const wanted = most(family.keys, unit);
    const whole = family.pictures < PAIRS && wanted >= PAIRS;
    families.set(unit, { whole, keys: family.keys, pairs: [], controls: [] });
    pairs.push(...family.pairs.slice(0, whole ? PAIRS : wanted).map((pair) => ({ ...pair, unit })));
  }
  const left = pairs.filter(({ unit, child, parent }) => {
    const known = before.get(nameOfPair(child, parent));
    families.get(unit)?.pairs.push(...(known === undefined ? [] : [known.pair]));
    families.get(unit)?.controls.push(...(known?.controls ?? []));
    return known === undefined;
  });
  await new Comparison(families, ports, before).visitAll(visitsOf(left));
  return new Map(
    [...families].map(([unit, { whole, keys, ...compared }]) => {
      const proof = judgeFamily(compared.pairs, compared.controls, keys, whole);
      return [unit, { ...compared, proof }];
    }),
  );
}

/** By the order of the photos; neighbours by key stay together. */
function visitsOf(pairs: readonly FamilyPair[]): Visit[] {
  const byParent = Map.groupBy(pairs, ({ parent }) => parent.key);
  return [...byParent.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const order = Math.min(...group.map((pair) => pair.order));
      return [{ order, parent: first.parent, pairs: group }];
    })
    .sort((a, b) => a.order - b.order || (a.parent.key < b.parent.key ? -1 : 1));
}

function nameOfPair(child: { readonly key: string }, parent: { readonly key: string }): string {
  return `${child.key}\n${parent.key}`;
}

class Comparison {
  readonly #families: ReadonlyMap<string, Open>;
  readonly #ports: ProvePorts;
  readonly #before: ComparedBefore;
  #bytes = 0;

  constructor(families: ReadonlyMap<string, Open>, ports: ProvePorts, before: ComparedBefore) {
    this.#families = families;
    this.#ports = ports;
    this.#before = before;
  }

  /** The next one is fetched while one is compared; two lie decoded at any time, for the controls. */
  async visitAll(visits: readonly Visit[]): Promise<void> {
    let before: SeenVisit | null = null;
    let coming = this.#see(visits[0]);
    for (const [at] of visits.entries()) {
      const visit = await coming;
      coming = this.#see(visits[at + 1]);
      // Whoever ends here first does not wait for it, and it may fail as well.
      coming.catch(() => undefined);
      if (visit === null) continue;
      await this.#compare(visit);
      if (before !== null) await this.#control(before, visit);
      if (before !== null) await this.#ports.comparer.drop(namesIn(before));
      before = visit;
      this.#tell(at + 1, visits.length);
    }
    if (before !== null) await this.#ports.comparer.drop(namesIn(before));
  }

  #tell(compared: number, total: number): void {
    this.#ports.emit({ type: "proof", photos: compared, totalPhotos: total, bytes: this.#bytes });
  }

  /** Fetches and decodes; null where nothing is left to be proven by it. */
  async #see(visit: Visit | undefined): Promise<SeenVisit | null> {
    const pairs = visit?.pairs.filter(({ unit }) => !this.#isSettled(unit)) ?? [];
    if (visit === undefined || pairs.length === 0) return null;
    const { parent } = visit;
    const original = await this.#fetch(parent, "original");
    const renditions = new Map<FamilyPair, Seen>();
    await Promise.all(
      pairs.map(async (pair) => {
        const seen = original.doubt === null ? await this.#fetch(pair.child, "rendition") : original;
        renditions.set(pair, seen);
      }),
    );
    return { parent, pairs, original, renditions };
  }

  async #fetch(object: CataloguedObject, role: "original" | "rendition"): Promise<Seen> {
    if (notComparable(object) === null) {
      if (this.#bytes + object.size > this.#ports.budget) {
        return nothing("beyond what --proof-bytes allows");
      }
      this.#bytes += object.size;
    }
    return see(object, role, this.#ports);
  }

  /** Another picture in a large family settles it: it is not proven. */
  #isSettled(unit: string): boolean {
    const family = this.#families.get(unit);
    if (family === undefined) return true;
    if (family.whole) return false;
    return family.pairs.some(({ verdict }) => verdict === "other") || family.controls.some(({ same }) => same);
  }

  async #compare({ original, renditions }: SeenVisit): Promise<void> {
    for (const [pair, seen] of renditions) {
      const compared = await comparePair(pair, { parent: original, child: seen }, this.#ports);
      this.#families.get(pair.unit)?.pairs.push(compared);
      this.#before.set(nameOfPair(pair.child, pair.parent), { pair: compared, controls: [] });
    }
  }

  /** Each rendition beside the original before or after it: one that looks the same there proves nothing anywhere. */
  async #control(a: SeenVisit, b: SeenVisit): Promise<void> {
    if (a.parent.stem === b.parent.stem || sameBytes(a.parent, b.parent)) return;
    for (const [here, there] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const [{ unit, child }, seen] of here.renditions) {
        const pair: ObjectPair = { child, parent: there.parent };
        const looks = { child: seen, parent: there.original };
        const { verdict } = await comparePair(pair, looks, this.#ports, false);
        const control = { child: child.key, parent: pair.parent.key, same: verdict === "same" };
        this.#families.get(unit)?.controls.push(control);
        this.#before.get(nameOfPair(child, here.parent))?.controls.push(control);
      }
    }
  }
}

function sameBytes(a: CataloguedObject, b: CataloguedObject): boolean {
  return a.size === b.size && a.etag !== "" && a.etag === b.etag;
}

function namesIn({ parent, pairs }: SeenVisit): string[] {
  return [nameOf(parent, "original"), ...pairs.map(({ child }) => nameOf(child, "rendition"))];
}
