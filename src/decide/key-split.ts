/**
 * Where to split a range of keys, so that both halves are worth listing at once. Nothing is known of the keys
 * ahead; what is learned from those behind, position by position, says which characters are likely there.
 * Every bound between two keys is right; a good one only saves time. Characters are compared as code points,
 * whose order is that of their UTF-8 bytes.
 */

import { compareKeys } from "../key.ts";

/** Positions beyond this one are not learned: no key is longer. */
const DEPTH = 1024;
/** Characters remembered at one position. */
const WIDTH = 512;
/** Keys of a page that are learned from, spread over it. */
const SAMPLES = 8;
/** So many letters at one position make any letter likely there. */
const LETTERS = 4;
const BEYOND = 0x110000;

/** What is known of one position. */
interface Position {
  /** Code points seen there. */
  readonly seen: Set<number>;
  /** From this one on, guesses were found to be wrong. */
  refuted: number;
}

export class KeySplitter {
  readonly #positions: Position[] = [];

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
    const position = this.#positions[points.length];
    const high = upto === undefined ? [] : pointsOf(upto);
    const near = upto !== undefined && points.every((point, at) => point === high[at]);
    if (position === undefined || (near && guess >= 0x80)) return;
    position.refuted = Math.min(position.refuted, guess);
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
    for (let position = at; position < Math.min(low.length, DEPTH); position += 1) {
      const guess = this.#guess(position, low[position] ?? 0, position === at ? ceiling : BEYOND);
      if (guess === null) continue;
      const inside = position === at || !open;
      return inside ? [...low.slice(0, position), guess] : following(low.slice(0, position));
    }
    return open ? following(low.slice(0, at + 1)) : null;
  }

  /** A character for a position, above `floor` and below `end`: seen there, or else likely to be. */
  #guess(position: number, floor: number, end: number): number | null {
    const known = this.#positions[position];
    if (known === undefined || known.seen.size < 2) return null;
    const within = (point: number) => point > floor && point < end;
    const seen = [...known.seen].filter((point) => within(point) && areAlike(floor, point));
    if (seen.length > 0) return median(seen);
    const likely = relatives(floor, known.seen).filter((p) => within(p) && p < known.refuted);
    if (likely.length > 0) return median(likely);
    if (floor < 0x80) return null;
    const leap = sound(floor + (end === BEYOND ? span(known.seen) : Math.floor((end - floor) / 2)));
    return within(leap) && leap < known.refuted ? leap : null;
  }

  #see(key: string): void {
    for (const [at, point] of pointsOf(key).entries()) {
      if (at >= DEPTH) return;
      const position = this.#positions[at] ?? { seen: new Set(), refuted: BEYOND };
      this.#positions[at] = position;
      if (position.seen.size < WIDTH) position.seen.add(point);
    }
  }
}

/** True unless the next page, going as far as the one from `first` to `cursor` went, comes to the bound. */
function isFarther(first: readonly number[], cursor: readonly number[], bound: readonly number[]) {
  const moved = alike(first, cursor);
  const there = alike(cursor, bound);
  if (there !== moved) return there < moved;
  const now = cursor[moved] ?? 0;
  return (bound[moved] ?? 0) > now + (now - (first[moved] ?? 0));
}

/** How many code points two keys have in common from their beginning. */
function alike(a: readonly number[], b: readonly number[]): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** True for two letters or digits, and for two characters beyond ASCII; a separator is like nothing else. */
function areAlike(a: number, b: number): boolean {
  const word = (point: number) => /[0-9a-z]/i.test(String.fromCodePoint(point));
  return (a >= 0x80 && b >= 0x80) || (word(a) && word(b));
}

const DIGITS = pointsOf("0123456789");
const HEX = [pointsOf("abcdef"), pointsOf("ABCDEF")];
const WORDS = [pointsOf("abcdefghijklmnopqrstuvwxyz"), pointsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ")];

/** Characters that are likely where a character and those seen at its position are. */
function relatives(point: number, seen: ReadonlySet<number>): number[] {
  const count = (points: readonly number[]) => points.filter((p) => seen.has(p)).length;
  const digits = count(DIGITS) > 1 ? DIGITS : [];
  const hex = HEX.filter((points) => digits.length > 0 && count(points) > 0);
  const words = WORDS.filter((points) => count(points) >= LETTERS);
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
