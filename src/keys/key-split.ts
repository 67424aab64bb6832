/**
 * Where to split a range of keys, so that both halves are worth listing at once. Nothing is known of the keys
 * ahead; what is learned from those behind says which characters are likely there: place by place, a place
 * being the third character of the second segment, so that `large/0001` teaches about `original/0001`. Every
 * bound between two keys is right; a good one only saves time. Characters are compared as code points, whose
 * order is that of their UTF-8 bytes.
 */

import { alike, compareKeys } from "../key.ts";

/** Characters of a key that are learned from. */
const DEPTH = 256;
/** Characters remembered at one place. */
const WIDTH = 512;
/** Keys of a page that are learned from, spread over it. */
const SAMPLES = 8;
/** So many letters at one place make any letter likely there. */
const LETTERS = 4;
const BEYOND = 0x110000;
const SLASH_POINT = 0x2f;
/** More characters than a key has. */
const SEGMENT_PLACES = 0x1000;

/** What is known of one place. */
interface KeyPlace {
  /** Code points seen there. */
  readonly seen: Set<number>;
  /** From this one on, guesses were found to be wrong. */
  refuted: number;
}

export class KeySplitter {
  readonly #places = new Map<number, KeyPlace>();

  /** Learns from the keys of a page. */
  learn(keys: readonly string[]): void {
    const step = Math.max(1, Math.floor(keys.length / SAMPLES));
    for (let at = 0; at < keys.length; at += step) this.#see(keys[at] ?? "");
    this.#see(keys.at(-1) ?? "");
  }

  /** Learns that a bound given by `between` had no keys above it, up to `upto`. */
  refute(bound: string, upto: string | undefined): void {
    const points = pointsOf(bound);
    const guess = points.pop() ?? 0;
    const place = this.#places.get(placesIn(points)[points.length] ?? -1);
    const high = upto === undefined ? [] : pointsOf(upto);
    const near = upto !== undefined && points.every((point, at) => point === high[at]);
    if (place === undefined || (near && guess >= 0x80)) return;
    place.refuted = Math.min(place.refuted, guess);
  }

  /**
   * A bound with `cursor` < bound < `upto` (absent: no end), with about as many keys below as above as far as
   * anyone can tell; null where none is worth trying.
   * @param first of the page that ends with `cursor`: a bound that the next page will reach is worth nothing
   */
  between(first: string, cursor: string, upto: string | undefined): string | null {
    const low = pointsOf(cursor);
    const high = upto === undefined ? [BEYOND] : pointsOf(upto);
    const at = alike(low, high);
    const points = this.#choose(low, at, high[at] ?? -1);
    if (points === null || !isFarther(pointsOf(first), low, points)) return null;
    const bound = String.fromCodePoint(...points);
    if (compareKeys(cursor, bound) >= 0) return null;
    return upto === undefined || compareKeys(bound, upto) < 0 ? bound : null;
  }

  /**
   * The first position with something to choose from is the widest cut. Where positions before it might vary
   * after all, the cut is made after all keys that are alike there: whatever comes then is listed meanwhile,
   * and shows how.
   */
  #choose(low: readonly number[], at: number, ceiling: number): number[] | null {
    const open = ceiling - (low[at] ?? -1) > 1;
    const places = placesIn(low);
    for (let position = at; position < low.length; position += 1) {
      const end = position === at ? ceiling : BEYOND;
      const guess = this.#guess(places[position] ?? -1, low[position] ?? 0, end);
      if (guess === null) continue;
      const inside = position === at || !open;
      return inside ? [...low.slice(0, position), guess] : following(low.slice(0, position));
    }
    return open ? following(low.slice(0, at + 1)) : null;
  }

  /** A character for a place, above `floor` and below `end`: one seen there, or else one that is likely to be. */
  #guess(place: number, floor: number, end: number): number | null {
    const known = this.#places.get(place);
    if (known === undefined || known.seen.size < 2) return null;
    const within = (point: number) => point > floor && point < end;
    const likely = relatives(floor, known.seen).filter(within);
    const seen = likely.filter((point) => known.seen.has(point));
    if (seen.length > 0) return median(seen);
    const unseen = likely.filter((point) => point < known.refuted);
    if (unseen.length > 0) return median(unseen);
    if (floor < 0x80) return null;
    const leap = sound(floor + (end === BEYOND ? span(known.seen) : Math.floor((end - floor) / 2)));
    return within(leap) && leap < known.refuted ? leap : null;
  }

  #see(key: string): void {
    const points = pointsOf(key.slice(0, DEPTH));
    const places = placesIn(points);
    for (const [at, point] of points.entries()) {
      const place = places[at] ?? 0;
      const known = this.#places.get(place) ?? { seen: new Set(), refuted: BEYOND };
      this.#places.set(place, known);
      if (known.seen.size < WIDTH) known.seen.add(point);
    }
  }
}

/** The place of each character of a key, and of one more; a number made of its segment and its position there. */
function placesIn(points: readonly number[]): number[] {
  const places = [0];
  for (const point of points) {
    const last = places.at(-1) ?? 0;
    places.push(point === SLASH_POINT ? (Math.floor(last / SEGMENT_PLACES) + 1) * SEGMENT_PLACES : last + 1);
  }
  return places;
}

/** True unless the next page, going as far as the one from `first` to `cursor` went, comes to the bound. */
function isFarther(first: readonly number[], cursor: readonly number[], bound: readonly number[]) {
  const moved = alike(first, cursor);
  const there = alike(cursor, bound);
  if (there !== moved) return there < moved;
  const now = cursor[moved] ?? 0;
  return (bound[moved] ?? 0) > now + (now - (first[moved] ?? 0));
}

const DIGIT_POINTS = pointsOf("0123456789");
const HEX_POINTS = [pointsOf("abcdef"), pointsOf("ABCDEF")];
const LETTER_POINTS = [pointsOf("abcdefghijklmnopqrstuvwxyz"), pointsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ")];

/**
 * Characters that are likely where a character and those seen at its place are: of its kind, and beyond ASCII
 * those that were seen. A separator has no relatives.
 */
function relatives(point: number, seen: ReadonlySet<number>): number[] {
  if (point >= 0x80) return [...seen].filter((other) => other >= 0x80);
  const count = (points: readonly number[]) => points.filter((p) => seen.has(p)).length;
  const digits = count(DIGIT_POINTS) > 1 ? DIGIT_POINTS : [];
  const hex = HEX_POINTS.filter((points) => digits.length > 0 && count(points) > 0);
  const words = LETTER_POINTS.filter((points) => count(points) >= LETTERS);
  const all = [...digits, ...hex.flat(), ...words.flat()];
  return all.includes(point) ? [...new Set(all)] : [];
}

function median(points: number[]): number {
  points.sort((a, b) => a - b);
  return points[points.length >> 1] ?? 0;
}

function span(points: ReadonlySet<number>): number {
  return Math.max(...points) - Math.min(...points);
}

/** What comes after every key that begins like this; null at the end of Unicode. */
function following(points: number[]): number[] | null {
  const last = sound((points.pop() ?? -1) + 1);
  return last < BEYOND ? [...points, last] : null;
}

/** The same code point, or the next that can stand in a key for itself: no surrogate, no carried byte (key.ts). */
function sound(point: number): number {
  if (point >= 0xd800 && point <= 0xdfff) return 0xe000;
  return point >= 0xef80 && point <= 0xefff ? 0xf000 : point;
}

function pointsOf(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}
