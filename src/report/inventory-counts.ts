/**
 * What a bucket holds, as one page can tell it: counted over the catalogue chunk by chunk, in memory that
 * does not grow with the number of keys. Does no I/O and knows no clock; the caller gives what needs a query.
 */

import { ARCHIVES, type CataloguedObject, type Kind } from "../model.ts";
import type { Example, FamilyStock, Given, Inventory, NamedAmount } from "./inventory-data.ts";

export interface Stocktaking {
  /** Counts a chunk of the catalogue. */
  add(chunk: readonly CataloguedObject[]): void;
  result(given: Given): Inventory;
}

const EXAMPLES = 10;
const NAMES = 60;
const OTHER = "other";

/**
 * Starts an inventory.
 * @param monthTaken `2012-06` where the key of an original tells when it was taken, else null
 */
export function takeStock(monthTaken: (object: CataloguedObject) => string | null = () => null): Stocktaking {
  const count = new Counter();
  return {
    add: (chunk) => {
      for (const object of chunk) {
        count.any(object);
        if (object.kind === "original") count.original(object, monthTaken(object));
      }
    },
    result: (given) => count.result(given),
  };
}

type KeyTally = { keys: number; bytes: number };
type FamilyTally = KeyTally & { kind: Kind; name: string; reason: string; sizes: number[] };

/** The counts, changed in place: an object a key would be garbage a million times over. */
class Counter {
  readonly total = nothing();
  readonly originals = nothing();
  readonly media = { photo: nothing(), video: nothing(), other: nothing() };
  readonly alternatives = nothing();
  readonly archived = nothing();
  readonly empty = { ...nothing(), examples: [] as string[] };
  readonly families = new Map<string, FamilyTally>();
  readonly types = new Map<string, KeyTally>();
  readonly classes = new Map<string, KeyTally>();
  readonly uploaded = new Map<string, KeyTally>();
  readonly taken = new Map<string, KeyTally>();
  readonly others = new Map<string, KeyTally>();
  biggest: Example[] = [];

  any(object: CataloguedObject): void {
    add(this.total, object.size);
    const family = this.family(object);
    add(family, object.size);
    const step = object.size > 1 ? Math.floor(2 * Math.log2(object.size)) : 0;
    while (family.sizes.length <= step) family.sizes.push(0);
    family.sizes[step] = (family.sizes[step] ?? 0) + 1;
    if (object.kind === "other") addTo(this.others, object.reason, object.size);
  }

  original(object: CataloguedObject, month: string | null): void {
    add(this.originals, object.size);
    const type = typeOf(object.key);
    add(this.media[mediaOf(type)], object.size);
    addTo(this.types, type, object.size);
    addTo(this.classes, object.storageClass, object.size);
    if (ARCHIVES.has(object.storageClass)) add(this.archived, object.size);
    if (object.rank > 0) add(this.alternatives, object.size);
    addMonth(this.uploaded, object.modified.slice(0, 7), object.size);
    if (month !== null) addMonth(this.taken, month, object.size);
    if (object.size === 0) this.noteEmpty(object.key);
    this.noteBig(object);
  }

  result(given: Given): Inventory {
    const { empty } = this;
    return {
      ...given,
      missing: given.missing ?? { photos: 0, examples: [] },
      suspects: given.suspects ?? [],
      notes: given.notes ?? [],
      total: { ...this.total },
      originals: { ...this.originals },
      photos: { ...this.media.photo },
      videos: { ...this.media.video },
      untyped: { ...this.media.other },
      alternatives: { ...this.alternatives },
      families: this.familiesWith(given.families),
      types: mostFirst(this.types),
      storageClasses: mostFirst(this.classes),
      archived: { ...this.archived },
      empty: { ...empty, examples: [...empty.examples] },
      uploaded: inOrder(this.uploaded),
      taken: inOrder(this.taken),
      timeBy: this.timeBy(),
      biggest: [...this.biggest],
      others: mostFirst(this.others),
    };
  }

  private family(object: CataloguedObject): FamilyTally {
    const id = `${object.kind} ${object.family}`;
    const known = this.families.get(id);
    if (known) return known;
    const full = this.families.size >= NAMES;
    const name = full ? OTHER : object.family;
    const place = full ? `${object.kind} ${OTHER}` : id;
    const fresh = this.families.get(place) ?? {
      ...nothing(),
      kind: object.kind,
      name,
      reason: full ? "more families than one page can name" : object.reason,
      sizes: [],
    };
    this.families.set(place, fresh);
    return fresh;
  }

  private familiesWith(given: Given["families"]): FamilyStock[] {
    const kinds: readonly Kind[] = ["original", "rendition", "sidecar", "other"];
    return [...this.families.values()]
      .map(({ name, kind, reason, keys, bytes, sizes }) => {
        const rule = given.find((family) => family.name === name && family.kind === kind);
        const evidence = rule?.evidence === undefined ? {} : { evidence: rule.evidence };
        return { name, kind, rule: rule?.rule ?? reason, keys, bytes, sizes, ...evidence };
      })
      .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.bytes - a.bytes);
  }

  private timeBy(): Inventory["timeBy"] {
    const dated = this.taken.values().reduce((sum, month) => sum + month.keys, 0);
    return dated > 0 && 2 * dated >= this.originals.keys ? "taken" : "uploaded";
  }

  private noteEmpty(key: string): void {
    add(this.empty, 0);
    if (this.empty.examples.length < EXAMPLES) this.empty.examples.push(key);
  }

  private noteBig({ key, size }: CataloguedObject): void {
    const smallest = this.biggest[EXAMPLES - 1];
    if (smallest && smallest.size >= size) return;
    this.biggest = [...this.biggest, { key, size }].sort((a, b) => b.size - a.size).slice(0, EXAMPLES);
  }
}

function nothing(): KeyTally {
  return { keys: 0, bytes: 0 };
}

function add(tally: KeyTally, size: number): void {
  tally.keys += 1;
  tally.bytes += size;
}

/** Counts under a name, or under "other" once there are too many names. */
function addTo(tallies: Map<string, KeyTally>, name: string, size: number): void {
  const place = tallies.has(name) || tallies.size < NAMES ? name : OTHER;
  const tally = tallies.get(place) ?? nothing();
  tallies.set(place, tally);
  add(tally, size);
}

/** Months that a photo can have been taken or stored in; anything else is nobody's date. */
const MONTH = /^(18[2-9]|19\d|20\d)\d-(0[1-9]|1[0-2])$/;

/** @param tallies by month; changed in place */
export function addMonth(tallies: Map<string, KeyTally>, month: string, size: number): void {
  if (!MONTH.test(month)) return;
  const tally = tallies.get(month) ?? nothing();
  tallies.set(month, tally);
  add(tally, size);
}

function mostFirst(tallies: ReadonlyMap<string, KeyTally>): NamedAmount[] {
  return [...tallies]
    .map(([name, tally]) => ({ name, ...tally }))
    .sort((a, b) => b.keys - a.keys || (a.name < b.name ? -1 : 1));
}

/** By name. */
export function inOrder(tallies: ReadonlyMap<string, KeyTally>): NamedAmount[] {
  return mostFirst(tallies).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What kind of file a key names, by the end of its name; for counting only, nothing is decided by it. */
type Media = "photo" | "video" | "other";

const PHOTOS = new Set(
  "jpg jpeg jpe jfif heic heif hif avif webp png gif tif tiff bmp jp2 jxl psd dng nef nrw cr2 cr3 crw arw srf sr2 orf rw2 raf pef srw x3f rwl iiq 3fr fff dcr kdc mrw raw erf mos mef gpr svg".split(
    " ",
  ),
);
const VIDEOS = new Set(
  "mp4 mov m4v avi mpg mpeg mts m2ts 3gp 3g2 mkv webm wmv mod tod vob flv lrv insv 360 mp".split(" "),
);
const EXTENSION = /\.([a-z0-9]{1,5})$/i;

/** The extension in lower case, `jpg` for all names of JPEG; "none" where the name has none. */
export function typeOf(key: string): string {
  const extension = EXTENSION.exec(key)?.[1]?.toLowerCase() ?? "none";
  return extension === "jpeg" || extension === "jpe" || extension === "jfif" ? "jpg" : extension;
}

export function mediaOf(type: string): Media {
  if (PHOTOS.has(type)) return "photo";
  return VIDEOS.has(type) ? "video" : "other";
}
