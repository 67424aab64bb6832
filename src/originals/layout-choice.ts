/** From what two passes over a listing gathered to a layout that is worth proving, with the reasons. Pure. */

import { senseOf } from "../keys/family-words.ts";
import type { Layout, TokenRule } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import type { Detected, Suitor } from "./detect-layout.ts";
import { chooseKnown, JoinCount, suitorsOf } from "./detect-layout.ts";
import type { FoundFamily } from "./families.ts";
import { findFamilies, layoutOf, named } from "./families.ts";
import { unitOf } from "./family-proof.ts";
import { isWordRule } from "./found-family.ts";
import { GroupSample } from "./group-sample.ts";
import { KeySample, wantedWords } from "./key-sample.ts";
import { PhotoSample } from "./photo-sample.ts";

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

/** A layout whose families are to be proven before a key is skipped. */
export interface Proposal {
  readonly layout: Layout;
  /** For people. */
  readonly reason: string;
  /** What names and sizes say of its families, where it was told from the listing. */
  readonly inferred: readonly FoundFamily[];
}

/** What was found to be no rendition in this listing, and is not proposed again. */
export interface Refused {
  /** Known layouts by id, and families by how they look. */
  readonly layouts: ReadonlySet<string>;
  readonly looks: ReadonlySet<string>;
}

const NOTHING_REFUSED: Refused = { layouts: new Set(), looks: new Set() };

/** Fewer are no pyramid. */
const LEAST_TILES = 4;

/** Takes a listing twice: `first` for every key, `begin`, `second` for every key, then `outcome`. */
export class Survey {
  readonly #known: readonly Layout[];
  readonly #keys = new KeySample();
  #groups: GroupSample | null = null;
  #photos: PhotoSample | null = null;
  #joins: { readonly suitor: Suitor; readonly count: JoinCount }[] = [];

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
    this.#photos = new PhotoSample(objects, scale);
  }

  second(object: Listed): void {
    for (const { count } of this.#joins) count.add(object);
    this.#groups?.add(object);
    this.#photos?.add(object);
  }

  /** A known layout that fits, if one does, else what names and sizes of this listing suggest. */
  propose({ layouts, looks }: Refused = NOTHING_REFUSED): Proposal {
    const detected = this.#detect(layouts);
    if (detected.layout !== null) {
      return { layout: this.#withTiles(detected.layout), reason: detected.reason, inferred: [] };
    }
    const inferred = this.#families(looks);
    const proposed = inferred.filter((family) => family.proposed);
    const names = named(proposed).map(({ family }) => family);
    if (proposed.length === 0) {
      const reason = "nothing proves that any key is a rendition of another";
      return { layout: this.#withTiles(EVERYTHING_ORIGINAL), reason, inferred };
    }
    const reason = `names and sizes suggest ${[...new Set(names)].join(", ")}`;
    return { layout: this.#withTiles(layoutOf(proposed)), reason, inferred };
  }

  #families(refused: ReadonlySet<string>): FoundFamily[] {
    if (this.#groups === null || this.#photos === null) return [];
    const { groups, modulus } = this.#groups;
    return findFamilies({ groups, scale: modulus, photos: this.#photos }, refused);
  }

  /** Layouts that would skip keys, but only on the user's word. */
  suspects(refused: ReadonlySet<string>): Suspect[] {
    return this.#detect(refused).onWord.map(suspectLayout);
  }

  #detect(refused: ReadonlySet<string>): Detected {
    const joined = this.#joins
      .filter(({ suitor }) => !refused.has(suitor.layout.id))
      .map(({ suitor, count }) => ({ suitor, joined: count.joined }));
    return chooseKnown(joined, this.#keys.objects);
  }

  /**
   * Adds the tiles of zoomable panoramas to a layout where there are some: each only beside its panorama, so
   * that tiles which are all that is left are kept.
   */
  #withTiles(layout: Layout): Layout {
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

/** Families that were not proposed and are worth a word: their name speaks; each word once. */
export function suspectFamilies({ inferred }: Pick<Proposal, "inferred">, scale: number): Suspect[] {
  const taken = new Set(inferred.filter(({ proposed }) => proposed).map(({ rule }) => rule.family));
  return inferred
    .filter(({ proposed, rule }) => !proposed && !taken.has(rule.family))
    .filter(({ rule }) => senseOf(rule.family) === "rendition")
    .filter(({ rule }, i, all) => all.findIndex((one) => says(rule.family, one.rule.family)) === i)
    .map((family) => ({
      family: family.rule.family,
      looks: family.looks,
      keys: family.features.members * scale,
      bytes: family.bytes * scale,
      reason: family.reason,
      option: optionOf(family.rule) ?? "",
    }));
}

/** True where everything that a shorter name says is said by a longer one too: "thumbs" by "thumbs preview". */
function says(longer: string, shorter: string): boolean {
  return shorter.split(" ").every((word) => longer.split(" ").includes(word));
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

/** What to type so that a family is skipped: a pattern for its keys, or the layout that names it. */
export function optionFor(layout: Layout, unit: string): string {
  const rule = [...layout.tokens, ...layout.renditions].find(
    ({ family, role }) => role !== "original" && unitOf(family) === unit,
  );
  return (rule === undefined ? null : optionOf(rule)) ?? `--layout ${layout.id}`;
}

/** Null for a rule of a known layout: its keys are no glob. */
function optionOf(rule: FoundFamily["rule"]): string | null {
  const glob = isWordRule(rule) ? globOf(rule) : rule.glob;
  return glob === undefined ? null : `--exclude '${glob}'`;
}

function globOf({ directory, prefix, suffix, name }: TokenRule): string {
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
