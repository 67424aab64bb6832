/** From what two passes over a listing gathered to the layout that is used, with the reasons. Pure. */

import type { Layout } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import type { Detected, Suitor } from "./detect-layout.ts";
import { chooseKnown, JoinCount, suitorsOf } from "./detect-layout.ts";
import type { FoundFamily } from "./families.ts";
import { findFamilies, layoutOf } from "./families.ts";
import { senseOf } from "./family-words.ts";
import { GroupSample } from "./group-sample.ts";
import { KeySample, wantedWords } from "./key-sample.ts";
import type { PairsVerdict } from "./pair-verdict.ts";

/** Keys that look like renditions and are mirrored all the same. */
export interface Suspect {
  readonly family: string;
  /** For people: `thumbs/…`. */
  readonly looks: string;
  /** About, where the listing was sampled. */
  readonly keys: number;
  readonly bytes: number;
  readonly reason: string;
  /** What to type to skip them. */
  readonly option: string;
}

export interface Choice {
  readonly layout: Layout;
  readonly reason: string;
  readonly suspects: readonly Suspect[];
  /** By family, what speaks for it; empty where that was said in an earlier run. */
  readonly evidence: ReadonlyMap<string, string>;
}

/** Fewer are no pyramid. */
const LEAST_TILES = 4;

/** A family that is acted upon only after its pictures, or somebody, were asked. */
export type Proven = ReadonlyMap<FoundFamily, PairsVerdict | "accepted">;

/** Takes a listing twice: `first` for every key, `begin`, `second` for every key, then `outcome`. */
export class Survey {
  readonly #known: readonly Layout[];
  readonly #keys = new KeySample();
  #groups: GroupSample | null = null;
  #joins: { readonly suitor: Suitor; readonly count: JoinCount }[] = [];
  #outcome: { readonly families: readonly FoundFamily[]; readonly detected: Detected } | null =
    null;

  constructor(known: readonly Layout[]) {
    this.#known = known;
  }

  first(object: Listed): void {
    this.#keys.add(object);
  }

  begin(): void {
    const { objects, seen } = this.#keys;
    const scale = objects.length === 0 ? 1 : seen / objects.length;
    this.#joins = suitorsOf(objects, scale, this.#known).map((suitor) => ({
      suitor,
      count: new JoinCount(suitor.layout),
    }));
    this.#groups = new GroupSample(wantedWords(objects));
  }

  second(object: Listed): void {
    for (const { count } of this.#joins) count.add(object);
    this.#groups?.add(object);
  }

  /** The known layout that fits, if one does, and the families that names and sizes suggest. */
  outcome(): { readonly families: readonly FoundFamily[]; readonly detected: Detected } {
    if (this.#outcome !== null) return this.#outcome;
    const joined = this.#joins.map(({ suitor, count }) => ({ suitor, joined: count.joined }));
    const detected = chooseKnown(joined, this.#keys.objects);
    const families =
      detected.layout === null ? findFamilies(this.#groups?.groups ?? new Map()) : [];
    this.#outcome = { families, detected };
    return this.#outcome;
  }

  /**
   * Adds the tiles of zoomable panoramas to a layout where there are some: each only beside its panorama, so
   * that tiles which are all that is left are kept.
   */
  withTiles(layout: Layout): Layout {
    const rules = this.#known.find(({ id }) => id === "tiles")?.renditions ?? [];
    const found = rules.filter(({ regex, family }) => {
      const tiles = this.#keys.objects.filter(({ key }) => regex.test(key));
      return family === "tile" && tiles.length >= LEAST_TILES;
    });
    if (found.length === 0) return layout;
    return { ...layout, id: "auto", renditions: [...layout.renditions, ...found] };
  }

  /** How many keys of the listing one of the families' members stands for. */
  get scale(): number {
    return this.#groups?.modulus ?? 1;
  }
}

/** The families whose pictures should be looked at before they are believed. */
export function unproven(families: readonly FoundFamily[]): FoundFamily[] {
  return families.filter(({ belief, named }) => belief !== "suspect" && !named);
}

/** Puts it together: a known layout, else the families that are believed, else every photo is an original. */
export function choose(survey: Survey, proven: Proven): Choice {
  const { families, detected } = survey.outcome();
  const onWord = detected.onWord.map(suspectLayout);
  if (detected.layout !== null) {
    return {
      layout: detected.layout,
      reason: detected.reason,
      suspects: onWord,
      evidence: new Map(),
    };
  }
  const believed = families.filter((family) => isBelieved(family, proven.get(family)));
  const doubted = families
    .filter((family) => !believed.includes(family) && isWorthSaying(family, believed))
    .filter(({ rule }, i, all) => all.findIndex((one) => says(rule.family, one.rule.family)) === i);
  const suspects = [
    ...onWord,
    ...doubted.map((family) => suspectFamily(family, proven, survey.scale)),
  ];
  if (believed.length === 0) {
    const reason = "nothing proves that any key is a rendition of another";
    return { layout: survey.withTiles(EVERYTHING_ORIGINAL), reason, suspects, evidence: new Map() };
  }
  const names = [...new Set(believed.map(({ rule }) => rule.family))];
  const reason = `${names.join(", ")} ${names.length === 1 ? "is" : "are"} told by what lies beside each key`;
  const evidence = new Map(
    believed.map((family) => [family.rule.family, saidOf(family, proven)] as const),
  );
  return { layout: survey.withTiles(layoutOf(believed)), reason, suspects, evidence };
}

/** Pictures that could not be read change nothing; pictures that could overrule names and sizes. */
function isBelieved(
  { belief, named }: FoundFamily,
  proof: PairsVerdict | "accepted" | undefined,
): boolean {
  if (belief === "suspect") return false;
  if (named || proof === "accepted") return true;
  const verdict = proof?.verdict ?? "unknown";
  return verdict === "same" || (verdict === "unknown" && belief === "sure");
}

/** Words that speak, and what nearly convinced; each word once. */
function isWorthSaying(family: FoundFamily, believed: readonly FoundFamily[]): boolean {
  const speaks = senseOf(family.rule.family) === "rendition";
  if (believed.some(({ rule }) => rule.family === family.rule.family)) return false;
  return speaks || family.belief !== "suspect";
}

/** True where everything that a shorter name says is said by a longer one too: "thumbs" by "thumbs preview". */
function says(longer: string, shorter: string): boolean {
  return shorter.split(" ").every((word) => longer.split(" ").includes(word));
}

function saidOf(family: FoundFamily, proven: Proven): string {
  const proof = proven.get(family);
  if (proof === undefined) return family.reason;
  return proof === "accepted"
    ? `${family.reason}, and you agreed`
    : `${family.reason}, and ${proof.evidence}`;
}

function suspectFamily(family: FoundFamily, proven: Proven, scale: number): Suspect {
  return {
    family: family.rule.family,
    looks: family.looks,
    keys: family.features.members * scale,
    bytes: family.bytes * scale,
    reason: saidOf(family, proven),
    option: `--exclude '${globOf(family)}'`,
  };
}

function suspectLayout({ suitor, reason }: Detected["onWord"][number]): Suspect {
  return {
    family: suitor.layout.id,
    looks: suitor.layout.title,
    keys: suitor.renditions,
    bytes: suitor.bytes,
    reason,
    option: `--layout ${suitor.layout.id}`,
  };
}

function globOf({ rule }: FoundFamily): string {
  const { directory, prefix, suffix, name } = rule;
  const masked = (word: string | undefined) => word?.replaceAll("#", "*");
  const file =
    name === undefined
      ? `${prefix === undefined ? "" : `${masked(prefix)}?`}*${suffix === undefined ? "" : `?${masked(suffix)}.*`}`
      : `${masked(name)}.*`;
  if (directory === undefined) return `**/${file}`;
  const word = masked(directory.word) ?? "";
  return directory.from === "left"
    ? `${"*/".repeat(directory.at)}${word}/**/${file}`
    : `**/${word}/${"*/".repeat(directory.at - 1)}${file}`;
}
