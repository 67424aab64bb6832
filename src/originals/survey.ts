/** From what two passes over a listing gathered to a layout that is worth proving, with the reasons. Pure. */

import type { Layout } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import type { Detected, Suitor } from "./detect-layout.ts";
import { chooseKnown, JoinCount, suitorsOf } from "./detect-layout.ts";
import type { FoundFamily } from "./families.ts";
import { findFamilies, layoutOf, named } from "./families.ts";
import { type Suspect, suspectFamilies, suspectLayout } from "./family-pattern.ts";
import { wantedWords } from "./key-slots.ts";
import { GroupSample, KeySample, PhotoSample } from "./listing-samples.ts";

/** A layout whose families are to be proven before a key is skipped. */
export interface Proposal {
  readonly layout: Layout;
  /** For people. */
  readonly reason: string;
  /** What names and sizes say of its families, where it was told from the listing. */
  readonly families: readonly FoundFamily[];
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
      return { layout: this.#withTiles(detected.layout), reason: detected.reason, families: [] };
    }
    const inferred = this.#families(looks);
    const proposed = inferred.filter((family) => family.proposed);
    const names = named(proposed).map(({ family }) => family);
    if (proposed.length === 0) {
      const reason = "nothing proves that any key is a rendition of another";
      return { layout: this.#withTiles(EVERYTHING_ORIGINAL), reason, families: inferred };
    }
    const reason = `names and sizes suggest ${[...new Set(names)].join(", ")}`;
    return { layout: this.#withTiles(layoutOf(proposed)), reason, families: inferred };
  }

  #families(refused: ReadonlySet<string>): FoundFamily[] {
    if (this.#groups === null || this.#photos === null) return [];
    const { groups, modulus } = this.#groups;
    return findFamilies({ groups, scale: modulus, photos: this.#photos }, refused);
  }

  /** Layouts that would skip keys, but only on the user's word, and families that were not proposed and have a telling name. */
  suspects({ families: inferred }: Proposal, refused: ReadonlySet<string>): Suspect[] {
    const families = suspectFamilies(inferred, this.#groups?.modulus ?? 1);
    return [...this.#detect(refused).onWord.map(suspectLayout), ...families];
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
}
