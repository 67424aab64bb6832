/** The tiles in and around the window. Whatever a stranger named gets there as text or as an encoded address, never as markup. */

import { headingsOf, lineAt, tilesOf } from "./layout.js";
import { addressOf, count, has, kindOf, labelOf, MARKS, monthWords, nameOf, thumbnailOf } from "./rows.js";
import { BELOW, main, make, state } from "./state.js";

export function clear(part) {
  for (const tiles of part.drawn.values()) for (const tile of tiles) tile.remove();
  part.drawn.clear();
  part.sheet.replaceChildren();
  part.headed = false;
}

export function drawPart(part, top, bottom) {
  const { lines } = part.plan;
  if (!part.headed) part.sheet.append(...headingsOf(part.shown, part.plan, state.shape).map(headingElement));
  part.headed = true;
  const first = lineAt(lines, top);
  let last = first;
  while (last < lines.length && lines[last].y < bottom) last += 1;
  for (const [at, tiles] of part.drawn) {
    if (at >= first && at < last) continue;
    for (const tile of tiles) tile.remove();
    part.drawn.delete(at);
  }
  for (let at = first; at < last; at += 1) {
    if (part.drawn.has(at)) continue;
    const line = lines[at];
    const tiles = tilesOf(part.shown, line, state.shape.gap).map(({ x, width }, nth) => {
      const tile = tileOf(part, line.from + nth);
      tile.style.cssText = `left:${x.toFixed(1)}px;top:${line.y.toFixed(1)}px;width:${width.toFixed(1)}px;height:${line.height.toFixed(1)}px`;
      return tile;
    });
    part.drawn.set(at, tiles);
    const following = [...part.drawn.keys()].filter((one) => one > at).toSorted((a, b) => a - b)[0];
    const before = following === undefined ? null : part.drawn.get(following)[0];
    for (const tile of tiles) part.sheet.insertBefore(tile, before);
  }
}

function headingElement({ y, x, room, month, photos }) {
  const words = monthWords(month);
  const heading = make("h3", "", room < 170 ? words.replace(/^(\w{3})\w*/, "$1") : words);
  heading.append(make("span", "", count(photos)));
  heading.style.cssText = `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px;max-width:${room.toFixed(1)}px`;
  return heading;
}

function tileOf(part, at) {
  const row = part.shown[at];
  const kind = kindOf(row);
  const tile = make("button", `tile${kind === "film" ? " film" : ""}${has(row, MARKS.doubtful) ? " doubt" : ""}`);
  tile.type = "button";
  tile.tabIndex = -1;
  tile.title = nameOf(row);
  tile.setAttribute("aria-label", labelOf(row));
  [tile.part, tile.at] = [part.number, at];
  const own = state.index.originals && kind === "picture" ? addressOf(row[0]) : "";
  const named = () => tile.replaceChildren(make("span", "name", nameOf(row)));
  const picture = (sources) => {
    const [source, ...others] = sources.filter(Boolean);
    if (source === undefined) {
      if (kind === "film" && state.index.originals) still(tile, row, named);
      else named();
      return;
    }
    const image = make("img");
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = "";
    image.addEventListener("error", () => picture(others));
    image.src = source;
    tile.replaceChildren(image);
  };
  picture([thumbnailOf(BELOW, row), own]);
  return tile;
}

/** The first picture of a film. */
function still(tile, row, onError) {
  const video = make("video");
  video.preload = "metadata";
  video.muted = true;
  video.addEventListener("error", onError);
  video.src = `${addressOf(row[0])}#t=0.1`;
  tile.replaceChildren(video);
}

export const tileAt = ({ part, at }) => {
  for (const tiles of state.parts[part]?.drawn.values() ?? [])
    for (const tile of tiles) if (tile.at === at) return tile;
  return null;
};

export function giveTab() {
  const all = main.querySelectorAll(".tile");
  for (const tile of all) tile.tabIndex = -1;
  const tile = tileAt(state.current) ?? [...all].find((one) => one.getBoundingClientRect().bottom > 80);
  if (tile) tile.tabIndex = 0;
}
