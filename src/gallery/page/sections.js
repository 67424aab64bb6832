/** A section for each data file, which is loaded when its section comes near the window. */

import { guessHeight, layOut } from "./layout.js";
import { BELOW, byId, countOf, inVolume, main, make, mayHold, partInView, shownOf, state, titleOf } from "./state.js";
import { clear, drawPart, giveTab } from "./tiles.js";
import { markYear, tellYears } from "./years.js";

/** Pixels above and below the window in which tiles are drawn. */
const AROUND = 800;
/** Of one volume, pixels. */
const HIGHEST = 8_000_000;
/** Data files that stay in memory. */
const MOST_LOADED = 60;

export function load(part) {
  if (part.state !== "idle") return;
  part.state = "loading";
  const script = make("script");
  script.src = BELOW + part.file;
  script.addEventListener("error", () => arrived(part, null));
  script.addEventListener("load", () => script.remove());
  document.head.append(script);
}

/** @param rows null where the data file cannot be read */
function arrived(part, rows) {
  part.rows = rows;
  part.state = rows === null ? "failed" : "ready";
  part.shown = shownOf(part);
  part.plan = null;
  place(part);
  tellYears();
  for (const onLoaded of part.waiting.splice(0)) onLoaded();
  forget(part);
  if (state.ask === null) return;
  const high = state.parts.filter(inVolume).reduce((sum, one) => sum + likelyHeight(one), 0);
  if (high > HIGHEST) turnTo(state.volume.from);
  searchOn();
}

/** Far parts are dropped, and loaded again when they come near. */
function forget(latest) {
  const loaded = state.parts.filter((part) => part.rows !== null);
  if (loaded.length <= MOST_LOADED) return;
  const far = loaded.toSorted(
    (a, b) => Math.abs(b.number - state.current.part) - Math.abs(a.number - state.current.part),
  );
  const part = far.find((one) => one !== latest && one.drawn.size === 0);
  if (part === undefined) return;
  part.rows = null;
  if (state.ask === null) part.shown = null;
  part.state = "idle";
}

const heightOf = (part) =>
  part.plan?.height ?? part.height ?? guessHeight(part.photos, part.months.length, state.shape);

export function place(part) {
  const hidden = !inVolume(part) || (part.state !== "failed" && state.ask !== null && countOf(part) === 0);
  part.section.hidden = hidden;
  clear(part);
  if (hidden) return;
  if (part.shown !== null) part.plan ??= layOut(part.shown, state.shape);
  const before = part.section.offsetTop + part.section.offsetHeight < scrollY ? part.section.offsetHeight : null;
  if (part.state === "failed") {
    part.sheet.replaceChildren(
      make(
        "p",
        "note bad",
        `${part.file} cannot be read. Make the gallery again: photohaul gallery ${state.index.target}`,
      ),
    );
    part.sheet.style.height = "auto";
  } else part.sheet.style.height = `${heightOf(part)}px`;
  part.height = part.plan?.height ?? part.height;
  if (before !== null) scrollBy(0, part.section.offsetHeight - before);
  soon();
}

export function measure() {
  const narrow = innerWidth < 704;
  const style = getComputedStyle(main);
  const width = Math.floor(main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
  state.shape = { width, height: narrow ? 110 : 160, gap: narrow ? 3 : 4, head: narrow ? 30 : 34 };
  for (const part of state.parts) part.plan = part.height = null;
}

/** Of what is asked for, as far as that is known; a search goes on while it shows what it found. */
function likelyHeight(part) {
  return countOf(part) === 0 ? 0 : guessHeight(countOf(part), part.months.length, state.shape);
}

/** The parts around one that together are not too high for a page. */
function volumeAround(number) {
  const bounds = [0];
  let sum = 0;
  for (const part of state.parts) {
    const high = likelyHeight(part);
    if (sum > 0 && sum + high > HIGHEST) {
      bounds.push(part.number);
      sum = 0;
    }
    sum += high;
  }
  bounds.push(state.parts.length);
  const last = bounds.findIndex((bound, at) => at > 0 && bound > number);
  return last < 1 ? { from: 0, to: state.parts.length } : { from: bounds[last - 1], to: bounds[last] };
}

/** Shows the volume in which a part is. */
export function turnTo(number) {
  state.volume = volumeAround(number);
  for (const part of state.parts) place(part);
  offer(byId("later"), state.volume.from - 1);
  offer(byId("earlier"), state.volume.to);
  tellYears();
}

function offer(button, number) {
  const part = state.parts[number];
  button.hidden = part === undefined;
  if (part !== undefined) button.textContent = `Go on with ${titleOf(part.year)}`;
  button.dataset.part = String(number);
}

export function goTo(number) {
  if (!inVolume(state.parts[number])) turnTo(number);
  state.current = { part: number, at: 0 };
  state.parts[number].section.scrollIntoView();
  draw();
}

let waiting = false;
export function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(draw);
}

export function draw() {
  waiting = false;
  const [top, bottom] = [scrollY - AROUND, scrollY + innerHeight + AROUND];
  const inView = partInView();
  for (const part of state.parts) {
    if (part.section.hidden) continue;
    const begins = part.section.offsetTop;
    const ends = begins + part.section.offsetHeight;
    if (ends < top || begins > bottom) {
      if (part.drawn.size > 0) clear(part);
      continue;
    }
    if (part.rows === null && part.state === "idle" && (state.ask === null || part.shown === null)) load(part);
    if (part.plan !== null && part.state !== "failed")
      drawPart(part, top - part.sheet.offsetTop - begins, bottom - part.sheet.offsetTop - begins);
  }
  if (inView !== undefined) markYear(inView.year);
  giveTab();
}

export function searchOn() {
  const next = state.parts.find((part) => part.state === "idle" && part.shown === null && mayHold(part));
  if (next !== undefined) load(next);
}

/** What a data file says. */
export function receive(year, number, rows) {
  const part = state.parts.find((one) => one.year === year && one.part === number);
  if (part !== undefined) arrived(part, rows);
}
