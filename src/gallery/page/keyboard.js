/** Arrows go from tile to tile, over the bounds of sections. */

import { tilesOf } from "./layout.js";
import { draw } from "./sections.js";
import { main, state } from "./state.js";
import { tileAt } from "./tiles.js";

export function focusOn(place) {
  const part = state.parts[place.part];
  if (part?.plan == null) return;
  state.current = place;
  const line = part.plan.lines.find(({ to }) => to > place.at);
  const y = part.section.offsetTop + part.sheet.offsetTop + (line?.y ?? 0);
  if (y < scrollY + 110) scrollTo(0, y - 110);
  else if (y + (line?.height ?? 0) > scrollY + innerHeight - 20)
    scrollTo(0, y + (line?.height ?? 0) - innerHeight + 20);
  draw();
  tileAt(place)?.focus({ preventScroll: true });
}

/** The next tile that is shown, this way or that, over the bounds of sections. */
function besides({ part, at }, step) {
  if (at + step >= 0 && at + step < (state.parts[part].shown?.length ?? 0)) return { part, at: at + step };
  for (let next = part + step; state.parts[next] !== undefined; next += step) {
    if (state.parts[next].section.hidden) continue;
    const { length } = state.parts[next].shown ?? [];
    if (!length) return null;
    return { part: next, at: step > 0 ? 0 : length - 1 };
  }
  return null;
}

function above({ part, at }, step) {
  const { plan, shown } = state.parts[part];
  const line = plan.lines.findIndex(({ to }) => to > at);
  const next = plan.lines[line + step];
  if (next === undefined) return besides({ part, at: step > 0 ? shown.length - 1 : 0 }, step);
  const mine = tilesOf(shown, plan.lines[line], state.shape.gap)[at - plan.lines[line].from];
  const middle = mine.x + mine.width / 2;
  const nth = tilesOf(shown, next, state.shape.gap).findIndex(({ x, width }) => x + width >= middle);
  return { part, at: nth < 0 ? next.to - 1 : next.from + nth };
}

export function listenToKeys() {
  main.addEventListener("keydown", (event) => {
    const { part, at } = event.target;
    if (part === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const here = { part, at };
    const ways = {
      ArrowRight: () => besides(here, 1),
      ArrowLeft: () => besides(here, -1),
      ArrowDown: () => above(here, 1),
      ArrowUp: () => above(here, -1),
    };
    const to = ways[event.key]?.();
    if (to == null) return;
    event.preventDefault();
    focusOn(to);
  });
}
