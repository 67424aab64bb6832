/**
 * Where to split a range of keys, so that both halves are worth listing at once. Nothing is known of the keys
 * ahead; what is learned from those behind, position by position, says which characters are likely there.
 * Every bound between two keys is right; a good one only saves time. All comparisons are of bytes, which for
 * UTF-8 is the order of code points.
 */

import { compareKeys } from "../key.ts";

/** Positions beyond this one are not learned: no key is longer. */
const DEPTH = 1024;
/** Characters remembered at one position. */
const WIDTH = 512;
/** Keys of a page that are learned from, spread over it. */
const SAMPLES = 8;
const LAST_CODE_POINT = 0x10ffff;

/** What is known of one position. */
interface Position {
  /** Code points seen there. */
  readonly seen: Set<number>;
  /** From this one on, guesses were found to be wrong. */
  refuted: number;
}

export class KeySplitter {
  readonly #positions: Position[] = [];

  /** Learns from keys of a page. */
  learn(keys: readonly string[]): void {
    const step = Math.max(1, Math.floor(keys.length / SAMPLES));
    for (let at = keys.length - 1; at >= 0; at -= step) this.#see(keys[at] ?? "");
    this.#see(keys[0] ?? "");
  }

  /** Learns that no key begins with `bound` cut by its last character, and that or a later one instead. */
  refute(bound: string): void {
    const points = pointsOf(bound);
    const position = this.#positions[points.length - 1];
    const guess = points.at(-1);
    if (position !== undefined && guess !== undefined) {
      position.refuted = Math.min(position.refuted, guess);
    }
  }

  /**
   * A bound with `cursor` < bound < `upto` (absent: no end), with about as many keys below as above as far as
   * anyone can tell; null where none is worth trying.
   */
  between(cursor: string, upto: string | undefined): string | null {
    const low = pointsOf(cursor);
    const high = upto === undefined ? [] : pointsOf(upto);
    let at = 0;
    while (at < low.length && low[at] === high[at]) at += 1;
    const ceiling = high[at] ?? (upto === undefined ? LAST_CODE_POINT + 1 : -1);
    const bound = this.#choose(low, at, ceiling);
    if (bound === null || compareKeys(cursor, bound) >= 0) return null;
    return upto === undefined || compareKeys(bound, upto) < 0 ? bound : null;
  }

  /**
   * The highest position with something to choose from is the widest cut. Where positions above it, that
   * never varied so far, might vary after all, the cut is made after all keys that are alike there: whatever
   * comes then is listed meanwhile, and shows how.
   */
  #choose(low: readonly number[], at: number, ceiling: number): string | null {
    const open = ceiling - (low[at] ?? -1) > 1;
    for (let position = at; position < Math.min(low.length, DEPTH); position += 1) {
      const end = position === at ? ceiling : LAST_CODE_POINT + 1;
      const chosen = this.#guess(position, low[position] ?? -1, end);
      if (chosen === null) continue;
      if (position === at || !open) return keyOf(low.slice(0, position), chosen);
      return keyOf(low.slice(0, position - 1), next(low[position - 1] ?? -1));
    }
    return open ? keyOf(low.slice(0, at), next(low[at] ?? -1)) : null;
  }

  /** A character for a position, above `floor` and below `end`: seen there, or else likely to be. */
  #guess(position: number, floor: number, end: number): number | null {
    const known = this.#positions[position];
    if (known === undefined) return null;
    const within = (point: number) => point > floor && point < end;
    const seen = [...known.seen].filter(within);
    if (seen.length > 0) return median(seen);
    if (known.seen.size < 2) return null;
    const likely = relatives(known.seen).filter((p) => within(p) && p < known.refuted);
    if (likely.length > 0) return median(likely);
    const span = Math.max(...known.seen) - Math.min(...known.seen);
    const leap = sound(floor + span);
    return within(leap) && leap < known.refuted ? leap : null;
  }

  #see(key: string): void {
    for (const [at, point] of pointsOf(key).entries()) {
      if (at >= DEPTH) return;
      const position = this.#positions[at] ?? { seen: new Set(), refuted: LAST_CODE_POINT + 1 };
      this.#positions[at] = position;
      if (position.seen.size < WIDTH) position.seen.add(point);
    }
  }
}

/** Characters that go together: where some of a class were seen, the others may come. */
const CLASSES = [
  "0123456789",
  "abcdef",
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEF",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
].map((text) => pointsOf(text));

function relatives(seen: ReadonlySet<number>): number[] {
  const all = CLASSES.filter((points) => points.some((point) => seen.has(point)));
  return [...new Set(all.flat())];
}

function median(points: number[]): number {
  points.sort((a, b) => a - b);
  return points[points.length >> 1] ?? 0;
}

function next(point: number): number {
  return sound(point + 1);
}

/** The same code point, or the next that can stand in a key for itself: no surrogate, no carried byte (key.ts). */
function sound(point: number): number {
  if (point >= 0xd800 && point <= 0xdfff) return 0xe000;
  return point >= 0xef80 && point <= 0xefff ? 0xf000 : point;
}

function pointsOf(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}

function keyOf(prefix: readonly number[], point: number): string | null {
  if (point > LAST_CODE_POINT) return null;
  return String.fromCodePoint(...prefix, point);
}
