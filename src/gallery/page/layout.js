/** Where photos lie on the page. Pure: pixels from rows. */

import { ratioOf } from "./rows.js";

/** A month that is narrower than this has no room for its name, pixels. */
const NARROWEST_MONTH = 90;
/** Of a line: beyond that no further month begins on it. */
const MOST_FILLED = 0.8;

/**
 * Lines of photos, each stretched to the width. A month begins a new line below its heading, or stands beside others where
 * all of them are short.
 * @returns lines from top to bottom, the headings with the photo that each begins with, and the height of all, in pixels
 */
export function layOut(rows, { width, height, gap, head }) {
  const lines = [];
  const heads = [];
  let [y, from, sum, month, begun] = [0, 0, 0, null, 0];
  const close = (to, isLast) => {
    if (to === from) return;
    const room = width - gap * (to - from - 1);
    const high = isLast && sum * height < room ? height : Math.max(24, Math.min(height * 1.6, room / sum));
    lines.push({ y, height: high, from, to });
    y += high + gap;
    [from, sum] = [to, 0];
  };
  rows.forEach((row, at) => {
    const its = row[1].slice(0, 7);
    if (its.length === 7 && its !== month) {
      const filled = sum * height + gap * (at - from);
      const isHeaded = at > from && heads.some((one) => one.at === from);
      const fits = isHeaded && filled < width * MOST_FILLED && filled - begun >= NARROWEST_MONTH;
      if (!fits) {
        close(at, true);
        y += head;
      }
      begun = fits ? filled : 0;
      heads.push({ y: y - head, month: its, at });
    } else if (its.length < 7 && month !== null) close(at, true);
    month = its.length === 7 ? its : null;
    sum += ratioOf(row);
    if (sum * height + gap * (at - from) >= width) close(at + 1, false);
  });
  close(rows.length, true);
  return { lines, heads, height: y };
}

/** How high a part will be, about, before it is loaded. */
export function guessHeight(photos, months, { width, height, gap, head }) {
  const lines = Math.ceil((photos * 1.35 * height) / Math.max(width, 1) + months / 2);
  return lines * (height + gap) + months * head;
}

/** The first line that ends below y. */
export function lineAt(lines, y) {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].y + lines[middle].height < y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Left edge and width of each tile of a line. */
export function tilesOf(rows, line, gap) {
  let x = 0;
  return rows.slice(line.from, line.to).map((row) => {
    const tile = { x, width: ratioOf(row) * line.height };
    x += tile.width + gap;
    return tile;
  });
}

/** Headings with their left edge, how much room each has, and how many photos are its. */
export function headingsOf(rows, { lines, heads }, { width, gap }) {
  return heads.map(({ y, month, at }, nth) => {
    const line = lines[lineAt(lines, y + 1)];
    const tiles = tilesOf(rows, line, gap);
    const next = heads[nth + 1];
    const { x } = tiles[at - line.from];
    const end = next?.y === y ? tiles[next.at - line.from].x : width;
    return { y, month, x, room: end - x, photos: (next?.at ?? rows.length) - at };
  });
}
