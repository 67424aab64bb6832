/**
 * The contact sheet: some pairs of each family as pictures, so that anybody sees at a glance whether a
 * rendition is one. Small pictures only, of objects that are small or hold a small picture of themselves.
 */

import { stopIf } from "../cancel.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import { keyHash } from "../key.ts";
import { HEAD_BYTES } from "../measures.ts";
import { pictureIn } from "../metadata/picture-head.ts";
import type { CataloguedObject, Listed } from "../model.ts";
import { readStart } from "../photo/read-start.ts";
import { type ContactPair, MOST_PAIRS, type Picture } from "../report/html-pictures.ts";
import type { Source } from "../stores/source.ts";
import type { ObjectPair } from "./compare-pair.ts";
import { originalOf } from "./find-siblings.ts";
import type { LayoutReport } from "./layout-report.ts";

/** Bytes of one picture; a browser shows 25 kB of JPEG at about 320 pixels. */
const PICTURE_BYTES = 25_000;
/** For a family of which nothing smaller can be shown. */
const LARGER_BYTES = 90_000;
const LARGER_PAIRS = 2;
/** Characters of a picture of so many bytes in a page. */
const PICTURE_LENGTH = 33_400;
const PAIRS_A_FAMILY = 6;
/** Pairs that are tried for each that is wanted: some hold no picture to show. */
const TRIES = 2;
const FAMILIES = 12;

interface SheetPorts {
  readonly source: Source;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
}

interface SheetPair extends ObjectPair {
  /** What was seen, for people. */
  readonly note: string;
}

interface FamilyPairs {
  readonly family: string;
  readonly pairs: readonly SheetPair[];
}

/**
 * The pairs of each family that were compared, with what that showed; where the user named the layout and nothing was,
 * pairs chosen here, the same ones on every run. What cannot be read or shown is left out: a report without a picture is
 * better than none.
 * @throws HaulError `interrupted`
 */
export async function contactSheet(
  { compared }: Pick<LayoutReport, "compared">,
  ports: SheetPorts,
): Promise<ContactPair[]> {
  try {
    const found = compared.length > 0 ? await comparedPairs(compared, ports) : await namedPairs(ports);
    const families = found.filter(({ pairs }) => pairs.length > 0).slice(0, FAMILIES);
    const each = Math.min(PAIRS_A_FAMILY, Math.floor(MOST_PAIRS / Math.max(1, families.length)));
    const sheet: ContactPair[] = [];
    for (const family of families) sheet.push(...(await pictured(family, each, ports)));
    return sheet;
  } catch (error) {
    if (!(error instanceof HaulError) || error.code === "interrupted") throw error;
    return [];
  }
}

async function comparedPairs(families: LayoutReport["compared"], { catalogue }: SheetPorts): Promise<FamilyPairs[]> {
  const found: FamilyPairs[] = [];
  for (const { unit, shown } of families) {
    const pairs: SheetPair[] = [];
    for (const { child, parent, note } of shown) {
      const [copy, original] = [await catalogue.listing.find(child), await catalogue.listing.find(parent)];
      if (copy !== null && original !== null) pairs.push({ child: copy, parent: original, note });
    }
    found.push({ family: unit, pairs });
  }
  return found;
}

/** Of each family of renditions some that lie all over the bucket, each with its truest original. */
async function namedPairs({ catalogue, signal }: SheetPorts): Promise<FamilyPairs[]> {
  const samples = new Map<string, CataloguedObject[]>();
  for await (const chunk of catalogue.listing.objects("rendition")) {
    stopIf(signal, "stopped while choosing pictures");
    for (const object of chunk) {
      const sample = samples.get(object.family) ?? [];
      if (samples.size < FAMILIES) samples.set(object.family, sample);
      sample.push(object);
      // Cut now and then, so that the sample stays small and is sorted seldom.
      if (sample.length > 1000) sample.splice(0, Number.POSITIVE_INFINITY, ...firstByHash(sample, stemOf));
    }
  }
  const found: FamilyPairs[] = [];
  for (const [family, sample] of samples) {
    const pairs: SheetPair[] = [];
    for (const child of firstByHash(sample, stemOf)) {
      const parent = await originalOf(child, catalogue);
      if (parent !== null) pairs.push({ child, parent, note: "the layout was named, and nothing compared" });
    }
    found.push({ family, pairs });
  }
  return found;
}

/** By their stem, so that families show the same photos. */
function stemOf({ stem, key }: CataloguedObject): string {
  return stem ?? key;
}

function firstByHash<T>(all: readonly T[], name: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, order: keyHash(name(one)) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, PAIRS_A_FAMILY * TRIES)
    .map(({ one }) => one);
}

/** As many pairs of small pictures as are wanted; where there is none, a few of larger ones. */
async function pictured({ family, pairs }: FamilyPairs, wanted: number, ports: SheetPorts): Promise<ContactPair[]> {
  const small: ContactPair[] = [];
  const larger: ContactPair[] = [];
  for (let at = 0; at < pairs.length && small.length < wanted; at += wanted) {
    const next = pairs.slice(at, at + wanted);
    const tried = await Promise.all(next.map((pair) => pairOf(family, pair, ports)));
    for (const pair of tried) {
      if (pair !== null) (isSmall(pair) ? small : larger).push(pair);
    }
  }
  return small.length > 0 ? small.slice(0, wanted) : larger.slice(0, LARGER_PAIRS);
}

function isSmall({ original, rendition }: ContactPair): boolean {
  return original.src.length <= PICTURE_LENGTH && rendition.src.length <= PICTURE_LENGTH;
}

async function pairOf(
  family: string,
  { child, parent, note: seen }: SheetPair,
  ports: SheetPorts,
): Promise<ContactPair | null> {
  const [copy, photo] = await Promise.all([view(child, ports), view(parent, ports)]);
  const rendition = copy && (await pictureOf(child, copy, [child.key, parent.key], ports));
  const original = photo && (await pictureOf(parent, photo, [child.key, parent.key], ports));
  if (!rendition || !original || rendition.picture.src === original.picture.src) return null;
  const note = [seen, ...original.said, ...rendition.said].join("; ");
  return { family, original: original.picture, rendition: rendition.picture, note };
}

interface View {
  /** Whole and small enough to be shown as it is, or the thumbnail in it; null where there is neither. */
  readonly src: string | null;
  readonly thumbnail: boolean;
}

async function view(object: Listed, { source, signal }: SheetPorts): Promise<View | null> {
  const whole = object.size <= LARGER_BYTES;
  const start = await readStart(source, object, HEAD_BYTES, signal);
  if (start === null) return null;
  const inside = object.size <= PICTURE_BYTES ? null : pictureIn(start).thumbnail;
  if (inside !== null && inside.length <= PICTURE_BYTES) {
    return { src: dataUriOf(inside), thumbnail: true };
  }
  return { src: whole ? dataUriOf(start) : null, thumbnail: false };
}

interface Pictured {
  readonly picture: Picture;
  readonly said: readonly string[];
}

/** The object's own picture, else that of a smaller copy of the same photo. */
async function pictureOf(
  object: Listed,
  { src, thumbnail }: View,
  pair: readonly string[],
  ports: SheetPorts,
): Promise<Pictured | null> {
  const { key, size } = object;
  const what = key === pair[0] ? "the copy" : "the original";
  if (src !== null && src.length <= PICTURE_LENGTH) {
    const said = thumbnail ? [`${what} is shown by the thumbnail in it`] : [];
    return { picture: { key, bytes: size, src }, said };
  }
  const { catalogue } = ports;
  const stem = (await catalogue.listing.find(key))?.stem ?? null;
  const copies = stem === null ? [] : await catalogue.listing.siblings(stem);
  const smaller = copies
    .filter((one) => one.kind === "rendition" && one.size <= PICTURE_BYTES && !pair.includes(one.key))
    .sort((a, b) => b.size - a.size);
  for (const one of smaller.slice(0, TRIES)) {
    const there = await view(one, ports);
    if (there?.src == null) continue;
    const said = [`${what} is shown by its copy ${one.key}`];
    return { picture: { key, bytes: size, src: there.src }, said };
  }
  return src === null ? null : { picture: { key, bytes: size, src }, said: [] };
}

/** `data:image/jpeg;base64,…`; null for what browsers do not show (HEIC, RAW, video, an error page). */
export function dataUriOf(picture: Uint8Array): string | null {
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  const type = typeOf(bytes.toString("latin1", 0, 12));
  return type === null ? null : `data:image/${type};base64,${bytes.toString("base64")}`;
}

function typeOf(start: string): string | null {
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "webp";
  return /^avi[fs]/.test(start.slice(8)) && start.startsWith("ftyp", 4) ? "avif" : null;
}
