/**
 * Tells whether a bucket uses a known layout. A layout must explain most of the photos, its renditions must
 * find their originals, and no other layout may say otherwise as well.
 */

import { keyHash } from "../key.ts";
import type { Layout } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import type { Classifier, Verdict } from "./classify.ts";
import { classifier } from "./classify.ts";

/** Share of the photos that renditions and telling originals must explain. */
const EXPLAINED = 0.6;
const LEAST_RENDITIONS = 50;
/** Share of the renditions whose original must be listed. */
const JOINED = 0.8;
/** A second layout this close must agree about every key. */
const MARGIN = 0.05;
const STEMS = 30_000;
/**
 * Of a large sample so many objects, evenly chosen, are glanced at first: what explains less than half of them
 * explains no 60 % of all (that is five standard deviations), and most layouts explain nothing.
 */
const GLANCE = { objects: 600, explained: 0.5 };

/** A layout that may be the one, from a sample of keys alone. */
export interface Suitor {
  readonly layout: Layout;
  /** Share of the sampled photos that it explains. */
  readonly explained: number;
  /** Renditions in the whole listing, about, and their bytes. */
  readonly renditions: number;
  readonly bytes: number;
}

/**
 * The layouts that explain a sample of a listing.
 * @param scale how many keys of the listing one of the sample stands for
 */
export function suitorsOf(objects: readonly Listed[], scale: number, known: readonly Layout[]): Suitor[] {
  const suitors: Suitor[] = [];
  const every = Math.floor(objects.length / GLANCE.objects);
  const some = objects.filter((_, at) => at % every === 0);
  for (const layout of known) {
    if (every > 1) {
      const glance = explain(some, layout);
      if (glance.explained < glance.photos * GLANCE.explained) continue;
    }
    const { photos, explained, renditions, bytes } = explain(objects, layout);
    if (photos === 0 || explained / photos < EXPLAINED) continue;
    if (renditions * scale < LEAST_RENDITIONS) continue;
    suitors.push({
      layout,
      explained: explained / photos,
      renditions: Math.round(renditions * scale),
      bytes: Math.round(bytes * scale),
    });
  }
  return suitors.sort((a, b) => b.explained - a.explained);
}

/** What a layout explains of some objects, and how many of them it calls renditions. */
function explain(objects: readonly Listed[], layout: Layout) {
  const decide = classifier({ ...layout, tokens: [] });
  const said = { photos: 0, explained: 0, renditions: 0, bytes: 0 };
  for (const object of objects) {
    const verdict = decide(object);
    if (verdict.kind === "sidecar" || verdict.kind === "other") continue;
    said.photos += 1;
    if (verdict.kind === "rendition" && verdict.family !== "@eaDir") {
      said.renditions += 1;
      said.bytes += object.size;
    } else if (!isTelling(object.key, layout)) continue;
    said.explained += 1;
  }
  return said;
}

/** Counts, over whole stems, how many of a layout's renditions find an original. */
export class JoinCount {
  readonly #decide: Classifier;
  readonly #stems = new Map<string, { originals: number; renditions: number }>();
  #modulus = 1;
  /** Renditions that lead to no stem at all, each counted as many times as a stem is skipped. */
  #stray = 0;

  constructor(layout: Layout) {
    this.#decide = classifier(layout);
  }

  add(object: Listed): void {
    const { kind, stem } = this.#decide(object);
    if (kind !== "rendition" && kind !== "original") return;
    if (stem === null) {
      if (kind === "rendition" && keyHash(object.key) % this.#modulus === 0) this.#stray += 1;
      return;
    }
    if (keyHash(stem) % this.#modulus !== 0) return;
    const counts = this.#stems.get(stem) ?? { originals: 0, renditions: 0 };
    if (kind === "original") counts.originals += object.size > 0 ? 1 : 0;
    else counts.renditions += 1;
    this.#stems.set(stem, counts);
    if (this.#stems.size > STEMS) this.#thin();
  }

  /** Share of the renditions whose original is listed; 0 where there are none. */
  get joined(): number {
    let joined = 0;
    let all = this.#stray;
    for (const { originals, renditions } of this.#stems.values()) {
      all += renditions;
      if (originals > 0) joined += renditions;
    }
    return all === 0 ? 0 : joined / all;
  }

  #thin(): void {
    this.#modulus *= 2;
    this.#stray = Math.round(this.#stray / 2);
    for (const stem of this.#stems.keys()) {
      if (keyHash(stem) % this.#modulus !== 0) this.#stems.delete(stem);
    }
  }
}

export interface Detected {
  readonly layout: Layout | null;
  readonly reason: string;
  /** Layouts that would skip keys, but only on the user's word, with why. */
  readonly onWord: readonly { readonly suitor: Suitor; readonly reason: string }[];
}

/** Chooses among suitors; `joined` is what JoinCount found for each. */
export function chooseKnown(
  suitors: readonly { readonly suitor: Suitor; readonly joined: number }[],
  objects: readonly Listed[],
): Detected {
  const onWord: Detected["onWord"][number][] = [];
  const fit = suitors.filter(({ suitor, joined }) => {
    if (joined >= JOINED) return true;
    onWord.push({
      suitor,
      reason: `its renditions lead to an original in ${percent(joined)} of cases only`,
    });
    return false;
  });
  const [first, ...others] = fit.map(({ suitor }) => suitor).sort(bySpecificity);
  if (first === undefined) return { layout: null, reason: "no known layout fits", onWord };
  const rival = others.find(
    ({ explained, layout }) => explained >= first.explained - MARGIN && !agree(first.layout, layout, objects),
  );
  if (rival !== undefined) {
    const reason = `${first.layout.title} and ${rival.layout.title} fit equally and disagree`;
    for (const suitor of [first, rival]) onWord.push({ suitor, reason });
    return { layout: null, reason, onWord };
  }
  const reason = `${percent(first.explained)} of the keys are named as ${first.layout.title} names them, and its renditions find their originals`;
  return { layout: first.layout, reason, onWord: [] };
}

/** What explains more comes first; among equals, the layout whose rules say more exactly what they want. */
function bySpecificity(a: Suitor, b: Suitor): number {
  const apart = b.explained - a.explained;
  return Math.abs(apart) > MARGIN ? apart : exactness(b.layout) - exactness(a.layout);
}

/** What of a regex stands for more than one text, roughly. */
const UNFIXED = /\(\?<\w+>|\[[^\]]*\]|\\.|\{[^}]*\}|[().?*+|^$:!<=]/g;

/** How many characters of a key the rules fix. */
function exactness({ renditions }: Layout): number {
  return Math.max(0, ...renditions.map(({ regex }) => regex.source.replaceAll(UNFIXED, "").length));
}

function agree(a: Layout, b: Layout, objects: readonly Listed[]): boolean {
  const [one, two] = [classifier(a), classifier(b)];
  return objects.every((object) => isRendition(one(object)) === isRendition(two(object)));
}

function isRendition(verdict: Verdict): boolean {
  return verdict.kind === "rendition";
}

function isTelling(key: string, layout: Layout): boolean {
  return layout.originals.some(({ telling, regex }) => telling && regex.test(key));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
